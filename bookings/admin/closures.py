"""Close rooms and open them again."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin import messages

from bookings.admin import words
from bookings.admin.base import BUSY, ManagerView, keys_in
from bookings.forms.closure import ClosureForm
from bookings.ledger import BusyError
from bookings.models import Booking, Closure, Room
from bookings.rules.spans import Span
from bookings.services.closures import DatesInTheWayError, create_closure, delete_closure
from bookings.wording import day_and_time, state_word
from cms.permissions import centres_of
from cms.wording import join_and

CONFIRMED, WISHES, AGREED = "bestaetigt", "wunsch", "trotzdem"


class ClosureAddView(ManagerView):
    """Close rooms. Dates in the way are listed first; nothing happens before they are confirmed."""

    template_name = "bookings/admin/closure.html"
    page_title = gettext_lazy("Close a room")
    header_icon = "lock"

    def steps_above(self) -> list[dict[str, Any]]:
        return [{"url": reverse("room_overview"), "label": _("Rooms")}]

    @property
    def rooms(self) -> QuerySet[Room]:
        rooms: QuerySet[Room] = Room.objects.filter(centre__in=centres_of(self.user))
        return rooms.select_related("centre").order_by("centre__place", "sort_order", "name")

    def form(self, data: Any = None) -> ClosureForm:
        initial = {"rooms": self.request.GET.getlist("raum")}
        return ClosureForm(data, rooms=self.rooms, now=self.now, initial=initial)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=self.form()))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.form(request.POST)
        if not form.is_valid():
            return self.refused(form, form=form)
        try:
            closure = self._close(form)
        except DatesInTheWayError as error:
            return self._ask_first(form, error)
        except BusyError:
            messages.error(request, str(BUSY))
            return self.render_to_response(self.get_context_data(form=form), status=409)
        return self.saved(
            _("Closed: %(rooms)s, %(when)s – %(reason)s.")
            % {
                "rooms": join_and([room.name for room in form.cleaned_data["rooms"]]),
                "when": words.closure_span(closure),
                "reason": closure.reason,
            },
            self.back_or("room_overview"),
        )

    def _close(self, form: ClosureForm) -> Closure:
        rooms = form.cleaned_data["rooms"]
        return create_closure(
            centre=rooms[0].centre,
            rooms=rooms,
            span=form.cleaned_data["span"],
            reason=form.cleaned_data["reason"],
            actor=self.user,
            now=self.now,
            confirmed=self._agreed_to(CONFIRMED),
            confirmed_wishes=self._agreed_to(WISHES),
        )

    def _agreed_to(self, name: str) -> set[int]:
        return keys_in(self.request.POST.getlist(name) if AGREED in self.request.POST else [])

    def _ask_first(self, form: ClosureForm, error: DatesInTheWayError) -> HttpResponse:
        """List what lies in this time: all of it, also what was confirmed before."""
        in_the_way = [
            *(
                self._row(CONFIRMED, date.pk, date.booking, date.room, date.span, state_word(date))
                for date in error.dates
            ),
            *(
                self._row(
                    WISHES,
                    wish.change.pk,
                    wish.change.booking,
                    date.room,
                    date.span,
                    _("wish to change"),
                )
                for wish in error.wishes
                for date in wish.dates
            ),
        ]
        sentence = ngettext(
            "%(count)s date lies in this time. Nothing is changed yet and nobody was told.",
            "%(count)s dates lie in this time. Nothing is changed yet and nobody was told.",
            len(in_the_way),
        ) % {"count": len(in_the_way)}
        return self.render_to_response(
            self.get_context_data(form=form, in_the_way=in_the_way, sentence=sentence), status=409
        )

    def _row(
        self, name: str, key: int, booking: Booking, room: Room, span: Span, state: str
    ) -> dict[str, Any]:
        """Return a date as it is listed; `name` and `key` are sent along when it is confirmed."""
        data = self.request.POST
        asked_before = CONFIRMED in data or WISHES in data
        return {
            "name": name,
            "key": key,
            "booking": booking,
            "group": booking.asker,
            "when": day_and_time(span),
            "room": room.name,
            "state": state,
            "is_new": asked_before and str(key) not in data.getlist(name),
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(cancel_url=self.back_or("room_overview"), **kwargs)


class ClosureEndView(ManagerView):
    """Open the rooms again: ask first, then do it."""

    template_name = "bookings/admin/closure_end.html"
    page_title = gettext_lazy("Open the room again")
    header_icon = "lock-open"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        _own = self.closure
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def closure(self) -> Closure:
        own = Closure.objects.filter(centre__in=centres_of(self.user))
        return get_object_or_404(own.prefetch_related("rooms"), pk=self.kwargs["pk"])

    def steps_above(self) -> list[dict[str, Any]]:
        return [{"url": reverse("room_overview"), "label": _("Rooms")}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            sentence=closure_sentence(self.closure),
            cancel_url=self.back_or("room_overview"),
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        sentence = closure_sentence(self.closure)
        try:
            delete_closure(closure=self.closure, now=self.now)
        except BusyError:
            messages.error(request, str(BUSY))
            return self.render_to_response(self.get_context_data(), status=409)
        return self.saved(
            _("Open again: %(closure)s.") % {"closure": sentence}, self.back_or("room_overview")
        )


def closure_sentence(closure: Closure) -> str:
    """Say "Saal: Di., 24. November 2026, 8:00–12:00 Uhr – Reinigung"."""
    return _("%(rooms)s: %(when)s – %(reason)s") % {
        "rooms": join_and([room.name for room in closure.rooms.all()]),
        "when": words.closure_span(closure),
        "reason": closure.reason,
    }
