"""Mail that goes out: written in the transaction of the change, sent by the worker."""

import datetime as dt
from email.utils import make_msgid, parseaddr

from django.conf import settings
from django.db import transaction
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from cms.models import OutgoingMail
from cms.tasks import deliver_mail

KEEP_SENT = dt.timedelta(days=30)
KEEP_FAILED = dt.timedelta(days=90)
SUBJECT_LENGTH = 250


def queue_mail(
    *, key: str, recipient: str, subject: str, text: str, html: str = "", now: dt.datetime
) -> OutgoingMail:
    """Write a mail and the task that sends it, both in the caller's transaction.

    The same key is written once: a second call returns the first mail and sends nothing.
    """
    with transaction.atomic():
        mail, created = OutgoingMail.objects.get_or_create(
            key=key,
            defaults={
                "recipient": recipient,
                # A line break would start another header.
                "subject": " ".join(subject.split())[:SUBJECT_LENGTH],
                "text": text,
                "html": html,
                "message_id": new_message_id(),
                "created_at": now,
                "next_attempt_at": now,
            },
        )
        if created:
            deliver_mail.enqueue(mail.pk)
    return mail


def new_message_id() -> str:
    """Return an id that stays the same for every attempt, so that a copy can be recognised."""
    address = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    return make_msgid(domain=address.rpartition("@")[2] or "localhost")


def requeue_due_mails(*, now: dt.datetime) -> int:
    """Queue what is due and waits in no task: after a failure, or because a worker was killed."""
    waiting = DBTaskResult.objects.filter(
        task_path=deliver_mail.module_path, status=TaskResultStatus.READY
    ).values_list("args_kwargs", flat=True)
    waiting_ids = {arguments["args"][0] for arguments in waiting if arguments.get("args")}
    due = OutgoingMail.objects.filter(
        state=OutgoingMail.State.QUEUED, next_attempt_at__lte=now
    ).exclude(pk__in=waiting_ids)
    keys = list(due.order_by("created_at").values_list("pk", flat=True))
    for key in keys:
        deliver_mail.enqueue(key)
    return len(keys)


def prune_mails(*, now: dt.datetime) -> int:
    """Delete mails nobody needs any more: sent a month ago, given up a quarter of a year ago."""
    sent, _rows = OutgoingMail.objects.filter(
        state=OutgoingMail.State.SENT, sent_at__lt=now - KEEP_SENT
    ).delete()
    failed, _rows = OutgoingMail.objects.filter(
        state=OutgoingMail.State.FAILED, created_at__lt=now - KEEP_FAILED
    ).delete()
    return sent + failed
