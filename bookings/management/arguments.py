"""What several commands are told: a centre, a person, a file."""

import sys
from argparse import ArgumentTypeError
from datetime import date
from pathlib import Path

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from cms.models import Centre, User

WRONG_USE = 2


def text_called(text: str) -> str:
    """Return what was typed; what the shell passed on in another encoding is no text."""
    try:
        text.encode()
    except UnicodeEncodeError:
        msg = _("%(text)s is not in UTF-8. Please set the terminal to UTF-8.") % {
            "text": ascii(text)
        }
        raise ArgumentTypeError(msg) from None
    return text


def centre_called(slug: str) -> Centre:
    found = Centre.objects.filter(slug=slug).first()
    if found is None:
        known = ", ".join(Centre.objects.order_by("slug").values_list("slug", flat=True))
        msg = _("There is no centre “%(name)s”. There are: %(known)s.")
        msg %= {"name": slug, "known": known}
        raise CommandError(msg, returncode=WRONG_USE)
    return found


def person_called(email: str | None) -> User:
    """Return the person in whose name something is written."""
    if not email:
        msg = _("Please name the account in whose name this is written: --by EMAIL.")
        raise CommandError(msg, returncode=WRONG_USE)
    found = User.objects.filter(email__iexact=email, is_active=True).first()
    if found is None:
        msg = _("There is no active account “%(name)s”.") % {"name": email}
        raise CommandError(msg, returncode=WRONG_USE)
    return found


def day_called(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        msg = _("There is no day “%(day)s”. Please write it like 2027-01-31.") % {"day": text}
        raise ArgumentTypeError(msg) from None


def bytes_of(name: str, *, limit: int) -> bytes:
    """Return the content of a file, of standard input for "-"; not much more than the limit."""
    if name == "-":
        return sys.stdin.buffer.read(limit + 1)
    try:
        with Path(name).open("rb") as file:
            return file.read(limit + 1)
    except OSError:
        msg = _("“%(name)s” cannot be read. Please check the name of the file and who may read it.")
        msg %= {"name": name}
        raise CommandError(msg, returncode=WRONG_USE) from None
