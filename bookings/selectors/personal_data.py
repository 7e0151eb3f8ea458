"""What the bookings know of one person; see cms.selectors.personal_data.

Of a group for which she acts no longer it is only what she typed and did herself: what the group and
the centre do with a request since then is the group's. What she asked for as a guest is hers if the
address of that request is confirmed, there and here.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from allauth.account.models import EmailAddress
from django.db.models import Prefetch, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from bookings.models import (
    Booking,
    BookingDate,
    BookingLog,
    ChangeRequest,
    Invitation,
    Membership,
    PersonalChoices,
    RequestDraft,
)
from bookings.selectors.associations import own_memberships
from bookings.selectors.own_bookings import Step, together, told_to_group
from bookings.wording import step_word
from cms.models import User
from cms.selectors.personal_data import Chapter, Entry, Fact, yes_no

CONTACT = ("contact_name", "contact_phone")
YES_OR_NO = ("is_public_event", "has_music", "has_food", "has_alcohol")


def chapters_of(user: User) -> Iterator[Chapter]:
    memberships = list(own_memberships(user))
    own = _Own(user, {row.association_id for row in memberships}, requests_as_guest(user))
    yield Chapter("memberships", _("Associations you act for"), _memberships(memberships))
    yield Chapter("reminders", _("Calendar and reminders"), _choices(user))
    yield Chapter("requests", _("Requests you sent"), _requests(own))
    yield Chapter("steps", _("What happened to your requests, and what you did"), _steps(own))
    yield Chapter("changes_wished", _("Changes you asked for"), _wishes(own))
    yield Chapter("invitations", _("Invitations you sent"), _invitations(own))
    yield Chapter("drafts", _("Requests you began"), _drafts(user))


@dataclass(frozen=True)
class _Own:
    """Whose data it is, for which groups she acts, and which requests she sent as a guest."""

    user: User
    groups: Collection[int]
    as_guest: Collection[int]

    def is_whole(self, booking: Booking) -> bool:
        """Tell whether what has become of a request that she sent is hers, too."""
        return booking.association_id in self.groups or booking.pk in self.as_guest


def requests_as_guest(user: User) -> list[int]:
    verified = EmailAddress.objects.filter(user=user, verified=True)
    addresses = verified.annotate(address=Lower("email")).values("address")
    of_guests = Booking.objects.annotate(address=Lower("guest_email")).filter(association=None)
    confirmed = of_guests.exclude(status=Booking.Status.UNVERIFIED)
    return list(confirmed.filter(address__in=addresses).values_list("pk", flat=True))


def _memberships(rows: Iterable[Membership]) -> list[Entry]:
    return [
        [
            Fact("association", _("Association or group"), row.association.name),
            Fact("role", _("Role"), row.get_role_display()),
        ]
        for row in rows
    ]


def _choices(user: User) -> list[Entry]:
    """Return what was chosen. The secret address of the calendar stays on its page."""
    rows = PersonalChoices.objects.filter(user=user)
    return [
        [Fact("wants_reminders", _("Send reminders"), yes_no(answer=row.wants_reminders))]
        for row in rows
    ]


def _requests(own: _Own) -> list[Entry]:
    dates = BookingDate.objects.select_related("occurrence", "room").order_by("occurrence__start")
    rows = Booking.objects.filter(Q(requester=own.user) | Q(pk__in=own.as_guest))
    rows = rows.select_related("association", "layout", "terms").defer("terms__text")
    rows = rows.prefetch_related(Prefetch("dates", dates))
    return [
        [*_request(row), *_now(row)] if own.is_whole(row) else list(_typed_by(own.user, row))
        for row in rows.order_by("sent_at", "pk")
    ]


def _typed_by(user: User, row: Booking) -> Iterator[Fact]:
    """Return what somebody typed who acts no longer for the group; a contact only if it is she."""
    is_contact = row.contact_name.casefold() == user.get_full_name().casefold()
    return (fact for fact in _request(row) if is_contact or fact.key not in CONTACT)


def _request(row: Booking) -> Iterator[Fact]:
    yield Fact("number", _("Number"), row.number)
    yield Fact("sent_at", _("Sent"), row.sent_at)
    yield Fact("association", _("Association or group"), row.asker)
    yield Fact("purpose", _("What for?"), row.purpose)
    yield Fact("use", _("Kind of use"), row.get_use_display())
    yield Fact("persons", _("Persons"), row.persons)
    yield Fact("contact_name", _("Contact person on the day"), row.contact_name)
    yield Fact("contact_phone", _("Phone on the day"), row.contact_phone)
    yield Fact("layout", _("Seating"), row.layout.name if row.layout else "")
    yield Fact("equipment", _("Equipment"), ", ".join(row.equipment))
    yield Fact("wishes", _("Set-up and other wishes"), row.wishes)
    for name in YES_OR_NO:
        yield Fact(name, _label(name), yes_no(answer=getattr(row, name)))
    yield Fact("terms", _("Accepted terms of use"), str(row.terms) if row.terms else "")


def _now(row: Booking) -> Iterator[Fact]:
    """Return what has become of a request."""
    yield Fact("question", _("Question of the centre"), row.question)
    yield Fact("dates", _("Dates"), [_date(date) for date in row.dates.all()])


def _date(date: BookingDate) -> Entry:
    return [
        *_times(date),
        Fact("room", _("Room"), date.room.name),
        Fact("state", _("State"), date.get_state_display()),
        Fact("reason", _("Reason"), date.reason),
    ]


def _steps(own: _Own) -> list[Entry]:
    """Return what she, or the group, reads of her requests, and own steps in those of others."""
    of_groups = Q(booking__requester=own.user, booking__association__in=own.groups)
    own_requests = of_groups | Q(booking__in=own.as_guest)
    logs = BookingLog.objects.select_related("booking", "date__occurrence")
    logs = logs.order_by("booking", "at", "pk")
    by_booking = groupby(logs.filter(own_requests), key=lambda entry: entry.booking_id)
    told = [entry for _booking, entries in by_booking for entry in told_to_group(entries)]
    elsewhere = logs.filter(actor=own.user).exclude(own_requests)
    steps = together([*told, *elsewhere])
    return [list(_step(step, own.user)) for step in steps if step_word(step.entry.action)]


def _step(step: Step, user: User) -> Iterator[Fact]:
    entry = step.entry
    yield Fact("at", _("When"), entry.at)
    yield Fact("number", _("Number"), entry.booking.number)
    yield Fact("what", _("What"), step_word(entry.action))
    if step.dates:
        yield Fact("dates", _("Dates"), [_times(date) for date in step.dates])
    if entry.text:
        yield Fact("text", _("Text"), entry.text)
    yield Fact("by_you", _("By you"), yes_no(answer=entry.actor_id == user.pk))


def _times(date: BookingDate) -> Entry:
    return [
        Fact("start", pgettext("request", "from"), date.span.start),
        Fact("end", pgettext("request", "to"), date.span.end),
    ]


def _wishes(own: _Own) -> list[Entry]:
    asked = Q(requested_by=own.user) | Q(booking__in=own.as_guest)
    rows = ChangeRequest.objects.filter(asked).select_related("booking").order_by("requested_at")
    return [[*_wish(row), *(_outcome(row) if own.is_whole(row.booking) else ())] for row in rows]


def _wish(row: ChangeRequest) -> Iterator[Fact]:
    yield Fact("at", _("When"), row.requested_at)
    yield Fact("number", _("Number"), row.booking.number)
    yield Fact("kind", _("Kind"), row.get_kind_display())
    yield Fact("text", _("Why"), row.text)


def _outcome(row: ChangeRequest) -> Iterator[Fact]:
    yield Fact("status", _("State"), row.get_status_display())
    yield Fact("answer", _("Answer"), row.answer)


def _invitations(own: _Own) -> list[Entry]:
    rows = Invitation.objects.filter(invited_by=own.user).select_related("association")
    return [
        [*_invitation(row), *(_answer(row) if row.association_id in own.groups else ())]
        for row in rows
    ]


def _invitation(row: Invitation) -> Iterator[Fact]:
    yield Fact("at", _("When"), row.created_at)
    yield Fact("association", _("Association or group"), row.association.name)
    yield Fact("email", _("E-mail address"), row.email)
    yield Fact("role", _("Role"), row.get_role_display())
    yield Fact("sent_at", _("Last sent"), row.sent_at)
    yield Fact("expires_at", _("Valid until"), row.expires_at)


def _answer(row: Invitation) -> Iterator[Fact]:
    """Return what has become of an invitation."""
    yield Fact("accepted_at", pgettext("invitation", "Accepted"), row.accepted_at)
    yield Fact("withdrawn_at", pgettext("invitation", "Withdrawn"), row.withdrawn_at)


def _drafts(user: User) -> list[Entry]:
    rows = RequestDraft.objects.filter(user=user).select_related("room").order_by("updated_at")
    return [
        [
            Fact("changed_at", _("Last changed"), row.updated_at),
            Fact("room", _("Room"), row.room.name),
            Fact("entries", _("What you entered"), [list(_typed(row.values.items()))]),
        ]
        for row in rows
    ]


def _typed(values: Iterable[tuple[str, Any]]) -> Iterator[Fact]:
    for key, value in values:
        text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
        if text:
            yield Fact(key, _label(key), text)


def _label(key: str) -> str:
    """Return what the field is called; of those that only arrange the form, that they do."""
    others = {
        "day": pgettext("request", "Date"),
        "start": pgettext("request", "from"),
        "end": pgettext("request", "to"),
        "persons": _("Persons"),
        "purpose": _("What for?"),
    }
    if key in others:
        return others[key]
    fields = {field.name: field for field in Booking._meta.fields}
    return str(fields[key].verbose_name) if key in fields else _("Other entry")
