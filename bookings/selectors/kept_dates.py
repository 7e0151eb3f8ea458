"""The dates of a series as a group saw and chose them, kept in its draft until it is sent.

What is sent is what was seen: the page that sends builds its dates from here, and the ledger looks at
each of them once more. The pages before compare it with what a new look would say.
"""

import datetime as dt
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from bookings.models import Room
from bookings.rules.proposal import Choice, Verdict
from bookings.rules.recurrence import spans_of
from bookings.rules.spans import Span
from bookings.selectors.proposals import Proposal, ProposedDate, SeriesWish

FREE_CHOICES = (Choice.KEEP, Choice.LEAVE_OUT)
Choices = dict[dt.date, Choice]


def as_kept(proposal: Proposal, choices: Mapping[dt.date, Choice]) -> dict[str, Any]:
    """Return a proposal and what was chosen as it is stored: the dates that need a choice."""
    return {
        "wish": _name_of(proposal.wish),
        "dates": {
            one.day.isoformat(): {
                "choice": choices.get(one.day, one.preset),
                "verdict": one.verdict,
                "as_planned": one.as_planned,
                "reason": one.reason,
                "choices": list(one.choices),
                "room": one.other_room.pk if one.other_room else None,
                "time": [moment.isoformat() for moment in one.other_time]
                if one.other_time
                else None,
            }
            for one in proposal.problems
        },
    }


def kept_proposal(kept: Mapping[str, Any], wish: SeriesWish) -> tuple[Proposal, Choices] | None:
    """Return what was kept, in one query at most; None: nothing, or of another wish.

    A room that is gone meanwhile counts as another wish: the group has to choose anew.
    """
    if kept.get("wish") != _name_of(wish) or wish.until is None:
        return None
    stored = {dt.date.fromisoformat(day): one for day, one in kept["dates"].items()}
    rooms = _rooms(one["room"] for one in stored.values())
    if any(one["room"] is not None and one["room"] not in rooms for one in stored.values()):
        return None
    spans = spans_of(wish.recurrence, wish.first, wish.until, wish.start, wish.end)
    dates = [_date(span, stored.get(span.start.date()), rooms) for span in spans]
    choices = {day: Choice(one["choice"]) for day, one in stored.items()}
    return Proposal(wish, dates), choices


def _rooms(keys: Any) -> dict[int, Room]:
    wanted = {key for key in keys if key is not None}
    if not wanted:
        return {}
    rooms: dict[int, Room] = (
        Room.objects.filter(is_public=True).select_related("centre").in_bulk(wanted)
    )
    return rooms


def _date(span: Span, stored: Mapping[str, Any] | None, rooms: Mapping[int, Room]) -> ProposedDate:
    if stored is None:
        return ProposedDate(span, Verdict.FREE, Verdict.FREE, "", "", FREE_CHOICES)
    return ProposedDate(
        original=span,
        verdict=Verdict(stored["verdict"]),
        as_planned=Verdict(stored.get("as_planned", stored["verdict"])),
        reason=stored["reason"],
        quiet_day="",
        choices=tuple(map(Choice, stored["choices"])),
        other_room=rooms.get(stored["room"]),
        other_time=Span(*map(dt.datetime.fromisoformat, stored["time"]))
        if stored["time"]
        else None,
    )


def changed_days(before: Proposal, now: Proposal) -> list[dt.date]:
    """Return the days on which something else is the case now, or something else can be chosen."""
    seen = {one.day: face_of(one) for one in before.problems}
    shown = {one.day: face_of(one) for one in now.problems}
    return sorted(day for day in seen | shown if seen.get(day) != shown.get(day))


def face_of(one: ProposedDate) -> str:
    """Return a short text that is the same as long as a date is the same to whoever chooses."""
    room = one.other_room.pk if one.other_room else ""
    time = one.other_time.start.isoformat() if one.other_time else ""
    said = "|".join(map(str, (one.verdict, one.as_planned, one.reason, *one.choices, room, time)))
    return sha256(said.encode()).hexdigest()[:12]


def _name_of(wish: SeriesWish) -> str:
    """Return which dates a wish is about.

    Leaving aside who asks, for how many and what for: what can be chosen on a date may depend on
    that, which `changed_days` tells.
    """
    parts = (
        wish.room.pk,
        wish.recurrence.name,
        wish.first,
        wish.until,
        wish.start,
        wish.end,
        wish.holidays.public,
        wish.holidays.school,
    )
    return "|".join(map(str, parts))
