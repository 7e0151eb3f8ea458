"""Inviting, handing over, and what the invited person sees behind the link."""

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from bookings.forms.own_associations import AcceptForm, HandOverForm, InviteForm, refuse
from bookings.models import Association, Invitation
from bookings.notifications.links import invitation_key
from bookings.rules.associations import NotDone, NotDoneError
from bookings.selectors.associations import (
    has_accepted,
    invitation_with_key,
    requests_naming,
    standing_of,
)
from bookings.services import associations as services
from bookings.views.associations.steps import (
    back_to,
    kept_or_403,
    page,
    refused,
    said,
)
from bookings.views.of_group import for_groups, user_of
from bookings.wording.associations import NOT_DONE
from cms.forms.typed import fill_in
from cms.selectors.frame import centre_page_here
from cms.selectors.visitors import signed_in
from cms.wording import date_long


@for_groups
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: HttpRequest, pk: int) -> HttpResponse:
    """Invite somebody to act for a group."""
    association = kept_or_403(request, pk)
    form = InviteForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            services.invite(
                association=association,
                actor=user_of(request),
                now=timezone.now(),
                **form.cleaned_data,
            )
        except NotDoneError as error:
            refuse(form, NOT_DONE[error.why], field="email")
        else:
            return _sent(request, association, form.cleaned_data["email"])
    return page(request, "own_association_invite", association, form)


@for_groups
@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask a successor to take over; until then nothing changes."""
    association = kept_or_403(request, pk)
    form = HandOverForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            services.hand_over(
                association=association,
                actor=user_of(request),
                now=timezone.now(),
                **form.cleaned_data,
            )
        except NotDoneError as error:
            refuse(form, NOT_DONE[error.why], field="email")
        else:
            return _sent(request, association, form.cleaned_data["email"])
    return page(request, "own_association_hand_over", association, form)


def _sent(request: HttpRequest, association: Association, email: str) -> HttpResponse:
    said(request, _("The invitation goes to %(email)s.") % {"email": email})
    return back_to(association)


@for_groups
@require_POST
def resend(request: HttpRequest, pk: int, key: uuid.UUID) -> HttpResponse:
    association = kept_or_403(request, pk)
    found = get_object_or_404(association.invitations, pk=key)
    try:
        services.resend_invitation(invitation=found, actor=user_of(request), now=timezone.now())
    except NotDoneError as error:
        refused(request, error.why)
        return back_to(association)
    return _sent(request, association, found.email)


@for_groups
@require_POST
def withdraw(request: HttpRequest, pk: int, key: uuid.UUID) -> HttpResponse:
    association = kept_or_403(request, pk)
    found = get_object_or_404(association.invitations, pk=key)
    try:
        services.withdraw_invitation(invitation=found, actor=user_of(request), now=timezone.now())
    except NotDoneError as error:
        refused(request, error.why)
    else:
        said(request, _("The invitation to %(email)s is withdrawn.") % {"email": found.email})
    return back_to(association)


# Behind the link ---------------------------------------------------------------------------------


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Show an invitation to whoever has the link; let the invited person accept it."""
    key = invitation_key(token)
    found = invitation_with_key(key) if key else None
    if found is None:
        raise Http404
    user = signed_in(request)
    form = AcceptForm(request.POST if request.method == "POST" else None)
    if user is not None and form.is_valid():
        try:
            services.accept_invitation(
                invitation=found, user=user, now=timezone.now(), **form.cleaned_data
            )
        except NotDoneError as error:
            return _invitation_page(request, found, error.why)
        group = {"group": found.association.name}
        said(request, _("You now act for %(group)s.") % group)
        return back_to(found.association)
    if user is not None and has_accepted(found, user):
        return back_to(found.association)
    why = standing_of(found, user, now=timezone.now())
    return _invitation_page(request, found, why, form)


def _invitation_page(
    request: HttpRequest, found: Invitation, why: NotDone | None, form: AcceptForm | None = None
) -> HttpResponse:
    """Say what the invitation is about, or why it counts no more. It names no address."""
    fill_in(request, form)
    is_signed_in = signed_in(request) is not None
    context: dict[str, Any] = {
        "form": form,
        "named": _named(found) if is_signed_in and not why else 0,
        "invitation": found,
        "association": found.association,
        "who": found.invited_by,
        "day": date_long(timezone.localdate(found.expires_at)),
        "why_not": NOT_DONE[why] if why else "",
        "is_other": why is NotDone.OTHER_ADDRESS,
        "is_signed_in": is_signed_in,
        "frame_page": centre_page_here(request, found.association.home_centre_id),
    }
    status = 422 if is_signed_in and form is not None and form.errors else _status(why)
    return render(request, "bookings/invitation.html", context, status=status)


def _named(found: Invitation) -> int:
    """Return in how many requests the successor becomes contact on the day."""
    if found.predecessor is None:
        return 0
    return requests_naming(found.association, found.predecessor, now=timezone.now()).count()


def _status(why: NotDone | None) -> int:
    if why is None:
        return 200
    return 403 if why is NotDone.OTHER_ADDRESS else 410
