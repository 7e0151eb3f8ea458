"""What the steps of a decision share: the mail is shown first, one button does it."""

from typing import Any, ClassVar

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext as _
from wagtail.admin import messages

from bookings.admin import words
from bookings.admin.base import BUSY, RequestView, mail_of
from bookings.forms.decision import DecisionForm
from bookings.ledger import BusyError
from bookings.models import BookingDate
from bookings.rules.states import Action
from bookings.selectors.desk import who_has
from bookings.services.decisions import DecidedAlreadyError, TimeTakenError
from bookings.wording import day_and_time
from cms.admin.desk import with_back

DATE, TICKED, PREVIEW = "termin", "auswahl", "vorschau"


class DecisionView(RequestView):
    """One step: GET shows the form and the mail, POST shows it again or decides."""

    template_name = "bookings/admin/decision.html"
    action: ClassVar[Action]
    form_class: ClassVar[type[DecisionForm]]
    title: ClassVar[str | Promise]
    button: ClassVar[str | Promise]
    is_serious = False

    def get_page_title(self) -> str:
        return str(self.title)

    def steps_above(self) -> list[dict[str, Any]]:
        here = {"url": self.detail_url, "label": self.booking.asker}
        return [*super().steps_above(), here]

    # The dates ------------------------------------------------------------------------------------

    @cached_property
    def asked_for(self) -> list[BookingDate]:
        """Return the dates that were ticked; another request's are a 404."""
        data = self.request.POST if self.request.method == "POST" else self.request.GET
        keys = set(data.getlist(DATE))
        found = [date for date in self.dates if str(date.pk) in keys]
        if len(found) != len(keys):
            raise Http404
        return found

    @cached_property
    def chosen(self) -> list[BookingDate]:
        """Return the dates that this is about: those ticked, else all that are possible."""
        if self.asked_for or self.request.method == "POST" or TICKED in self.request.GET:
            return self.asked_for
        return [date for date in self.dates if self.may(self.action, date)]

    @property
    def impossible(self) -> list[BookingDate]:
        return [date for date in self.chosen if not self.may(self.action, date)]

    # Asking ---------------------------------------------------------------------------------------

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.chosen or self.impossible:
            return self.back_with(self._why_not())
        return self.render_to_response(self.get_context_data(form=self.form()))

    def form(self, data: Any = None) -> DecisionForm:
        return self.form_class(data, initial=self.initial())

    def initial(self) -> dict[str, Any]:
        return {}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form: DecisionForm = kwargs["form"]
        return super().get_context_data(
            booking=self.booking,
            association=self.booking.association,
            chosen=self.chosen,
            dates=[f"{date.room.name}, {day_and_time(date.span)}" for date in self.chosen],
            button=self.button,
            is_serious=self.is_serious,
            mail=mail_of(
                self.action,
                self.booking,
                self.chosen,
                self.now,
                text=form.mail_text,
                suggestion=form.mail_suggestion,
            ),
            before=self.before(),
            cancel_url=self.back or self.detail_url,
            **kwargs,
        )

    def before(self) -> list[str]:
        """Say what else happens, before it happens."""
        return []

    # Deciding -------------------------------------------------------------------------------------

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.chosen or any(self._is_too_late(date) for date in self.chosen):
            return self.back_with(self._why_not())
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
            return self._decided_already(error)
        except TimeTakenError as error:
            return self.back_with(self._taken(error))
        except BusyError:
            messages.error(self.request, str(BUSY))
            return self.render_to_response(self.get_context_data(form=form), status=409)
        return self.saved(message, self.back_or("request_list"))

    def decide(self, form: DecisionForm) -> str:
        """Do it, and return what to say. Raises what the services raise."""
        raise NotImplementedError

    def what(self) -> dict[str, Any]:
        """Return what every service wants to know."""
        return {
            "booking": self.booking,
            "date_ids": [date.pk for date in self.chosen],
            "actor": self.user,
            "now": self.now,
        }

    # Not possible ---------------------------------------------------------------------------------

    def back_with(self, sentence: str) -> HttpResponse:
        """Go back to the request and say why nothing was stored."""
        messages.error(self.request, sentence)
        return redirect(with_back(self.detail_url, self.back))

    def _is_too_late(self, date: BookingDate) -> bool:
        return not self.is_ahead(date) and self.action is not Action.REJECT

    def _why_not(self) -> str:
        if not self.chosen:
            return _("Please choose at least one date.") if self.asked_or_ticked else self._gone()
        if any(self._is_too_late(date) for date in self.chosen):
            return _("This date is over. Nothing was changed.")
        return self._gone()

    @cached_property
    def asked_or_ticked(self) -> bool:
        return TICKED in self.request.GET or self.request.method == "POST"

    def _gone(self) -> str:
        entry = self.booking.log.select_related("actor").order_by("at", "pk").last()
        if entry is None:
            return ""
        tell = words.not_stored if self.request.method == "POST" else words.decided_already
        return tell(entry, now=self.now)

    def _decided_already(self, error: DecidedAlreadyError) -> HttpResponse:
        """Tell who was first. Who clicked twice reads that it is done."""
        if error.entry.actor_id == self.user.pk and error.entry.action == self.action:
            return self.saved(
                words.decided_already(error.entry, now=self.now), self.back_or("request_list")
            )
        return self.back_with(words.not_stored(error.entry, now=self.now))

    def _taken(self, error: TimeTakenError) -> str:
        if error.reason:
            return _(
                "The room is closed at this time: %(reason)s. Your decision was not saved."
            ) % {"reason": error.reason}
        if error.change is not None:
            return _(
                "%(group)s has asked to move a date to this time and keeps it free until that is "
                "decided. Please decide on that wish first. Your decision was not saved."
            ) % {"group": error.change.booking.asker}
        other = who_has(error.date)
        group = other.booking.asker if other else _("another group")
        return _("This time was promised to %(group)s meanwhile. Your decision was not saved.") % {
            "group": group
        }
