"""The one page of every step of a group: it asks, shows in words what would happen, and says what did."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from bookings.models import Booking
from cms.forms.typed import fill_in
from cms.selectors.frame import centre_page_here

REFUSED, BUSY_STATUS, CHANGED_STATUS = 422, 503, 409


@dataclass(frozen=True)
class Link:
    text: str
    url: str


@dataclass(frozen=True, kw_only=True)
class Ask:
    """The button that changes something.

    hidden: what is sent with it. form: what one may say with it. back: the way without changing.
    """

    label: str
    hidden: Sequence[tuple[str, object]] = ()
    form: forms.Form | None = None
    back: Link | None = None


@dataclass(frozen=True, kw_only=True)
class StepPage:
    """What the page shows, from above.

    heading: the answer or the question. lead: which date or series. says, lists, after: what would
    happen. form: what the step has to know first, sent by GET; look: the word on its button.
    proposal: the dates of a series as the page of a request shows them. notice: changed or busy.
    second: another step that one may take instead.
    """

    heading: str
    lead: str = ""
    says: Sequence[str] = ()
    lists: Sequence[str] = ()
    after: Sequence[str] = ()
    notice: str = ""
    problem: str = ""
    form: forms.Form | None = None
    look: str = ""
    ask: Ask | None = None
    second: Ask | None = None
    proposal: dict[str, Any] = field(default_factory=dict)
    links: Sequence[Link] = ()


def show_step(
    request: HttpRequest, booking: Booking, page: StepPage, *, status: int = 200
) -> HttpResponse:
    fill_in(request, page.form, page.ask.form if page.ask else None)
    context = {
        "booking": booking,
        "step": page,
        "frame_page": centre_page_here(request, booking.centre_id),
        **page.proposal,
    }
    return render(request, "bookings/step.html", context, status=status)


def to_booking(booking: Booking) -> Link:
    return Link(_("See your request"), reverse("booking", args=[booking.number]))


def to_my_bookings() -> Link:
    return Link(_("To my bookings"), reverse("my_bookings"))


def ways_back(booking: Booking) -> list[Link]:
    """Return the ways on after a step; a guest has this one request only."""
    if booking.is_of_guest:
        return [to_booking(booking)]
    return [to_my_bookings(), to_booking(booking)]


def back_to_booking(booking: Booking) -> Link:
    return Link(pgettext("button", "Back"), reverse("booking", args=[booking.number]))
