"""A group did not come: the team notes it, with words that only the team reads."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from bookings.admin import words
from bookings.admin.base import BUSY, RequestView
from bookings.forms.decision import NoShowForm
from bookings.ledger import BusyError
from bookings.models import BookingDate, BookingLog
from bookings.rules.refusals import Code, Refusal, RefusedError
from bookings.rules.states import Action
from bookings.services.decisions import DecidedAlreadyError
from bookings.services.no_shows import mark_no_show
from bookings.wording import refusal_sentence
from cms.admin.desk import with_back


class NoShowView(RequestView):
    """Note that nobody used a promised date; GET asks first."""

    template_name = "bookings/admin/no_show.html"
    page_title = gettext_lazy("Note as not used")

    def steps_above(self) -> list[dict[str, Any]]:
        here = {"url": self.detail_url, "label": self.booking.asker}
        return [*super().steps_above(), here]

    @cached_property
    def chosen(self) -> list[BookingDate]:
        return self.named_dates()

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if sentence := self._why_not():
            return self.back_with(sentence)
        return self.render_to_response(self.get_context_data(form=NoShowForm()))

    def _why_not(self) -> str:
        if not self.chosen:
            return _("Please choose at least one date.")
        for date in self.chosen:
            if self.is_ahead(date):
                return refusal_sentence(Refusal(Code.NOT_BEGUN, "date"))
            if not self.may(Action.MARK_NO_SHOW, date):
                last = date.log.select_related("actor").latest("at", "pk")
                return words.decided_already(last, now=self.now)
        return ""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.chosen:
            return self.back_with(_("Please choose at least one date."))
        form = NoShowForm(request.POST)
        if not form.is_valid():
            return self.refused(form, form=form)
        try:
            self._note(form.cleaned_data["text"])
        except RefusedError as error:
            return self.back_with(refusal_sentence(error.refusals[0]))
        except DecidedAlreadyError as error:
            return self._noted_already(error.entry)
        except BusyError:
            messages.error(request, str(BUSY))
            return self.render_to_response(self.get_context_data(form=form), status=409)
        return self._done(_("Noted as not used. Nobody got a mail."))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            booking=self.booking,
            chosen=self.chosen,
            places=[words.place(date.room, date.span) for date in self.chosen],
            cancel_url=with_back(self.detail_url, self.back),
            **kwargs,
        )

    def _note(self, text: str) -> None:
        mark_no_show(
            booking=self.booking,
            date_ids=[date.pk for date in self.chosen],
            actor=self.user,
            now=self.now,
            text=text,
        )

    def _done(self, message: str) -> HttpResponse:
        return self.saved(message, with_back(self.detail_url, self.back))

    def _noted_already(self, entry: BookingLog) -> HttpResponse:
        """Tell who was first. Who clicked twice reads that it is done."""
        if entry.actor_id == self.user.pk and entry.action == Action.MARK_NO_SHOW:
            return self._done(words.decided_already(entry, now=self.now))
        return self.back_with(words.not_stored(entry, now=self.now))
