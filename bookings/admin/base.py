"""What the pages on requests share: who may see them, the request, its mail, what can be undone."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from bookings.admin import words
from bookings.models import Booking, BookingDate, BookingLog
from bookings.notifications import MailText, Notice, preview
from bookings.permissions import bookings_to_decide
from bookings.rules.states import UNDECIDED, Action, DateState, Role, allowed_actions
from bookings.selectors.desk import dates_of, undoable_promises
from bookings.selectors.judging import Verdict, verdicts_of
from bookings.services.decisions import UNDO_FOR
from bookings.wording import room_names
from cms.admin.desk import DeskView, with_back
from cms.models import User
from cms.opening_hours import BERLIN
from cms.permissions import centres_of
from cms.wording import clock

DATE = "termin"
LONGEST_KEY = 19  # signs of a bigint
BUSY = gettext_lazy("Many people are booking right now. Nothing was changed. Please try once more.")


def keys_in(texts: Iterable[str]) -> set[int]:
    """Return the keys among the texts of a form; nothing else can be one."""
    return {int(text) for text in texts if text.isdecimal() and len(text) < LONGEST_KEY}


class ManagerView(DeskView):
    """A page for who looks after a centre; for everybody else it does not exist."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not centres_of(self.user).exists():
            raise Http404
        return super().dispatch(request, *args, **kwargs)


class RequestView(ManagerView):
    """A page on one request of one's own centres; another centre's is a 404."""

    header_icon = "mail"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        _own = self.booking  # 404 before anything else
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def booking(self) -> Booking:
        rows = bookings_to_decide(self.user).select_related(
            "association__home_centre", "centre", "requester", "layout"
        )
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    @cached_property
    def dates(self) -> list[BookingDate]:
        return dates_of(self.booking)

    @cached_property
    def verdicts(self) -> dict[int, Verdict]:
        ahead = [date for date in self.dates if self.is_ahead(date) and date.state in UNDECIDED]
        return verdicts_of(ahead)

    def verdict(self, date: BookingDate) -> Verdict:
        return self.verdicts.get(date.pk, Verdict())

    def is_ahead(self, date: BookingDate) -> bool:
        return date.span.start > self.now

    def may(self, action: Action, date: BookingDate) -> bool:
        """Tell whether this step is possible; what has begun can be refused, or was not used."""
        if action not in allowed_actions(DateState(date.state), Role.MANAGER):
            return False
        is_ahead = self.is_ahead(date)
        return (
            not is_ahead if action is Action.MARK_NO_SHOW else is_ahead or action is Action.REJECT
        )

    @property
    def detail_url(self) -> str:
        return reverse("request_detail", args=[self.booking.pk])

    def steps_above(self) -> list[dict[str, Any]]:
        return [{"url": reverse("request_list"), "label": _("Requests")}]

    def back_with(self, sentence: str) -> HttpResponse:
        """Go back to what this is about and say why nothing was stored."""
        messages.error(self.request, sentence)
        return redirect(with_back(self.detail_url, self.back))

    def named_dates(self, field: str = DATE) -> list[BookingDate]:
        """Return the dates whose keys were sent along; another request's are a 404."""
        data = self.request.POST if self.request.method == "POST" else self.request.GET
        keys = set(data.getlist(field))
        found = [date for date in self.dates if str(date.pk) in keys]
        if len(found) != len(keys):
            raise Http404
        return found


def mail_of(
    action: Action,
    booking: Booking,
    dates: list[BookingDate],
    now: datetime,
    *,
    text: str = "",
    **more: Any,
) -> MailText:
    """Return the mail of a step as it would go out. `more`: what else its notice says."""
    entry = BookingLog(booking=booking, action=action, from_state=dates[0].state, text=text)
    return preview(Notice(entry=entry, dates=dates, **more), now=now)


def undoable(user: User, now: datetime) -> list[dict[str, Any]]:
    """Return the promises that can still be undone, by request, in words."""
    by_booking: dict[int, list[BookingDate]] = {}
    for date in undoable_promises(user, since=now - UNDO_FOR):
        by_booking.setdefault(date.booking_id, []).append(date)
    return [
        {
            "booking": dates[0].booking,
            "dates": dates,
            "rooms": room_names(dates),
            "when": words.when_all(dates),
            "goes_at": mail_time(dates),
        }
        for dates in by_booking.values()
    ]


def mail_time(dates: list[BookingDate]) -> str:
    """Say when the mail of a promise goes out."""
    decided = dates[0].decided_at
    return clock((decided + UNDO_FOR).astimezone(BERLIN)) if decided else ""
