"""What the desk says of requests, dates and steps, in the active language."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from bookings.models import BookingDate, BookingLog, Closure, Room
from bookings.models.states import STATE_WORDS
from bookings.rules.spans import Span
from bookings.rules.states import Action, DateState
from bookings.rules.wall_clock import berlin_day, in_berlin
from bookings.selectors.desk import RequestRow
from bookings.selectors.desk_wishes import Stand
from bookings.selectors.judging import Verdict
from bookings.services.making_room import TimeTakenError
from bookings.wording import day_and_time, moment, times
from cms.opening_hours import BERLIN
from cms.wording import clock, date_long, date_short, end_clock, span_text

# One date -----------------------------------------------------------------------------------------


def place(room: Room, span: Span) -> str:
    """Say "Saal, Di., 24. November 2026, 19:30–21:30 Uhr"."""
    return f"{room.name}, {day_and_time(span)}"


def when_all(dates: Sequence[BookingDate | Stand]) -> str:
    """Say when one date is, or how many dates there are from when until when."""
    if not dates:
        return ""
    if len(dates) == 1:
        return day_and_time(dates[0].span)
    return _("%(count)s dates from %(first)s to %(last)s, first %(times)s") % {
        "count": len(dates),
        "first": date_short(berlin_day(dates[0].span.start)),
        "last": date_short(berlin_day(dates[-1].span.start)),
        "times": times(dates[0].span),
    }


def holds(date: BookingDate) -> str:
    """Say whether an undecided date keeps its time free for the group."""
    if date.holds_until is None:
        return _("waits; the time is not kept free for this group")
    return _("keeps the time free until %(moment)s") % {"moment": moment(date.holds_until)}


def closure_span(closure: Closure) -> str:
    """Say "Di., 24. November 2026, 8:00–12:00 Uhr", or from when until when over several days."""
    start, end = in_berlin(Span(closure.starts_at, closure.ends_at))
    last = berlin_day(closure.ends_at)
    if not (end.hour or end.minute):
        last = last.fromordinal(last.toordinal() - 1)
    if start.date() == last:
        return f"{date_short(last)}, {span_text(start, end)}"
    return _("%(first)s, %(start)s, to %(last)s, %(end)s") % {
        "first": date_short(start.date()),
        "start": clock(start),
        "last": date_short(last),
        "end": end_clock(end),
    }


# One request --------------------------------------------------------------------------------------


def verdict(verdicts: Sequence[Verdict]) -> str:
    """Say what stands in the way of the dates of one request, the worst first."""
    blocked = [one for one in verdicts if one.closures or one.promised]
    if len(verdicts) > 1 and (conflicts := [one for one in verdicts if not one.is_free]):
        return ngettext(
            "%(count)s of %(all)s dates overlaps",
            "%(count)s of %(all)s dates overlap",
            len(conflicts),
        ) % {"count": len(conflicts), "all": len(verdicts)}
    for one in blocked:
        if one.closures:
            return _("closed: %(reason)s") % {"reason": one.closures[0].reason}
        return _("overlaps with %(group)s") % {"group": one.promised[0].booking.asker}
    for one in verdicts:
        if one.wishes:
            return _("%(group)s wants to move a date to this time") % {
                "group": one.wishes[0].booking.asker
            }
    rivals = max((len(one.rivals) for one in verdicts), default=0)
    if rivals:
        return _("%(count)s requests for the same time") % {"count": rivals + 1}
    return _("all free") if len(verdicts) > 1 else pgettext("verdict on a date", "free")


def row_verdict(row: RequestRow) -> str:
    """Say what stands in the way of a request, and what else to think of."""
    if row.is_overdue:
        return _("over, and not decided")
    said = verdict(list(row.verdicts.values()))
    if not (row.booking.is_checked or row.booking.is_of_guest):
        return _("%(verdict)s · group not checked yet") % {"verdict": said}
    return said


def go_to_the_waiting_list(count: int) -> str:
    return ngettext(
        "The other request goes to the waiting list.",
        "The other %(count)s requests go to the waiting list.",
        count,
    ) % {"count": count}


def waits(days: int) -> str:
    """Say "heute gekommen", "wartet 3 Tage"."""
    if days < 1:
        return _("came today")
    return ngettext("waits for %(count)s day", "waits for %(count)s days", days) % {"count": days}


def in_the_way(verdicts: Iterable[Verdict]) -> list[str]:
    """Say, each once, which closed times and promised dates are in the way."""
    found: dict[str, None] = {}
    for one in verdicts:
        for closure in one.closures:
            said = _("Closed: %(reason)s, %(when)s")
            found[said % {"reason": closure.reason, "when": closure_span(closure)}] = None
        for other in one.promised:
            said = _("Promised to %(group)s: %(room)s, %(when)s")
            found[
                said
                % {
                    "group": other.booking.asker,
                    "room": other.room.name,
                    "when": day_and_time(other.span),
                }
            ] = None
    return list(found)


# Steps --------------------------------------------------------------------------------------------

STEPS = {
    Action.SEND: gettext_lazy("Request sent"),
    Action.JOIN_WAITLIST: gettext_lazy("Request sent for the waiting list"),
    Action.VERIFY: gettext_lazy("The guest has confirmed the address"),
    Action.BOOK: gettext_lazy("Promised at once, as the rules of the room say"),
    Action.ASK: gettext_lazy("Question to the group"),
    Action.ANSWER: gettext_lazy("Answer of the group"),
    Action.APPROVE: gettext_lazy("Promised"),
    Action.UNDO_APPROVAL: gettext_lazy("Promise undone before the mail went out"),
    Action.REJECT: gettext_lazy("Refused"),
    Action.DISPLACE: gettext_lazy("On the waiting list: another request was promised"),
    Action.READMIT: gettext_lazy("Off the waiting list: the time became free"),
    Action.OFFER: gettext_lazy("Offered to the group"),
    Action.ACCEPT: gettext_lazy("The group takes the offered date"),
    Action.EXPIRE: gettext_lazy("The offer has ended"),
    Action.WITHDRAW: gettext_lazy("Withdrawn by the group"),
    Action.CANCEL: gettext_lazy("Does not take place: cancelled by the group"),
    Action.REVOKE: gettext_lazy("Cancelled by the centre"),
    Action.MARK_NO_SHOW: pgettext_lazy("step", "Not used"),
    Action.WARN: gettext_lazy("The team was reminded to decide"),
    Action.ADD_BACK: gettext_lazy("Takes place after all"),
    Action.MOVE_ON: gettext_lazy("Goes on under another number"),
    Action.ASK_CHANGE: gettext_lazy("Another time or room is wished"),
    Action.MOVE: gettext_lazy("Has another time or room"),
    Action.EXCHANGE: gettext_lazy("Exchanged with a date of another request"),
    Action.REFUSE_CHANGE: gettext_lazy("Change refused: the date stays as it was"),
    Action.WITHDRAW_CHANGE: gettext_lazy("Wish to change withdrawn"),
    Action.EXPIRE_CHANGE: gettext_lazy("Wish to change over: not decided in time"),
    Action.END_CHANGE_HOLD: gettext_lazy("The wished time is no longer kept free"),
    Action.HOLD: gettext_lazy("The time is kept free now"),
    Action.END_HOLD: gettext_lazy("The time is no longer kept free"),
}

_DECIDED = {
    Action.OFFER: gettext_lazy(
        "This time was offered to the group %(when)s. The group decides now."
    ),
    Action.APPROVE: gettext_lazy("This request was promised %(when)s by %(name)s."),
    Action.REJECT: gettext_lazy("This request was refused %(when)s by %(name)s."),
    Action.ASK: gettext_lazy("A question on this request was asked %(when)s by %(name)s."),
    Action.REVOKE: gettext_lazy("This date was cancelled %(when)s by %(name)s."),
    Action.CANCEL: gettext_lazy("This date was cancelled %(when)s by %(name)s."),
    Action.WITHDRAW: gettext_lazy("This request was withdrawn %(when)s by %(name)s."),
    Action.MARK_NO_SHOW: gettext_lazy("This date was noted as not used %(when)s by %(name)s."),
    Action.MOVE: gettext_lazy("This change was made %(when)s by %(name)s."),
    Action.MOVE_ON: gettext_lazy("This change was made %(when)s by %(name)s."),
    Action.EXCHANGE: gettext_lazy("This change was made %(when)s by %(name)s."),
    Action.REFUSE_CHANGE: gettext_lazy("This change was refused %(when)s by %(name)s."),
    Action.WITHDRAW_CHANGE: gettext_lazy("This wish was withdrawn %(when)s by %(name)s."),
    Action.EXPIRE_CHANGE: gettext_lazy("This wish to change was over %(when)s."),
}


def step(entry: BookingLog) -> str:
    """Say what happened."""
    words = STEPS.get(Action(entry.action))
    return str(words) if words else str(STATE_WORDS[DateState(entry.to_state)])


def actor(entry: BookingLog) -> str:
    """Name who did it; steps of the system have nobody."""
    return "" if entry.actor is None else str(entry.actor)


def decided_already(entry: BookingLog, *, now: datetime) -> str:
    """Say who was first, when and with what."""
    local = entry.at.astimezone(BERLIN)
    at = _("at %(time)s") % {"time": clock(local)}
    if berlin_day(entry.at) != berlin_day(now):
        at = _("on %(day)s at %(time)s") % {"day": date_long(local.date()), "time": clock(local)}
    sentence = _DECIDED.get(Action(entry.action))
    words = sentence or gettext_lazy("This request was changed %(when)s by %(name)s.")
    return words % {"when": at, "name": actor(entry) or _("the site itself")}


def taken(error: TimeTakenError, other: BookingDate | None) -> str:
    """Say why a time is not to be had; `other`: the promised date that has it."""
    if error.reason:
        return _("The room is closed at this time: %(reason)s. Your decision was not saved.") % {
            "reason": error.reason
        }
    if error.change is not None:
        return _(
            "%(group)s has asked to move a date to this time and keeps it free until that is "
            "decided. Please decide on that wish first. Your decision was not saved."
        ) % {"group": error.change.booking.asker}
    group = other.booking.asker if other else _("another group")
    return _("This time was promised to %(group)s meanwhile. Your decision was not saved.") % {
        "group": group
    }


def not_stored(entry: BookingLog, *, now: datetime) -> str:
    return " ".join([decided_already(entry, now=now), _("Your decision was not saved.")])
