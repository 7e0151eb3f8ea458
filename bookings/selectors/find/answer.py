"""The answer to somebody who looks for a room: which are free, and the next best of the others."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Max

from bookings.models import Room
from bookings.rules.refusals import Code
from bookings.rules.spans import Span
from bookings.rules.wall_clock import exists, in_berlin, span_on
from bookings.selectors.find.free_times import nearest_times
from bookings.selectors.find.rooms import Found, Wanted, find_rooms
from cms.models import Centre

DAYS_AFTER = 14  # so many days are looked at for the same time


@dataclass(frozen=True)
class Question:
    """`spans`: the dates asked for, one or those of a weekly series; `until`: its last day."""

    centres: Sequence[Centre]
    wanted: Wanted
    spans: Sequence[Span]
    until: date | None = None

    @property
    def is_series(self) -> bool:
        return len(self.spans) > 1


@dataclass(frozen=True)
class MissedDate:
    """A date of a series on which the room is not free."""

    span: Span
    code: Code


@dataclass(frozen=True)
class Offer:
    """A room in the answer. `span`: the time to ask for; None: nothing near is free."""

    found: Found
    span: Span | None
    missed: Sequence[MissedDate] = ()

    @property
    def code(self) -> Code | None:
        """Return why the room is not free at the (first such) time; None if it is."""
        return self.missed[0].code if self.missed else None


@dataclass(frozen=True)
class Answer:
    """`largest`: how many persons the largest room here holds, where none was found."""

    question: Question
    offers: Sequence[Offer]
    largest: int | None = None

    @property
    def fitting(self) -> list[Offer]:
        return [offer for offer in self.offers if offer.found.fits]

    @property
    def best(self) -> Offer | None:
        """Return what lies nearest: the first room of the list that one can ask for."""
        return next((offer for offer in self.offers if offer.span), None)


def answer_to(question: Question, *, now: datetime) -> Answer:
    """Return the rooms that offer what is wanted, the best first; six queries at most."""
    found = find_rooms(question.centres, question.wanted, question.spans, now=now)
    if not found:
        return Answer(question, [], largest=_largest(question.centres))
    offers = (_series_offers if question.is_series else _single_offers)(question, found, now)
    return Answer(question, offers)


def _series_offers(question: Question, found: Sequence[Found], _now: datetime) -> list[Offer]:
    """Return all rooms; the request for a series proposes what to do about the missed dates."""
    return [
        Offer(one, question.spans[0] if one.free else None, _missed(question, one)) for one in found
    ]


def _single_offers(question: Question, found: Sequence[Found], now: datetime) -> list[Offer]:
    """Return the free rooms, then those free that day, then those free at that time soon."""
    (wanted,) = question.spans
    free = [Offer(one, wanted) for one in found if one.fits]
    others = [one for one in found if not one.fits]
    same_day = [
        Offer(near.found, near.span, _missed(question, near.found))
        for near in nearest_times(others, wanted, now=now)
    ]
    known = {offer.found.room.pk for offer in same_day}
    rest = [one for one in others if one.room.pk not in known]
    return [*free, *same_day, *_days_after(question, rest, now)]


def _days_after(question: Question, rest: Sequence[Found], now: datetime) -> list[Offer]:
    """Return the rooms with the next day on which they are free at the same time on the clock."""
    if not rest:
        return []
    spans = _same_time(question.spans[0])
    later = {
        one.room.pk: one for one in find_rooms(question.centres, question.wanted, spans, now=now)
    }
    offers = []
    for one in rest:
        refused = later[one.room.pk].refused if one.room.pk in later else range(len(spans))
        span = next((span for number, span in enumerate(spans) if number not in refused), None)
        offers.append(Offer(one, span, _missed(question, one)))
    return sorted(offers, key=_when)


def _when(offer: Offer) -> tuple[bool, datetime | None]:
    return offer.span is None, offer.span and offer.span.start


def _same_time(wanted: Span) -> list[Span]:
    start, end = in_berlin(wanted)
    days = (start.date() + timedelta(days=ahead) for ahead in range(1, DAYS_AFTER + 1))
    return [
        span_on(day, start.time(), end.time())
        for day in days
        if exists(day, start.time()) and exists(day, end.time())
    ]


def _missed(question: Question, found: Found) -> list[MissedDate]:
    return [MissedDate(question.spans[n], code) for n, code in sorted(found.refused.items())]


def _largest(centres: Sequence[Centre]) -> int | None:
    rooms = Room.objects.filter(is_public=True, centre__in=[centre.pk for centre in centres])
    largest: int | None = rooms.aggregate(largest=Max("capacity"))["largest"]
    return largest
