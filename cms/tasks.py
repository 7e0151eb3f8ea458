"""What the worker does. A task carries keys only; the rows say what is to be done."""

import datetime as dt
import logging
import re

from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.utils import timezone
from django_tasks import task

from cms.models import OutgoingMail

logger = logging.getLogger(__name__)

CALENDAR_NAME = "termin.ics"
ONE_CLICK = {"List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}  # of the mail program, RFC 8058
# How long to wait after the first, second … failed attempt; after the last one we give up.
RETRY_AFTER = (
    dt.timedelta(minutes=1),
    dt.timedelta(minutes=5),
    dt.timedelta(minutes=30),
    dt.timedelta(hours=2),
    dt.timedelta(hours=8),
    dt.timedelta(hours=24),
)


@task()
def deliver_mails(message_ids: list[str]) -> None:
    """Send each of these mails, once; an id without a mail is left out."""
    for message_id in message_ids:
        _deliver(message_id)


def _deliver(message_id: str) -> None:
    """Whoever holds the row of a mail sends it, everybody else leaves it alone.

    A duplicate is possible only if the process dies after the mail server took the mail.
    """
    now = timezone.now()
    with transaction.atomic():
        mail = (
            OutgoingMail.objects.select_for_update(skip_locked=True)
            .filter(message_id=message_id, state=OutgoingMail.State.QUEUED)
            .first()
        )
        if mail is None or is_too_early(mail, now=now):
            return
        try:
            as_message(mail).send()
        except Exception as error:  # noqa: BLE001 - whatever it was, the row must say so
            note_failure(mail, error, now=now)
        else:
            mail.state = OutgoingMail.State.SENT
            mail.sent_at = now
            mail.next_attempt_at = None
        mail.attempts += 1
        mail.save()


def is_too_early(mail: OutgoingMail, *, now: dt.datetime) -> bool:
    """Tell whether a mail still has to wait: one kept back, or one that failed.

    A new mail does not wait for the worker's clock to catch up with the writer's.
    """
    due = mail.next_attempt_at
    return due is not None and due > now and (mail.attempts > 0 or mail.is_kept_back)


def as_message(mail: OutgoingMail) -> EmailMultiAlternatives:
    headers = {"Message-ID": mail.message_id, "Auto-Submitted": "auto-generated"}
    if mail.unsubscribe_url:
        headers |= {"List-Unsubscribe": f"<{mail.unsubscribe_url}>", **ONE_CLICK}
    message = EmailMultiAlternatives(
        mail.subject,
        mail.text,
        to=[mail.recipient],
        reply_to=[mail.reply_to] if mail.reply_to else None,
        headers=headers,
    )
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    if mail.calendar:
        message.attach(CALENDAR_NAME, mail.calendar, f"text/calendar; method={method_of(mail)}")
    return message


def method_of(mail: OutgoingMail) -> str:
    """Return what the calendar entry asks for: PUBLISH or CANCEL."""
    found = re.search(r"^METHOD:([A-Z]+)\r?$", mail.calendar, re.MULTILINE)
    return found[1] if found else "PUBLISH"


def note_failure(mail: OutgoingMail, error: Exception, *, now: dt.datetime) -> None:
    """Set the next attempt, or give up. The log names the row, never the person."""
    if mail.attempts < len(RETRY_AFTER):
        mail.next_attempt_at = now + RETRY_AFTER[mail.attempts]
        logger.warning("mail %s not sent (%s), will try again", mail.pk, type(error).__name__)
    else:
        mail.state = OutgoingMail.State.FAILED
        mail.next_attempt_at = None
        logger.error("mail %s given up (%s)", mail.pk, type(error).__name__)
