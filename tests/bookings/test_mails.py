"""Who is told what, once, in words that begin with the answer."""

import datetime as dt
import re
from dataclasses import replace

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from bookings.models import Booking, BookingDate, BookingLog, Membership
from bookings.notifications import Notice, notify, preview, stop
from bookings.rules.states import Action, DateState
from bookings.selectors.proposals import WantedDate
from bookings.selectors.undelivered import undelivered
from bookings.services.changes import refuse_change
from bookings.services.decisions import (
    DecidedAlreadyError,
    approve,
    ask,
    reject,
    undo_approval,
)
from bookings.services.housekeeping import end_holds
from bookings.services.own_dates import answer, give_up, refusal_to_cancel
from bookings.services.policies import save_policy
from bookings.services.requests import send_request
from bookings.services.revoking import revoke
from bookings.services.series_edits import end_series, extend_series
from cms.models import Centre, OutgoingMail
from cms.opening_hours import BERLIN
from cms.services.mail import requeue_due_mails
from tests.bookings.changing import dates_of, fridays, move, promised_series, series, wish
from tests.factories.bookings import (
    EVERY_FRIDAY,
    FRIDAY,
    NOW,
    AssociationFactory,
    date_of,
    member_of,
    new_request,
    promised,
    requested,
    requested_too,
    span,
)

pytestmark = pytest.mark.django_db
LATER = NOW + dt.timedelta(days=1)
GROUP, BOSS = "vorstand@chor.example.org", "leitung.alfeld@example.org"
DEPUTY = "vertretung@chor.example.org"


@pytest.fixture(autouse=True)
def boss(manager):
    manager.email = BOSS
    manager.save()
    return manager


@pytest.fixture
def booking(room, choir, singer) -> Booking:
    return requested(room, association=choir, requester=singer)


@pytest.fixture
def worker(settings):
    """Tasks wait in the database, as outside the tests."""
    settings.TASKS = {
        "default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}
    }


@pytest.fixture(autouse=True)
def _no_mail_yet(request):
    """Let every test look at the mails of what it does itself."""
    if "booking" in request.fixturenames:
        request.getfixturevalue("booking")
        OutgoingMail.objects.all().delete()


def mails_to(recipient):
    return list(OutgoingMail.objects.filter(recipient=recipient).order_by("pk"))


def the_mail_to(recipient):
    (mail,) = mails_to(recipient)
    return mail


def address_of(booking):
    assert booking.requester
    return booking.requester.email


def ids(booking):
    return list(booking.dates.values_list("pk", flat=True))


def plain(mail):
    """Return the text with plain spaces, where the mail keeps "27. November" in one piece."""
    return mail.text.replace("\N{NO-BREAK SPACE}", " ")


def in_one_line(mail):
    return " ".join(mail.text.split())


# The agreed sentences -----------------------------------------------------------------------------


def test_a_request_is_received_with_number_and_deadline(room, choir, singer):
    booking = requested(room, association=choir, requester=singer)
    mail = the_mail_to(GROUP)
    assert mail.subject == "Ihre Anfrage: Kursraum, Fr., 27. November"
    assert in_one_line(mail).startswith(
        "Ihre Anfrage ist da. Der Raum ist noch nicht fest gebucht. Sie hören bis "
        "27. November 2026 von uns. Bis dahin halten wir den Termin für Sie frei. "
        f"Nummer: {booking.number}."
    )
    assert f"{settings.BASE_URL}/buchungen/{booking.number}/" in mail.text


def test_a_hold_is_promised_only_where_there_is_one(room, choir, singer):
    requested(room)
    requested_too(room, association=choir, requester=singer)
    mail = the_mail_to(GROUP)
    assert "halten wir den Termin" not in mail.text
    assert "Für diese Zeit gibt es schon eine frühere Anfrage." in mail.text


@pytest.mark.parametrize("taken_first", [True, False])
def test_a_receipt_counts_which_dates_of_a_series_are_held(room, choir, singer, taken_first):
    days = [FRIDAY + dt.timedelta(weeks=week) for week in range(5)]
    taken, held = (days[0], days[1]) if taken_first else (days[1], days[0])
    promised(room, span(day=taken))
    requested(room, span(day=days[2]))
    OutgoingMail.objects.all().delete()
    dates = [
        WantedDate(
            original=span(day=day),
            span=span(day=day),
            room=room,
            left_out=DateState.SKIPPED_CONFLICT if day == days[3] else None,
            waits=day not in {held, days[3]},
        )
        for day in days
    ]
    asked = replace(
        new_request(room, association=choir, requester=singer),
        dates=dates,
        recurrence=EVERY_FRIDAY,
    )
    send_request(request=asked, now=NOW)
    assert in_one_line(the_mail_to(GROUP)).startswith(
        "Ihre Anfrage ist da. Der Raum ist noch nicht fest gebucht. Sie hören bis 27. November 2026 "
        "von uns. Bis dahin halten wir 2 Termine für Sie frei. Für 1 Termin gibt es schon eine "
        "frühere Anfrage. 1 Termin steht auf der Warteliste. Wird er frei, schreiben wir Ihnen. "
        "1 Termin ist ausgelassen. Nummer: "
    )


def test_the_managers_get_everything_they_need_to_decide(room, choir, singer, boss):
    requested(room, association=AssociationFactory.create(name="Landfrauen"))
    OutgoingMail.objects.all().delete()
    choir.checked_at = None
    choir.save()
    booking = requested_too(
        room, association=choir, requester=singer, wishes="Zwei Tische", has_music=True
    )
    text = plain(the_mail_to(BOSS))
    assert text.startswith("Neue Anfrage: Gemischter Chor – Kursraum, Fr., 27. November.")
    for fact in (
        "Wann: Fr., 27. November 2026, 19:00–21:00 Uhr",
        "noch nicht geprüft",
        "Wofür: Chorprobe",
        "20 (in den Raum dürfen höchstens 25)",
        "Zwei Tische\nMusik oder Tanz",
        "Erika Muster, 040 66969 120",
        "Andere Anfragen für diese Zeit: Landfrauen: Kursraum, Fr., 27. November 2026",
        f"{settings.BASE_URL}/verwaltung/anfragen/{booking.pk}/",
    ):
        assert fact in text


def test_the_waiting_list_is_told_with_its_place(room, choir, singer):
    promised(room)
    requested_too(room)
    requested_too(room, association=choir, requester=singer)
    text = in_one_line(the_mail_to(GROUP))
    assert "Sie stehen auf Platz 2. Wird der Termin frei, schreiben wir Ihnen." in text
    assert "noch nicht fest gebucht" not in text


def test_the_managers_read_that_a_group_waits_and_that_nothing_is_to_be_decided(
    room, choir, singer
):
    promised(room)
    OutgoingMail.objects.all().delete()
    requested_too(room, association=choir, requester=singer)
    mail = the_mail_to(BOSS)
    assert mail.subject == "Warteliste: Kursraum, Fr., 27. November – Gemischter Chor"
    assert in_one_line(mail).startswith(
        "Auf der Warteliste: Gemischter Chor – Kursraum, Fr., 27. November. Die Zeit ist schon vergeben. "
        "Jetzt ist nichts zu entscheiden. Wird sie frei, bekommt von selbst ein Angebot, wer an "
        "der Reihe ist. Anfrage ansehen: "
    )
    assert "Die Gruppe hört von uns bis" not in mail.text


def test_the_managers_read_how_many_dates_of_a_series_only_wait(room, choir, singer):
    promised(room)
    OutgoingMail.objects.all().delete()
    days = [FRIDAY, FRIDAY + dt.timedelta(weeks=1)]
    dates = [
        WantedDate(original=span(day=day), span=span(day=day), room=room, waits=day == FRIDAY)
        for day in days
    ]
    asked = new_request(room, association=choir, requester=singer)
    send_request(request=replace(asked, dates=dates, recurrence=EVERY_FRIDAY), now=NOW)
    mail = the_mail_to(BOSS)
    assert mail.subject.startswith("Neue Anfrage: ")
    assert "1 Termin davon steht auf der Warteliste: Die Zeit ist schon vergeben." in mail.text
    assert "Die Gruppe hört von uns bis" in mail.text


def test_what_the_rules_promise_at_once_comes_with_everything_to_prepare(room, choir, singer):
    save_policy(centre=room.centre, values={"approval": "at_once"})
    asked = new_request(room, association=choir, requester=singer, wishes="Zwei Tische")
    booking = send_request(request=replace(asked, may_be_firm=True), now=NOW)
    text = plain(the_mail_to(BOSS))
    assert text.startswith("Gebucht: Gemischter Chor. ")
    for fact in (
        "20 (in den Raum dürfen höchstens 25)",
        "Wünsche: Zwei Tische",
        "Ansprechperson am Tag: Erika Muster, 040 66969 120",
        f"Nummer: {booking.number}",
    ):
        assert fact in text


def test_who_wants_the_room_of_another_date_is_no_rival(hall, choir, singer):
    whole, north, south = hall
    rivals = {
        name: requested(room, when, association=AssociationFactory.create(name=name))
        for name, room, when in (
            ("Skat", south, span("19:00", "21:00")),
            ("Yoga", whole, span("19:00", "21:00", FRIDAY + dt.timedelta(weeks=1))),
        )
    }
    dates = [
        WantedDate(original=span(day=day), span=span(day=day), room=room, waits=True)
        for day, room in ((FRIDAY, north), (FRIDAY + dt.timedelta(weeks=1), south))
    ]
    asked = new_request(north, association=choir, requester=singer)
    OutgoingMail.objects.all().delete()
    send_request(request=replace(asked, dates=dates, recurrence=EVERY_FRIDAY), now=NOW)
    named = {name for name in rivals if name in the_mail_to(BOSS).text}
    assert named == {"Yoga"}


def test_a_question_comes_with_its_deadline_and_the_way_to_answer(booking, boss):
    ask(booking=booking, actor=boss, question="Brauchen Sie das Klavier?", now=NOW)
    mail = the_mail_to(GROUP)
    assert in_one_line(mail).startswith(
        "Eine Frage zu Ihrer Anfrage: Brauchen Sie das Klavier? Bitte antworten Sie bis "
        "27. November 2026. Der Termin bleibt so lange für Sie frei."
    )
    assert f"/buchungen/{booking.number}/antworten/" in mail.text
    assert mails_to(BOSS) == []


def test_several_dates_are_not_spoken_of_as_one(room, choir, singer, boss):
    booking = series(room, 3, association=choir, requester=singer)
    decision = {"booking": booking, "actor": boss, "now": NOW}
    ask(**decision, question="Klavier?")
    question = mails_to(GROUP)[-1]
    assert "Die Termine bleiben so lange für Sie frei." in question.text
    reject(**decision, date_ids=ids(booking), reason="Fest")
    refusal = in_one_line(mails_to(GROUP)[-1])
    assert "Haben Sie die Termine schon in Ihren Kalender eingetragen?" in refusal
    assert "Die angehängte Datei nimmt sie wieder heraus." in refusal


def test_who_loses_several_dates_reads_how_many(room, choir, singer, boss):
    series(room, 3, association=choir, requester=singer)
    dates = [WantedDate(original=when, span=when, room=room, waits=True) for when in fridays(2)]
    asked = replace(new_request(room), dates=dates, recurrence=EVERY_FRIDAY)
    other = send_request(request=asked, now=NOW)
    approve(booking=other, date_ids=ids(other), actor=boss, now=NOW)
    assert in_one_line(mails_to(GROUP)[-1]).startswith(
        "2 Ihrer Termine sind an eine andere Gruppe vergeben. Sie stehen auf der Warteliste. "
        "Wird einer der Termine frei, schreiben wir Ihnen."
    )


def test_an_answer_goes_to_the_managers_only(booking, boss, singer):
    ask(booking=booking, actor=boss, question="Klavier?", now=NOW)
    OutgoingMail.objects.all().delete()
    answer(booking=booking, actor=singer, text="Ja, bitte.", now=NOW)
    assert the_mail_to(BOSS).text.startswith("Antwort auf Ihre Frage – Gemischter Chor: Ja, bitte.")
    assert mails_to(GROUP) == []


def test_a_promise_has_key_costs_contact_and_how_to_cancel(booking, boss, room):
    room.key_text, room.costs = "Am Empfang.", "5 € je Stunde"
    room.save()
    approve(booking=booking, date_ids=ids(booking), actor=boss, now=NOW, message="Bitte lüften.")
    mail = the_mail_to(GROUP)
    assert mail.subject == "Zusage: Kursraum, Fr., 27. November, 19:00 Uhr"
    assert mail.text.startswith("Der Raum ist für Sie gebucht.\n\nBitte lüften.")
    for fact in ("Schlüssel: Am Empfang.", "Kosten: 5 € je Stunde", "Fällt der Termin aus?"):
        assert fact in mail.text
    assert mail.calendar.startswith("BEGIN:VCALENDAR")


@pytest.mark.parametrize(
    ("hours", "sentence"),
    [
        (0, "andere freuen sich über den Raum. Das geht bis zum Beginn."),
        (48, "Das geht bis morgen, Mi., 25. November, 19:00 Uhr; danach rufen Sie uns bitte an."),
        (96, "Fällt der Termin aus? Rufen Sie uns bitte an – andere freuen sich über den Raum."),
    ],
)
def test_a_promise_says_until_when_the_group_can_cancel(booking, boss, room, hours, sentence):
    save_policy(centre=room.centre, values={"cancel_hours": hours})
    approve(booking=booking, date_ids=ids(booking), actor=boss, now=NOW)
    mail = the_mail_to(GROUP)
    assert sentence in in_one_line(mail).replace("\N{NO-BREAK SPACE}", " ")
    assert ("Termin ansehen oder absagen" in mail.text) == (hours < 96)


def test_a_promise_at_once_counts_the_hours_of_the_night_of_the_clock(room, choir, singer):
    save_policy(centre=room.centre, values={"cancel_hours": 24, "approval": "at_once"})
    when = span(day=dt.date(2027, 10, 31))
    booking = requested(room, when, association=choir, requester=singer)
    last = dt.datetime(2027, 10, 30, 20, tzinfo=BERLIN)
    date = BookingDate.objects.get(booking=booking)
    assert refusal_to_cancel(date, now=last) is None
    assert refusal_to_cancel(date, now=last + dt.timedelta(minutes=1)) is not None
    assert "30. Oktober, 20:00 Uhr; danach" in in_one_line(the_mail_to(GROUP)).replace(
        "\N{NO-BREAK SPACE}", " "
    )


def test_a_promise_of_a_series_says_how_long_before_each_date_one_can_cancel(room, boss):
    save_policy(centre=room.centre, values={"cancel_hours": 48})
    spans = [span(day=FRIDAY + dt.timedelta(weeks=week)) for week in range(2)]
    request = replace(new_request(room), spans=spans, recurrence=EVERY_FRIDAY)
    booking = send_request(request=request, now=NOW)
    OutgoingMail.objects.all().delete()
    approve(booking=booking, date_ids=ids(booking), actor=boss, now=NOW)
    text = in_one_line(OutgoingMail.objects.get())
    assert "Das geht bis 48 Stunden vor dem Beginn; danach rufen Sie uns bitte an." in text
    assert (
        "Fällt ein Termin aus? Sagen Sie ihn bitte über „Termine ansehen oder absagen“ ab" in text
    )
    assert "Mit der angehängten Datei tragen Sie die Termine in Ihren Kalender ein." in text


def test_what_is_promised_at_once_later_on_is_told_by_itself(room, boss):
    booking = series(room, 3)
    first, *others = ids(booking)
    reject(booking=booking, date_ids=[first], actor=boss, reason="Fest", now=NOW)
    approve(booking=booking, date_ids=others, actor=boss, now=NOW)
    OutgoingMail.objects.all().delete()
    save_policy(centre=room.centre, values={"approval": "at_once"})
    (more,) = extend_series(
        booking=booking, until=FRIDAY + dt.timedelta(weeks=3), actor=None, text="Fest", now=NOW
    )
    assert "Fest" in the_mail_to(BOSS).text  # what the group wrote is for the team
    mail = the_mail_to(address_of(booking))
    assert mail.subject == "Zusage: Kursraum, Fr., 18. Dezember, 19:00 Uhr"
    assert "können wir nicht zusagen" not in plain(mail)
    assert "Fest" not in mail.text
    assert more.state == "approved"


def test_a_promise_of_all_that_was_open_is_one_for_all(room, boss):
    booking = series(room, 3)
    first, *others = ids(booking)
    approve(booking=booking, date_ids=others, actor=boss, now=NOW)
    give_up(date=dates_of(booking)[2], actor=booking.requester, now=NOW)
    OutgoingMail.objects.all().delete()
    approve(booking=booking, date_ids=[first], actor=boss, now=NOW)
    mail = the_mail_to(address_of(booking))
    assert mail.subject == "Zusage: Kursraum, Fr., 27. November, 19:00 Uhr"
    assert mail.text.startswith("Der Raum ist für Sie gebucht.")


def test_a_promise_for_some_dates_says_which_not(room, boss):
    spans = [span(day=FRIDAY + dt.timedelta(weeks=week)) for week in range(4)]
    booking = send_request(
        request=replace(new_request(room), spans=spans, recurrence=EVERY_FRIDAY), now=NOW
    )
    first, second, third, _fourth = ids(booking)
    reject(booking=booking, date_ids=[first], actor=boss, reason="Fest", now=NOW)
    OutgoingMail.objects.all().delete()
    approve(booking=booking, date_ids=[second, third], actor=boss, now=NOW)
    (mail,) = OutgoingMail.objects.all()
    assert mail.subject == "Zusage für 2 von 4 Terminen: Kursraum"
    assert mail.text.startswith("2 Termine sind für Sie gebucht.")
    assert "Diesen 1 Termin können wir nicht zusagen:\nFr., 27. November 2026" in plain(mail)
    assert "\nGrund: Fest.\n" in mail.text
    assert "Über 1 Termin entscheiden wir noch." in mail.text


def test_a_refusal_gives_the_reason_and_what_the_manager_suggests(booking, boss):
    reject(
        booking=booking,
        date_ids=ids(booking),
        actor=boss,
        reason="Fest im Haus",
        suggestion="Kursraum, Fr., 27. November 2026, 17:00–19:00 Uhr",
        now=NOW,
    )
    mail = the_mail_to(GROUP)
    assert mail.subject == "Leider nicht möglich: Kursraum, Fr., 27. November"
    assert in_one_line(mail).startswith(
        "Wir können Ihnen den Raum an diesem Termin nicht geben. Grund: Fest im Haus. "
        "Frei wäre zum Beispiel: Kursraum, Fr., 27. November 2026, 17:00–19:00 Uhr."
    )
    assert "/raeume/alfeld/kursraum/?woche=2026-W48" in mail.text


def test_a_refusal_without_a_suggestion_names_no_time(booking, boss):
    reject(booking=booking, date_ids=ids(booking), actor=boss, reason="Fest!", now=NOW)
    text = in_one_line(the_mail_to(GROUP))
    assert "Grund: Fest! " in text
    assert "Frei wäre" not in text


def test_a_provisional_entry_goes_when_nothing_of_the_request_is_open(room, boss):
    booking = series(room, 3)
    first, second, third = ids(booking)
    OutgoingMail.objects.all().delete()
    reject(booking=booking, date_ids=[first], actor=boss, reason="Fest", now=NOW)
    approve(booking=booking, date_ids=[second], actor=boss, now=NOW)
    reject(booking=booking, date_ids=[third], actor=boss, reason="Fest", now=NOW)
    early, _promise, late = mails_to(address_of(booking))
    # One date is still open: the file would take that out, too.
    assert (early.calendar, "angehängte Datei" in early.text) == ("", False)
    assert "Die angehängte Datei nimmt ihn wieder heraus." in in_one_line(late)
    assert late.calendar.count("BEGIN:VEVENT") == 1
    assert "STATUS:CONFIRMED" in late.calendar
    assert "DTSTART;TZID=Europe/Berlin:20261204T190000" in late.calendar
    single = requested(room, span("08:00", "10:00"))
    reject(booking=single, date_ids=ids(single), actor=boss, reason="Fest", now=NOW)
    assert "METHOD:CANCEL" in mails_to(address_of(single))[-1].calendar


def test_who_loses_to_another_group_hears_its_place(booking, boss, room):
    other = requested_too(room)
    OutgoingMail.objects.all().delete()
    approve(booking=other, date_ids=ids(other), actor=boss, now=NOW)
    mail = the_mail_to(GROUP)
    assert mail.subject == "Warteliste: Kursraum, Fr., 27. November"
    assert "Sie stehen auf Platz 1. Wird der Termin frei, schreiben wir Ihnen." in mail.text


def test_a_time_that_is_free_again_is_offered_and_only_the_cancelling_told_to_managers(
    room, choir, singer
):
    first = promised(room)
    requested_too(room, association=choir, requester=singer)
    OutgoingMail.objects.all().delete()
    give_up(date=date_of(first), actor=first.requester, now=NOW)
    assert the_mail_to(GROUP).text.startswith("Der Termin ist frei geworden.")
    assert [mail.subject.split(":")[0] for mail in mails_to(BOSS)] == ["Fällt aus"]


def test_a_hold_that_ends_is_told_to_group_and_managers(booking, choir, singer, room):
    later = span(day=FRIDAY + dt.timedelta(weeks=8))
    requested(room, later, association=choir, requester=singer)
    OutgoingMail.objects.all().delete()
    end_holds(now=NOW + dt.timedelta(days=15))
    text = in_one_line(the_mail_to(GROUP))
    assert text.startswith(
        "Wir konnten noch nicht entscheiden. Der Termin wird nicht länger freigehalten; "
        "Ihre Anfrage bleibt bestehen. Bei Fragen: "
    )
    assert the_mail_to(BOSS).text.startswith("Noch zu entscheiden: Gemischter Chor.")


def test_a_hold_ends_after_the_last_day_that_the_group_was_told(room, choir, singer, boss):
    later = span(day=FRIDAY + dt.timedelta(weeks=8))
    booking = requested(room, later, association=choir, requester=singer)
    ask(booking=booking, actor=boss, question="Klavier?", now=NOW + dt.timedelta(days=13))
    OutgoingMail.objects.all().delete()
    booking.refresh_from_db()
    last_day = dt.datetime.combine(booking.question_due, dt.time(23), tzinfo=BERLIN)
    assert end_holds(now=last_day) == 0
    assert end_holds(now=last_day + dt.timedelta(hours=1)) == 1
    mail = the_mail_to(GROUP)
    assert mail.subject.startswith("Ihre Antwort fehlt noch: Kursraum")
    assert mail.text.startswith("Wir brauchen noch Ihre Antwort: Klavier?\n\nDer Termin wird nicht")
    assert f"/buchungen/{booking.number}/antworten/" in mail.text
    assert "Die Gruppe hat noch nicht geantwortet: Klavier?" in the_mail_to(BOSS).text


def test_holds_of_a_series_that_end_together_are_told_in_one_mail(room, choir, singer):
    booking = series(room, 6, association=choir, requester=singer)
    OutgoingMail.objects.all().delete()
    assert end_holds(now=NOW + dt.timedelta(days=15)) == 6
    assert not any(date.stands for date in dates_of(booking))
    mail = the_mail_to(GROUP)
    assert "4 Termine" in mail.subject  # those that are over or begin today are not news
    assert "Die Termine werden nicht länger freigehalten" in in_one_line(mail)
    assert "Die Termine werden nicht länger freigehalten" in in_one_line(the_mail_to(BOSS))


def test_withdrawing_and_cancelling_tell_both_sides(booking, room, boss, choir, singer):
    give_up(date=date_of(booking), actor=singer, now=NOW)
    assert "METHOD:CANCEL" in the_mail_to(GROUP).calendar  # it may be entered provisionally
    assert "zurückgezogen" in the_mail_to(BOSS).text
    second = promised(room, association=choir, requester=singer)
    OutgoingMail.objects.all().delete()
    give_up(date=date_of(second), actor=singer, now=NOW)
    mail = the_mail_to(GROUP)
    assert mail.text.startswith("Abgesagt. Danke – der Raum ist wieder frei.")
    assert "METHOD:CANCEL" in mail.calendar
    assert the_mail_to(BOSS).calendar == ""


@pytest.fixture
def deputy(choir):
    return member_of(choir, first_name="Jan", last_name="Beispiel", email=DEPUTY)


def test_a_member_who_cancels_has_the_receipt_and_who_asked_reads_who_it_was(
    room, choir, singer, deputy
):
    booking = promised(room, association=choir, requester=singer)
    OutgoingMail.objects.all().delete()
    give_up(date=date_of(booking), actor=deputy, now=NOW)
    receipt, told = the_mail_to(DEPUTY), the_mail_to(GROUP)
    assert receipt.text.startswith("Abgesagt. Danke – der Raum ist wieder frei.")
    assert told.text.startswith("Jan Beispiel hat den Termin abgesagt. Der Raum ist wieder frei.")
    for mail in (receipt, told):
        assert "METHOD:CANCEL" in mail.calendar
        assert "SEQUENCE:2" in mail.calendar  # the promise was 1
    assert the_mail_to(BOSS).subject.startswith("Fällt aus: ")


def test_a_member_who_ends_a_series_has_one_receipt_for_all_dates(room, choir, singer, deputy):
    booking = promised_series(room, 4, association=choir, requester=singer)
    OutgoingMail.objects.all().delete()
    end_series(booking=booking, after=FRIDAY, actor=deputy, now=NOW)
    receipt, told = the_mail_to(DEPUTY), the_mail_to(GROUP)
    assert receipt.subject == told.subject == "Abgesagt: Kursraum, 3 Termine"
    assert "Die angehängte Datei nimmt die Termine aus Ihrem Kalender." in receipt.text
    assert told.text.startswith("Jan Beispiel hat 3 Termine abgesagt.")
    assert the_mail_to(BOSS).text.startswith("3 Termine fallen aus: Gemischter Chor.")


def test_a_date_withdrawn_of_a_series_is_not_called_the_request(room, choir, singer, deputy):
    booking = series(room, 3, association=choir, requester=singer)
    OutgoingMail.objects.all().delete()
    give_up(date=dates_of(booking)[0], actor=deputy, now=NOW)
    assert the_mail_to(DEPUTY).text.startswith("Der Termin ist zurückgezogen. Danke")
    assert the_mail_to(GROUP).text.startswith("Jan Beispiel hat den Termin zurückgezogen.")
    assert the_mail_to(BOSS).text.startswith("Termin zurückgezogen: Gemischter Chor.")


def test_a_member_who_wishes_for_a_change_hears_that_it_is_here_and_what_became_of_it(
    room, choir, singer, deputy, boss
):
    booking = promised(room, association=choir, requester=singer)
    OutgoingMail.objects.all().delete()
    change = wish([move(date_of(booking), span("15:00", "17:00"))], actor=deputy)
    refuse_change(change=change, actor=boss, reason="Fest", now=NOW)
    answers = [
        "Ihr Änderungswunsch ist da.",
        "Wir können das nicht so ändern, wie Sie es wünschen.",
    ]
    for address in (DEPUTY, GROUP):
        mails = mails_to(address)
        assert "\n\nGrund: Fest.\n\n" in mails[1].text
        assert [mail.text.partition(". ")[0] + "." for mail in mails] == answers
        named = ["Diese Änderung hat Jan Beispiel gewünscht." in mail.text for mail in mails]
        assert named == [address == GROUP] * 2


def test_who_acts_no_longer_for_a_group_hears_nothing_of_it(room, choir, singer, deputy):
    booking = promised(room, association=choir, requester=singer)
    choir.memberships.filter(user=singer).delete()
    OutgoingMail.objects.all().delete()
    give_up(date=date_of(booking), actor=deputy, now=NOW)
    assert {mail.recipient for mail in OutgoingMail.objects.all()} == {DEPUTY, BOSS}


def test_the_centre_cancels_with_reason_and_substitute(room, choir, singer, boss):
    booking = promised(room, association=choir, requester=singer)
    OutgoingMail.objects.all().delete()
    revoke(
        short_notice=True,
        booking=booking,
        date_ids=ids(booking),
        actor=boss,
        reason="Impftag",
        substitute="der Saal zur selben Zeit",
        now=NOW,
    )
    mail = the_mail_to(GROUP)
    assert in_one_line(mail).startswith(
        "Wir müssen Ihren Termin am 27. November 2026 leider absagen. Grund: Impftag. "
        "Als Ersatz können wir anbieten: der Saal zur selben Zeit."
    )
    assert "METHOD:CANCEL" in mail.calendar


# Who, and how often -------------------------------------------------------------------------------


def test_many_dates_make_one_mail(room):
    spans = [span(day=FRIDAY + dt.timedelta(weeks=week)) for week in range(5)]
    booking = send_request(
        request=replace(new_request(room), spans=spans, recurrence=EVERY_FRIDAY), now=NOW
    )
    (mail,) = mails_to(address_of(booking))
    assert mail.subject == "Ihre Anfrage: Kursraum, 5 Termine"
    assert plain(mail).count("19:00–21:00 Uhr") == 5


def test_the_same_step_is_told_once(booking):
    notice = Notice(entry=booking.log.get(), dates=[date_of(booking)])
    notify(notice, now=NOW)
    notify(notice, now=NOW)
    assert OutgoingMail.objects.count() == 2


def test_the_main_contact_gets_what_a_person_who_left_would_have_got(booking, choir, boss, singer):
    head = member_of(choir, email="haupt@chor.example.org")
    choir.memberships.filter(user=head).update(role=Membership.Role.MAIN_CONTACT)
    singer.is_active = False
    singer.save()
    approve(booking=booking, date_ids=ids(booking), actor=boss, now=NOW)
    assert [mail.recipient for mail in OutgoingMail.objects.all()] == ["haupt@chor.example.org"]


def test_a_centre_without_managers_is_told_at_its_own_address(room, choir, singer, boss):
    boss.is_active = False
    boss.save()
    Centre.objects.update(email="haus@example.org")
    room.refresh_from_db()
    requested(room, association=choir, requester=singer)
    assert the_mail_to("haus@example.org").subject.startswith("Neue Anfrage")


def test_steps_that_concern_nobody_send_nothing(booking):
    for action in (Action.HOLD, Action.COMPLETE, Action.UNDO_APPROVAL):
        BookingLog.objects.update(action=action)
        notify(Notice(entry=booking.log.get(), dates=[date_of(booking)]), now=NOW)
    assert not OutgoingMail.objects.exists()


def test_answers_go_to_the_centre(booking, boss, mailoutbox):
    approve(booking=booking, date_ids=ids(booking), actor=boss, now=NOW)
    sent = mailoutbox[-1]
    assert sent.reply_to == [booking.centre.email]
    (attached,) = [part for part in sent.message().walk() if part.get_filename()]
    assert attached.get_filename() == "termin.ics"
    assert attached.get_content_type() == "text/calendar"
    assert attached.get_param("method") == "PUBLISH"
    assert b"DTSTART;TZID=Europe/Berlin:20261127T190000" in attached.get_payload(decode=True)


# Kept back, stopped, given up ---------------------------------------------------------------------


@pytest.mark.usefixtures("tuesday_morning")
def test_a_mail_kept_back_goes_out_when_it_is_due(booking, boss, mailoutbox):
    now = timezone.now()
    booking_dates = ids(booking)
    approve(booking=booking, date_ids=booking_dates, actor=boss, now=now, keep_mail_back=True)
    before = len(mailoutbox)
    assert requeue_due_mails(now=now + dt.timedelta(minutes=1)) == 0
    assert len(mailoutbox) == before
    OutgoingMail.objects.update(next_attempt_at=now)
    assert requeue_due_mails(now=now + dt.timedelta(minutes=3)) == 1
    assert len(mailoutbox) == before + 1


def test_the_worker_gets_the_mail_kept_back_for_later(booking, boss, worker):
    approve(booking=booking, date_ids=ids(booking), actor=boss, now=NOW, keep_mail_back=True)
    assert DBTaskResult.objects.get().run_after == NOW + dt.timedelta(minutes=2)
    assert requeue_due_mails(now=NOW + dt.timedelta(minutes=3)) == 0  # the task still waits


def test_undoing_a_promise_deletes_its_mail(booking, boss, worker):
    approve(booking=booking, date_ids=ids(booking), actor=boss, now=NOW, keep_mail_back=True)
    undo_approval(booking=booking, date_ids=ids(booking), actor=boss, now=NOW)
    assert not OutgoingMail.objects.exists()


@pytest.mark.parametrize("who", ["centre", "group"])
def test_a_promise_that_is_over_before_its_mail_went_out_is_not_told_afterwards(
    booking, boss, worker, who
):
    approve(booking=booking, date_ids=ids(booking), actor=boss, now=NOW, keep_mail_back=True)
    if who == "centre":
        revoke(
            short_notice=True,
            booking=booking,
            date_ids=ids(booking),
            actor=boss,
            reason="Impfen",
            now=NOW,
        )
    else:
        give_up(date=date_of(booking), actor=booking.requester, now=NOW)
    assert "abgesagt" in the_mail_to(GROUP).subject.lower()


def test_a_promise_of_several_dates_is_told_although_one_of_them_is_over(
    boss, worker, room, choir, singer
):
    asked = replace(
        new_request(room, association=choir, requester=singer),
        spans=[span(), span(day=FRIDAY + dt.timedelta(weeks=1))],
        recurrence=EVERY_FRIDAY,
    )
    booking = send_request(request=asked, now=NOW)
    OutgoingMail.objects.all().delete()
    approve(booking=booking, date_ids=ids(booking), actor=boss, now=NOW, keep_mail_back=True)
    revoke(
        short_notice=True,
        booking=booking,
        date_ids=ids(booking)[1:],
        actor=boss,
        reason="Impfen",
        now=NOW,
    )
    assert len(mails_to(GROUP)) == 2


@pytest.mark.parametrize("then", ["refused", "given up", "promised, too"])
def test_a_promise_kept_back_goes_out_before_the_next_mail_and_stays(boss, worker, room, then):
    booking = series(room, 4)
    *promised_first, last = ids(booking)
    OutgoingMail.objects.all().delete()
    DBTaskResult.objects.all().delete()
    decision = {"booking": booking, "actor": boss}
    approve(**decision, date_ids=promised_first, now=NOW, keep_mail_back=True)
    later = NOW + dt.timedelta(minutes=1)
    if then == "refused":
        reject(**decision, date_ids=[last], reason="Fest", now=later)
    elif then == "given up":
        give_up(date=dates_of(booking)[0], actor=booking.requester, now=later)
    else:
        approve(**decision, date_ids=[last], now=later, keep_mail_back=True)
    with pytest.raises(DecidedAlreadyError):  # the file of the next mail has its dates, too
        undo_approval(**decision, date_ids=promised_first, now=later)
    promise, following = mails_to(address_of(booking))
    assert not promise.is_kept_back
    assert following.is_kept_back == (then == "promised, too")
    assert ["SEQUENCE:1" in promise.calendar, "SEQUENCE:2" in following.calendar] == [True] * 2
    at_once = DBTaskResult.objects.exclude(run_after__lt=LATER).order_by("enqueued_at")
    assert at_once[0].args_kwargs["args"] == [[promise.message_id]]


def test_a_mail_that_went_out_cannot_be_stopped(booking, boss, worker):
    approve(booking=booking, date_ids=ids(booking), actor=boss, now=NOW)
    promise = booking.log.get(action=Action.APPROVE)
    OutgoingMail.objects.update(attempts=1)
    assert stop(promise, now=NOW) is False
    OutgoingMail.objects.update(attempts=0, state=OutgoingMail.State.SENT)
    assert stop(promise, now=NOW) is False
    assert OutgoingMail.objects.count() == 1
    OutgoingMail.objects.all().delete()  # as after a month
    assert stop(promise, now=NOW + dt.timedelta(days=31)) is False


def test_the_managers_learn_which_mail_never_arrived(booking, boss, worker, nordholz):
    ask(booking=booking, actor=boss, question="Klavier?", now=NOW)
    OutgoingMail.objects.update(state=OutgoingMail.State.FAILED)
    later = NOW + dt.timedelta(days=2)
    (found,) = undelivered([booking.centre], now=later)
    assert (found.mail.recipient, found.entry.booking) == (GROUP, booking)
    assert undelivered([nordholz.centre], now=later) == []
    assert undelivered([booking.centre], now=NOW + dt.timedelta(days=15)) == []


# Words of people ----------------------------------------------------------------------------------


def test_markup_is_shown_as_text_and_breaks_no_header(room, boss, mailoutbox):
    evil = AssociationFactory.create(name="<b>Chor</b>\r\nBcc: x@example.org")
    booking = requested(room, association=evil, purpose="<script>alert(1)</script>")
    mail = the_mail_to(BOSS)
    assert "<script>" not in mail.html
    assert "&lt;script&gt;" in mail.html
    assert "<script>" in mail.text
    assert mail.subject.endswith("<b>Chor</b> Bcc: x@example.org")
    assert {one.to[0] for one in mailoutbox} == {BOSS, address_of(booking)}
    assert not any("Bcc" in one.message() for one in mailoutbox)


@pytest.mark.parametrize("end", [*"\r\n\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"])
def test_what_ends_a_line_forges_none_of_a_mail(room, boss, end):
    forged = f"Chor{end}Nummer: FALSCH"
    group = AssociationFactory.create(name=forged)
    promised(room, association=group, purpose=forged, contact_name=forged, contact_phone="")
    mails = OutgoingMail.objects.all()
    assert len(mails) == 3
    for mail in mails:
        lines = [*mail.subject.splitlines(), *mail.text.splitlines(), *mail.calendar.splitlines()]
        assert not any(line.startswith("Nummer: FALSCH") for line in lines)
        assert "<br>Nummer: FALSCH" not in mail.html
        assert "Chor Nummer: FALSCH" in mail.text
        assert not mail.calendar or "SUMMARY:Chor Nummer: FALSCH" in mail.calendar


def test_odd_signs_keep_no_mail_from_going_out(room, boss, mailoutbox):
    odd = "Chor\x01\x1b\x7f\u2028\u202e\ufeff😀"
    requested(room, association=AssociationFactory.create(name=odd), purpose=f"{odd};,\\n")
    assert [one.message().as_bytes() for one in mailoutbox]
    assert {mail.state for mail in mails_to(BOSS)} == {OutgoingMail.State.SENT}


def test_the_preview_is_the_mail(booking, boss):
    entry = BookingLog(booking=booking, action=Action.APPROVE, text="Bitte lüften.")
    shown = preview(Notice(entry=entry, dates=[date_of(booking)]), now=NOW)
    approve(booking=booking, date_ids=ids(booking), actor=boss, now=NOW, message="Bitte lüften.")
    mail = the_mail_to(GROUP)
    assert (shown.subject, shown.text) == (mail.subject, mail.text)


def test_the_text_part_has_no_ragged_gaps(booking, boss):
    approve(booking=booking, date_ids=ids(booking), actor=boss, now=NOW)
    text = the_mail_to(GROUP).text
    assert "\n\n\n" not in text
    assert not re.search(r"[ \t]\n", text)


def test_mails_of_a_request_cost_few_queries(room, choir, singer, worker):
    booking = Booking.objects.select_related("centre", "association", "requester").get(
        pk=requested(room, association=choir, requester=singer).pk
    )
    OutgoingMail.objects.all().delete()
    entry = booking.log.get()
    entry.booking = booking
    notice = Notice(entry=entry, dates=[date_of(booking)])
    with CaptureQueriesContext(connection) as queries:
        notify(notice, now=NOW)
    # rivals, managers, mails, their keys, a task for each of the two
    assert len(queries) <= 6
