"""A series before it is sent, in words: the result first, then what is the case on each date."""

from datetime import date

from django import template
from django.utils import dateformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from bookings.models import BookingDate, RequestDraft, Room
from bookings.rules.proposal import Choice, Verdict
from bookings.rules.wall_clock import berlin_day, in_berlin
from bookings.selectors.many_dates import HOLIDAYS
from bookings.selectors.proposals import Proposal, ProposedDate
from bookings.wording import recurrence_text, state_word, times
from cms.wording import clock, date_short, date_span, month_name, span_text, weekday_short

register = template.Library()


@register.filter
def to_choose_sentence(proposal: Proposal) -> str:
    """Say what is to be done about the dates that are not free."""
    holidays = sum(map(_is_left_out, proposal.problems))
    conflicts = sum(one.verdict not in HOLIDAYS for one in proposal.problems)
    return " ".join(filter(None, [_to_choose(conflicts), _left(holidays)]))


def _is_left_out(one: ProposedDate) -> bool:
    """Tell whether a date is left out for a holiday, unless the group chooses otherwise."""
    return one.verdict in HOLIDAYS and one.preset is Choice.LEAVE_OUT


@register.filter
def free_dates_sentence(proposal: Proposal) -> str:
    """Say "38 von 40 Terminen sind frei.", "1 von 40 Terminen ist frei."."""
    free, total = proposal.free, len(proposal.dates)
    if free == total:
        return ngettext("The date is free.", "All %(count)s dates are free.", total) % {
            "count": total
        }
    if not free:
        return _("No date is free.")
    return ngettext(
        "%(count)s of %(total)s dates is free.", "%(count)s of %(total)s dates are free.", free
    ) % {"count": free, "total": total}


def _to_choose(conflicts: int) -> str:
    if not conflicts:
        return ""
    return ngettext(
        "For %(count)s date please choose what shall happen.",
        "For %(count)s dates please choose what shall happen.",
        conflicts,
    ) % {"count": conflicts}


def _left(holidays: int) -> str:
    if not holidays:
        return ""
    return ngettext(
        "%(count)s date is on a holiday and is left out.",
        "%(count)s dates are on holidays and are left out.",
        holidays,
    ) % {"count": holidays}


@register.filter
def series_sentence(proposal: Proposal) -> str:
    """Say "Saal, jeden Dienstag, 19:30–21:30 Uhr, vom 1. Dezember 2026 bis 29. Juni 2027"."""
    wish = proposal.wish
    first, last = proposal.dates[0].day, proposal.dates[-1].day
    return ", ".join(
        [
            wish.room.name,
            recurrence_text(wish.recurrence),
            span_text(wish.start, wish.end),
            date_span(first, last),
        ]
    )


# One date ----------------------------------------------------------------------------------------


@register.filter
def verdict_word(one: ProposedDate) -> str:
    """Say "frei", "belegt", "Weihnachtsferien", "Weihnachtsferien, belegt"."""
    if one.verdict not in HOLIDAYS:
        return _word(one.verdict, one.reason)
    if one.as_planned is Verdict.FREE or one.as_planned in HOLIDAYS:
        return one.reason
    return f"{one.reason}, {_word(one.as_planned, '')}"


def _word(verdict: Verdict, reason: str) -> str:
    words = {
        Verdict.FREE: pgettext("time of a room", "free"),
        Verdict.TAKEN: pgettext("why a date does not work", "taken"),
        Verdict.HELD: pgettext("why a date does not work", "requested by another group"),
        Verdict.OWN: pgettext("why a date does not work", "your group has it already"),
        Verdict.OUTSIDE_HOURS: pgettext("why a date does not work", "outside the times of use"),
        Verdict.GIVEN_UP: reason,
        Verdict.CLOSED: _("closed: %(reason)s") % {"reason": reason} if reason else _("closed"),
    }
    return words[verdict]


@register.filter
def problem_title(one: ProposedDate) -> str:
    """Say "Di., 29. Dezember 2026 – Weihnachtsferien: wird ausgelassen." or "… – belegt."."""
    day, word = date_short(one.day), verdict_word(one)
    if _is_left_out(one):
        return _("%(day)s – %(holiday)s: is left out.") % {"day": day, "holiday": word}
    return f"{day} – {word}."


@register.filter
def problem_question(one: ProposedDate) -> str:
    """Say what else there is: "Frei wäre: Gruppenraum zur selben Zeit oder hier ab 15:00 Uhr."."""
    if Choice.KEEP in one.choices:
        return _("Shall it take place after all?")
    ways = []
    if Choice.OTHER_ROOM in one.choices and one.other_room is not None:
        ways.append(_("%(room)s at the same time") % {"room": one.other_room.name})
    if Choice.OTHER_TIME in one.choices and one.other_time is not None:
        start = clock(in_berlin(one.other_time).start)
        ways.append(_("here from %(time)s on") % {"time": start})
    if not ways:
        return _("Nothing else is free on this day.") if len(one.choices) == 1 else ""
    if len(ways) == 1:
        return _("Would be free: %(way)s.") % {"way": ways[0]}
    return _("Would be free: %(way)s or %(other)s.") % {"way": ways[0], "other": ways[1]}


@register.simple_tag
def choice_label(one: ProposedDate, choice: Choice, room: Room) -> str:
    """Say what a choice means: "Anderer Raum: Gruppenraum, 17:00–19:00 Uhr"."""
    if choice is Choice.OTHER_ROOM and one.other_room is not None:
        named = {"room": one.other_room.name, "times": times(one.original)}
        return _("Another room: %(room)s, %(times)s") % named
    if choice is Choice.OTHER_TIME and one.other_time is not None:
        named = {"room": room.name, "times": times(one.other_time)}
        return _("Another time: %(room)s, %(times)s") % named
    return _plain_label(one, choice)


def _plain_label(one: ProposedDate, choice: Choice) -> str:
    if choice is Choice.KEEP:
        return _("Yes, let it take place")
    if choice is Choice.WAIT:
        is_promised = one.as_planned is Verdict.TAKEN
        return _("Join the waiting list") if is_promised else _("Ask anyway")
    is_asked = Choice.KEEP in one.choices
    return _("No, leave it out") if is_asked else _("Leave this date out")


@register.simple_tag
def outcome_word(one: ProposedDate, choice: Choice) -> str:
    """Say what will be asked for: "frei", "Weihnachtsferien – wird ausgelassen", "belegt – Warteliste"."""
    if one.works and choice is Choice.KEEP:
        return verdict_word(one)
    words = {
        Choice.LEAVE_OUT: pgettext("date of a series", "is left out"),
        Choice.KEEP: pgettext("date of a series", "takes place"),
        Choice.WAIT: pgettext("series", "waiting list")
        if one.as_planned is Verdict.TAKEN
        else pgettext("series", "asked for as well"),
    }
    if choice is Choice.OTHER_ROOM and one.other_room is not None:
        words[choice] = one.other_room.name
    if choice is Choice.OTHER_TIME and one.other_time is not None:
        words[choice] = times(one.other_time)
    return f"{verdict_word(one)} – {words[choice]}"


@register.filter
def left_out_reason(one: ProposedDate) -> str:
    """Say why a date is left out: "belegt", "Weihnachtsferien"; of a free one that it was chosen."""
    return _("left out as you chose") if one.works else verdict_word(one)


@register.filter
def left_out_text(date_: BookingDate) -> str:
    """Say "Di., 29. Dezember 2026 – Weihnachtsferien" of a date that was stored."""
    day = date_short(berlin_day(date_.span.start))
    return f"{day} – {date_.reason or state_word(date_)}"


register.filter(month_name)


@register.filter
def day_of_month(one: ProposedDate) -> str:
    """Say "Di., 29."."""
    day = dateformat.format(one.day, pgettext("date format", "j"))
    return f"{weekday_short(one.day.weekday())}, {day}"


@register.filter
def begun_text(draft: RequestDraft) -> str:
    """Say "Saal, Di., 1. Dezember 2026, Chorprobe", as far as it was typed."""
    day = draft.values.get("day", "")
    words = [draft.room.name, date_short(date.fromisoformat(day)) if day else ""]
    return ", ".join(filter(None, [*words, draft.values.get("purpose", "")]))
