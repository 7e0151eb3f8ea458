"""One's own groups, and one of them with its people."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from bookings.models import Membership
from bookings.selectors.associations import (
    data_looked_at,
    has_to_confirm,
    is_only_main_contact,
    notice_is_over,
    open_invitations,
    own_memberships,
    people_of,
)
from bookings.views.associations.steps import own_or_404, page
from bookings.views.of_group import for_groups, user_of
from bookings.wording import moment


@for_groups
@require_safe
def own_associations(request: HttpRequest) -> HttpResponse:
    """List the groups somebody acts for."""
    context = {"memberships": own_memberships(user_of(request))}
    return render(request, "bookings/own_associations.html", context)


@for_groups
@require_safe
def association(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a group: its people, its data, and to main contacts what they can do."""
    now, user = timezone.now(), user_of(request)
    found = own_or_404(request, pk)
    people = people_of(found)
    keeps = any(
        one.user_id == user.pk and one.role == Membership.Role.MAIN_CONTACT for one in people
    )
    return page(
        request,
        "own_association",
        found,
        people=people,
        keeps=keeps,
        user_key=user.pk,
        may_leave=not is_only_main_contact(user, people),
        invitations=open_invitations(found, now=now) if keeps else [],
        has_to_confirm=has_to_confirm(found, now=now),
        looked_at=moment(data_looked_at(found)),
        notice_is_over=notice_is_over(found, now=now),
    )
