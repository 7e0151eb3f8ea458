"""What the steps of a decision share: the mail is shown first, one button does it."""

from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext as _
from wagtail.admin import messages

from bookings.admin import words
from bookings.admin.base import BUSY, RequestView, mail_of
from bookings.forms.decision import DecisionForm
from bookings.ledger import BusyError
from bookings.models import BookingDate, BookingLog
from bookings.notifications import MailText
from bookings.rules.refusals import RefusedError
from bookings.rules.states import Action
from bookings.selectors.desk import who_has
from bookings.services.decisions import DecidedAlreadyError, TimeTakenError
from bookings.wording import day_and_time, refusal_sentence

TICKED, PREVIEW = "auswahl", "vorschau"


class StepView(RequestView):
    """One step: GET shows the form and the mail, POST shows it again or decides."""

    template_name = "bookings/admin/decision.html"
    form_class: ClassVar[type[DecisionForm]]
    title: ClassVar[str | Promise]
    button: ClassVar[str | Promise]
    is_serious = False
    list_name = "request_list"  # where one goes on afterwards

    def get_page_title(self) -> str:
        return str(self.title)

    def steps_above(self) -> list[dict[str, Any]]:
        here = {"url": self.detail_url, "label": self.booking.asker}
        return [*super().steps_above(), here]

    def why_not(self) -> str | None:
        """Say why the step is not possible, None if it is."""
        raise NotImplementedError

    def mail(self, form: DecisionForm) -> MailText | None:
        """Return the mail as it would go out, None if the page shows none."""
        raise NotImplementedError

    def before(self) -> list[str]:
        """Say what else happens, before it happens."""
        return []

    def decide(self, form: DecisionForm) -> str:
        """Do it, and return what to say. Raises what the services raise."""
        raise NotImplementedError

    def taken(self, error: TimeTakenError) -> str:
        raise NotImplementedError

    def is_the_same(self, entry: BookingLog) -> bool:
        """Tell whether this step in the history is what is asked for now."""
        raise NotImplementedError

    # Asking ---------------------------------------------------------------------------------------

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if (sentence := self.why_not()) is not None:
            return self.back_with(sentence)
        return self.render_to_response(self.get_context_data(form=self.form()))

    def form(self, data: Any = None) -> DecisionForm:
        return self.form_class(data, initial=self.initial())

    def initial(self) -> dict[str, Any]:
        return {}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            booking=self.booking,
            association=self.booking.association,
            button=self.button,
            is_serious=self.is_serious,
            mail=self.mail(kwargs["form"]),
            before=self.before(),
            cancel_url=self.back or self.detail_url,
            **kwargs,
        )

    # Deciding -------------------------------------------------------------------------------------

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if (sentence := self.why_not()) is not None:
            return self.back_with(sentence)
        form = self.form(request.POST)
        if PREVIEW in request.POST:
            return self.render_to_response(self.get_context_data(form=form))
        if not form.is_valid():
            return self.refused(form, form=form)
        return self._decide(form)

    def _decide(self, form: DecisionForm) -> HttpResponse:
        try:
            message = self.decide(form)
        except DecidedAlreadyError as error:
            return self.decided_already(error.entry)
        except TimeTakenError as error:
            return self.back_with(self.taken(error))
        except RefusedError as error:
            return self.against_the_rules(form, error)
        except BusyError:
            messages.error(self.request, str(BUSY))
            return self.render_to_response(self.get_context_data(form=form), status=409)
        return self.saved(message, self.back_or(self.list_name))

    def against_the_rules(self, form: DecisionForm, error: RefusedError) -> HttpResponse:
        """Say what the rules refuse; nothing was changed."""
        return self.back_with(" ".join(refusal_sentence(one) for one in error.refusals))

    def decided_already(self, entry: BookingLog) -> HttpResponse:
        """Tell who was first. Who clicked twice reads that it is done."""
        if entry.actor_id == self.user.pk and self.is_the_same(entry):
            done = words.decided_already(entry, now=self.now)
            return self.saved(done, self.back_or(self.list_name))
        return self.back_with(words.not_stored(entry, now=self.now))


class DecisionView(StepView):
    """A step on dates of a request: those ticked, else all for which it is possible."""

    action: ClassVar[Action]

    @cached_property
    def asked_for(self) -> list[BookingDate]:
        """Return the dates that were ticked; another request's are a 404."""
        return self.named_dates()

    @cached_property
    def chosen(self) -> list[BookingDate]:
        """Return the dates that this is about: those ticked, else all that are possible."""
        if self.asked_for or self.asked_or_ticked:
            return self.asked_for
        return [date for date in self.dates if self.may(self.action, date)]

    @cached_property
    def asked_or_ticked(self) -> bool:
        return TICKED in self.request.GET or self.request.method == "POST"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            chosen=self.chosen,
            dates=[f"{date.room.name}, {day_and_time(date.span)}" for date in self.chosen],
            **kwargs,
        )

    def mail(self, form: DecisionForm) -> MailText:
        return mail_of(
            self.action,
            self.booking,
            self.chosen,
            self.now,
            text=form.mail_text,
            **self.offered_instead(form),
        )

    def offered_instead(self, form: DecisionForm) -> dict[str, Any]:
        """Return what else the notice says: what the group can have in place of these dates."""
        return {"suggestion": form.mail_suggestion}

    def what(self) -> dict[str, Any]:
        """Return what every service wants to know."""
        return {
            "booking": self.booking,
            "date_ids": [date.pk for date in self.chosen],
            "actor": self.user,
            "now": self.now,
        }

    def is_the_same(self, entry: BookingLog) -> bool:
        return entry.action == self.action

    # Not possible ---------------------------------------------------------------------------------

    def why_not(self) -> str | None:
        if not self.chosen:
            return _("Please choose at least one date.") if self.asked_or_ticked else self._gone()
        if any(self._is_too_late(date) for date in self.chosen):
            return _("This date is over. Nothing was changed.")
        # Of what is sent the service tells who was first.
        is_shown = self.request.method != "POST"
        impossible = any(not self.may(self.action, date) for date in self.chosen)
        return self._gone() if is_shown and impossible else None

    def _is_too_late(self, date: BookingDate) -> bool:
        return not self.is_ahead(date) and self.action is not Action.REJECT

    def _gone(self) -> str:
        entry = self.booking.log.select_related("actor").order_by("at", "pk").last()
        if entry is None:
            return ""
        tell = words.not_stored if self.request.method == "POST" else words.decided_already
        return tell(entry, now=self.now)

    def taken(self, error: TimeTakenError) -> str:
        return words.taken(error, None if error.reason or error.change else who_has(error.date))
