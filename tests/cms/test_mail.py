"""Mail: written with the change, sent once, tried again, thrown away in time."""

import datetime as dt
import smtplib
import threading
from collections.abc import Callable

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import caches
from django.core.management import call_command
from django.db import connection, transaction
from django.test import override_settings
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from cms.models import OutgoingMail
from cms.services import housekeeping
from cms.services.mail import (
    NewMail,
    prune_mails,
    queue_mail,
    queue_mails,
    release_mails,
    requeue_due_mails,
    withdraw_mails,
)
from cms.tasks import RETRY_AFTER, deliver_mails
from tests.factories.cms import UserFactory

State = OutgoingMail.State


def write(key: str = "booking:1:a@example.org", **kwargs) -> OutgoingMail:
    values = {"recipient": "a@example.org", "subject": "Zusage", "text": "Der Raum ist frei."}
    return queue_mail(key=key, now=timezone.now(), **{**values, **kwargs})


@pytest.fixture
def worker(settings):
    """Tasks wait in the database, as outside the tests."""
    settings.TASKS = {
        "default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}
    }


@pytest.fixture
def broken_server(monkeypatch):
    def refuse(self, *args, **kwargs):
        raise smtplib.SMTPServerDisconnected

    monkeypatch.setattr("django.core.mail.EmailMultiAlternatives.send", refuse)


def test_mail_goes_out_with_text_html_and_stable_id(db, mailoutbox):
    mail = write(html="<p>Der Raum ist frei.</p>")
    mail.refresh_from_db()
    assert mail.state == State.SENT
    (sent,) = mailoutbox
    assert sent.to == ["a@example.org"]
    assert sent.body == "Der Raum ist frei."
    assert sent.alternatives[0].content == "<p>Der Raum ist frei.</p>"
    assert sent.message()["Message-ID"] == mail.message_id
    assert sent.message()["Auto-Submitted"] == "auto-generated"


def test_same_event_writes_once(db, mailoutbox):
    first = write()
    assert write(text="Ein anderer Text") == first
    assert len(mailoutbox) == 1


def test_line_break_in_a_subject_starts_no_header(db, mailoutbox):
    write(subject="Zusage\r\nBcc: b@example.org")
    assert mailoutbox[0].subject == "Zusage Bcc: b@example.org"
    assert mailoutbox[0].recipients() == ["a@example.org"]


def test_mail_and_task_belong_to_the_transaction_of_the_change(db, worker):
    class ChangeFailedError(Exception):
        pass

    def change() -> None:
        with transaction.atomic():
            write()
            assert DBTaskResult.objects.count() == 1
            raise ChangeFailedError

    with pytest.raises(ChangeFailedError):
        change()
    assert not OutgoingMail.objects.exists()
    assert not DBTaskResult.objects.exists()


def test_task_carries_only_the_message_id(db, worker):
    mail = write()
    assert DBTaskResult.objects.get().args_kwargs == {"args": [[mail.message_id]], "kwargs": {}}


def test_failed_mail_waits_longer_each_time_then_is_given_up(db, worker, broken_server, caplog):
    mail = write()
    for attempt, pause in enumerate(RETRY_AFTER, start=1):
        before = timezone.now()
        OutgoingMail.objects.update(next_attempt_at=before)
        deliver_mails.call([mail.message_id])
        mail.refresh_from_db()
        assert mail.state == State.QUEUED
        assert mail.attempts == attempt
        assert mail.next_attempt_at is not None
        assert pause <= mail.next_attempt_at - before < pause + dt.timedelta(seconds=20)
    OutgoingMail.objects.update(next_attempt_at=timezone.now())
    deliver_mails.call([mail.message_id])
    mail.refresh_from_db()
    assert (mail.state, mail.next_attempt_at) == (State.FAILED, None)
    assert f"mail {mail.pk} given up" in caplog.text
    assert "a@example.org" not in caplog.text


def test_second_task_does_not_hurry_a_failed_mail(db, worker, broken_server):
    mail = write()
    deliver_mails.call([mail.message_id])
    deliver_mails.call([mail.message_id])
    mail.refresh_from_db()
    assert mail.attempts == 1


def test_sent_mail_is_never_sent_again(db, mailoutbox):
    mail = write()
    deliver_mails.call([mail.message_id])
    assert len(mailoutbox) == 1


def test_message_id_is_the_same_on_every_attempt(db, worker, mailoutbox, monkeypatch):
    mail = write()
    with monkeypatch.context() as patch:
        patch.setattr(
            "django.core.mail.EmailMultiAlternatives.send",
            lambda self: (_ for _ in ()).throw(OSError),
        )
        deliver_mails.call([mail.message_id])
    OutgoingMail.objects.update(next_attempt_at=timezone.now())
    deliver_mails.call([mail.message_id])
    assert mailoutbox[0].message()["Message-ID"] == mail.message_id


def in_other_connection(work: Callable[[], None]) -> threading.Thread:
    """Run beside the test, committed: another process would see it."""

    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_two_workers_send_one_mail(db, worker, monkeypatch):
    inside, go_on = threading.Event(), threading.Event()
    sent, written = [], []

    def slow_send(self):
        sent.append(self)
        inside.set()
        go_on.wait(timeout=10)

    def first_worker() -> None:
        mail = write("two workers")
        written.append(mail.message_id)
        try:
            deliver_mails.call([mail.message_id])
        finally:
            mail.delete()
            DBTaskResult.objects.all().delete()

    monkeypatch.setattr("django.core.mail.EmailMultiAlternatives.send", slow_send)
    thread = in_other_connection(first_worker)
    assert inside.wait(timeout=10)
    deliver_mails.call(written)
    go_on.set()
    thread.join()
    assert len(sent) == 1


def test_housekeeping_queues_again_what_a_killed_worker_left(db, worker):
    mail = write()
    DBTaskResult.objects.update(status=TaskResultStatus.RUNNING)
    assert requeue_due_mails(now=timezone.now()) == 1
    assert requeue_due_mails(now=timezone.now()) == 0
    assert DBTaskResult.objects.ready().get().args_kwargs["args"] == [[mail.message_id]]


def test_housekeeping_waits_for_the_next_attempt(db, worker, broken_server):
    mail = write()
    DBTaskResult.objects.all().delete()
    deliver_mails.call([mail.message_id])
    assert requeue_due_mails(now=timezone.now()) == 0
    assert requeue_due_mails(now=timezone.now() + dt.timedelta(minutes=2)) == 1


def test_old_mails_are_deleted(db, mailoutbox):
    now = timezone.now()
    for key, state, age in [
        ("sent old", State.SENT, 31),
        ("sent", State.SENT, 29),
        ("failed old", State.FAILED, 91),
        ("failed", State.FAILED, 89),
        ("queued", State.QUEUED, 400),
    ]:
        mail = write(key)
        OutgoingMail.objects.filter(pk=mail.pk).update(
            state=state,
            sent_at=now - dt.timedelta(days=age) if state == State.SENT else None,
            created_at=now - dt.timedelta(days=age),
        )
    assert prune_mails(now=now) == 2
    assert set(OutgoingMail.objects.values_list("key", flat=True)) == {"sent", "failed", "queued"}


def test_housekeeping_deletes_old_task_results(db, worker):
    write()
    old = timezone.now() - dt.timedelta(days=8)
    DBTaskResult.objects.update(status=TaskResultStatus.SUCCESSFUL, finished_at=old)
    assert housekeeping.keep_house(now=timezone.now())["task results deleted"] == 1


def test_housekeeping_deletes_expired_rows_of_the_database_cache(db, settings):
    database_cache = {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache_of_this_test",
    }
    with override_settings(CACHES={**settings.CACHES, "default": database_cache}):
        call_command("createcachetable", verbosity=0)
        cache = caches["default"]
        cache.set("over", 1, timeout=1)
        cache.set("stays", 1, timeout=3600)
        later = timezone.now() + dt.timedelta(minutes=1)
        assert housekeeping.prune_cache_rows(now=later) == 1
        assert cache.get("stays") == 1


def test_housekeeping_deletes_expired_sessions(client, db):
    client.force_login(UserFactory.create())
    Session.objects.update(expire_date=timezone.now() - dt.timedelta(minutes=1))
    housekeeping.keep_house(now=timezone.now())
    assert not Session.objects.exists()


def test_housekeeping_is_idempotent(db, worker, capsys):
    call_command("housekeeping")
    call_command("housekeeping")
    assert capsys.readouterr().out == ""


def test_housekeeping_leaves_the_work_to_the_one_that_runs(db, capsys):
    locked, done = threading.Event(), threading.Event()

    def other() -> None:
        with housekeeping.alone() as alone:
            assert alone
            locked.set()
            done.wait(timeout=10)

    thread = in_other_connection(other)
    assert locked.wait(timeout=10)
    call_command("housekeeping")
    done.set()
    thread.join()
    assert "Another housekeeping" in capsys.readouterr().out
    call_command("housekeeping", verbosity=2)
    assert "Another housekeeping" not in capsys.readouterr().out


def test_demo_shows_the_mails(client, tree, mailoutbox):
    mail = write(text="Bitte hier entlang:\nhttp://localhost/konto/x/\n<b>kein HTML</b>")
    assert "Zusage" in client.get("/demo/post/").text
    text = client.get(f"/demo/post/{mail.pk}/").text
    assert 'href="http://localhost/konto/x/"' in text
    assert "<b>kein" not in text


def test_production_has_no_address_for_it(monkeypatch):
    import importlib  # noqa: PLC0415 - the address list is built anew

    import cms.urls  # noqa: PLC0415

    monkeypatch.setattr("django.conf.settings.ENVIRONMENT", "production")
    try:
        patterns = {str(pattern.pattern) for pattern in importlib.reload(cms.urls).urlpatterns}
        assert not [pattern for pattern in patterns if pattern.startswith(("demo/", "media/"))]
    finally:
        monkeypatch.undo()
        importlib.reload(cms.urls)


CALENDAR = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:CANCEL\r\nEND:VCALENDAR\r\n"


def write_all(*keys: str, **kwargs) -> None:
    now = timezone.now()
    not_before = kwargs.pop("not_before", None)
    mails = [
        NewMail(key=key, recipient=f"{key}@example.org", subject="S", text="T", **kwargs)
        for key in keys
    ]
    queue_mails(mails, now=now, not_before=not_before)


def test_many_mails_cost_one_insert_and_one_task(db, worker, django_assert_num_queries):
    with django_assert_num_queries(2):
        write_all("a", "b", "c")
    assert len(DBTaskResult.objects.get().args_kwargs["args"][0]) == 3


def test_of_many_mails_only_new_ones_are_sent(db, mailoutbox):
    write_all("a", "b")
    write_all("b", "c")
    assert [sent.to for sent in mailoutbox] == [
        ["a@example.org"],
        ["b@example.org"],
        ["c@example.org"],
    ]


def test_answers_and_calendar_go_along(db, mailoutbox):
    write_all("a", reply_to="haus@example.org", calendar=CALENDAR, html="<p>T</p>")
    message = mailoutbox[0].message()
    assert message["Reply-To"] == "haus@example.org"
    (part,) = [part for part in message.walk() if part.get_filename()]
    assert (part.get_filename(), part.get_content_type()) == ("termin.ics", "text/calendar")
    assert (part.get_param("method"), part.get_param("charset")) == ("CANCEL", "utf-8")
    assert "METHOD:CANCEL" in part.get_payload(decode=True).decode()


def test_a_mail_kept_back_is_not_sent_before(db, worker, mailoutbox):
    later = timezone.now() + dt.timedelta(minutes=2)
    write_all("a", not_before=later)
    mail = OutgoingMail.objects.get()
    assert DBTaskResult.objects.get().run_after == later
    deliver_mails.call([mail.message_id])
    assert mailoutbox == []
    OutgoingMail.objects.update(next_attempt_at=timezone.now())
    deliver_mails.call([mail.message_id])
    assert len(mailoutbox) == 1


def test_a_new_mail_does_not_wait_for_the_workers_clock(db, worker, mailoutbox):
    mail = queue_mail(
        key="a",
        recipient="a@example.org",
        subject="S",
        text="T",
        now=timezone.now() + dt.timedelta(seconds=30),
    )
    deliver_mails.call([mail.message_id])
    assert len(mailoutbox) == 1


def test_withdrawing_takes_all_or_nothing(db, worker):
    write_all("step:1:a", "step:1:b", "step:10:a")
    OutgoingMail.objects.filter(key="step:1:b").update(attempts=1)
    assert withdraw_mails(key_start="step:1:") is None
    assert OutgoingMail.objects.count() == 3
    OutgoingMail.objects.update(attempts=0)
    assert withdraw_mails(key_start="step:1:") == 2
    assert [mail.key for mail in OutgoingMail.objects.all()] == ["step:10:a"]


def test_what_is_kept_back_can_be_let_go(db, worker, mailoutbox):
    later = timezone.now() + dt.timedelta(minutes=2)
    write_all("step:1:a", not_before=later)
    write_all("step:2:a", not_before=later)
    release_mails(key_starts=["step:1:"])
    assert withdraw_mails(key_start="step:1:", only_kept_back=True) is None
    deliver_mails.call(list(OutgoingMail.objects.values_list("message_id", flat=True)))
    assert len(mailoutbox) == 1
    assert DBTaskResult.objects.count() == 3
    assert withdraw_mails(key_start="step:2:", only_kept_back=True) == 1


def test_demo_shows_html_attachment_and_waiting_time(client, tree, worker):
    later = timezone.now() + dt.timedelta(minutes=2)
    write_all("a", html="<p>Hallo</p>", calendar=CALENDAR, not_before=later)
    pk = OutgoingMail.objects.get().pk
    page = client.get(f"/demo/post/{pk}/").text
    assert "Wartet bis" in page
    assert "Wartet bis" in client.get("/demo/post/").text
    assert f'href="/demo/post/{pk}/html/"' in page
    html = client.get(f"/demo/post/{pk}/html/")
    assert html.text == "<p>Hallo</p>"
    assert "script-src 'self'" in html["Content-Security-Policy"]
    calendar = client.get(f"/demo/post/{pk}/termin.ics")
    assert (calendar.text, calendar["Content-Type"]) == (CALENDAR, "text/calendar; charset=utf-8")


def test_demo_has_no_html_or_attachment_where_there_is_none(client, tree, mailoutbox):
    pk = write().pk
    for path in ("html/", "termin.ics"):
        assert client.get(f"/demo/post/{pk}/{path}").status_code == 404
