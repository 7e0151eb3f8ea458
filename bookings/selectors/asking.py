"""What the pages of a request need to know."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import BigIntegerField, Count, DateTimeField, QuerySet, Subquery
from django.db.models.functions import Coalesce

from bookings.models import Association, Booking, BookingDate, Room
from bookings.rules.refusals import Asker, Code, Refusal, refusals_of_asker
from bookings.rules.spans import Span
from bookings.rules.states import GONE, UNDECIDED
from bookings.rules.wall_clock import berlin_day, clock_length, monday_of, whole_day
from cms.models import User
from cms.prepared import Given, Prepared


def fitting_room(room: Room, persons: int) -> Room | None:
    """Return the smallest other room of the centre that holds so many."""
    rooms = Room.objects.filter(centre=room.centre_id, is_public=True, capacity__gte=persons)
    others = rooms.exclude(pk=room.pk).select_related("centre").order_by("capacity")
    found: Room | None = others.first()
    return found


def last_contact(user: User) -> dict[str, Any]:
    """Return contact and phone as this person gave them last, else the own name."""
    said = Booking.objects.filter(requester=user).exclude(contact_name="")
    last = said.order_by("-sent_at").first()
    if last is None:
        return {"contact_name": user.get_full_name()}
    return {"contact_name": last.contact_name, "contact_phone": last.contact_phone}


def associations_to_ask_for(user: User) -> list[Association]:
    """Return the associations somebody acts for, by name."""
    return list(acted_for_by(user))


def associations_and_sent(user: User, since: datetime) -> tuple[list[Association], int]:
    """Return the same, and how many requests this person has sent since then, in one query."""
    found: list[Any] = list(_AND_SENT(user=user.pk, since=since))
    return found, max((one.sent_lately for one in found), default=0)


def _and_sent() -> QuerySet[Association]:
    user, since = Given("user", BigIntegerField()), Given("since", DateTimeField())
    sent = Booking.objects.filter(requester=user, sent_at__gt=since).order_by()
    count = sent.values("requester").values(count=Count("pk"))
    return acted_for_by(user).annotate(sent_lately=Coalesce(Subquery(count), 0))


_AND_SENT = Prepared(_and_sent)


def acted_for_by(user: User | Given) -> QuerySet[Association]:
    """Return the associations that have this person among their people."""
    return Association.objects.filter(memberships__user=user)


def asker_of(
    association: Association | None,
    room: Room,
    spans: Sequence[Span],
    *,
    now: datetime,
    replaced: Collection[int] = (),
    more_of: int | None = None,
) -> Asker:
    """Return what the rules of a room have to know of who asks; a query for each quota there is.

    Quotas count what the group has in this centre. `replaced`: keys of dates in whose place the new
    ones come. `more_of`: the key of the request to which they are added; it is open once only.
    """
    if association is None:
        return Asker(is_guest=True)
    policy, theirs = room.policy, _dates_of(association, room)
    minutes, before = (
        _week_minutes(theirs, room, spans, replaced)
        if policy.quota_week_hours is not None
        else ({}, {})
    )
    return Asker(
        is_checked=association.is_checked,
        # Who changes what stands already asks for nothing more.
        open_requests=_open_requests(theirs.exclude(booking=more_of), now)
        if policy.quota_open is not None and not replaced
        else 0,
        week_minutes=minutes,
        week_before=before,
    )


def refusals_of_group(
    association: Association | None,
    uses: Sequence[tuple[Room, Span]],
    *,
    now: datetime,
    replaced: Collection[int] = (),
    more_of: int | None = None,
) -> list[Refusal]:
    """Return what speaks against this group in the rooms it wants; each room has its own rules.

    Of the other rooms those dates count that are in the same weeks. Queries as in `asker_of`.
    """
    found: dict[Code, Refusal] = {}
    for room in {room.pk: room for room, _span in uses}.values():
        weeks = {_monday(span) for where, span in uses if where.pk == room.pk}
        spans = [span for _room, span in uses if association is None or _monday(span) in weeks]
        asker = asker_of(association, room, spans, now=now, replaced=replaced, more_of=more_of)
        refusals = refusals_of_asker(asker, spans, room.policy)
        found |= {one.code: one for one in refusals if one.code not in found}
    return list(found.values())


def _monday(span: Span) -> date:
    return monday_of(berlin_day(span.start))


def _dates_of(association: Association, room: Room) -> QuerySet[BookingDate]:
    """Return the dates of a group in the centre of this room."""
    return BookingDate.objects.filter(
        booking__association=association, booking__centre=room.centre_id
    )


def _open_requests(theirs: QuerySet[BookingDate], now: datetime) -> int:
    """Return how many requests somebody has to decide on; of a plan they are none."""
    undecided = theirs.filter(
        booking__round__isnull=True,
        state__in=UNDECIDED,
        occurrence__start__gt=now,
    )
    return undecided.order_by().values("booking").distinct().count()


def _week_minutes(
    theirs: QuerySet[BookingDate], room: Room, spans: Sequence[Span], replaced: Collection[int]
) -> tuple[dict[date, int], dict[date, int]]:
    """Return how many minutes the weeks of these dates have, by Monday.

    First without what is replaced, then with what of it is in this room.
    """
    mondays = [_monday(span) for span in spans]
    first = whole_day(min(mondays)).start
    end = whole_day(max(mondays) + timedelta(days=7)).start
    theirs = theirs.filter(occurrence__start__gte=first, occurrence__start__lt=end).exclude(
        state__in=GONE
    )
    kept: dict[date, int] = {}
    before: dict[date, int] = {}
    rows = theirs.values_list("pk", "room", "occurrence__start", "occurrence__end")
    for key, room_id, *times in rows:
        span = Span(*times)
        monday, minutes = _monday(span), clock_length(span) // timedelta(minutes=1)
        if key not in replaced:
            kept[monday] = kept.get(monday, 0) + minutes
        if key not in replaced or room_id == room.pk:
            before[monday] = before.get(monday, 0) + minutes
    return kept, before
