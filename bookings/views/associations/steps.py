"""What the pages on one's own groups share: which group, who may change it, what it says then."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render

from bookings.models import Association, Membership
from bookings.permissions import associations_of
from bookings.rules.associations import NotDone
from bookings.views.of_group import user_of
from bookings.wording.associations import NOT_DONE
from cms.forms.typed import fill_in
from cms.models import User
from cms.selectors.frame import centre_page_here


def own_or_404(request: HttpRequest, key: int) -> Association:
    own = associations_of(user_of(request)).select_related("home_centre")
    return get_object_or_404(own, pk=key)


def is_main_contact(user: User, association: Association) -> bool:
    role = Membership.Role.MAIN_CONTACT
    return association.memberships.filter(user=user, role=role).exists()


def kept_or_403(request: HttpRequest, key: int) -> Association:
    """Return a group whose main contact this is. Who may only book is told so, others get a 404."""
    association = own_or_404(request, key)
    if not is_main_contact(user_of(request), association):
        raise PermissionDenied(str(NOT_DONE[NotDone.NOT_MAIN_CONTACT]))
    return association


def page(
    request: HttpRequest,
    name: str,
    association: Association,
    form: forms.Form | None = None,
    **context: Any,
) -> HttpResponse:
    """Show a page on a group; a form with errors keeps what was typed and answers 422."""
    fill_in(request, form)
    everything = {
        "association": association,
        "form": form,
        "frame_page": centre_page_here(request, association.home_centre_id),
        **context,
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, f"bookings/{name}.html", everything, status=status)


def back_to(association: Association) -> HttpResponseRedirect:
    return redirect("own_association", association.pk)


def said(request: HttpRequest, sentence: str) -> None:
    messages.success(request, sentence)


def refused(request: HttpRequest, why: NotDone) -> None:
    messages.warning(request, str(NOT_DONE[why]))
