"""A centre's weekly groups from a list: all of them or none; no group of the list gets a mail."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from bookings import ledger
from bookings.ledger import Locked
from bookings.models import Association, Booking, BookingDate
from bookings.rules.proposal import Verdict, left_out_state
from bookings.rules.states import DateState
from bookings.rules.wall_clock import berlin_day
from bookings.rules.weekly_list import WeeklyRow
from bookings.selectors.day_one import Preview, RowPreview, preview_import
from bookings.selectors.many_dates import SeenDate
from bookings.services.making_room import Place, displace_waiting
from bookings.services.storing import NewDate, store_booking
from cms.models import Centre, User

__all__ = ["ImportRefusedError", "ImportResult", "import_groups", "preview_import"]


class ImportRefusedError(Exception):
    """Dates are in the way, or of a row none would be left. Nothing was written."""

    def __init__(self, preview: Preview) -> None:
        super().__init__(f"{len(preview.in_the_way)} rows")
        self.preview = preview


@dataclass(frozen=True)
class ImportResult:
    """preview: what was done, row by row. new_groups: those that were entered."""

    preview: Preview
    bookings: list[Booking]
    new_groups: list[Association]


def import_groups(
    *,
    centre: Centre,
    rows: Sequence[WeeklyRow],
    actor: User,
    now: datetime,
    first: date | None = None,
    leave_out_conflicts: bool = False,
) -> ImportResult:
    """Take over the groups of a list as promised series; what is there already stays as it is.

    Holidays are left out as the rules of the room say. `leave_out_conflicts`: so are dates whose
    time is taken, closed or outside the times of use; otherwise one of them refuses the whole list.
    `first`: the day from which dates count, today unless given. Who waits for one of the times
    without a hold goes to the waiting list and is told, as with every promise.

    Raises ImportRefusedError, ledger.ConflictError and ledger.BusyError.
    """

    def take_over() -> ImportResult:
        # Before any space, so that two people with lists do not enter one group twice.
        Centre.objects.select_for_update(no_key=True).get(pk=centre.pk)
        locked = ledger.lock_rooms({row.room.key for row in rows})
        preview = preview_import(
            centre=centre, rows=rows, now=now, first=first, spaces=locked.spaces
        )
        if preview.empty or (preview.in_the_way and not leave_out_conflicts):
            raise ImportRefusedError(preview)
        groups = _Groups(centre, actor, now)
        stored = [_store(one, groups, locked, actor, now) for one in preview.new]
        promised = [date for one in stored for date in one if date.state == DateState.APPROVED]
        _note_who_decided(promised, actor)
        displace_waiting(map(Place.of, promised), locked, now=now)
        bookings = [dates[0].booking for dates in stored]
        return ImportResult(preview, bookings, groups.new)

    return ledger.in_one_go(take_over) if rows else ImportResult(Preview([]), [], [])


class _Groups:
    """The groups of a list; one that nobody knew is entered once, checked: the centre knows it."""

    def __init__(self, centre: Centre, actor: User, now: datetime) -> None:
        self.centre, self.actor, self.now = centre, actor, now
        self._by_name: dict[str, Association] = {}

    @property
    def new(self) -> list[Association]:
        return list(self._by_name.values())

    def of(self, one: RowPreview) -> Association:
        if one.association is not None:
            return one.association
        name = one.row.group.casefold()
        if name not in self._by_name:
            self._by_name[name] = Association.objects.create(
                name=one.row.group,
                legal_form=Association.LegalForm.GROUP,
                home_centre=self.centre,
                created_at=self.now,
                checked_at=self.now,
                checked_by=self.actor,
            )
        return self._by_name[name]


def _store(
    one: RowPreview, groups: _Groups, locked: Locked, actor: User, now: datetime
) -> list[BookingDate]:
    """Write a row. The list knows nothing of contacts; as persons stands what the room holds."""
    group, room, policy = groups.of(one), one.room, one.room.policy
    booking = Booking(
        centre=groups.centre,
        association=group,
        purpose=_("Regular date"),
        on_public_holidays=policy.public_holidays,
        on_school_holidays=policy.school_holidays,
        persons=room.capacity,
        contact_name=group.name,
        sent_at=now,
        answer_due=berlin_day(now),
    )
    stored = store_booking(
        booking=booking,
        dates=[_new_date(one, date) for date in one.dates],
        recurrence=one.row.recurrence,
        locked=locked,
        actor=actor,
        now=now,
    )
    return stored.dates


def _new_date(one: RowPreview, planned: SeenDate) -> NewDate:
    state = DateState.APPROVED if planned.works else left_out_state(planned.verdict)
    reason = planned.reason
    if planned.verdict is Verdict.OUTSIDE_HOURS:
        reason = _("Outside the times of use")
    return NewDate(
        original=planned.span, span=planned.span, room=one.room, state=state, reason=reason
    )


def _note_who_decided(promised: Iterable[BookingDate], actor: User) -> None:
    keys = [date.pk for date in promised]
    BookingDate.objects.filter(pk__in=keys).update(decided_by=actor)
