"""Queue the mails on what happened, show one beforehand, take them back."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Case, Q, When
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

KEPT_BACK_AT_MOST = timedelta(hours=1)  # however late the worker is


def notify(notice: Notice, *, now: datetime, not_before: datetime | None = None) -> None:
    """Queue the mails of a notice in the caller's transaction; `not_before` keeps them back.

    A promise of the request that is still kept back goes out before them: it cannot be undone then.
    """
    with translation.override(settings.LANGUAGE_CODE):
        mails = _mails(notice, now)
    if mails and notice.booking.sequence:  # every promise raises it
        _release_promises(notice.booking, now)
    queue_mails(mails, now=now, not_before=not_before)


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


def _mails(notice: Notice, now: datetime) -> list[NewMail]:
    to_group, to_team = letter_to_group(notice, now=now), letter_to_team(notice, now=now)
    address = group_address(notice.booking, notice.entry) if to_group else ""
    mails = []
    if to_group and address:
        mails += _to_each([address], to_group, notice, now)
    if to_team:
        # Who asks for a group and decides at the centre gets the group's mail only.
        team = team_addresses(notice.booking.centre)
        others = [one for one in team if one.lower() != address.lower()]
        mails += _to_each(others, to_team, notice, now)
    return mails


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


def group_address(booking: Booking, entry: BookingLog | None = None) -> str:
    """Return the address of who hears of a request: a guest's, or a person's; "" if nobody does."""
    if booking.is_of_guest:
        return booking.guest_email
    person = group_person(booking, entry)
    return person.email if person else ""


def group_person(booking: Booking, entry: BookingLog | None = None) -> User | None:
    """Return who asked for a group, a main contact if that one acts no longer, or nobody.

    `entry`: what was just done. Who did it for the group acts for it: nothing has to be asked.
    """
    requester = booking.requester
    if entry and requester and requester.is_active and entry.actor_id == requester.pk:
        return requester
    asked = Q(user=requester) if requester is not None else Q(pk=None)
    people = Membership.objects.filter(association=booking.association_id, user__is_active=True)
    people = people.filter(asked | Q(role=Membership.Role.MAIN_CONTACT))
    ordered = people.order_by(Case(When(asked, then=0), default=1), "pk")
    first = ordered.select_related("user").first()
    return first.user if first else None


def team_addresses(centre: Centre) -> list[str]:
    """Return the addresses of the centre's managers, or its own where there are none."""
    found = [address for (address,) in rows_of(_MANAGERS, {"group": centre.group_id})]
    return found or [address for address in [centre.email] if address]


_MANAGERS = """
SELECT email FROM cms_user JOIN cms_user_groups AS at_centre ON at_centre.user_id = cms_user.id
WHERE cms_user.is_active AND at_centre.group_id = %(group)s
ORDER BY cms_user.id
"""
