"""What somebody does with the own account: another name, and leaving."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from cms.models import OutgoingMail, User
from cms.selectors.accounts import is_unconfirmed
from cms.selectors.visitors import opens_admin
from cms.services.mail import forget_mails

KEEP_UNCONFIRMED = timedelta(days=7)  # as long as a request that was begun
# Sending the form twice by a double click is no new beginning.
BEGUN_JUST_NOW = timedelta(minutes=1)


class StaysError(Exception):
    """An account cannot be deleted now. `sentences` say why, and what to do first."""

    def __init__(self, sentences: Sequence[str]) -> None:
        super().__init__(*sentences)
        self.sentences = sentences


@dataclass(frozen=True)
class Leaving:
    """What an upper app has to do with somebody who leaves.

    obstacles(user=…, now=…): sentences on what has to be done first; locks what it looks at when
    it runs in a transaction. forget(user=…, now=…): takes the person out of what stays.
    stays(user=…): sentences on what else is so afterwards.
    """

    obstacles: Callable[..., Sequence[str]]
    forget: Callable[..., None]
    stays: Callable[..., Sequence[str]]


_of_upper_apps: dict[str, Leaving] = {}


def register_leaving(app: str, leaving: Leaving) -> None:
    _of_upper_apps[app] = leaving


def rename(*, user: User, first_name: str, last_name: str) -> None:
    user.first_name, user.last_name = first_name, last_name
    user.save(update_fields=["first_name", "last_name"])


@transaction.atomic
def what_keeps(*, user: User, now: datetime) -> list[str]:
    """Return why this account cannot be deleted now; nothing if it can."""
    if opens_admin(user):
        return [
            _(
                "You work in the administration. Please ask the people who look after the whole"
                " site: they take you out there and delete the account."
            )
        ]
    return [
        sentence
        for leaving in _of_upper_apps.values()
        for sentence in leaving.obstacles(user=user, now=now)
    ]


def what_stays(*, user: User) -> list[str]:
    """Return what somebody should know before leaving, beside what is so for everybody."""
    return [
        sentence for leaving in _of_upper_apps.values() for sentence in leaving.stays(user=user)
    ]


@transaction.atomic
def delete_account(*, user: User, now: datetime) -> None:
    """Erase a person and what is only about her; what a group did stays without the name.

    Ends all sessions. Raises StaysError, and changes nothing, if something has to be done first.
    """
    leaver = User.objects.select_for_update().get(pk=user.pk)
    if sentences := what_keeps(user=leaver, now=now):
        raise StaysError(sentences)
    _erase(leaver, now)


def _erase(leaver: User, now: datetime) -> None:
    for leaving in _of_upper_apps.values():
        leaving.forget(user=leaver, now=now)
    forget_mails(to=[leaver.email], waiting_too=True)
    for session in UserSession.objects.filter(user=leaver):
        session.end()
    leaver.delete()


def confirm_address(*, user: User) -> None:
    """Take the address as confirmed: a link in a mail to it was used."""
    EmailAddress.objects.filter(user=user, email=user.email).update(verified=True)


@transaction.atomic
def forget_unfinished(*, email: str, now: datetime) -> bool:
    """Erase an account nobody ever got into, so that registering can begin again.

    Nobody did without the code of the mail, nor without password and key: the browser was closed
    before. Return whether there was one. Whoever has rights or duties already stays.
    """
    begun = (
        User.objects.select_for_update()
        .filter(email=email, last_login=None, is_active=True, date_joined__lte=now - BEGUN_JUST_NOW)
        .first()
    )
    if begun is None or (begun.has_usable_password() and not is_unconfirmed(begun)):
        return False
    if Authenticator.objects.filter(user=begun).exists() or what_keeps(user=begun, now=now):
        return False
    begun.delete()
    return True


@transaction.atomic
def forget_unconfirmed(*, now: datetime) -> int:
    """Erase accounts that somebody registered and nobody ever got into; return how many.

    KEEP_UNCONFIRMED after the last mail that went there: anybody can type anybody's address. Whoever
    has rights or duties already stays, and whoever got the account from an administrator.
    """
    since = now - KEEP_UNCONFIRMED
    mails = OutgoingMail.objects.filter(recipient=OuterRef("email"), created_at__gt=since)
    begun = User.objects.select_for_update(skip_locked=True).filter(
        ~Exists(mails), registered_at__lte=since, last_login=None, is_active=True
    )
    gone = [user for user in begun.order_by("pk") if not what_keeps(user=user, now=now)]
    for user in gone:
        _erase(user, now)
    return len(gone)


def prune_sessions(*, now: datetime) -> int:
    """Forget devices whose session is over."""
    over = UserSession.objects.exclude(session_key__in=Session.objects.values("session_key"))
    return int(over.delete()[0])
