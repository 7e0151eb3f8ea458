"""Queue the mails on what happened, show one beforehand, take them back."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import translation

from bookings.calendar_entries import Method, joined, mailed_calendar
from bookings.models import Booking, BookingLog, Membership
from bookings.notifications.letters import Letter, MailText, mail_text, new_mails
from bookings.notifications.links import entry_url, guest_token
from bookings.notifications.notice import Notice
from bookings.notifications.to_group import letter_to_group
from bookings.notifications.to_team import letter_to_team
from bookings.rules.states import Action
from bookings.selectors.statements import rows_of
from bookings.selectors.undelivered import entry_key, mail_key
from cms.models import Centre, User
from cms.services.mail import NewMail, queue_mails, release_mails, withdraw_mails

# What a group does itself; wishes to change know who asked.
DONE_BY_GROUP = frozenset(
    {
        *(Action.SEND, Action.JOIN_WAITLIST, Action.BOOK, Action.ADD_BACK),
        *(Action.ACCEPT, Action.WITHDRAW, Action.CANCEL),
    }
)
KEPT_BACK_AT_MOST = timedelta(hours=1)  # however late the worker is


def notify(notice: Notice, *, now: datetime, not_before: datetime | None = None) -> None:
    """Queue the mails of a notice in the caller's transaction; `not_before` keeps them back.

    A promise of the request that is still kept back goes out before the next mail to the group: it
    cannot be undone then. What only the team reads does not build on it.
    """
    with translation.override(settings.LANGUAGE_CODE):
        to_group, to_team = _mails(notice, now)
    if to_group and notice.booking.sequence:  # every promise raises it
        _release_promises(notice.booking, now)
    queue_mails([*to_group, *to_team], now=now, not_before=not_before)


def preview(notice: Notice, *, now: datetime) -> MailText:
    """Return the mail to the group as it would go out, as text; empty if the group gets none.

    Without the key in a guest's link: it is for the guest alone.
    """
    with translation.override(settings.LANGUAGE_CODE):
        letter = letter_to_group(notice, now=now)
        if letter is None:
            return MailText("", "")
        written = mail_text(letter, notice.booking.centre, with_html=False)
    if not notice.booking.is_of_guest:
        return written
    token = guest_token(notice.booking)
    return MailText(*(part.replace(token, "…") for part in (written.subject, written.text)))


def stop(entry: BookingLog, *, now: datetime) -> bool:
    """Delete the mails of a step that are kept back; False if one went out, or is about to.

    The steps of one decision on several dates share their mails. Old mails are thrown away, so
    of a step of the day before nobody knows any more whether it was told.
    """
    first = (
        BookingLog.objects.filter(booking=entry.booking_id, action=entry.action, at=entry.at)
        .order_by("pk")
        .first()
    )
    stopped = withdraw_mails(key_start=entry_key(first or entry), only_kept_back=True)
    return bool(stopped) or (stopped == 0 and (now - entry.at).days < 1)


def _release_promises(booking: Booking, now: datetime) -> None:
    """Let the mails of promises that are kept back go out: what comes next builds on them."""
    promises = BookingLog.objects.filter(
        booking=booking, action=Action.APPROVE, at__gt=now - KEPT_BACK_AT_MOST
    )
    first = {entry.at: entry for entry in promises.order_by("-pk")}
    if first:
        release_mails(key_starts=[entry_key(entry) for entry in first.values()])


def _mails(notice: Notice, now: datetime) -> tuple[list[NewMail], list[NewMail]]:
    """Return the mails to the group and those to the team."""
    to_group, to_team = _letters_to_group(notice, now), letter_to_team(notice, now=now)
    group_mails: list[NewMail] = []
    team_mails: list[NewMail] = []
    for address, letter in to_group.items():
        group_mails += _to_each([address], letter, notice, now)
    if to_team:
        # Who asks for a group and decides at the centre gets the group's mail only.
        told = {address.lower() for address in to_group}
        team = team_addresses(notice.booking.centre)
        others = [one for one in team if one.lower() not in told]
        team_mails = _to_each(others, to_team, notice, now)
    return group_mails, team_mails


def _letters_to_group(notice: Notice, now: datetime) -> dict[str, Letter]:
    """Return the letter to each in the group by address: the receipt, and who did it to the other."""
    letter = letter_to_group(notice, now=now)
    if letter is None:
        return {}
    if notice.booking.is_of_guest:
        guest = notice.booking.guest_email
        return {guest: letter} if guest else {}
    person, doer = group_people(notice)
    if person is None:
        return {}
    if doer is None:
        return {person.email: letter}
    by_another = letter_to_group(replace(notice, by=str(doer)), now=now)
    return {doer.email: letter, person.email: by_another or letter}


def _to_each(
    addresses: Sequence[str], letter: Letter, notice: Notice, now: datetime
) -> list[NewMail]:
    calendar = _calendar(notice, letter.calendar, now) if letter.calendar else ""
    to = {mail_key(notice.entry, address): address for address in addresses}
    return new_mails(letter, notice.booking.centre, to=to, calendar=calendar)


def _calendar(notice: Notice, method: Method, now: datetime) -> str:
    """Return the file that goes along: of the request, and of the one that it goes on as."""
    new = notice.new if method is Method.PUBLISH else ()
    files = [
        mailed_calendar(dates, method=method, now=now, url=entry_url(dates[0].booking))
        for dates in (notice.dates, new)
        if dates
    ]
    return joined(files)


# Who gets mail -----------------------------------------------------------------------------------


def group_address(booking: Booking) -> str:
    """Return the address of who hears of a request: a guest's, or a person's; "" if nobody does."""
    if booking.is_of_guest:
        return booking.guest_email
    person = group_person(booking)
    return person.email if person else ""


def group_person(booking: Booking) -> User | None:
    """Return who asked for a group, a main contact if that one acts no longer, or nobody."""
    return _people(booking, None)[0]


def group_people(notice: Notice) -> tuple[User | None, User | None]:
    """Return who hears of a request, and who of the group did it or wished for it, if another one.

    Who asked for the request and did this, too, acts for the group: nothing has to be looked up.
    """
    booking, doer = notice.booking, _doer(notice)
    requester = booking.requester
    if requester and requester.is_active and requester.pk == notice.entry.actor_id == doer:
        return requester, None
    person, other = _people(booking, doer)
    return person, other if other != person else None


def _doer(notice: Notice) -> int | None:
    """Return the key of who did or wished for something on the side of the group."""
    if notice.change is not None and notice.action is not Action.EXCHANGE:
        return notice.change.requested_by_id
    return notice.entry.actor_id if notice.action in DONE_BY_GROUP else None


def _people(booking: Booking, doer: int | None) -> tuple[User | None, User | None]:
    """Return who hears of a request, and that other person if it acts for the group."""
    asked = {key for key in (booking.requester_id, doer) if key}
    acting = Membership.objects.filter(association=booking.association_id, user__is_active=True)
    acting = acting.filter(Q(user__in=asked) | Q(role=Membership.Role.MAIN_CONTACT))
    found = list(acting.select_related("user").order_by("pk"))
    by_key = {one.user_id: one.user for one in found}
    mains = [one.user for one in found if one.role == Membership.Role.MAIN_CONTACT]
    mains.sort(key=lambda user: user.pk != doer)
    standing_in = next(iter(mains), by_key.get(doer or 0))
    return by_key.get(booking.requester_id or 0, standing_in), by_key.get(doer or 0)


def team_addresses(centre: Centre) -> list[str]:
    """Return the addresses of the centre's managers, or its own where there are none."""
    found = [address for (address,) in rows_of(_MANAGERS, {"group": centre.group_id})]
    return found or [address for address in [centre.email] if address]


_MANAGERS = """
SELECT email FROM cms_user JOIN cms_user_groups AS at_centre ON at_centre.user_id = cms_user.id
WHERE cms_user.is_active AND at_centre.group_id = %(group)s
ORDER BY cms_user.id
"""
