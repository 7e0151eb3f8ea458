"""Wishes to change promised dates: the list, one wish with both sides, granting and refusing it."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.admin import words
from bookings.admin.base import ManagerView, RequestView
from bookings.admin.decisions import StepView
from bookings.admin.request_list import WISHES, tabs
from bookings.admin.wish_mails import mail_of_grant, mail_of_refusal
from bookings.admin.wish_rows import shown_wish, wish_rows, wishes_in_the_way
from bookings.forms.decision import ApproveForm, DecisionForm, RefuseWishForm
from bookings.models import Booking, BookingLog, ChangeRequest
from bookings.models.states import STATE_WORDS
from bookings.notifications import MailText
from bookings.permissions import changes_to_decide
from bookings.rules.states import Action, DateState
from bookings.selectors.desk_wishes import (
    DeskWish,
    Stand,
    open_wishes,
    wishes_of,
    with_both_sides,
)
from bookings.services.changes import grant_change, refuse_change
from bookings.services.decisions import TimeTakenError
from bookings.services.open_changes import begins
from bookings.wording import day_and_time, moment
from cms.admin.desk import with_back

PER_PAGE = 20  # a wish can be about a year of dates


def list_above() -> list[dict[str, Any]]:
    """Return the breadcrumbs above one wish."""
    return [
        {"url": reverse("request_list"), "label": _("Requests")},
        {"url": reverse("wish_list"), "label": _("Wishes to change")},
    ]


def _in_words(stands: Iterable[Stand]) -> list[dict[str, str]]:
    return [{"room": one.room.name, "when": day_and_time(one.span)} for one in stands]


class WishListView(ManagerView):
    """The wishes that nobody has decided on, the oldest first."""

    template_name = "bookings/admin/wish_list.html"
    page_title = gettext_lazy("Wishes to change")
    header_icon = "mail"

    def steps_above(self) -> list[dict[str, Any]]:
        return [{"url": reverse("request_list"), "label": _("Requests")}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        changes = with_both_sides(open_wishes(changes_to_decide(self.user)))
        page = Paginator(changes, PER_PAGE).get_page(self.request.GET.get("seite"))
        return super().get_context_data(
            rows=wish_rows(page.object_list, self.now),
            page=page,
            tabs=tabs(self.user, self.now, shown=WISHES),
            here=self.request.get_full_path(),
            **kwargs,
        )


class OneWish(RequestView):
    """A page on one wish to change of one's own centres; another centre's is a 404."""

    @cached_property
    def wish(self) -> DeskWish:
        rows = with_both_sides(changes_to_decide(self.user))
        change = get_object_or_404(rows, pk=self.kwargs["pk"])
        return wishes_of([change], now=self.now)[0]

    @property
    def change(self) -> ChangeRequest:
        return self.wish.change

    @cached_property
    def booking(self) -> Booking:
        return self.change.booking

    @cached_property
    def last_step(self) -> BookingLog:
        return self.change.log.select_related("actor").latest("at", "pk")

    @property
    def is_over(self) -> bool:
        """Whether the first of its dates has begun; the housekeeping closes it soon."""
        return begins(self.change) <= self.now

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            wish=shown_wish(self.wish),
            old=_in_words(self.wish.old),
            new=_in_words(self.wish.new),
            in_the_way=words.in_the_way(self.wish.verdicts),
            wishes_in_the_way=wishes_in_the_way(self.wish.verdicts),
            **kwargs,
        )


class WishView(OneWish):
    """Everything one needs to decide on a wish, or what became of it."""

    template_name = "bookings/admin/wish.html"

    def steps_above(self) -> list[dict[str, Any]]:
        return list_above()

    def get_page_title(self) -> str:
        return _("Wish to change %(number)s") % {"number": self.booking.number}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        change, wish = self.change, self.wish
        return super().get_context_data(
            booking=self.booking,
            purpose=self.booking.purpose or _("details deleted"),
            is_open=wish.is_open,
            is_over=wish.is_open and self.is_over,
            is_following=wish.is_following,
            count=len(wish.old),
            decided="" if wish.is_open else words.decided_already(self.last_step, now=self.now),
            answer=change.answer,
            text=change.text,
            asked_by=change.requested_by,
            asked_at=moment(change.requested_at),
            left_out=[
                {
                    "when": day_and_time(one.span),
                    "why": one.reason or STATE_WORDS[DateState(one.left_out)],
                }
                for one in wish.left_out
            ],
            displaced=[
                {"booking": date.booking, "place": words.place(date.room, date.span)}
                for date in wish.displaced
            ],
            may_grant=wish.is_open and not wish.is_blocked and not self.is_over,
            here=self.request.get_full_path(),
            **kwargs,
        )


class WishStepView(OneWish, StepView):
    """Grant or refuse a wish."""

    template_name = "bookings/admin/wish_step.html"
    list_name = "wish_list"
    done_as: ClassVar[frozenset[Action]]

    @property
    def detail_url(self) -> str:
        return reverse("wish_detail", args=[self.change.pk])

    def steps_above(self) -> list[dict[str, Any]]:
        return [*list_above(), {"url": self.detail_url, "label": self.booking.asker}]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Of a decided wish its page says what became of it."""
        if not self.wish.is_open:
            return redirect(with_back(self.detail_url, self.back))
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.wish.is_open:
            return self.decided_already(self.last_step)
        return super().post(request, *args, **kwargs)

    def why_not(self) -> str | None:
        return None

    def is_the_same(self, entry: BookingLog) -> bool:
        return entry.action in self.done_as

    def taken(self, error: TimeTakenError) -> str:
        promised = [date for verdict in self.wish.verdicts for date in verdict.promised]
        return words.taken(error, promised[0] if promised else None)


class GrantView(WishStepView):
    done_as = frozenset({Action.MOVE, Action.MOVE_ON})
    form_class = ApproveForm
    title = gettext_lazy("Agree to the change")
    button = gettext_lazy("Agree now")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(blocked=self.wish.is_blocked, **kwargs)

    def why_not(self) -> str | None:
        return _("This date is over. Nothing was changed.") if self.is_over else None

    def mail(self, form: DecisionForm) -> MailText:
        return mail_of_grant(self.wish, self.now, message=form.mail_text)

    def before(self) -> list[str]:
        said = []
        if rivals := {date.booking_id for date in self.wish.displaced}:
            said.append(words.go_to_the_waiting_list(len(rivals)))
        if self.wish.is_following:
            said.append(_("The new dates get a number of their own; the old ones are cancelled."))
        return said

    def decide(self, form: DecisionForm) -> str:
        grant_change(
            change=self.change, actor=self.user, now=self.now, message=form.cleaned_data["text"]
        )
        return _("Agreed: %(group)s, now %(when)s. The mail is on its way.") % {
            "group": self.booking.asker,
            "when": shown_wish(self.wish)["new"],
        }


class RefuseView(WishStepView):
    done_as = frozenset({Action.REFUSE_CHANGE})
    form_class = RefuseWishForm
    title = gettext_lazy("Refuse the change")
    button = gettext_lazy("Refuse now")
    is_serious = True

    def mail(self, form: DecisionForm) -> MailText:
        return mail_of_refusal(self.wish, self.now, reason=form.mail_text)

    def decide(self, form: DecisionForm) -> str:
        refuse_change(
            change=self.change, actor=self.user, reason=form.cleaned_data["text"], now=self.now
        )
        return _("Refused: %(group)s. Everything stays as it was. The mail is on its way.") % {
            "group": self.booking.asker
        }
