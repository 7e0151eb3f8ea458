"""Mails to the group: the answer first, then what comes next. The German sentences are agreed."""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.calendar_entries import Method
from bookings.models import BookingDate
from bookings.notifications.letters import Button, Letter
from bookings.notifications.links import answer_url, booking_url, week_url
from bookings.notifications.notice import Notice
from bookings.notifications.promise import promise
from bookings.notifications.words import main_facts, room_and_day
from bookings.rules.states import Action
from bookings.selectors.waiting import places_of
from cms.opening_hours import BERLIN
from cms.wording import date_long


def letter_to_group(notice: Notice, *, now: datetime) -> Letter | None:
    """Return the mail to who asked, None for steps of which the group hears nothing."""
    write = _LETTERS.get(notice.action)
    return write(notice, now) if write else None


# Asking ------------------------------------------------------------------------------------------


def _received(notice: Notice, _now: datetime) -> Letter:
    booking, dates = notice.booking, notice.dates
    hear = _("You will hear from us by %(date)s.") % {"date": date_long(booking.answer_due)}
    if all(date.stands for date in dates):
        hear += " " + _("Until then we keep the date free for you.")
    else:
        hear += " " + _("There is an earlier request for this time.")
    answer = " ".join([_("Your request is here."), _("The room is not firmly booked yet.")])
    return _receipt(notice, answer, [hear])


def _on_waiting_list(notice: Notice, _now: datetime) -> Letter:
    answer = " ".join([_("Your request is here."), _("The date has been given to another group.")])
    return _receipt(notice, answer, [waiting_sentence(notice.dates)])


def _receipt(notice: Notice, answer: str, says: Sequence[str]) -> Letter:
    number = _("Number: %(number)s.") % {"number": notice.booking.number}
    return Letter(
        subject=_("Your request: %(room)s, %(day)s") % room_and_day(notice),
        answer=answer,
        says=[*says, number],
        button=_see_request(notice),
        facts=main_facts(notice)[:-1],
    )


def waiting_sentence(dates: Sequence[BookingDate]) -> str:
    """Say the place on the waiting list; of a series there is one for each date."""
    place = places_of(dates[:1]).get(dates[0].pk)
    if place is None or len(dates) > 1:
        stands = _("You are on the waiting list.")
    else:
        stands = _("You are number %(place)s on the list.") % {"place": place}
    return " ".join([stands, _("As soon as the date becomes free, we write to you.")])


def _question(notice: Notice, _now: datetime) -> Letter:
    booking = notice.booking
    says = []
    if booking.question_due:
        due = _("Please answer by %(date)s.") % {"date": date_long(booking.question_due)}
        stays = _("Until then the date stays free for you.")
        says = [f"{due} {stays}" if all(date.stands for date in notice.dates) else due]
    return Letter(
        subject=_("A question on your request: %(room)s, %(day)s") % room_and_day(notice),
        answer=_("A question on your request: %(question)s") % {"question": notice.text},
        says=says,
        button=Button(_("Answer the question"), answer_url(booking)),
        facts=main_facts(notice),
    )


# Decided -----------------------------------------------------------------------------------------


def _refusal(notice: Notice, _now: datetime) -> Letter:
    answer = ngettext(
        "We cannot give you the room on this date.",
        "We cannot give you the room on these dates.",
        len(notice.dates),
    )
    says = _reason(notice)
    if notice.suggestion:
        free = _("Free would be, for example: %(suggestion)s")
        says.append(free % {"suggestion": _as_sentence(notice.suggestion)})
    first = notice.dates[0]
    return Letter(
        subject=_("Sorry, not possible: %(room)s, %(day)s") % room_and_day(notice),
        answer=answer,
        says=says,
        button=Button(_("See free times"), week_url(first.room, first.span)),
        facts=main_facts(notice),
    )


# Waiting -----------------------------------------------------------------------------------------


def _displaced(notice: Notice, _now: datetime) -> Letter:
    return Letter(
        subject=_("Waiting list: %(room)s, %(day)s") % room_and_day(notice),
        answer=_("The date has been given to another group."),
        says=[waiting_sentence(notice.dates)],
        button=_see_request(notice),
        facts=main_facts(notice),
    )


def _readmitted(notice: Notice, _now: datetime) -> Letter:
    return Letter(
        subject=_("Free again: %(room)s, %(day)s") % room_and_day(notice),
        answer=_("The date has become free. Your request is decided now."),
        says=[_("The room is not firmly booked yet. We write to you as soon as it is decided.")],
        button=_see_request(notice),
        facts=main_facts(notice),
    )


def _hold_ended(notice: Notice, _now: datetime) -> Letter:
    says = [_("The date is no longer kept free; your request remains.")]
    if phone := notice.booking.centre.phone:
        says.append(_("If you have questions: %(phone)s.") % {"phone": phone})
    return Letter(
        subject=_("Not decided yet: %(room)s, %(day)s") % room_and_day(notice),
        answer=_("We could not decide yet."),
        says=[" ".join(says)],
        button=_see_request(notice),
        facts=main_facts(notice),
    )


# Over --------------------------------------------------------------------------------------------


def _withdrawn(notice: Notice, _now: datetime) -> Letter:
    return Letter(
        subject=_("Withdrawn: %(room)s, %(day)s") % room_and_day(notice),
        answer=_("Your request is withdrawn. Thank you for telling us."),
        button=_see_request(notice),
        facts=main_facts(notice),
    )


def _cancelled(notice: Notice, _now: datetime) -> Letter:
    return Letter(
        subject=_("Cancelled: %(room)s, %(day)s") % room_and_day(notice),
        answer=_("Cancelled. Thank you – the room is free again."),
        button=_see_request(notice),
        facts=main_facts(notice),
        after=[_("The attached file takes the date out of your calendar.")],
        calendar=Method.CANCEL,
    )


def _revoked(notice: Notice, _now: datetime) -> Letter:
    if len(notice.dates) == 1:
        day = date_long(notice.dates[0].span.start.astimezone(BERLIN).date())
        answer = _("We are sorry, we have to cancel your date on %(date)s.") % {"date": day}
    else:
        answer = _("We are sorry, we have to cancel %(count)s of your dates.") % {
            "count": len(notice.dates)
        }
    says = _reason(notice)
    if notice.suggestion:
        offer = _("As a substitute we can offer: %(suggestion)s")
        says.append(offer % {"suggestion": _as_sentence(notice.suggestion)})
    return Letter(
        subject=_("Cancelled by the centre: %(room)s, %(day)s") % room_and_day(notice),
        answer=answer,
        says=says,
        button=_see_request(notice),
        facts=main_facts(notice),
        after=[_("The attached file takes the date out of your calendar.")],
        calendar=Method.CANCEL,
    )


# Parts -------------------------------------------------------------------------------------------


def _see_request(notice: Notice) -> Button:
    return Button(_("See your request"), booking_url(notice.booking))


def _reason(notice: Notice) -> list[str]:
    """Say the reason, if there is one; only what somebody types must have one."""
    return [_("Reason: %(reason)s") % {"reason": _as_sentence(notice.text)}] if notice.text else []


def _as_sentence(text: str) -> str:
    """End what somebody typed with a full stop, unless it has an end of its own."""
    text = text.strip()
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."


_LETTERS: dict[Action, Callable[[Notice, datetime], Letter]] = {
    Action.SEND: _received,
    Action.JOIN_WAITLIST: _on_waiting_list,
    Action.ASK: _question,
    Action.APPROVE: promise,
    Action.BOOK: promise,
    Action.REJECT: _refusal,
    Action.DISPLACE: _displaced,
    Action.READMIT: _readmitted,
    Action.END_HOLD: _hold_ended,
    Action.WITHDRAW: _withdrawn,
    Action.CANCEL: _cancelled,
    Action.REVOKE: _revoked,
}
