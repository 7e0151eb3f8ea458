"""For whom does somebody ask? Between signing in and checking, if that is not known yet."""

import uuid

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from bookings.forms.associations import ChooseAssociationForm, NewAssociationForm
from bookings.models import RequestDraft
from bookings.selectors.asking import associations_to_ask_for
from bookings.services.drafts import bind_draft, choose_association, register_for_draft
from bookings.views.request.gone import of_draft
from bookings.views.request.steps import (
    NoDraftError,
    check_url,
    draft_or_404,
    group_of,
    has_to_sign_in_again,
    sign_in,
)
from cms.models import User
from cms.selectors.frame import centre_page_here
from cms.selectors.visitors import signed_in


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@of_draft
def association(request: HttpRequest, centre: str, room: str, draft: uuid.UUID) -> HttpResponse:
    """Register the group of a request, or choose one of several."""
    slugs, key = [centre, room], draft
    if has_to_sign_in_again(request, key):
        return sign_in(request, request.path, again=True)
    found, user = draft_or_404(request, slugs, key), signed_in(request)
    way_on = check_url(slugs, found)
    if user is None:
        return sign_in(request, way_on, draft=found)
    bind_draft(draft=found, user=user)
    associations = associations_to_ask_for(user)
    if group_of(found, associations) is not None:
        return redirect(way_on)
    form: forms.Form
    data = request.POST if request.method == "POST" else None
    if associations:
        form = ChooseAssociationForm(data, associations=associations)
    else:
        form = NewAssociationForm(data, initial={"name": found.values.get("group", "")})
    if data is None or not form.is_valid():
        return _page(request, found, form)
    try:
        _settle(found, user, form)
    except RequestDraft.DoesNotExist:
        raise NoDraftError from None
    return redirect(way_on)


def _settle(draft: RequestDraft, user: User, form: forms.Form) -> None:
    if isinstance(form, ChooseAssociationForm):
        association = form.cleaned_data["association"]
    else:
        now = timezone.now()
        association = register_for_draft(draft=draft, user=user, now=now, **form.cleaned_data)
    choose_association(draft=draft, association=association)


def _page(request: HttpRequest, draft: RequestDraft, form: forms.Form) -> HttpResponse:
    context = {
        "frame_page": centre_page_here(request, draft.room.centre_id),
        "form": form,
        "is_new": isinstance(form, NewAssociationForm),
    }
    status = 422 if form.errors else 200
    return render(request, "bookings/association.html", context, status=status)
