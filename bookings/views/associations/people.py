"""Somebody else of the group: another role, or no access any more. And leaving oneself."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bookings.forms.own_associations import RoleForm
from bookings.models import Membership
from bookings.permissions import associations_of
from bookings.rules.associations import NotDoneError
from bookings.selectors.associations import is_only_main_contact, people_of
from bookings.services import associations as services
from bookings.views.associations.steps import (
    back_to,
    kept_or_403,
    own_or_404,
    page,
    refused,
    said,
)
from bookings.views.of_group import for_groups, user_of

REMOVE = "entfernen"
LEFT = "left_group"  # in the session: key and name of the group that somebody left last


@for_groups
@require_http_methods(["GET", "HEAD", "POST"])
def person(request: HttpRequest, pk: int, membership: int) -> HttpResponse:
    """Change somebody's role, or end the access."""
    association = kept_or_403(request, pk)
    people = association.memberships.select_related("user", "association")
    if request.POST.get("tun") == REMOVE and not people.filter(pk=membership).exists():
        said(request, _("This person no longer acts for the group."))  # a second click
        return back_to(association)
    found = get_object_or_404(people, pk=membership)
    if found.user_id == user_of(request).pk and request.POST.get("tun") == REMOVE:
        return redirect("own_association_leave", association.pk)
    data = request.POST if request.method == "POST" else None
    form = RoleForm(data, initial={"role": found.role})
    if data is not None and data.get("tun") == REMOVE:
        return _remove(request, found)
    if form.is_valid():
        return _change(request, found, form.cleaned_data["role"])
    is_own = found.user_id == user_of(request).pk
    return page(request, "own_association_person", association, form, person=found, is_own=is_own)


def _remove(request: HttpRequest, found: Membership) -> HttpResponse:
    try:
        services.remove_member(membership=found, actor=user_of(request), now=timezone.now())
    except NotDoneError as error:
        refused(request, error.why)
    else:
        said(request, _("%(person)s no longer acts for the group.") % {"person": found.user})
    return back_to(found.association)


def _change(request: HttpRequest, found: Membership, role: str) -> HttpResponse:
    try:
        services.change_role(
            membership=found, role=role, actor=user_of(request), now=timezone.now()
        )
    except NotDoneError as error:
        refused(request, error.why)
    else:
        said(
            request,
            _("%(person)s: %(role)s.")
            % {"person": found.user, "role": Membership.Role(role).label},
        )
    return back_to(found.association)


@for_groups
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask whether somebody leaves a group, and do it."""
    if request.method == "POST":
        return _leave(request, pk)
    association = own_or_404(request, pk)
    is_last = is_only_main_contact(user_of(request), people_of(association))
    return page(request, "own_association_leave", association, is_last=is_last)


def _leave(request: HttpRequest, pk: int) -> HttpResponse:
    """Leave, or say once more at a second click that this is done."""
    user = user_of(request)
    key, name = request.session.get(LEFT, (None, ""))
    if key != pk or associations_of(user).filter(pk=pk).exists():
        association = own_or_404(request, pk)
        try:
            services.leave(association=association, user=user, now=timezone.now())
        except NotDoneError as error:
            refused(request, error.why)
            return back_to(association)
        name = association.name
        request.session[LEFT] = (pk, name)
    said(request, _("You no longer act for %(group)s.") % {"group": name})
    return redirect("own_associations")
