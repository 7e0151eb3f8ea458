"""Promise the chosen dates of a request and refuse the others: one step, one mail."""

from copy import copy
from typing import Any

from django.http import HttpResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.admin import words
from bookings.admin.base import mail_of
from bookings.admin.steps import ApproveView
from bookings.forms.decision import DecisionForm
from bookings.forms.partly import PartlyForm
from bookings.models import BookingDate, BookingLog
from bookings.notifications import MailText
from bookings.rules.states import Action, DateState
from bookings.selectors.alternatives import alternative_to
from bookings.services import decisions

REFUSED = "ablehnen"


class PartlyView(ApproveView):
    """The dates that were ticked are promised, all others that are not decided are refused."""

    template_name = "bookings/admin/decision_partly.html"
    form_class = PartlyForm
    title = gettext_lazy("Promise chosen ones, refuse the others")
    button = gettext_lazy("Promise and refuse now")

    @cached_property
    def refused_dates(self) -> list[BookingDate]:
        """Return the dates to refuse: what is sent is what was shown, whatever came meanwhile."""
        if self.request.method == "POST":
            return self.named_dates(REFUSED)
        return [
            date for date in self.dates if date not in self.chosen and self.may(Action.REJECT, date)
        ]

    def why_not(self) -> str | None:
        if (sentence := super().why_not()) is not None:
            return sentence
        if not self.refused_dates or set(self.refused_dates) & set(self.chosen):
            return _("Please leave a date without a tick. Dates without a tick are refused.")
        return None

    def initial(self) -> dict[str, Any]:
        """Suggest what is free instead of the first that is refused."""
        found = alternative_to(self.refused_dates[0], now=self.now)
        return {"suggestion": words.place(found.room, found.span)} if found else {}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            refused_dates=self.refused_dates,
            refused=[words.place(date.room, date.span) for date in self.refused_dates],
            **kwargs,
        )

    def mail(self, form: DecisionForm) -> MailText:
        return mail_of(
            Action.APPROVE,
            self.booking,
            self.chosen,
            self.now,
            text=form.mail_message,
            suggestion=form.mail_suggestion,
            refused=[_as_refused(date, form.mail_text) for date in self.refused_dates],
        )

    def decide(self, form: DecisionForm) -> str:
        cleaned = form.cleaned_data
        decisions.decide(
            booking=self.booking,
            approve=[date.pk for date in self.chosen],
            reject=[date.pk for date in self.refused_dates],
            actor=self.user,
            now=self.now,
            reason=cleaned["text"],
            suggestion=cleaned["suggestion"],
            message=cleaned["message"],
        )
        return _("Promised and refused. The mail is on its way.")

    def decided_already(self, entry: BookingLog) -> HttpResponse:
        """Tell of the promise, if that was one step with what the service found refused."""
        promise = BookingLog.objects.filter(
            date__in=self.chosen, action=Action.APPROVE, actor=entry.actor, at=entry.at
        )
        return super().decided_already(promise.select_related("actor").first() or entry)

    def is_the_same(self, entry: BookingLog) -> bool:
        wanted = {date.pk: DateState.APPROVED for date in self.chosen}
        wanted |= {date.pk: DateState.REJECTED for date in self.refused_dates}
        stored = BookingDate.objects.filter(pk__in=wanted).values_list("pk", "state")
        return super().is_the_same(entry) and dict(stored) == wanted


def _as_refused(date: BookingDate, reason: str) -> BookingDate:
    refused = copy(date)
    refused.state, refused.reason = DateState.REJECTED, reason
    return refused
