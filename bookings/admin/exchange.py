"""Two promised dates of two requests take each other's time and room: choose, look, exchange."""

import datetime as dt
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.admin import words
from bookings.admin.base import RequestView, keys_in
from bookings.admin.decisions import StepView
from bookings.admin.wish_mails import mail_of_exchange
from bookings.forms.decision import DecisionForm
from bookings.forms.exchange import ExchangeForm, ExchangeSearchForm
from bookings.models import BookingDate, BookingLog
from bookings.permissions import bookings_to_decide
from bookings.rules.refusals import Code, Refusal, RefusedError
from bookings.rules.states import Action, DateState
from bookings.rules.wall_clock import berlin_day, monday_of
from bookings.selectors.desk import who_has
from bookings.selectors.desk_exchange import exchangeable, others_of_centre
from bookings.services.changes import exchange_dates
from bookings.services.changes.seating import seating_missing
from bookings.services.decisions import TimeTakenError
from bookings.wording import refusal_sentence
from cms.admin.desk import with_back

WITH, SHOWN = "mit", "gesehen"
PER_PAGE = 20


class OneDate(RequestView):
    """A page on one promised date ahead of a request."""

    @cached_property
    def date(self) -> BookingDate:
        dates = self.named_dates()
        if len(dates) != 1:
            raise Http404
        return dates[0]

    def why_not(self) -> str | None:
        """Say why this date cannot be exchanged, None if it can."""
        return self.cannot_be_exchanged(self.date)

    def cannot_be_exchanged(self, date: BookingDate) -> str | None:
        if date.state != DateState.APPROVED:
            return words.decided_already(_last_step(date), now=self.now)
        return None if self.is_ahead(date) else _("This date is over. Nothing was changed.")


def _last_step(date: BookingDate) -> BookingLog:
    return date.log.select_related("actor").latest("at", "pk")


class ExchangeChoiceView(OneDate):
    """Choose the date of another group."""

    template_name = "bookings/admin/exchange_choice.html"
    page_title = gettext_lazy("Exchange the date")

    def steps_above(self) -> list[dict[str, Any]]:
        here = {"url": self.detail_url, "label": self.booking.asker}
        return [*super().steps_above(), here]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if (sentence := self.why_not()) is not None:
            return self.back_with(sentence)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        monday = max(self.today, monday_of(berlin_day(self.date.span.start)))
        form = ExchangeSearchForm({"ab": monday, **self.request.GET.dict()})
        asked = form.cleaned_data if form.is_valid() else {}
        found = exchangeable(
            self.booking,
            bookings_to_decide(self.user),
            first_day=asked.get("ab") or self.today,
            words=asked.get("q", ""),
            now=self.now,
        )
        page = Paginator(found, PER_PAGE).get_page(self.request.GET.get("seite"))
        return super().get_context_data(
            booking=self.booking,
            date=self.date,
            place=words.place(self.date.room, self.date.span),
            form=form,
            page=page,
            rows=[
                {"date": other, "place": words.place(other.room, other.span)}
                for other in page.object_list
            ],
            cancel_url=with_back(self.detail_url, self.back),
            **kwargs,
        )


class ExchangeView(OneDate, StepView):
    """Show both dates as they would be, and exchange them."""

    template_name = "bookings/admin/exchange.html"
    form_class = ExchangeForm
    title = gettext_lazy("Exchange the date")
    button = gettext_lazy("Exchange now")

    @cached_property
    def other(self) -> BookingDate:
        """Return the date of another request; another centre's is a 404."""
        data = self.request.POST if self.request.method == "POST" else self.request.GET
        others = others_of_centre(self.booking, bookings_to_decide(self.user))
        return get_object_or_404(others, pk__in=keys_in([data.get(WITH, "")]))

    @cached_property
    def places(self) -> list[str]:
        """Name where both dates are, for the form: a second click would exchange them back."""
        return [_place_key(date) for date in (self.date, self.other)]

    def why_not(self) -> str | None:
        if self.request.method == "POST":
            return None  # the service tells who was first
        return super().why_not() or self.cannot_be_exchanged(self.other)

    def mail(self, form: DecisionForm) -> None:
        """Show none alone: there is one for each side."""

    def before(self) -> list[str]:
        sides = (self.date, self.other), (self.other, self.date)
        return [
            f"{date.booking.asker}: {missing}"
            for date, new in sides
            if (missing := seating_missing(date.booking, [new.room]))
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        message = kwargs["form"].mail_text
        own, other = (words.place(date.room, date.span) for date in (self.date, self.other))
        return super().get_context_data(
            chosen=[self.date],
            other=self.other,
            places=self.places,
            mails=[
                {
                    "group": date.booking.asker,
                    "mail": mail_of_exchange(date, new, self.now, message=message),
                }
                for date, new in ((self.date, self.other), (self.other, self.date))
            ],
            sides=[
                {"group": self.booking.asker, "old": own, "new": other},
                {"group": self.other.booking.asker, "old": other, "new": own},
            ],
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        shown = request.POST.getlist(SHOWN)
        for date, place in zip((self.date, self.other), self.places, strict=True):
            if place not in shown:
                return self.decided_already(_last_step(date))
        return super().post(request, *args, **kwargs)

    def against_the_rules(self, form: DecisionForm, error: RefusedError) -> HttpResponse:
        for one in error.refusals:
            form.add_error(None, self._refusal(one))
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def _refusal(self, refusal: Refusal) -> str:
        if refusal.code is Code.TWICE:
            return _("Set-up and clearing up of the two dates would overlap.")
        is_own = refusal.values["date_id"] == self.date.pk
        group = (self.date if is_own else self.other).booking.asker
        return f"{group}: {refusal_sentence(refusal)}"

    def decide(self, form: DecisionForm) -> str:
        exchange_dates(
            first=self.date,
            second=self.other,
            actor=self.user,
            now=self.now,
            text=form.cleaned_data["text"],
        )
        return _("Exchanged. Both groups get a mail.")

    def taken(self, error: TimeTakenError) -> str:
        return words.taken(error, who_has(error.date))

    def is_the_same(self, entry: BookingLog) -> bool:
        """Tell whether these two dates were exchanged then, and not one of them with a third."""
        steps = BookingLog.objects.filter(
            action=Action.EXCHANGE, at=entry.at, date__in=[self.date, self.other]
        )
        return entry.action == Action.EXCHANGE and steps.count() == len(self.places)


def _place_key(date: BookingDate) -> str:
    start: dt.datetime = date.span.start
    return f"{date.pk} {date.room_id} {start.timestamp():.0f}"
