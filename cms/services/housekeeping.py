"""What has to be done every minute: send again, and throw away what is over."""

import datetime as dt
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module

from django.conf import settings
from django.core.cache import caches
from django.core.cache.backends.db import DatabaseCache
from django.db import connection
from django_tasks_db.models import DBTaskResult

from cms import page_cache
from cms.services.accounts import forget_unconfirmed, prune_sessions
from cms.services.mail import prune_mails, requeue_due_mails

logger = logging.getLogger(__name__)

# Any fixed number of our own; PostgreSQL knows advisory locks by number only.
HOUSEKEEPING_LOCK = 7_236_001
KEEP_TASK_RESULTS = dt.timedelta(days=7)

Job = Callable[..., int]
_jobs_of_upper_apps: dict[str, Job] = {}


def register_job(what_is_counted: str, job: Job) -> None:
    """Let an upper app take part: `job(now=…)` runs every minute and returns how much it did."""
    _jobs_of_upper_apps[what_is_counted] = job


@contextmanager
def alone() -> Iterator[bool]:
    """Give True to one process at a time, False to every other one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [HOUSEKEEPING_LOCK])
        locked = bool(cursor.fetchone()[0])
        try:
            yield locked
        finally:
            if locked:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [HOUSEKEEPING_LOCK])


class JobsFailedError(Exception):
    """Some jobs failed, as the log says; all others are done."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(", ".join(names))


def keep_house(*, now: dt.datetime) -> dict[str, int]:
    """Do all jobs; each may be done twice without harm. Return what was done, by job.

    Raises JobsFailedError at the end: no job has to wait until somebody mends another one.
    """
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    jobs = {
        **_jobs_of_upper_apps,
        "devices forgotten": prune_sessions,
        "accounts never confirmed deleted": forget_unconfirmed,
        "mails queued again": requeue_due_mails,
        "mails deleted": prune_mails,
        "task results deleted": prune_task_results,
        "cache rows deleted": prune_cache_rows,
        "page files deleted": page_cache.prune_files,
    }
    done, failed = {}, []
    for name, job in jobs.items():
        try:
            done[name] = job(now=now)
        except Exception:
            logger.exception("housekeeping failed: %s", name)
            failed.append(name)
    if failed:
        raise JobsFailedError(failed)
    return done


def prune_task_results(*, now: dt.datetime) -> int:
    old = DBTaskResult.objects.finished().filter(finished_at__lt=now - KEEP_TASK_RESULTS)
    return old.delete()[0]


def prune_cache_rows(*, now: dt.datetime) -> int:
    """Delete expired rows of the database cache; Django does so only when it is full."""
    cache = caches["default"]
    if not isinstance(cache, DatabaseCache):
        return 0
    table = connection.ops.quote_name(cache._table)  # type: ignore[attr-defined]  # noqa: SLF001
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE expires < %s", [now])  # noqa: S608 - our own name
        return int(cursor.rowcount)
