"""Mails to the centre's managers: everything needed to decide, and the way to the decision."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from bookings.models import Booking, BookingDate
from bookings.notifications import changes
from bookings.notifications.letters import Button, Fact, Letter
from bookings.notifications.links import decision_url
from bookings.notifications.notice import Notice
from bookings.notifications.words import purpose_of, short_days
from bookings.rules.states import Action, DateState
from bookings.selectors.waiting import other_requests
from bookings.wording import day_and_time, room_names, state_word, until, wishes_of
from cms.lines import one_line
from cms.wording import date_long


def letter_to_team(notice: Notice, *, now: datetime) -> Letter | None:
    """Return the mail to the managers, None for what they did themselves."""
    if about_change := changes.TO_TEAM.get(notice.action):
        letter = about_change(notice)
    else:
        write = _LETTERS.get(notice.action)
        letter = write(notice, now) if write else None
    return replace(letter, is_signed=False) if letter else None


def _new_request(notice: Notice, _now: datetime) -> Letter:
    waiting = sum(date.state == DateState.WAITLISTED for date in notice.dates)
    if waiting == len(notice.dates):
        return _waits(notice)
    waits = ngettext(
        "%(count)s of these dates is on the waiting list: another group has its time.",
        "%(count)s of these dates are on the waiting list: other groups have their times.",
        waiting,
    ) % {"count": waiting}
    return _to_decide(
        notice,
        subject=_("New request: %(room)s, %(day)s – %(group)s"),
        answer=_("%(group)s asks for: %(room)s, %(day)s."),
        says=[*_text(notice), *([waits] if waiting else [])],
        is_due=True,
    )


def _waits(notice: Notice) -> Letter:
    """Write about a request that only waits: there is nothing to decide, and no deadline."""
    now = ngettext(
        "The time is promised to somebody else. There is nothing to decide now.",
        "The times are promised to somebody else. There is nothing to decide now.",
        len(notice.dates),
    )
    then = (
        _("If one becomes free, we write to you.")
        if notice.is_series
        else _("If it becomes free, whoever is next is offered it without your doing anything.")
    )
    return _told(
        notice,
        subject=_("Waiting list: %(room)s, %(day)s – %(group)s"),
        answer=_("%(group)s waits for: %(room)s, %(day)s."),
        says=[" ".join([now, then])],
        facts=_rivals(notice.dates),
    )


def _booked(notice: Notice, _now: datetime) -> Letter:
    return _told(
        notice,
        subject=_("Booked: %(room)s, %(day)s – %(group)s"),
        answer=_("%(group)s has booked. The rules of the room promise this at once."),
    )


def _answered(notice: Notice, _now: datetime) -> Letter:
    return _to_decide(
        notice,
        subject=_("Answer: %(room)s, %(day)s – %(group)s"),
        answer=_("%(group)s has answered: %(answer)s"),
        is_due=True,
    )


def _free_again(notice: Notice, _now: datetime) -> Letter:
    return _to_decide(
        notice,
        subject=_("Free again: %(room)s, %(day)s – %(group)s"),
        answer=ngettext(
            "A date has become free, and %(group)s waits for it.",
            "%(count)s dates have become free, and %(group)s waits for them.",
            len(notice.dates),
        ),
        says=[_("Please decide on this request now.")],
    )


def _hold_ends(notice: Notice, now: datetime) -> Letter:
    end = min(date.holds_until for date in notice.dates if date.holds_until)
    return _to_decide(
        notice,
        subject=_("Please decide soon: %(room)s, %(day)s – %(group)s"),
        answer=_("Not decided yet: %(group)s. Please decide soon."),
        says=[
            ngettext(
                "It is kept free only until %(moment)s.",
                "They are kept free only until %(moment)s.",
                len(notice.dates),
            )
            % {"moment": until(end, now)},
            *_unanswered(notice),
        ],
        is_due=True,
    )


def _hold_ended(notice: Notice, _now: datetime) -> Letter:
    return _to_decide(
        notice,
        subject=_("Not decided yet: %(room)s, %(day)s – %(group)s"),
        answer=ngettext(
            "Still to be decided: %(group)s. The date is no longer kept free; the request remains.",
            "Still to be decided: %(group)s. The dates are no longer kept free; the request "
            "remains.",
            len(notice.dates),
        ),
        says=_unanswered(notice),
    )


def _unanswered(notice: Notice) -> list[str]:
    if all(date.state != DateState.NEEDS_INFO for date in notice.dates):
        return []
    question = {"question": notice.booking.question}
    return [_("The group has not answered yet: %(question)s") % question]


def _to_decide(
    notice: Notice, *, subject: str, answer: str, says: Sequence[str] = (), is_due: bool = False
) -> Letter:
    """Write about a request that somebody has to decide on. `is_due`: by when the group hears."""
    names = _names(notice)
    return Letter(
        subject=subject % names,
        answer=answer % {**names, "answer": notice.text},
        says=says,
        button=Button(_("See the request and decide"), decision_url(notice.booking)),
        facts=[
            *_facts(notice),
            *_rivals(notice.dates),
            *(_due(notice.booking) if is_due else []),
        ],
    )


def _taken(notice: Notice, _now: datetime) -> Letter:
    return _told(
        notice,
        subject=_("Taken: %(room)s, %(day)s – %(group)s"),
        answer=_("%(group)s takes the date that was offered. It is promised now."),
    )


def _withdrawn(notice: Notice, _now: datetime) -> Letter:
    return _told(
        notice,
        subject=_("Withdrawn: %(room)s, %(day)s – %(group)s"),
        answer=ngettext(
            "%(group)s has withdrawn the date. There is nothing to do.",
            "%(group)s has withdrawn %(count)s dates. There is nothing to do.",
            len(notice.dates),
        )
        if notice.is_series
        else _("%(group)s has withdrawn the request. There is nothing to do."),
        is_over=True,
    )


def _cancelled(notice: Notice, _now: datetime) -> Letter:
    return _told(
        notice,
        subject=_("Does not take place: %(room)s, %(day)s – %(group)s"),
        answer=ngettext(
            "%(group)s has cancelled the date. The room is free again.",
            "%(group)s has cancelled %(count)s dates. The room is free again.",
            len(notice.dates),
        ),
        is_over=True,
    )


def _told(
    notice: Notice,
    *,
    subject: str,
    answer: str,
    says: Sequence[str] = (),
    facts: Sequence[Fact] = (),
    is_over: bool = False,
) -> Letter:
    """Write about what a group did: nothing is to be decided. `is_over`: nor to be prepared."""
    names = _names(notice)
    return Letter(
        subject=subject % names,
        answer=answer % names,
        says=[*says, *_text(notice)],
        button=Button(_("See the request"), decision_url(notice.booking)),
        facts=[*_facts(notice, is_over=is_over), *facts],
    )


def _text(notice: Notice) -> list[str]:
    return [notice.text] if notice.text else []


# Facts -------------------------------------------------------------------------------------------


def _names(notice: Notice) -> dict[str, str]:
    return {
        "group": one_line(notice.booking.asker),
        "room": room_names(notice.dates),
        "day": short_days(notice.dates),
        "count": str(len(notice.dates)),
    }


def _facts(notice: Notice, *, is_over: bool = False) -> list[Fact]:
    """Return room, time, group and purpose, then what else the group said, and the number."""
    booking = notice.booking
    to_prepare = [
        Fact(_("Persons"), _persons(booking, notice.dates)),
        Fact(_("Wishes"), "\n".join(wishes_of(booking))),
        Fact(_("Contact person on the day"), one_line(booking.contact)),
    ]
    facts = [
        Fact(_("Room"), room_names(notice.dates)),
        Fact(pgettext("fact of a request", "When"), notice.when),
        Fact(_("Group"), _group(booking)),
        purpose_of(booking),
        *([] if is_over else to_prepare),
        Fact(pgettext("of a request", "Number"), booking.number),
    ]
    return [fact for fact in facts if fact.text]


def _group(booking: Booking) -> str:
    association, asker = booking.association, one_line(booking.asker)
    if association is None:
        return _("%(guest)s, e-mail confirmed: %(email)s") % {
            "guest": asker,
            "email": booking.guest_email,
        }
    checked = _("checked") if association.is_checked else _("not checked yet")
    return f"{asker} ({association.get_legal_form_display()}, {checked})"


def _persons(booking: Booking, dates: Sequence[BookingDate]) -> str:
    capacity = min(date.room.capacity for date in dates)
    return _("%(persons)s (the room holds %(capacity)s at most)") % {
        "persons": booking.persons,
        "capacity": capacity,
    }


def _rivals(dates: Sequence[BookingDate]) -> list[Fact]:
    rivals = [
        f"{one_line(rival.booking.asker)}: {rival.room.name}, {day_and_time(rival.span)}"
        f" ({state_word(rival)})"
        for rival in other_requests(dates)
    ]
    label = _("Other requests for this time")
    return [Fact(label, "\n".join(rivals) if rivals else pgettext("rivals", "none"))]


def _due(booking: Booking) -> list[Fact]:
    return [Fact(_("The group hears from us by"), date_long(booking.answer_due))]


_LETTERS: dict[Action, Callable[[Notice, datetime], Letter]] = {
    Action.SEND: _new_request,
    Action.JOIN_WAITLIST: _new_request,
    Action.VERIFY: _new_request,
    Action.ADD_BACK: _new_request,
    Action.BOOK: _booked,
    Action.ANSWER: _answered,
    Action.READMIT: _free_again,
    Action.WARN: _hold_ends,
    Action.END_HOLD: _hold_ended,
    Action.ACCEPT: _taken,
    Action.WITHDRAW: _withdrawn,
    Action.CANCEL: _cancelled,
}
