"""What is stored about one person, to give it to her: readable, and as JSON.

Never a secret (passwords, codes, signed links), never what is about somebody else. Upper apps say
what they know with `register_chapters` at start.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.utils.translation import gettext as _
from wagtail.models import ModelLogEntry, PageLogEntry

from cms.models import OutgoingMail, User
from cms.wording import device_text

# A value may be a list of entries: the dates of a request.
Value = str | int | date | datetime | None | Sequence["Entry"]


@dataclass(frozen=True)
class Fact:
    """`key`: its name in the JSON file. `value`: "" and None mean "not specified"."""

    key: str
    label: str
    value: Value

    @property
    def entries(self) -> Sequence["Entry"] | None:
        """Return the entries of a list, None for a plain value."""
        return self.value if isinstance(self.value, list | tuple) else None


Entry = Sequence[Fact]


@dataclass(frozen=True)
class Chapter:
    key: str
    title: str
    entries: Sequence[Entry]


Collect = Callable[[User], Iterable[Chapter]]
_of_upper_apps: list[Collect] = []

# Mails of the account itself carry codes and links that open it: that they were sent is enough.
ACCOUNT_MAILS = ("account/", "mfa/")
# Signed links are as good as a key.
LINK = re.compile(r"(https?://[^/\s]+)/\S*")


def register_chapters(collect: Collect) -> None:
    """Let an upper app say what it knows of a person."""
    if collect not in _of_upper_apps:
        _of_upper_apps.append(collect)


def personal_data(user: User) -> list[Chapter]:
    """Return everything stored about this person, in the active language."""
    own = [_profile(user), _ways_to_sign_in(user), _sessions(user)]
    of_staff = [chapter for chapter in (_staff(user), _changes(user)) if chapter.entries]
    above = chain.from_iterable(collect(user) for collect in _of_upper_apps)
    return [*own, *of_staff, *above, _mails(user)]


def as_json(chapters: Iterable[Chapter]) -> dict[str, Any]:
    """Return the same for programs: dates as ISO 8601, keys in English."""
    return {chapter.key: [_plain(entry) for entry in chapter.entries] for chapter in chapters}


def _plain(entry: Entry) -> dict[str, Any]:
    return {fact.key: _plain_value(fact) for fact in entry}


def _plain_value(fact: Fact) -> Any:
    if fact.entries is not None:
        return [_plain(entry) for entry in fact.entries]
    return fact.value.isoformat() if isinstance(fact.value, date) else fact.value


def yes_no(*, answer: bool) -> str:
    return _("yes") if answer else _("no")


def _profile(user: User) -> Chapter:
    confirmed = EmailAddress.objects.filter(user=user, email=user.email, verified=True).exists()
    entry = [
        Fact("first_name", _("First name"), user.first_name),
        Fact("last_name", _("Last name"), user.last_name),
        Fact("email", _("E-mail address"), user.email),
        Fact("email_confirmed", _("E-mail address confirmed"), yes_no(answer=confirmed)),
        Fact("registered_at", _("Registered on"), user.date_joined),
        Fact("last_login_at", _("Last signed in"), user.last_login),
    ]
    return Chapter("profile", _("You"), [entry])


def _ways_to_sign_in(user: User) -> Chapter:
    names = {
        Authenticator.Type.TOTP: _("App for one-time codes"),
        Authenticator.Type.WEBAUTHN: _("Passkey"),
        Authenticator.Type.RECOVERY_CODES: _("Recovery codes"),
    }
    entries = [
        [
            Fact("kind", _("Kind"), names[Authenticator.Type(way.type)]),
            Fact("name", _("Name"), way.data.get("name", "")),
            Fact("added_at", _("Added on"), way.created_at),
            Fact("last_used_at", _("Last used"), way.last_used_at),
        ]
        for way in Authenticator.objects.filter(user=user).order_by("created_at")
    ]
    return Chapter("ways_to_sign_in", _("Second factors and passkeys"), entries)


def _sessions(user: User) -> Chapter:
    entries = [
        [
            Fact("device", _("Device"), device_text(session.user_agent)),
            Fact("browser_says", _("What the browser says"), session.user_agent),
            Fact("ip", _("Address in the network"), session.ip),
            Fact("since", _("Signed in since"), session.created_at),
        ]
        for session in UserSession.objects.filter(user=user).order_by("created_at")
    ]
    return Chapter("sessions", _("Devices on which you are signed in"), entries)


def _staff(user: User) -> Chapter:
    groups = [
        [Fact("group", _("Group"), name)] for name in user.groups.values_list("name", flat=True)
    ]
    roles = [
        [
            Fact("role", _("Role"), role.get_role_display()),
            Fact("centre", _("Centre"), str(role.centre)),
        ]
        for role in user.staff_roles.select_related("centre")
    ]
    return Chapter("staff", _("What you may do in the administration"), [*groups, *roles])


def _changes(user: User) -> Chapter:
    """Return what staff changed in the admin; groups change nothing there."""
    logs = [
        model.objects.filter(user=user).order_by("timestamp")
        for model in (PageLogEntry, ModelLogEntry)
    ]
    entries = [
        [
            Fact("at", _("When"), entry.timestamp),
            Fact("what", _("What"), str(entry.message)),
            Fact("of", _("Of what"), entry.label),
        ]
        for entry in chain.from_iterable(logs)
    ]
    return Chapter("changes", _("What you changed in the administration"), entries)


def _mails(user: User) -> Chapter:
    """Return the mails to this address since it belongs to this person."""
    mails = OutgoingMail.objects.filter(
        recipient__iexact=user.email, created_at__gte=user.date_joined
    ).order_by("created_at")
    return Chapter("mails", _("Mails to you"), [list(_mail(mail)) for mail in mails])


def _mail(mail: OutgoingMail) -> Iterator[Fact]:
    is_secret = mail.key.startswith(ACCOUNT_MAILS)
    yield Fact("written_at", _("Written"), mail.created_at)
    yield Fact("sent_at", _("Sent"), mail.sent_at)
    yield Fact("subject", _("Subject"), _("Mail about your account") if is_secret else mail.subject)
    text = _("Left out: such mails may hold codes and links that open your account.")
    yield Fact("text", _("Text"), text if is_secret else LINK.sub(r"\1/…", mail.text))
