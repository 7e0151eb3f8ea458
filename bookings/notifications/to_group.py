"""Mails to the group: the answer first, then what comes next. The German sentences are agreed."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.calendar_entries import Method
from bookings.models import BookingDate
from bookings.notifications import changes
from bookings.notifications.letters import Button, Letter
from bookings.notifications.links import answer_url, week_url
from bookings.notifications.notice import Notice
from bookings.notifications.over import cancelled, revoked, withdrawn
from bookings.notifications.parts import (
    as_sentence,
    decline,
    kept_free,
    reason_of,
    see_request,
    take,
)
from bookings.notifications.promise import promise
from bookings.notifications.words import main_facts, room_and_day
from bookings.rules.states import UNDECIDED, Action, DateState
from bookings.selectors.waiting import places_of
from cms.wording import date_long


def letter_to_group(notice: Notice, *, now: datetime) -> Letter | None:
    """Return the mail to who asked, None for steps of which the group hears nothing."""
    if about_change := changes.TO_GROUP.get(notice.action):
        letter: Letter | None = about_change(notice)
    else:
        write = _LETTERS.get(notice.action)
        letter = write(notice, now) if write else None
    if letter and notice.by and notice.action not in _NAMING:
        letter = replace(letter, says=[*letter.says, _by(notice)])
    if letter and letter.calendar is None and notice.action in _OVER:
        return _out_of_calendar(notice, letter)
    return letter


# Asking ------------------------------------------------------------------------------------------


def _received(notice: Notice, _now: datetime) -> Letter:
    """Say where the date stands; of a series how many are held, wait or are left out."""
    is_single = len(notice.dates) + notice.left_out == 1
    waiting = [date for date in notice.dates if date.state == DateState.WAITLISTED]
    answer, says = _("Your request is here."), []
    if len(waiting) < len(notice.dates):
        answer += " " + _("The room is not firmly booked yet.")
        due = date_long(notice.booking.answer_due)
        says.append(_("You will hear from us by %(date)s.") % {"date": due})
    elif is_single:
        answer += " " + _("The date has been given to another group.")
    says += [_where_it_stands(notice.dates)] if is_single else _counted(notice, len(waiting))
    return _receipt(notice, answer, [" ".join(says)])


def _where_it_stands(dates: Sequence[BookingDate]) -> str:
    (date,) = dates
    if date.state == DateState.WAITLISTED:
        return waiting_sentence(dates)
    if date.stands:
        return _("Until then we keep the date free for you.")
    return _("There is an earlier request for this time.")


def _counted(notice: Notice, waiting: int) -> list[str]:
    held = sum(date.stands for date in notice.dates)
    behind = len(notice.dates) - held - waiting
    sentences = {
        ngettext(
            "Until then we keep %(count)s date free for you.",
            "Until then we keep %(count)s dates free for you.",
            held,
        ): held,
        ngettext(
            "For %(count)s date there is an earlier request.",
            "For %(count)s dates there are earlier requests.",
            behind,
        ): behind,
        ngettext(
            "%(count)s date is on the waiting list. If it becomes free, we write to you.",
            "%(count)s dates are on the waiting list. If one becomes free, we write to you.",
            waiting,
        ): waiting,
        ngettext(
            "%(count)s date is left out.", "%(count)s dates are left out.", notice.left_out
        ): notice.left_out,
    }
    return [text % {"count": count} for text, count in sentences.items() if count]


def _receipt(notice: Notice, answer: str, says: Sequence[str]) -> Letter:
    number = _("Number: %(number)s.") % {"number": notice.booking.number}
    return Letter(
        subject=_("Your request: %(room)s, %(day)s") % room_and_day(notice),
        answer=answer,
        says=[*says, number],
        button=see_request(notice),
        facts=main_facts(notice)[:-1],
    )


def waiting_sentence(dates: Sequence[BookingDate]) -> str:
    """Say the place on the waiting list; of a series there is one for each date."""
    place = places_of(dates[:1]).get(dates[0].pk)
    if place is None or len(dates) > 1:
        stands = _("You are on the waiting list.")
    else:
        stands = _("You are number %(place)s on the list.") % {"place": place}
    then = ngettext(
        "As soon as the date becomes free, we write to you.",
        "As soon as one of the dates becomes free, we write to you.",
        len(dates),
    )
    return f"{stands} {then}"


def _question(notice: Notice, _now: datetime) -> Letter:
    booking = notice.booking
    says = []
    if booking.question_due:
        due = _("Please answer by %(date)s.") % {"date": date_long(booking.question_due)}
        stays = ngettext(
            "Until then the date stays free for you.",
            "Until then the dates stay free for you.",
            len(notice.dates),
        )
        says = [f"{due} {stays}" if all(date.stands for date in notice.dates) else due]
    return Letter(
        subject=_("A question on your request: %(room)s, %(day)s") % room_and_day(notice),
        answer=_("A question on your request: %(question)s") % {"question": notice.text},
        says=says,
        button=_answer(notice),
        facts=main_facts(notice),
    )


# Decided -----------------------------------------------------------------------------------------


def _refusal(notice: Notice, _now: datetime) -> Letter:
    answer = ngettext(
        "We cannot give you the room on this date.",
        "We cannot give you the room on these dates.",
        len(notice.dates),
    )
    says = reason_of(notice)
    if notice.suggestion:
        free = _("Free would be, for example: %(suggestion)s")
        says.append(free % {"suggestion": as_sentence(notice.suggestion)})
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
        answer=ngettext(
            "The date has been given to another group.",
            "%(count)s of your dates have been given to another group.",
            len(notice.dates),
        )
        % {"count": len(notice.dates)},
        says=[waiting_sentence(notice.dates)],
        button=see_request(notice),
        facts=main_facts(notice),
    )


def _readmitted(notice: Notice, _now: datetime) -> Letter:
    return Letter(
        subject=_("Free again: %(room)s, %(day)s") % room_and_day(notice),
        answer=ngettext(
            "The date has become free. Your request is decided now.",
            "%(count)s dates have become free. Your request is decided now.",
            len(notice.dates),
        )
        % {"count": len(notice.dates)},
        says=[_("The room is not firmly booked yet. We write to you as soon as it is decided.")],
        button=see_request(notice),
        facts=main_facts(notice),
    )


def _offered(notice: Notice, now: datetime) -> Letter:
    date = notice.dates[0]
    return Letter(
        subject=_("Has become free: %(room)s, %(day)s") % room_and_day(notice),
        answer=_("The date has become free."),
        says=[kept_free(date, now)],
        button=take(date),
        second=decline(date),
        facts=main_facts(notice),
        after=[_("If we hear nothing by then, the next group gets it.")],
    )


def _offer_ended(notice: Notice, _now: datetime) -> Letter:
    first = notice.dates[0]
    says = [_("The date went to the next group.")] if notice.passed_on else []
    return Letter(
        subject=_("Offer ended: %(room)s, %(day)s") % room_and_day(notice),
        answer=_("The offer has ended."),
        says=[*says, _("Do you still need a room? Please ask again.")],
        button=Button(_("See free times"), week_url(first.room, first.span)),
        facts=main_facts(notice),
    )


def _hold_ended(notice: Notice, _now: datetime) -> Letter:
    says = [
        ngettext(
            "The date is no longer kept free; your request remains.",
            "The dates are no longer kept free; your request remains.",
            len(notice.dates),
        )
    ]
    if phone := notice.booking.centre.phone:
        says.append(_("If you have questions: %(phone)s.") % {"phone": phone})
    if any(date.state == DateState.NEEDS_INFO for date in notice.dates):
        return Letter(
            subject=_("Your answer is missing: %(room)s, %(day)s") % room_and_day(notice),
            answer=_("We still need your answer: %(question)s")
            % {"question": notice.booking.question},
            says=[" ".join(says)],
            button=_answer(notice),
            facts=main_facts(notice),
        )
    return Letter(
        subject=_("Not decided yet: %(room)s, %(day)s") % room_and_day(notice),
        answer=_("We could not decide yet."),
        says=[" ".join(says)],
        button=see_request(notice),
        facts=main_facts(notice),
    )


# Parts -------------------------------------------------------------------------------------------


def _answer(notice: Notice) -> Button:
    return Button(_("Answer the question"), answer_url(notice.booking))


def _out_of_calendar(notice: Notice, letter: Letter) -> Letter:
    """Add the file that takes a provisional entry out of a calendar again.

    Not as long as other dates of the request are open: a series is one entry, and the files that go
    out by mail enter only what is promised.
    """
    others = notice.booking.dates.exclude(pk__in=[date.pk for date in notice.dates])
    if others.filter(state__in=[*UNDECIDED, DateState.OFFERED]).exists():
        return letter
    said = ngettext(
        "Have you entered the date in your calendar already? The attached file takes it out again.",
        "Have you entered the dates in your calendar already? The attached file takes them out "
        "again.",
        len(notice.dates),
    )
    return replace(letter, after=[*letter.after, said], calendar=Method.CANCEL)


def _by(notice: Notice) -> str:
    """Say to who asked for the request that somebody else did this, or wished for it."""
    said = (
        _("%(name)s wished for this.")
        if notice.change
        else _("%(name)s has done this for your group.")
    )
    return said % {"name": notice.by}


# The end of what a group may have entered as provisional, if it was never promised.
_OVER = frozenset({Action.REJECT, Action.WITHDRAW, Action.EXPIRE, Action.MOVE_ON})

# These say in their first line who it was.
_NAMING = frozenset({Action.WITHDRAW, Action.CANCEL})

_LETTERS: dict[Action, Callable[[Notice, datetime], Letter]] = {
    Action.SEND: _received,
    Action.JOIN_WAITLIST: _received,
    Action.VERIFY: _received,
    Action.ADD_BACK: _received,
    Action.ASK: _question,
    Action.APPROVE: promise,
    Action.BOOK: promise,
    Action.REJECT: _refusal,
    Action.DISPLACE: _displaced,
    Action.READMIT: _readmitted,
    Action.OFFER: _offered,
    Action.ACCEPT: promise,
    Action.EXPIRE: _offer_ended,
    Action.END_HOLD: _hold_ended,
    Action.WITHDRAW: withdrawn,
    Action.CANCEL: cancelled,
    Action.REVOKE: revoked,
}
