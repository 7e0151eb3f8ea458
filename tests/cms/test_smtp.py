"""Mail to a server that really answers: it takes, refuses, drops the connection or says nothing."""

import datetime as dt
from email import message_from_bytes

import pytest
from django.utils import timezone

from cms.models import OutgoingMail
from cms.services.mail import NewMail, queue_mails
from cms.tasks import deliver_mails
from tests.smtp_server import Mood, smtp_server

State = OutgoingMail.State


@pytest.fixture
def server(db, settings):
    with smtp_server() as found:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", found.port
        settings.EMAIL_USE_TLS, settings.EMAIL_TIMEOUT = False, 0.2
        yield found


def write() -> OutgoingMail:
    mail = NewMail(
        key="booking:1:a@example.org",
        recipient="a@example.org",
        subject="Zusage: Saal für Sie",
        text="Der Raum ist für Sie gebucht.",
        html="<p>Der Raum ist für Sie gebucht.</p>",
        calendar="BEGIN:VCALENDAR\r\nMETHOD:PUBLISH\r\nEND:VCALENDAR\r\n",
    )
    queue_mails([mail], now=timezone.now())
    return OutgoingMail.objects.get()


def test_a_mail_arrives_with_all_its_parts(server):
    assert write().state == State.SENT
    mail = message_from_bytes(server.taken[0])
    kinds = [part.get_content_type() for part in mail.walk() if not part.is_multipart()]
    assert kinds == ["text/plain", "text/html", "text/calendar"]
    assert mail["To"] == "a@example.org"


@pytest.mark.parametrize("mood", [Mood.REFUSES, Mood.DROPS, Mood.SILENT])
def test_a_server_in_trouble_delays_a_mail_and_loses_nothing(server, mood):
    server.mood = mood
    mail = write()
    assert (mail.state, mail.attempts, server.taken) == (State.QUEUED, 1, [])
    server.mood = Mood.TAKES
    OutgoingMail.objects.update(next_attempt_at=timezone.now() - dt.timedelta(seconds=1))
    deliver_mails.enqueue([mail.message_id])
    mail.refresh_from_db()
    assert (mail.state, mail.attempts, len(server.taken)) == (State.SENT, 2, 1)
