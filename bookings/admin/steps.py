"""The steps of a decision: promise, ask, refuse, cancel for the centre, undo, ring up."""

from typing import Any, ClassVar

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from bookings.admin import words
from bookings.admin.base import BUSY, RequestView, keys_in
from bookings.admin.decisions import DecisionView
from bookings.forms.decision import ApproveForm, AskForm, DecisionForm, RejectForm, RevokeForm
from bookings.ledger import BusyError
from bookings.models import BookingDate, ChangeRequest
from bookings.rules.policy import is_short_notice
from bookings.rules.refusals import RefusedError
from bookings.rules.states import Action, DateState
from bookings.selectors.alternatives import Alternative, alternative_to, alternatives_to
from bookings.selectors.desk_wishes import open_wishes
from bookings.selectors.policies import read_policies
from bookings.services import decisions
from bookings.services.decisions import DecidedAlreadyError
from bookings.services.revoking import planned_offer, revoke
from bookings.services.storing import seating_left_behind
from bookings.services.undelivered import settle_mail
from bookings.wording import day_and_time, moment, refusal_sentence
from cms.opening_hours import BERLIN
from cms.wording import clock, date_long

MAIL = "mail"


class ApproveView(DecisionView):
    action = Action.APPROVE
    form_class: ClassVar[type[DecisionForm]] = ApproveForm
    title = gettext_lazy("Promise")
    button = gettext_lazy("Promise now")

    def before(self) -> list[str]:
        said = []
        rivals = {other.booking_id for date in self.chosen for other in self.verdict(date).rivals}
        if rivals:
            said.append(words.go_to_the_waiting_list(len(rivals)))
        if not (self.booking.is_checked or self.booking.is_of_guest):
            said.append(_("This group is not checked yet."))
        return said

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        blocked = [date for date in self.chosen if self.verdict(date).is_blocked]
        return super().get_context_data(
            blocked=[
                f"{day_and_time(date.span)} – {words.verdict([self.verdict(date)])}"
                for date in blocked
            ],
            **kwargs,
        )

    def decide(self, form: DecisionForm) -> str:
        mail_at = decisions.approve(
            **self.what(), message=form.cleaned_data["text"], keep_mail_back=True
        )
        if mail_at is None:
            return _("Promised. The mail is on its way.")
        return _("Promised. The mail goes out at %(time)s.") % {
            "time": clock(mail_at.astimezone(BERLIN))
        }


class AskView(DecisionView):
    action = Action.ASK
    form_class = AskForm
    title = gettext_lazy("Ask the group")
    button = gettext_lazy("Send the question")
    asked_or_ticked = False  # not about single dates

    @cached_property
    def chosen(self) -> list[BookingDate]:
        """Return all dates that are not decided: a question is about the request."""
        _others_are_a_404 = self.asked_for
        return [date for date in self.dates if self.may(Action.ASK, date)]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # For the preview only, as the service will store it.
        self.booking.question = kwargs["form"].mail_text
        self.booking.question_due = decisions.question_due(self.chosen, now=self.now)
        return super().get_context_data(**kwargs)

    def before(self) -> list[str]:
        due = decisions.question_due(self.chosen, now=self.now)
        return [
            _("The group may answer until %(date)s. What it keeps free stays free until then.")
            % {"date": date_long(due)}
        ]

    def decide(self, form: DecisionForm) -> str:
        decisions.ask(
            booking=self.booking,
            actor=self.user,
            question=form.cleaned_data["text"],
            now=self.now,
        )
        return _("The question is on its way.")


class RejectView(DecisionView):
    action = Action.REJECT
    form_class = RejectForm
    title = gettext_lazy("Refuse")
    button = gettext_lazy("Refuse now")
    is_serious = True

    def initial(self) -> dict[str, Any]:
        """Suggest what is free instead."""
        found = alternative_to(self.chosen[0], now=self.now) if self.chosen else None
        return {"suggestion": words.place(found.room, found.span)} if found else {}

    def decide(self, form: DecisionForm) -> str:
        decisions.reject(
            **self.what(),
            reason=form.cleaned_data["text"],
            suggestion=form.cleaned_data["suggestion"],
        )
        return _("Refused. The mail is on its way.")


class RevokeView(RejectView):
    action = Action.REVOKE
    form_class = RevokeForm
    title = gettext_lazy("Cancel for the centre")
    button = gettext_lazy("Cancel now")

    @property
    def may_offer(self) -> bool:
        """Tell whether a substitute is a question; of what is decided the service tells who was first."""
        return len(self.chosen) == 1 and self.may(Action.REVOKE, self.chosen[0])

    @cached_property
    def substitutes(self) -> dict[str, Alternative]:
        """Return what can be kept free for the group in place of one date, by key in the form."""
        found = alternatives_to(self.chosen[0], now=self.now) if self.may_offer else []
        return {_key(one): one for one in found}

    def offered(self) -> list[tuple[str, str]]:
        return [(key, words.place(one.room, one.span)) for key, one in self.substitutes.items()]

    def initial(self) -> dict[str, Any]:
        """Suggest nothing in words: nobody would keep it free."""
        return {}

    def form(self, data: Any = None) -> DecisionForm:
        """Ask for a confirmation only where the team is later than it promised to be."""
        offered = self.offered() if self.may_offer else None
        form = RevokeForm(data, initial=self.initial(), substitutes=offered)
        read_policies([date.room for date in self.chosen])
        if not any(
            date.state == DateState.APPROVED
            and is_short_notice(date.room.policy, date.span.start, now=self.now)
            for date in self.chosen
        ):
            del form.fields["short_notice"]
        return form

    def before(self) -> list[str]:
        moves = open_wishes(self.booking.changes.filter(kind=ChangeRequest.Kind.MOVE))
        if not moves.filter(dates__date__in=self.chosen).exists():
            return []
        return [
            _(
                "The group wishes another time or room for it. Once it is cancelled, this wish is "
                "over."
            )
        ]

    def offered_instead(self, form: DecisionForm) -> dict[str, Any]:
        wanted = self.substitutes.get(form.mail_substitute)
        if wanted is None:
            return super().offered_instead(form)
        offer = planned_offer(self.chosen[0], wanted, now=self.now)
        return {"substitute": offer, "seating": seating_left_behind(offer.booking, offer.room)}

    def against_the_rules(self, form: DecisionForm, error: RefusedError) -> HttpResponse:
        for one in error.refusals:
            field = one.about if one.about in form.fields else None
            form.add_error(field, refusal_sentence(one))
        if isinstance(form, RevokeForm) and "substitute" in form.errors:
            del self.substitutes  # offer what is free now
            form.offer(self.offered())
        return self.refused(form, form=form)

    def decide(self, form: DecisionForm) -> str:
        cleaned = form.cleaned_data
        offer = revoke(
            **self.what(),
            reason=cleaned["text"],
            substitute=self.substitutes.get(cleaned.get("substitute", ""), cleaned["suggestion"]),
            closed_for=cleaned["closed_for"] if cleaned["closes"] else "",
            short_notice=cleaned.get("short_notice", False),
        )
        if offer is None or offer.holds_until is None:
            return _("Cancelled. The mail is on its way.")
        return _("Cancelled. The substitute is kept free for the group until %(moment)s.") % {
            "moment": moment(offer.holds_until)
        }


class MailDoneView(RequestView):
    """Somebody has rung up because a mail did not arrive: it leaves the start of the admin."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        for key in keys_in([request.POST.get(MAIL, "")]):
            settle_mail(booking=self.booking, mail_id=key, actor=self.user)
        return self.saved(
            _("Ticked off: %(group)s.") % {"group": self.booking.asker},
            self.back_or("wagtailadmin_home"),
        )


class UndoView(RequestView):
    """Take a promise back as long as its mail waits."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        dates = self.named_dates()
        if not dates:
            raise Http404
        url = self.back_or("request_list")
        try:
            decisions.undo_approval(
                booking=self.booking,
                date_ids=[date.pk for date in dates],
                actor=self.user,
                now=self.now,
            )
        except DecidedAlreadyError as error:
            messages.error(request, self._too_late(error))
        except BusyError:
            messages.error(request, str(BUSY))
        else:
            messages.success(
                request, _("Undone. The group got no mail; the request is open again.")
            )
        return redirect(url)

    def _too_late(self, error: DecidedAlreadyError) -> str:
        if error.entry.action == Action.APPROVE:
            return _("The mail has gone out already. You can still cancel the date for the centre.")
        return words.not_stored(error.entry, now=self.now)


def _key(one: Alternative) -> str:
    return f"{one.room.pk} {one.span.start.timestamp():.0f} {one.span.end.timestamp():.0f}"
