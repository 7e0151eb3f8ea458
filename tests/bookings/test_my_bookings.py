"""What a group sees of its requests and does with them; nobody else's."""

import datetime as dt
import re
from dataclasses import replace

import pytest
import time_machine
import vobject
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Site

from bookings.ledger import BusyError
from bookings.models import BookingDate, BookingLog, BookingPolicy, RoomHours, UseBuffer
from bookings.rules.recurrence import Frequency, Recurrence, spans_of
from bookings.rules.states import DateState
from bookings.selectors.alternatives import Alternative, alternative_to
from bookings.services.changes import grant_change
from bookings.services.decisions import approve, ask, reject, undo_approval
from bookings.services.no_shows import mark_no_show
from bookings.services.own_dates import answer, give_up
from bookings.services.requests import Waits, send_request
from bookings.services.revoking import revoke
from bookings.views import bookings as views
from cms.models import OutgoingMail
from tests.bookings.changing import dates_of, move, promised_series, wish
from tests.factories.bookings import (
    EVERY_FRIDAY,
    FRIDAY,
    NOW,
    AssociationFactory,
    add_room,
    date_of,
    member_of,
    new_request,
    promised,
    requested,
    requested_too,
    span,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday_morning")]
MINE = "/buchungen/"
DAILY = Recurrence(Frequency.DAILY)


@pytest.fixture
def singing(visitor: Client, singer) -> Client:
    """Return a browser in which somebody of the choir is signed in."""
    visitor.force_login(singer)
    return visitor


@pytest.fixture
def ours(choir, singer):
    """Return what makes a request one of the choir's."""
    return {"association": choir, "requester": singer}


def read(client, path=MINE):
    """Return a page as one line with plain spaces."""
    response = client.get(path)
    assert response.status_code == 200
    return words_of(response)


def words_of(response):
    return " ".join(response.text.split())


def give_up_path(booking):
    return f"/buchungen/{booking.number}/termin/{date_of(booking).pk}/absagen/"


def ids(booking):
    return list(booking.dates.values_list("pk", flat=True))


def series(room, weeks, **ours):
    spans = [span(day=FRIDAY + dt.timedelta(weeks=week)) for week in range(weeks)]
    return send_request(
        request=replace(new_request(room, **ours), spans=spans, recurrence=EVERY_FRIDAY), now=NOW
    )


# The list -----------------------------------------------------------------------------------------


def test_who_is_not_signed_in_signs_in_first(visitor, tree):
    for path in (MINE, "/buchungen/ABC234/", "/buchungen/ABC234/termin/1/absagen/"):
        response = visitor.get(path)
        assert response.status_code == 302
        assert response.url == f"/konto/login/?next={path}"


def test_a_group_without_dates_is_led_to_the_rooms(singing, alfeld):
    page = read(singing)
    assert "Sie haben noch keine Termine." in page
    assert 'href="/raeume/"' in page
    assert "Raum finden" in page


def test_each_state_has_its_word_and_what_one_can_do(singing, room, ours, manager):
    promised(room, purpose="Probe", **ours)
    requested(room, span("08:00", "10:00"), purpose="Frühstück", **ours)
    promised(room, span("12:00", "14:00"))
    requested_too(room, span("12:00", "14:00"), purpose="Mittag", **ours)
    refused = requested(room, span("15:00", "16:00"), purpose="Nachmittag", **ours)
    reject(booking=refused, date_ids=ids(refused), actor=manager, reason="Fest <b>", now=NOW)
    page = read(singing)
    for words in ("Kursraum – Probe", "zugesagt", "Fällt aus", "angefragt", "Zurückziehen"):
        assert words in page
    assert "Warteliste, Platz 1" in page
    assert "Grund: Fest &lt;b&gt;" in page
    assert "Bitte antworten" not in page


def test_what_the_centre_asks_comes_first(singing, room, ours, manager):
    booking = requested(room, **ours)
    ask(booking=booking, actor=manager, question="Brauchen Sie das Klavier?", now=NOW)
    page = read(singing)
    assert (
        page.index("Bitte antworten")
        < page.index('href="/konto/vereine/"')
        < page.index("Nächste Termine")
    )
    assert (
        "Eine Frage zu Ihrer Anfrage: Brauchen Sie das Klavier? Bitte antworten Sie bis "
        "27. November 2026. Der Termin bleibt so lange für Sie frei."
    ) in page


def test_who_has_answered_reads_that_it_has_arrived(singing, room, ours, manager):
    booking = requested(room, **ours)
    ask(booking=booking, actor=manager, question="Klavier?", now=NOW)
    path = f"/buchungen/{booking.number}/antworten/"
    page = singing.post(path, {"text": "Ja."}, follow=True).text
    assert "Danke. Ihre Antwort ist beim Team des Zentrums." in page
    assert "Danke." not in read(singing, f"/buchungen/{booking.number}/")


def test_a_question_promises_only_what_the_dates_hold_that_it_is_about(
    singing, room, ours, manager
):
    requested(room, span(day=FRIDAY + dt.timedelta(weeks=1)))
    booking = series(room, 2, waits=Waits.BEHIND_REQUEST, **ours)
    approve(booking=booking, date_ids=ids(booking)[:1], actor=manager, now=NOW)
    ask(booking=booking, actor=manager, question="Klavier?", now=NOW)
    answering = f"/buchungen/{booking.number}/antworten/"
    for path in (MINE, f"/buchungen/{booking.number}/", answering):
        page = read(singing, path)
        assert "Eine Frage zu Ihrer Anfrage: Klavier?" in page
        assert "bleibt so lange für Sie frei" not in page
    lead = re.search(r'class="rvz-lead">(.*?)</p>', page)
    assert lead
    assert "4. Dezember" in lead[1]


def test_key_and_costs_are_those_of_the_rooms_that_are_promised(singing, room, ours, manager):
    hall = add_room(room.centre, key_text="Im Kasten.", costs="5 € je Stunde")
    type(room).objects.filter(pk=room.pk).update(key_text="Am Empfang.")
    booking = promised_series(room, 2, **ours)
    first, second = dates_of(booking)
    grant_change(change=wish([move(second, room=hall)]), actor=manager, now=NOW)
    page = read(singing, f"/buchungen/{booking.number}/")
    for said in ("Kursraum: Am Empfang.", "Saal: Im Kasten.", "Saal: 5 € je Stunde"):
        assert f"<dd> {said} </dd>" in page
    give_up(date=first, actor=None, now=NOW)
    page = read(singing, f"/buchungen/{booking.number}/")
    assert "<dd> Im Kasten. </dd>" in page
    assert "Am Empfang." not in page


def test_a_series_is_one_row_with_its_other_dates_folded(singing, room, ours, manager):
    booking = series(room, 13, **ours)
    approve(booking=booking, date_ids=ids(booking), actor=manager, now=NOW)
    page = read(singing)
    assert page.count('class="rvz-row"') == 1
    assert "12 weitere Termine bis 19. Februar 2027" in page


def test_what_holds_for_every_date_of_a_request_is_said_once(singing, room, ours):
    booking = series(room, 13, **ours)
    page = read(singing, f"{MINE}{booking.number}/")
    assert page.count("Der Raum ist noch nicht fest gebucht. Sie hören bis") == 1
    assert page.count("Bis dahin halten wir 13 Termine für Sie frei.") == 1
    assert "halten wir den Termin" not in page


def test_of_a_mixed_request_the_dates_that_are_kept_say_so(singing, room, ours):
    requested(room, span(day=FRIDAY))
    booking = series(room, 3, waits=Waits.BEHIND_REQUEST, **ours)
    page = read(singing, f"{MINE}{booking.number}/")
    assert page.count("Sie hören bis") == 1
    assert page.count("Bis dahin halten wir den Termin für Sie frei.") == 2


def test_past_dates_are_folded(singing, room, ours):
    promised(room, **ours)
    with time_machine.travel(NOW + dt.timedelta(days=10)):
        page = read(singing)
    assert "1 Termin in den letzten zwölf Monaten" in page
    assert "Es stehen keine Termine an." in page


def test_what_nobody_decided_in_time_does_not_read_as_open(singing, room, ours):
    booking = requested(room, **ours)
    promised(room, span("12:00", "14:00"))
    behind = requested_too(room, span("12:00", "14:00"), **ours)
    assert "nicht entschieden" not in read(singing)
    with time_machine.travel(NOW + dt.timedelta(days=10)):
        page = read(singing)
        assert page.count("nicht entschieden") == 2
        assert "Platz" not in page
        for one in (booking, behind):
            assert "nicht entschieden" in read(singing, f"{MINE}{one.number}/")


def test_the_number_of_queries_does_not_grow(singing, room, ours, manager):
    requested(room, span("08:00", "09:00"), **ours)
    promised(room, span("12:00", "14:00"))
    requested_too(room, span("12:00", "14:00"), **ours)

    def queries():
        with CaptureQueriesContext(connection) as captured:
            read(singing)
        return [query["sql"] for query in captured]

    read(singing)  # what is looked up once per process
    few = queries()
    booking = series(room, 40, **ours)
    approve(booking=booking, date_ids=ids(booking), actor=manager, now=NOW)
    for day in range(1, 8):
        requested(room, span("09:00", "10:00", FRIDAY + dt.timedelta(days=day)), **ours)
    many = queries()
    assert len(many) == len(few)
    assert len(many) <= 10


def test_a_thousand_dates_are_read_in_ten_queries(singing, room, ours):
    BookingPolicy.objects.create(centre=room.centre, horizon_days=400)
    for hour in (8, 12, 16):
        spans = spans_of(
            DAILY, FRIDAY, FRIDAY + dt.timedelta(days=333), dt.time(hour), dt.time(hour + 1)
        )
        request = replace(new_request(room, **ours), spans=spans, recurrence=DAILY)
        send_request(request=request, now=NOW)
    assert BookingDate.objects.count() == 1002
    read(singing)  # what is looked up once per process
    with CaptureQueriesContext(connection) as queries:
        page = read(singing)
    assert page.count('class="rvz-row"') == 3
    assert len(queries) <= 10


def test_the_frame_is_the_centres_if_all_dates_are_there(singing, room, ours, nordholz):
    requested(room, **ours)
    assert "RVZ Alfeld" in read(singing).split("<main")[0]
    requested(add_room(nordholz.centre, "Saal"), **ours)
    assert "RVZ Alfeld" not in read(singing).split("<main")[0]


def test_the_header_leads_to_the_bookings_and_these_to_the_account(singing, tree):
    header = singing.get("/").text.split("</header>")[0]
    assert 'href="/buchungen/"' in header
    assert "Meine Buchungen" in header
    assert 'href="/konto/"' in read(singing)


def test_own_bookings_live_on_the_host_where_one_signs_in(client, tree, alfeld, settings):
    Site.objects.create(hostname="alfeld.localhost", root_page=alfeld)
    response = client.get(MINE, headers={"host": "alfeld.localhost"})
    assert response.url == f"{settings.BASE_URL}/buchungen/"


def test_who_acts_for_several_groups_reads_whose_each_date_is(
    singing, room, ours, singer, manager, django_assert_max_num_queries
):
    asked = requested(room, **ours)
    ask(booking=asked, actor=manager, question="Klavier?", now=NOW)
    assert read(singing).count("Gemischter Chor") == 1  # above all of them
    second = AssociationFactory.create(name="Turnverein")
    second.memberships.create(user=singer)
    for day in range(1, 4):
        when = span(day=FRIDAY + dt.timedelta(days=day))
        promised(room, when, association=second, requester=singer)
    with django_assert_max_num_queries(10):
        page = read(singing)
    assert page.count("Gemischter Chor") == 3  # in the row, and at the question
    assert page.count("Turnverein") == 4


# Other groups -------------------------------------------------------------------------------------


def test_requests_of_another_group_are_not_found(singing, room, manager):
    booking = requested(room)
    ask(booking=booking, actor=manager, question="Geheim?", now=NOW)
    base = f"/buchungen/{booking.number}/"
    for path in (base, f"{base}antworten/", f"{base}termin.ics", give_up_path(booking)):
        assert singing.get(path).status_code == 404
    assert singing.post(f"{base}antworten/", {"text": "Ja"}).status_code == 404
    assert singing.post(give_up_path(booking), {"way": "withdraw"}).status_code == 404
    assert date_of(booking).state == DateState.NEEDS_INFO
    assert booking.number not in read(singing)


def test_a_date_of_another_request_is_not_found_under_this_number(singing, room, ours):
    mine, other = requested(room, **ours), requested_too(room)
    path = f"/buchungen/{mine.number}/termin/{date_of(other).pk}/absagen/"
    assert singing.get(path).status_code == 404
    assert singing.post(path, {"way": "withdraw"}).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "gibt-es-nicht/",
        "ABC234/termin/99999999999999999999/absagen/",
        "%F0%9F%8E%B5/",
        "A" * 3000 + "/",
    ],
)
def test_addresses_that_nobody_has_are_not_found(singing, tree, path):
    assert singing.get(MINE + path).status_code == 404


def test_a_number_may_be_typed_in_small_letters(singing, room, ours):
    booking = requested(room, **ours)
    assert booking.number in read(singing, f"/buchungen/{booking.number.lower()}/")


# One request --------------------------------------------------------------------------------------


def test_the_history_is_told_in_words(singing, room, ours, manager, singer):
    booking = requested(room, **ours)
    ask(booking=booking, actor=manager, question="Klavier?", now=NOW)
    answer(booking=booking, actor=singer, text="Ja & <i>gern</i>", now=NOW)
    approve(booking=booking, date_ids=ids(booking), actor=manager, now=NOW)
    page = read(singing, f"/buchungen/{booking.number}/")
    told = [
        "Anfrage gesendet",
        "Nachfrage des Zentrums: Klavier?",
        "Ihre Antwort: Ja &amp; &lt;i&gt;gern&lt;/i&gt;",
        "Zugesagt",
    ]
    places = [page.index(words) for words in told]
    assert places == sorted(places)
    assert "24. November 2026, 10:14 Uhr" in page


def test_a_step_names_its_date_where_there_are_several(singing, room, ours, manager):
    booking = series(room, 2, **ours)
    approve(booking=booking, date_ids=ids(booking)[1:], actor=manager, now=NOW)
    page = read(singing, f"/buchungen/{booking.number}/")
    assert "Anfrage gesendet (2 Termine)" in page
    assert "<p>Zugesagt (Fr., 4. Dezember, 19:00 Uhr)</p>" in page


def test_a_promise_taken_back_at_once_is_not_told(singing, room, ours, manager):
    booking = requested(room, **ours)
    dates = ids(booking)
    approve(booking=booking, date_ids=dates, actor=manager, now=NOW, keep_mail_back=True)
    undo_approval(booking=booking, date_ids=dates, actor=manager, now=NOW)
    page = read(singing, f"/buchungen/{booking.number}/")
    assert "Zugesagt" not in page
    assert "Sie hören bis 27. November 2026 von uns." in page


def test_what_the_team_notes_of_a_date_nobody_used_is_not_told(singing, room, ours, manager):
    booking = promised(room, **ours)
    text, over = "Schon das dritte Mal.", span().end
    mark_no_show(booking=booking, date_ids=ids(booking), actor=manager, now=over, text=text)
    page = read(singing, f"/buchungen/{booking.number}/")
    assert "Nicht genutzt" in page
    assert "Schon das dritte Mal" not in page


def test_what_is_undecided_can_be_entered_provisionally(singing, room, ours):
    booking = requested(room, **ours)
    response = singing.get(f"/buchungen/{booking.number}/termin.ics")
    assert response["Content-Type"].startswith("text/calendar")
    event = vobject.readOne(response.text).vevent
    assert event.status.value == "TENTATIVE"
    assert event.dtstart.value == span().start


# Answering ----------------------------------------------------------------------------------------


def test_an_answer_is_stored_and_asks_no_more(singing, room, ours, manager):
    booking = requested(room, **ours)
    ask(booking=booking, actor=manager, question="Klavier?", now=NOW)
    response = singing.post(f"/buchungen/{booking.number}/antworten/", {"text": "Ja, bitte."})
    assert response.status_code == 302
    assert "Ihre Antwort: Ja, bitte." in read(singing, response.url)
    assert date_of(booking).state == DateState.REQUESTED
    assert "Bitte antworten" not in read(singing)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Bitte schreiben Sie eine Antwort."),
        ("x" * 10_000, "Bitte kürzen Sie auf höchstens 1000 Zeichen. Es sind 10000."),
        ("Ja\x00", "Nullzeichen"),
    ],
)
def test_an_answer_that_cannot_be_taken_stays_in_the_form(
    singing, room, ours, manager, typed, sentence
):
    booking = requested(room, **ours)
    ask(booking=booking, actor=manager, question="Klavier?", now=NOW)
    response = singing.post(f"/buchungen/{booking.number}/antworten/", {"text": typed})
    assert response.status_code == 200
    assert sentence in words_of(response)
    assert typed[:900].replace("\x00", "") in response.text
    assert date_of(booking).state == DateState.NEEDS_INFO


def test_a_second_click_on_the_answer_says_nothing_else_than_the_first(
    singing, room, ours, manager
):
    booking = requested(room, **ours)
    ask(booking=booking, actor=manager, question="Klavier?", now=NOW)
    path = f"/buchungen/{booking.number}/antworten/"
    for _click in range(2):
        assert singing.post(path, {"text": "Ja, bitte."}).url == f"/buchungen/{booking.number}/"
    assert booking.log.filter(action="answer").count() == 1
    assert "wurde nicht gesendet" in words_of(singing.post(path, {"text": "Doch nicht."}))


def test_an_answer_that_comes_too_late_is_shown_again(singing, room, ours, manager):
    booking = requested(room, **ours)
    ask(booking=booking, actor=manager, question="Klavier?", now=NOW)
    approve(booking=booking, date_ids=ids(booking), actor=manager, now=NOW)
    response = singing.post(f"/buchungen/{booking.number}/antworten/", {"text": "Ja, gern."})
    assert response.status_code == 200
    assert "keine offene Frage mehr. Ihre Antwort wurde nicht gesendet." in words_of(response)
    assert "Ja, gern." in response.text


# Giving up ----------------------------------------------------------------------------------------


def test_a_promised_date_is_cancelled_after_a_question(singing, room, ours):
    booking = promised(room, **ours)
    path = give_up_path(booking)
    page = read(singing, path)
    assert "Diesen Termin absagen?" in page
    assert "Fr., 27. November, 19:00 Uhr." in page
    assert "Die anderen Termine bleiben." not in page
    assert date_of(booking).state == DateState.APPROVED
    response = singing.post(path, {"way": "cancel"})
    assert response.status_code == 302
    # It stays, also after the page is loaded again.
    for _again in range(2):
        assert "Abgesagt. Danke – der Raum ist wieder frei." in read(singing, response.url)
    assert date_of(booking).state == DateState.CANCELLED


def test_of_a_series_the_other_dates_stay(singing, room, ours, manager):
    booking = series(room, 3, **ours)
    approve(booking=booking, date_ids=ids(booking), actor=manager, now=NOW)
    first = booking.dates.first()
    path = f"/buchungen/{booking.number}/termin/{first.pk}/absagen/"
    assert "Die anderen Termine bleiben." in read(singing, path)
    singing.post(path, {"way": "cancel"})
    states = list(booking.dates.values_list("state", flat=True))
    assert states == [DateState.CANCELLED, DateState.APPROVED, DateState.APPROVED]


def test_a_request_is_withdrawn(singing, room, ours):
    booking = requested(room, **ours)
    assert "Diese Anfrage zurückziehen?" in read(singing, give_up_path(booking))
    response = singing.post(give_up_path(booking), {"way": "withdraw"}, follow=True)
    assert "Zurückgezogen. Danke, dass Sie es uns sagen." in words_of(response)


def test_a_second_click_says_the_same_and_changes_nothing(singing, room, ours):
    booking = promised(room, **ours)
    for _click in range(2):
        response = singing.post(give_up_path(booking), {"way": "cancel"}, follow=True)
        assert "Abgesagt. Danke" in words_of(response)
    assert booking.log.filter(action="cancel").count() == 1
    assert OutgoingMail.objects.filter(subject__startswith="Abgesagt").count() == 1


def test_what_was_decided_meanwhile_is_asked_again(singing, room, ours, manager):
    booking = requested(room, **ours)
    approve(booking=booking, date_ids=ids(booking), actor=manager, now=NOW)
    response = singing.post(give_up_path(booking), {"way": "withdraw"}, follow=True)
    page = words_of(response)
    assert "Der Stand dieses Termins hat sich gerade geändert." in page
    assert "Diesen Termin absagen?" in page
    assert date_of(booking).state == DateState.APPROVED


def test_who_withdraws_in_the_moment_of_the_promise_is_asked_again(
    singing, room, ours, manager, monkeypatch
):
    booking = requested(room, **ours)

    def meanwhile(**values):
        approve(booking=booking, date_ids=ids(booking), actor=manager, now=NOW)
        return give_up(**values)

    monkeypatch.setattr(views, "give_up", meanwhile)
    response = singing.post(give_up_path(booking), {"way": "withdraw"}, follow=True)
    assert "Der Stand dieses Termins hat sich gerade geändert." in words_of(response)
    assert date_of(booking).state == DateState.APPROVED


def test_what_the_centre_cancelled_cannot_be_cancelled_again(singing, room, ours, manager):
    booking = promised(room, **ours)
    revoke(
        short_notice=True,
        booking=booking,
        date_ids=ids(booking),
        actor=manager,
        reason="Impftag",
        now=NOW,
    )
    response = singing.post(give_up_path(booking), {"way": "cancel"}, follow=True)
    assert "Hier gibt es nichts mehr abzusagen." in words_of(response)
    assert "Grund: Impftag" in words_of(response)


def test_after_the_deadline_the_page_says_whom_to_ring_up(singing, room, ours):
    booking = promised(room, **ours)
    BookingPolicy.objects.create(centre=room.centre, cancel_hours=30 * 24)
    page = read(singing, give_up_path(booking))
    assert "bis 720 Stunden vor Beginn absagen. Bitte rufen Sie" in page
    response = singing.post(give_up_path(booking), {"way": "cancel"}, follow=True)
    assert "bis 720 Stunden vor Beginn absagen. Bitte rufen Sie" in words_of(response)
    assert date_of(booking).state == DateState.APPROVED


def test_a_date_that_has_begun_stays(singing, room, ours):
    booking = promised(room, **ours)
    with time_machine.travel(span().start + dt.timedelta(minutes=1)):
        assert "Dieser Termin hat schon begonnen." in read(singing, give_up_path(booking))
        response = singing.post(give_up_path(booking), {"way": "cancel"}, follow=True)
        assert "Dieser Termin hat schon begonnen." in words_of(response)
    assert date_of(booking).state == DateState.APPROVED


def test_a_busy_moment_is_said_and_changes_nothing(singing, room, ours, monkeypatch):
    def busy(**_values):
        raise BusyError

    monkeypatch.setattr(views, "give_up", busy)
    booking = promised(room, **ours)
    response = singing.post(give_up_path(booking), {"way": "cancel"}, follow=True)
    assert "Gerade ändern viele gleichzeitig etwas." in words_of(response)


def test_asking_changes_nothing(singing, room, ours):
    booking = promised(room, **ours)
    before = BookingLog.objects.count()
    read(singing, give_up_path(booking))
    assert BookingLog.objects.count() == before


# Taking what is offered ---------------------------------------------------------------------------


@pytest.fixture
def offer(room, ours):
    """Return the choir's request for what became free a moment ago."""
    first = promised(room)
    waiting = requested_too(room, **ours)
    give_up(date=date_of(first), actor=first.requester, now=NOW)
    return waiting


def take_path(booking):
    return f"/buchungen/{booking.number}/termin/{date_of(booking).pk}/nehmen/"


def test_an_offer_has_its_end_and_both_answers(singing, offer):
    page = read(singing)
    assert "angeboten bis Mi., 25. November, 10:14 Uhr" in page
    assert f'href="{take_path(offer)}"' in page
    assert f'href="{give_up_path(offer)}"' in page
    assert "Termin nehmen" in page
    assert "Nicht nötig" in page
    assert (
        page.index("Bitte antworten") < page.index(take_path(offer)) < page.index("Nächste Termine")
    )
    detail = read(singing, f"{MINE}{offer.number}/")
    assert f'href="{take_path(offer)}"' in detail
    assert f'href="{give_up_path(offer)}"' in detail
    assert (
        "Der Termin ist frei geworden. Wir halten ihn für Sie bis morgen, Mi., 25. November, 10:14 Uhr."
        in detail
    )


def test_a_date_taken_back_leads_to_its_substitute(singing, room, ours, manager):
    booking = promised(room, **ours)
    other = span("08:00", "10:00")
    substitute = revoke(
        booking=booking,
        date_ids=[date_of(booking).pk],
        actor=manager,
        reason="Impftag",
        substitute=Alternative(room, other),
        short_notice=True,
        now=NOW,
    )
    page = read(singing, f"{MINE}{booking.number}/")
    assert "Aus dem Kalender nehmen" in page
    assert f'href="{MINE}{substitute.booking.number}/"' in page
    offered = read(singing, f"{MINE}{substitute.booking.number}/")
    assert "Wir bieten Ihnen diesen Termin als Ersatz an." in offered


def test_an_offer_is_taken_after_a_question(singing, offer):
    page = read(singing, take_path(offer))
    assert "Angebotenen Termin nehmen?" in page
    assert "csrfmiddlewaretoken" in page
    assert date_of(offer).state == DateState.OFFERED
    for _click in range(2):
        response = singing.post(take_path(offer), follow=True)
        assert "Der Raum ist für Sie gebucht." in words_of(response)
    assert date_of(offer).state == DateState.APPROVED
    assert offer.log.filter(action="accept").count() == 1


def test_an_offer_is_declined_after_a_question(singing, offer):
    assert "Brauchen Sie diesen Termin nicht?" in read(singing, give_up_path(offer))
    singing.post(give_up_path(offer), {"way": "withdraw"})
    assert date_of(offer).state == DateState.WITHDRAWN
    assert "Hier gibt es nichts mehr zu nehmen." in read(singing, take_path(offer))


def test_an_offer_that_ran_out_is_not_taken(singing, offer):
    with time_machine.travel(NOW + dt.timedelta(hours=24)):
        response = singing.post(take_path(offer), follow=True)
        assert "Das Angebot ist abgelaufen." in words_of(response)
    assert date_of(offer).state == DateState.OFFERED


def test_an_offer_to_another_group_is_not_found(singing, offer, visitor, room):
    visitor.force_login(member_of(AssociationFactory.create()))
    for answer_to in (visitor.get, visitor.post):
        assert answer_to(take_path(offer)).status_code == 404
    assert date_of(offer).state == DateState.OFFERED


def test_taking_in_a_busy_moment_is_said_and_changes_nothing(singing, offer, monkeypatch):
    def busy(**_values):
        raise BusyError

    monkeypatch.setattr(views, "accept_offer", busy)
    response = singing.post(take_path(offer), follow=True)
    assert "Gerade ändern viele gleichzeitig etwas." in words_of(response)


# What else is free ----------------------------------------------------------------------------------


def alternative(date):
    found = alternative_to(date, now=NOW)
    return (found.room.name, found.span) if found else None


def test_first_another_time_of_that_day_as_near_as_can_be(room):
    date = date_of(requested(room, span("12:00", "14:00")))
    promised(room, span("10:30", "12:00"))
    assert alternative(date) == ("Kursraum", span("14:00", "16:00"))


def test_then_another_room_that_is_large_enough(room, centre):
    RoomHours.objects.filter(room=room).update(opens=dt.time(19), closes=dt.time(21))
    add_room(centre, "Kammer", capacity=10)
    add_room(centre, "Saal", capacity=60)
    assert alternative(date_of(requested(room))) == ("Saal", span())


def test_then_the_same_time_a_week_later(room):
    room.hours.all().delete()
    RoomHours.objects.create(room=room, weekday=4, opens=dt.time(19), closes=dt.time(21))
    date = date_of(requested(room))
    a_week_later = span(day=FRIDAY + dt.timedelta(days=7))
    assert alternative(date) == ("Kursraum", a_week_later)
    promised(room, a_week_later)
    assert alternative(date) is None


def test_nothing_in_the_past_is_offered(room):
    today = span("10:15", "12:00", NOW.date())
    room.hours.all().delete()
    RoomHours.objects.create(room=room, weekday=1, opens=dt.time(8), closes=dt.time(12))
    assert alternative(date_of(requested(room, today, now=NOW))) == (
        "Kursraum",
        span("10:15", "12:00", NOW.date() + dt.timedelta(days=7)),
    )
    late = requested(room, span("08:00", "10:00", NOW.date() + dt.timedelta(days=7)))
    three_weeks_later = NOW + dt.timedelta(days=28)
    assert alternative_to(date_of(late), now=three_weeks_later) is None


def test_set_up_for_this_kind_of_use_fits_too(room, centre):
    RoomHours.objects.filter(room=room).update(opens=dt.time(19), closes=dt.time(21))
    small = add_room(centre, "Kleiner Saal", capacity=50)
    add_room(centre, "Saal", capacity=60)
    promised(small, span("21:30", "22:00"))
    UseBuffer.objects.create(room=small, use="party", turnover_minutes=60)
    assert alternative(date_of(requested(room, use="party"))) == ("Saal", span())
