"""Mail that goes out: written in the transaction of the change, sent by the worker."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from email.utils import make_msgid, parseaddr

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from cms.models import OutgoingMail
from cms.rows import insert_rows
from cms.tasks import deliver_mails

KEEP_SENT = dt.timedelta(days=30)
KEEP_FAILED = dt.timedelta(days=90)
SUBJECT_LENGTH = 250


@dataclass(frozen=True, kw_only=True)
class NewMail:
    """A mail to write; see OutgoingMail for what the parts are."""

    key: str
    recipient: str
    subject: str
    text: str
    html: str = ""
    reply_to: str = ""
    calendar: str = ""
    unsubscribe_url: str = ""


def queue_mail(
    *, key: str, recipient: str, subject: str, text: str, html: str = "", now: dt.datetime
) -> OutgoingMail:
    """Write one mail as `queue_mails` does. A second call with the key returns the first mail."""
    mail = NewMail(key=key, recipient=recipient, subject=subject, text=text, html=html)
    queue_mails([mail], now=now)
    return OutgoingMail.objects.get(key=key)


def queue_mails(
    mails: Sequence[NewMail], *, now: dt.datetime, not_before: dt.datetime | None = None
) -> None:
    """Write mails and the task that sends them, all in the caller's transaction.

    The same key is written once: a second call sends nothing. `not_before` keeps mails back.
    """
    if not mails:
        return
    rows = [_row(mail, now, not_before or now) for mail in mails]
    with transaction.atomic(savepoint=False):
        insert_rows(rows, skip_known=True)
        # Those that were there before have another Message-ID: the task will not find them.
        _enqueue([row.message_id for row in rows], not_before)


def _row(mail: NewMail, now: dt.datetime, due: dt.datetime) -> OutgoingMail:
    return OutgoingMail(
        key=mail.key,
        recipient=mail.recipient,
        # A line break would start another header.
        subject=" ".join(mail.subject.split())[:SUBJECT_LENGTH],
        text=mail.text,
        html=mail.html,
        reply_to=mail.reply_to,
        calendar=mail.calendar,
        unsubscribe_url=mail.unsubscribe_url,
        message_id=new_message_id(),
        created_at=now,
        next_attempt_at=due,
    )


def _enqueue(message_ids: list[str], not_before: dt.datetime | None) -> None:
    """Hand mails to the worker; what no backend keeps back waits for housekeeping."""
    if not_before is None:
        deliver_mails.enqueue(message_ids)
    elif deliver_mails.get_backend().supports_defer:
        deliver_mails.using(run_after=not_before).enqueue(message_ids)


def withdraw_mails(*, key_start: str, only_kept_back: bool = False) -> int | None:
    """Delete the mails whose keys begin so; None, and no change, if one went out or was tried.

    `only_kept_back`: also if one does not wait for its time (any more). Call it in a transaction: a
    worker that is sending one of them is waited for.
    """
    mails = list(OutgoingMail.objects.select_for_update().filter(key__startswith=key_start))
    if any(mail.state != OutgoingMail.State.QUEUED or mail.attempts for mail in mails):
        return None
    if only_kept_back and not all(mail.is_kept_back for mail in mails):
        return None
    OutgoingMail.objects.filter(pk__in=[mail.pk for mail in mails]).delete()
    return len(mails)


def release_mails(*, key_starts: Sequence[str]) -> None:
    """Let the mails whose keys begin so wait no longer for their time; call it in a transaction."""
    wanted = Q(pk=None)
    for key_start in key_starts:
        wanted |= Q(key__startswith=key_start)
    mails = OutgoingMail.objects.select_for_update().filter(
        wanted, state=OutgoingMail.State.QUEUED, attempts=0
    )
    released = [mail for mail in mails.order_by("pk") if mail.is_kept_back]
    for mail in released:
        mail.next_attempt_at = mail.created_at
    if released:
        OutgoingMail.objects.bulk_update(released, ["next_attempt_at"])
        _enqueue([mail.message_id for mail in released], None)


def forget_mails(*, to: Collection[str], waiting_too: bool) -> None:
    """Delete the mails to addresses that change hands or whose person is gone.

    `waiting_too`: also those that are still to be sent.
    """
    gone = Q(pk=None)  # not Q(): of nobody's mails that would be all
    for address in to:
        gone |= Q(recipient__iexact=address)
    mails = OutgoingMail.objects.filter(gone)
    if not waiting_too:
        mails = mails.exclude(state=OutgoingMail.State.QUEUED)
    mails.delete()


def new_message_id() -> str:
    """Return an id that stays the same for every attempt, so that a copy can be recognised."""
    address = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    return make_msgid(domain=address.rpartition("@")[2] or "localhost")


def requeue_due_mails(*, now: dt.datetime) -> int:
    """Queue what is due and waits in no task: after a failure, or because a worker was killed."""
    waiting = DBTaskResult.objects.filter(
        task_path=deliver_mails.module_path, status=TaskResultStatus.READY
    ).values_list("args_kwargs", flat=True)
    in_tasks = {each for arguments in waiting for each in arguments["args"][0]}
    due = OutgoingMail.objects.filter(
        state=OutgoingMail.State.QUEUED, next_attempt_at__lte=now
    ).exclude(message_id__in=in_tasks)
    message_ids = list(due.order_by("created_at").values_list("message_id", flat=True))
    for message_id in message_ids:  # one task each: a worker that is stopped ends its task first
        deliver_mails.enqueue([message_id])
    return len(message_ids)


def prune_mails(*, now: dt.datetime) -> int:
    """Delete mails nobody needs any more: sent a month ago, given up a quarter of a year ago."""
    sent, _rows = OutgoingMail.objects.filter(
        state=OutgoingMail.State.SENT, sent_at__lt=now - KEEP_SENT
    ).delete()
    failed, _rows = OutgoingMail.objects.filter(
        state=OutgoingMail.State.FAILED, created_at__lt=now - KEEP_FAILED
    ).delete()
    return sent + failed
