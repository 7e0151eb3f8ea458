"""The reminder on the day before: once, with the key, and a link that cancels just that date."""

import datetime as dt
import re
from dataclasses import replace
from email import message_from_bytes, policy

import pytest
import time_machine
from django.conf import settings
from django.test import Client

from bookings.models import BookingDate, Membership, PersonalChoices
from bookings.rules.states import DateState
from bookings.services.choices import choose_reminders
from bookings.services.decisions import approve
from bookings.services.own_dates import give_up
from bookings.services.policies import save_policy
from bookings.services.reminders import remind
from bookings.services.requests import send_request
from bookings.views import reminders as views
from cms.models import OutgoingMail
from cms.opening_hours import BERLIN
from tests.factories.bookings import (
    EVERY_FRIDAY,
    FRIDAY,
    NOW,
    date_of,
    new_request,
    promised,
    requested,
    span,
)
from tests.reading import main, words

pytestmark = pytest.mark.django_db
DAY_BEFORE = dt.datetime(2026, 11, 26, 9, tzinfo=BERLIN)
A_MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def ours(choir, singer):
    return {"association": choir, "requester": singer}


@pytest.fixture
def booking(room, ours):
    type(room).objects.update(key_text="Am Empfang. Frau Beispiel öffnet ab 18 Uhr.")
    room.refresh_from_db()
    return promised(room, **ours)


def reminders():
    return OutgoingMail.objects.filter(key__startswith="reminder:")


def link(kind: str, mail: OutgoingMail | None = None) -> str:
    """Return the path of a link in the reminder."""
    found = re.search(rf"https?://[^/\s]+(/\S+/{kind}/)", (mail or reminders().get()).text)
    assert found
    return found[1]


@pytest.fixture
def reminded(booking):
    """Remind on the day before, and stay there."""
    with time_machine.travel(DAY_BEFORE, tick=False):
        assert remind(now=DAY_BEFORE) == 1
        yield booking


def test_the_group_is_reminded_once_on_the_day_before(booking):
    assert remind(now=DAY_BEFORE - dt.timedelta(days=1)) == 0
    assert remind(now=DAY_BEFORE - A_MINUTE) == 0
    assert remind(now=DAY_BEFORE) == 1
    assert [remind(now=DAY_BEFORE + number * A_MINUTE) for number in range(2)] == [0, 0]
    mail = reminders().get()
    assert mail.recipient == "vorstand@chor.example.org"
    assert mail.subject.replace("\N{NO-BREAK SPACE}", " ") == "Morgen: Kursraum, 19:00 Uhr"
    text = words(mail.text)
    assert text.startswith(
        "Findet der Termin statt? Dann müssen Sie nichts tun. Fällt er aus, sagen Sie ihn bitte "
        "hier ab – andere freuen sich über den Raum."
    )
    assert "Schlüssel: Am Empfang. Frau Beispiel öffnet ab 18 Uhr." in text
    assert "Am Empfang. Frau Beispiel öffnet ab 18 Uhr." in mail.html
    assert link("abbestellen") in mail.html


def test_nobody_is_reminded_of_what_is_not_promised_or_promised_today(room, ours):
    requested(room, **ours)
    promised(room, span("08:00", "09:00"), now=DAY_BEFORE - A_MINUTE, **ours)
    gone = promised(room, span("10:00", "11:00"), **ours)
    give_up(date=date_of(gone), actor=gone.requester, now=NOW)
    assert remind(now=DAY_BEFORE) == 0


def test_a_date_that_moves_is_reminded_of_again(reminded):
    occurrence = date_of(reminded).occurrence
    later = dt.timedelta(days=7)
    occurrence.start, occurrence.end = occurrence.start + later, occurrence.end + later
    occurrence.save()
    with time_machine.travel(DAY_BEFORE + later, tick=False):
        assert remind(now=DAY_BEFORE + later) == 1
    assert reminders().count() == 2


def test_link_asks_first_and_cancels_just_that_date_without_signing_in(room, ours, manager):
    fridays = [span(day=FRIDAY + dt.timedelta(weeks=number)) for number in range(3)]
    series = replace(new_request(room, **ours), spans=fridays, recurrence=EVERY_FRIDAY)
    booking = send_request(request=series, now=NOW)
    ids = list(booking.dates.values_list("pk", flat=True))
    approve(booking=booking, date_ids=ids, actor=manager, now=NOW)
    browser = Client(enforce_csrf_checks=True)
    with time_machine.travel(DAY_BEFORE, tick=False):
        remind(now=DAY_BEFORE)
        path = link("absagen")
        page = browser.get(path)
        assert "Diesen Termin absagen?" in main(page.text)
        assert "Die anderen Termine bleiben." in main(page.text)
        assert not page.cookies
        assert 'name="robots" content="noindex"' in page.text
        assert not BookingDate.objects.exclude(state=DateState.APPROVED).exists()
        answer = browser.post(path, follow=True)
    assert "Abgesagt. Danke – der Raum ist wieder frei." in main(answer.text)
    states = list(booking.dates.order_by("occurrence__start").values_list("state", flat=True))
    assert states == ["cancelled", *["approved"] * (len(ids) - 1)]
    assert booking.log.last().actor == booking.requester


def test_link_is_good_for_nothing_else(client, reminded):
    path = link("absagen")
    assert client.get(path.replace("/absagen/", "x/absagen/")).status_code == 410
    assert client.get(link("abbestellen").replace("abbestellen", "absagen")).status_code == 410
    with time_machine.travel(DAY_BEFORE + dt.timedelta(days=4), tick=False):
        assert client.post(path).status_code == 410
    with time_machine.travel(span().start + A_MINUTE, tick=False):
        client.post(path)
        assert "hat schon begonnen" in main(client.get(path).text)
    Membership.objects.all().delete()  # the group is in other hands
    assert client.post(path).status_code == 410
    assert date_of(reminded).state == DateState.APPROVED


def test_link_in_an_old_reminder_does_not_cancel_the_moved_date(client, reminded):
    path = link("absagen")
    occurrence = date_of(reminded).occurrence
    occurrence.start += dt.timedelta(hours=1)
    occurrence.save()
    assert client.post(path).status_code == 410
    assert date_of(reminded).state == DateState.APPROVED


def test_link_does_not_cancel_a_date_that_moves_in_that_moment(client, reminded, monkeypatch):
    def meanwhile(**values):
        occurrence = date_of(reminded).occurrence
        occurrence.start += dt.timedelta(hours=1)
        occurrence.save()
        return give_up(**values)

    monkeypatch.setattr(views, "give_up", meanwhile)
    assert client.post(link("absagen")).status_code == 302
    assert date_of(reminded).state == DateState.APPROVED


def test_reminder_that_still_waits_does_not_arrive_after_the_cancellation(booking, settings):
    settings.TASKS = {
        "default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}
    }
    assert remind(now=DAY_BEFORE) == 1
    give_up(date=date_of(booking), actor=booking.requester, now=DAY_BEFORE)
    assert not reminders().exists()


def test_who_is_too_late_to_cancel_is_told_to_ring_up(room, booking, client):
    save_policy(centre=room.centre, values={"cancel_hours": 72})
    with time_machine.travel(DAY_BEFORE, tick=False):
        assert remind(now=DAY_BEFORE) == 1
    text = words(reminders().get().text)
    assert "Fällt er aus, rufen Sie uns bitte an" in text
    assert "/absagen/" not in text


def test_reminders_can_be_switched_off_and_on_but_promises_come(
    client, reminded, singer, room, ours
):
    path = link("abbestellen")
    page = client.get(path)
    assert "Keine Erinnerungen mehr?" in main(page.text)
    assert singer.email not in page.text
    assert PersonalChoices.objects.filter(wants_reminders=False).count() == 0
    assert "Sie bekommen keine Erinnerungen mehr." in main(client.post(path, follow=True).text)
    later = span(day=dt.date(2026, 12, 4))
    promised(room, later, **ours)
    week_later = DAY_BEFORE + dt.timedelta(days=7)
    with time_machine.travel(week_later, tick=False):
        assert remind(now=week_later) == 0
        choose_reminders(user=singer, wanted=True)
        assert remind(now=week_later) == 0  # it is done with
    assert OutgoingMail.objects.filter(subject__startswith="Zusage").count() == 2


def test_a_mail_program_switches_reminders_off_with_one_post(reminded, mailoutbox):
    sent = [mail.message().as_bytes() for mail in mailoutbox]
    *others, reminder = [message_from_bytes(mail, policy=policy.default) for mail in sent]
    assert not any("List-Unsubscribe" in mail for mail in others)
    path = link("abbestellen")
    assert reminder["List-Unsubscribe"].strip() == f"<{settings.BASE_URL}{path}>"
    name, value = reminder["List-Unsubscribe-Post"].split("=")
    program = Client(enforce_csrf_checks=True)
    answer = program.post(path, {name: value})
    assert (answer.status_code, dict(answer.cookies)) == (200, {})
    assert not PersonalChoices.objects.get().wants_reminders


def test_the_switch_stands_on_the_own_page(client, singer, booking):
    client.force_login(singer)
    assert "Erinnerungen senden" in main(client.get("/konto/kalender/").text)
    page = client.post("/konto/kalender/erinnerungen/", follow=True)
    assert "Erinnerungen einschalten" in main(page.text)
    assert remind(now=DAY_BEFORE) == 0
    client.post("/konto/kalender/erinnerungen/", {"reminders": "on"})
    assert PersonalChoices.objects.get().wants_reminders
    assert client.get("/konto/kalender/erinnerungen/").status_code == 405
