"""A series from the form over its dates to the sent page; drafts that wait, terms, asking again."""

import datetime as dt
import re
from html import unescape

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bookings.models import Booking, BookingPolicy, Equipment, RequestDraft, TermsOfUse
from bookings.rules.policy import Approval
from bookings.rules.states import DateState
from bookings.services.housekeeping import prune_drafts
from bookings.services.requests import send_request
from tests.bookings.request_flow import FORM, draft_key, fill_in, shown, to_check
from tests.bookings.test_request_budget import BUDGET, TRANSACTION
from tests.factories.bookings import (
    NOW,
    AssociationFactory,
    add_room,
    member_of,
    promised,
    requested,
    span,
)
from tests.factories.staff import manager_of
from tests.reading import main

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday_morning", "room")]

# Nine Tuesdays; 29 December and 5 January lie in the Christmas holidays.
SERIES = {
    "day": "2026-12-01",
    "repeats": "regelmaessig",
    "rhythm": "woechentlich",
    "until": "2027-01-26",
}


@pytest.fixture
def choir_desk(visitor: Client, singer) -> Client:
    visitor.force_login(singer)
    return visitor


def to_dates(client: Client, **values) -> str:
    """Fill in the form for a series; return the address of its dates."""
    response = fill_in(client, **{**SERIES, **values})
    assert response.status_code == 302, main(response.text)
    assert response.url.endswith("/termine/")
    return response.url


def press_next(client: Client, path: str, **chosen):
    """Send the page of the dates as it stands, with what was chosen differently."""
    page = client.get(path).text
    shown = dict(re.findall(r'name="(stand-[\d-]+)" value="(\w+)"', page))
    shown |= dict(
        re.findall(r'name="(termin-[\d-]+)"\s+id="[^"]+"\s+value="(\w+)"\s+checked', page)
    )
    return client.post(path, {**shown, **chosen})


def evening(day: str):
    return span("19:00", "21:00", dt.date.fromisoformat(day))


# The whole way ------------------------------------------------------------------------------------


def test_a_series_over_the_holidays_is_sent_as_it_was_seen(choir_desk, room):
    promised(room, evening("2027-01-12"))
    dates = to_dates(choir_desk)
    page = choir_desk.get(dates)
    said = main(page.text)
    assert "Raum anfragen – Schritt 2 von 3: Termine" in said
    assert (
        "6 von 9 Terminen sind frei. Für 1 Termin wählen Sie bitte, was gelten soll. 2 Termine liegen "
        "auf Feiertagen oder in den Ferien und werden ausgelassen." in said
    )
    assert "Di., 29. Dezember 2026 – Weihnachtsferien: wird ausgelassen. Doch stattfinden" in said
    assert "Di., 12. Januar 2027 – belegt. Frei wäre: hier ab 17:00 Uhr." in said
    assert "Dezember 2026 5 Termine, 1 wird ausgelassen" in said
    assert page.text.count("kern-btn--primary") == 1

    check = press_next(choir_desk, dates, **{"termin-2026-12-29": "keep"})
    said = main(choir_desk.get(check.url).text)
    assert "Schritt 3 von 3: Prüfen" in said
    assert (
        "7 Termine Kursraum, jeden Dienstag, 19:00–21:00 Uhr, vom 1. Dezember 2026 bis 26. Januar 2027"
        in said
    )
    assert "Nicht angefragt Ändern: Nicht angefragt Di., 5. Januar 2027 – Weihnachtsferien" in said
    assert "Di., 12. Januar 2027 – belegt" in said
    sent = choir_desk.post(check.url)
    booking = Booking.objects.exclude(purpose="Treffen").get(draft__isnull=False)
    said = main(choir_desk.get(sent.url).text)
    assert "Ihre Anfrage ist da. 7 von 9 Terminen sind angefragt." in said
    assert (
        "Sie hören bis 1. Dezember 2026 von uns. Bis dahin halten wir 7 Termine für Sie frei."
        in said
    )
    assert "Ausgelassen Di., 5. Januar 2027 – Weihnachtsferien" in said
    states = list(booking.dates.values_list("state", flat=True))
    assert states.count(DateState.REQUESTED) == 7
    assert DateState.SKIPPED_SCHOOL_HOLIDAY in states
    assert DateState.SKIPPED_CONFLICT in states


def test_next_works_at_once_and_without_a_login_it_comes_last(visitor, singer):
    dates = to_dates(visitor)
    check = press_next(visitor, dates).url
    assert visitor.get(check).url.startswith("/konto/login/")
    visitor.force_login(singer)
    assert "7 Termine" in main(visitor.get(check).text)
    assert "gesendet" in visitor.post(check).url


def test_another_time_and_the_waiting_list_can_be_chosen(choir_desk, room, centre):
    add_room(centre, "Gruppenraum", capacity=30)
    promised(room, evening("2026-12-08"))
    requested(room, evening("2026-12-15"))
    promised(room, evening("2026-12-22"))
    dates = to_dates(choir_desk)
    check = press_next(
        choir_desk,
        dates,
        **{
            "termin-2026-12-08": "other_room",
            "termin-2026-12-15": "wait",
            "termin-2026-12-22": "other_time",
        },
    ).url
    said = main(choir_desk.get(check).text)
    assert "Di., 8. Dezember 2026: belegt – Gruppenraum" in said
    assert "15. Dezember 2026: von einer anderen Gruppe angefragt – trotzdem angefragt" in said
    choir_desk.post(check)
    booking = Booking.objects.get(draft__isnull=False)
    rooms = [date.room.name for date in booking.dates.select_related("room")]
    assert rooms.count("Gruppenraum") == 1
    waiting = [
        date for date in booking.dates.all() if date.state == "requested" and not date.stands
    ]
    assert len(waiting) == 1


def test_a_promised_time_on_a_holiday_is_said_to_be_taken(choir_desk, room):
    promised(room, evening("2026-12-29"))
    dates = to_dates(choir_desk)
    said = main(choir_desk.get(dates).text)
    assert "Di., 29. Dezember 2026 – Weihnachtsferien, belegt: wird ausgelassen." in said
    assert "Auf die Warteliste" in said
    assert "Trotzdem anfragen" not in said
    check = press_next(choir_desk, dates, **{"termin-2026-12-29": "wait"}).url
    said = main(choir_desk.get(check).text)
    assert "Di., 29. Dezember 2026: Weihnachtsferien, belegt – Warteliste" in said
    assert "Di., 5. Januar 2027 – Weihnachtsferien" in said


def test_one_of_some_dates_is_said_in_the_singular(choir_desk, room):
    dates = to_dates(choir_desk, day="2026-12-22", until="2027-01-12")
    promised(room, evening("2026-12-22"))
    assert "1 von 4 Terminen ist frei." in main(choir_desk.get(dates).text)
    sent = choir_desk.post(press_next(choir_desk, dates).url)
    assert "1 von 4 Terminen ist angefragt." in main(choir_desk.get(sent.url).text)
    dates = to_dates(choir_desk, day="2026-12-22", until="2027-01-11")
    assert "Kein Termin ist frei." in main(choir_desk.get(dates).text)
    dates = to_dates(choir_desk, day="2026-12-08", until="2026-12-14")
    said = main(choir_desk.get(dates).text)
    assert "Der Termin ist frei." in said
    assert "jeden Dienstag, 19:00–21:00 Uhr, am 8. Dezember 2026" in said


def test_what_changed_meanwhile_is_said_and_nothing_is_chosen_silently(choir_desk, room):
    dates = to_dates(choir_desk)
    page = choir_desk.get(dates).text
    shown = dict(re.findall(r'name="(stand-[\d-]+)" value="(\w+)"', page))
    promised(room, evening("2027-01-12"))
    response = choir_desk.post(dates, shown)
    assert response.status_code == 409
    said = main(response.text)
    assert "Inzwischen hat sich etwas geändert: 12. Januar 2027." in said
    assert RequestDraft.objects.get().dates == {}


def test_what_changed_after_the_choice_leads_back_to_the_dates(choir_desk, room):
    dates = to_dates(choir_desk)
    check = press_next(choir_desk, dates).url
    promised(room, evening("2027-01-12"))
    back = choir_desk.get(check)
    assert back.url == dates
    assert "Inzwischen hat sich etwas geändert: 12. Januar 2027." in main(
        choir_desk.get(dates).text
    )
    refused = choir_desk.post(check)
    assert refused.status_code == 422
    said = main(refused.text)
    assert "1 Termin geht so nicht: Di., 12. Januar 2027" in said
    assert "Termine noch einmal ansehen" in said
    assert not Booking.objects.filter(draft__isnull=False).exists()
    again = press_next(choir_desk, dates).url
    assert "gesendet" in choir_desk.post(again).url


def test_choices_survive_a_change_of_something_else(choir_desk):
    dates = to_dates(choir_desk)
    press_next(choir_desk, dates, **{"termin-2026-12-29": "keep"})
    key = RequestDraft.objects.get().pk
    page = choir_desk.get(f"{FORM}?entwurf={key}").text
    choir_desk.post(FORM, {**fields_of(page), "entwurf": draft_key(page), "purpose": "Konzert"})
    said = choir_desk.get(dates).text
    assert re.search(r'termin-2026-12-29-keep"\s+value="keep"\s+checked', said)


def test_choices_survive_more_persons_where_they_are_still_offered(choir_desk, room, centre):
    add_room(centre, "Gruppenraum", capacity=22)
    promised(room, evening("2026-12-08"))
    chosen = {"termin-2026-12-08": "other_room", "termin-2026-12-29": "keep"}
    check = press_next(choir_desk, to_dates(choir_desk), **chosen).url
    page = choir_desk.get(f"{FORM}?entwurf={RequestDraft.objects.get().pk}").text
    values = {**fields_of(page), "entwurf": draft_key(page)}
    dates = choir_desk.post(FORM, {**values, "persons": "24"}).url
    assert choir_desk.get(check).url == dates
    said = choir_desk.get(dates).text
    assert "etwas geändert: 8. Dezember 2026. Bitte" in main(said)
    assert re.search(r'termin-2026-12-08-leave_out"\s+value="leave_out"\s+checked', said)
    assert re.search(r'termin-2026-12-29-keep"\s+value="keep"\s+checked', said)


def fields_of(html: str) -> dict[str, str]:
    """Return what a browser would send of the form as it stands."""
    form = html[html.index('id="anfrage"') :]
    found = dict(
        re.findall(r'<input type="(?:text|date|time|tel)" name="(\w+)" value="([^"]*)"', form)
    )
    found |= dict(re.findall(r'name="(repeats)"\s+id="\w+"\s+value="(\w+)"\s+checked', form))
    return found | {"rhythm": "woechentlich"}


def test_what_another_window_changed_is_checked_once_more(choir_desk):
    dates = to_dates(choir_desk)
    check = press_next(choir_desk, dates).url
    stand = re.search(r'name="stand" value="(\w+)"', choir_desk.get(check).text)
    assert stand
    press_next(choir_desk, dates, **{"termin-2026-12-29": "keep"})
    response = choir_desk.post(check, {"stand": stand[1]})
    assert response.status_code == 409
    assert "in einem anderen Fenster geändert" in main(response.text)
    assert not Booking.objects.exists()


def test_nobody_skips_the_dates(choir_desk):
    dates = to_dates(choir_desk)
    check = dates.replace("/anfrage/", "/anfrage/pruefen/").replace("/termine/", "/")
    assert choir_desk.get(check).url == dates
    assert choir_desk.post(check).url == dates
    assert not Booking.objects.exists()


def test_odd_choices_count_as_the_preset(choir_desk):
    dates = to_dates(choir_desk)
    check = press_next(choir_desk, dates, **{"termin-2026-12-29": "🎵", "termin-x": "keep"}).url
    assert "7 Termine" in main(choir_desk.get(check).text)


def test_the_dates_are_shown_to_their_person_only(choir_desk, choir):
    dates = to_dates(choir_desk)
    stranger = Client(headers={"host": "localhost"})
    assert stranger.get(dates)["Location"].startswith("/konto/login/")
    stranger.force_login(member_of(choir))
    assert stranger.get(dates).status_code == 404
    assert stranger.post(dates).status_code == 404
    assert stranger.post(dates.replace("termine", "verwerfen")).status_code == 404
    assert choir_desk.get(dates.replace("kursraum", "saal")).status_code == 404


def test_sending_a_series_stays_within_the_budget(singer, room, alfeld, settings):
    settings.TASKS = {
        "default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}
    }
    manager_of(alfeld)
    manager_of(alfeld, email="zweite@example.org")
    browser = Client(headers={"host": settings.BASE_URL.partition("//")[2]})
    browser.force_login(singer)
    for start, end in (("9:00", "10:00"), ("19:00", "21:00")):  # the first one makes the rule
        check = press_next(browser, to_dates(browser, until="2027-11-23", start=start, end=end)).url
        browser.get(check)
        with CaptureQueriesContext(connection) as queries:
            assert browser.post(check).status_code == 302
    asked = [one["sql"][:150] for one in queries if not one["sql"].startswith(TRANSACTION)]
    assert len(asked) <= BUDGET, "\n".join(asked)


# The form -----------------------------------------------------------------------------------------


def test_the_address_says_how_often(visitor):
    page = visitor.get(
        f"{FORM}?tag=2026-12-01&von=19:00&bis=21:00&personen=12&wiederholung=alle-2-wochen&endet=2027-06-29"
    )
    said = main(page.text)
    assert "Schritt 1 von 3: Angaben" in said
    assert re.search(r'value="regelmaessig"\s+checked', page.text)
    assert '<option value="alle-2-wochen" selected>' in page.text
    assert 'value="2027-06-29"' in page.text
    assert 'value="12"' in page.text
    assert "an jedem ersten Dienstag im Monat" in said
    engine = visitor.get(f"{FORM}?tag=2026-12-01&wiederholung=weekly/2:TU,TH").text
    assert '<option value="alle-2-wochen" selected>' in engine
    assert re.search(r'value="3"\s+checked', engine)


@pytest.mark.parametrize(
    "query", ["wiederholung=immer", "personen=viele", "endet=nie", "personen=-1"]
)
def test_an_unreadable_series_in_the_address_is_said(visitor, query):
    page = visitor.get(f"{FORM}?{query}")
    assert page.status_code == 200
    assert "Nicht alles in der Adresse konnten wir lesen." in main(page.text)


@pytest.mark.parametrize(
    ("values", "field", "sentence"),
    [
        ({"until": ""}, "until", "Bitte geben Sie an, bis wann"),
        ({"until": "irgendwann"}, "until", "Bitte geben Sie einen Tag an"),
        ({"until": "2026-11-30"}, "until", "würde enden, bevor sie beginnt"),
        ({"until": "2030-01-01"}, "until", "Bitte wählen Sie"),
        ({"rhythm": "immer"}, "rhythm", "Abstände"),
        ({"weekdays": "9"}, "weekdays", "Bitte wählen Sie Wochentage."),
        ({"repeats": "manchmal"}, "repeats", "Bitte wählen Sie einmal oder regelmäßig."),
        (
            {"day": "2027-03-28", "until": "2027-04-25", "start": "2:30", "end": "9:00"},
            "start",
            "gibt es",
        ),
        ({"rhythm": "monatlich-1", "until": "2026-12-20", "day": "2026-12-09"}, "until", "Termin"),
        ({"day": "2026-11-23"}, "day", "Dieser Tag ist schon vorbei."),
        ({"end": "18:00"}, "end", "Das Ende muss nach dem Beginn liegen."),
        ({"persons": "99"}, "persons", "höchstens 25 Personen"),
        ({"use": "krach"}, "use", "Nutzungsarten"),
        ({"equipment": "Zahnradbahn"}, "equipment", "Ausstattung"),
    ],
)
def test_a_bad_series_is_refused_at_its_field(visitor, values, field, sentence):
    response = fill_in(visitor, **{**SERIES, **values})
    assert response.status_code == 422, response
    errors = dict(response.context["form"].errors.items())
    assert field in errors
    assert len(errors) == 1, errors
    assert sentence in errors[field][0].replace("\N{NO-BREAK SPACE}", " ")


def test_what_belongs_to_a_series_does_not_count_for_one_date(visitor):
    to_check(visitor, repeats="einmal", rhythm="immer", until="irgendwann", weekdays="9")
    assert RequestDraft.objects.get().values["repeats"] == "einmal"


def test_weekdays_beside_that_of_the_date(choir_desk):
    dates = to_dates(choir_desk, weekdays=["3"], until="2026-12-10")
    assert "jeden Dienstag und Donnerstag" in main(choir_desk.get(dates).text)
    assert "Alle 4 Termine sind frei." in main(choir_desk.get(dates).text)


def test_one_date_asks_nine_things(visitor):
    page = visitor.get(FORM).text
    form = page[page.index('id="anfrage"') :]
    series = form[form.index('id="regelmaessig"') : form.index('for="id_purpose"')]
    shown = form.replace(series, "").split('<details class="kern-accordion"')[0]
    asked = set(re.findall(r'name="([a-z_]+)"', shown)) - {"csrfmiddlewaretoken", "entwurf"}
    assert asked == {
        "day", "start", "end", "repeats", "purpose", "persons", "group", "contact_name",
        "contact_phone",
    }  # fmt: skip


def test_more_wishes_are_stored_and_hinted_at(choir_desk, room):
    room.equipment.add(Equipment.objects.create(name="Klavier"))
    page = choir_desk.get(f"{FORM}?tag=2027-11-21").text
    assert "Klavier" in page
    assert "Der 21. November 2027 ist Totensonntag." in main(page)
    check = to_check(
        choir_desk,
        day="2027-11-21",
        equipment="Klavier",
        use="music",
        is_public_event="on",
        has_music="on",
        has_alcohol="on",
    )
    said = main(choir_desk.get(check).text)
    assert "Klavier" in said
    for hint in ("ist Totensonntag. Musik und Tanz", "GEMA angemeldet", "Gestattung"):
        assert hint in said
    choir_desk.post(check)
    booking = Booking.objects.get()
    assert (booking.use, booking.equipment, booking.has_alcohol) == ("music", ["Klavier"], True)
    said = main(choir_desk.get(f"/buchungen/{booking.number}/").text)
    assert "Klavier" in said
    assert "Alkohol" in said


def test_a_single_date_on_a_public_holiday_is_hinted_at(choir_desk):
    said = "Der 6. Mai 2027 ist ein Feiertag (Christi Himmelfahrt)."
    assert said in main(choir_desk.get(f"{FORM}?tag=2027-05-06").text)
    check = to_check(choir_desk, day="2027-05-06")
    assert said in main(choir_desk.get(check).text)
    assert "ist ein Feiertag" not in main(choir_desk.get(f"{FORM}?tag=2027-05-07").text)
    choir_desk.post(check)
    assert Booking.objects.count() == 1


def test_of_a_quiet_holiday_its_quiet_is_said(choir_desk):
    said = main(choir_desk.get(f"{FORM}?tag=2027-03-26").text)
    assert "Der 26. März 2027 ist Karfreitag." in said
    assert "ist ein Feiertag" not in said


def test_right_to_left_and_emoji_are_kept(choir_desk):
    text = "مرحبا 🎶 שלום"
    check = to_check(choir_desk, purpose=text)
    assert text in choir_desk.get(check).text


# Terms --------------------------------------------------------------------------------------------


def test_nothing_is_sent_before_the_terms_are_agreed_to(choir_desk, centre):
    before = TermsOfUse.objects.create(centre=centre, text="Alt", valid_from="2025-01-01")
    terms = TermsOfUse.objects.create(centre=centre, text="<b>Leise</b>", valid_from="2026-01-01")
    TermsOfUse.objects.create(centre=centre, text="Künftig", valid_from="2027-01-01")
    check = to_check(choir_desk)
    page = choir_desk.get(check).text
    assert "&lt;b&gt;Leise&lt;/b&gt;" in page
    assert "Fassung 2, gültig ab 1. Januar 2026" in main(page)
    refused = choir_desk.post(check, {"face": terms.face})
    assert refused.status_code == 422
    assert "Bitte lesen Sie die Nutzungsordnung und stimmen Sie ihr zu." in main(refused.text)
    outdated = choir_desk.post(check, {"face": before.face, "agrees": "on"})
    assert "Die Nutzungsordnung hat sich geändert." in main(outdated.text)
    assert not Booking.objects.exists()
    choir_desk.post(check, {"face": terms.face, "agrees": "on"})
    assert Booking.objects.get().terms == terms


def test_nobody_agrees_to_words_that_were_changed_under_the_same_number(choir_desk, centre):
    terms = TermsOfUse.objects.create(centre=centre, text="Leise", valid_from="2026-01-01")
    check = to_check(choir_desk)
    read = {"face": face_in(choir_desk.get(check).text), "agrees": "on"}
    TermsOfUse.objects.update(text="Laut")
    page = choir_desk.post(check, read)
    assert page.status_code == 422
    assert "Die Nutzungsordnung hat sich geändert." in main(page.text)
    assert not Booking.objects.exists()
    choir_desk.post(check, {**read, "face": face_in(page.text)})
    assert Booking.objects.get().terms == terms


def test_terms_that_change_while_a_request_is_sent_are_shown_again(choir_desk, centre, monkeypatch):
    def sent_too_late(**values):
        TermsOfUse.objects.update(text="Laut")
        return send_request(**values)

    TermsOfUse.objects.create(centre=centre, text="Leise", valid_from="2026-01-01")
    check = to_check(choir_desk)
    read = {"face": face_in(choir_desk.get(check).text), "agrees": "on"}
    monkeypatch.setattr("bookings.views.request.checking.send_request", sent_too_late)
    page = choir_desk.post(check, read)
    assert page.status_code == 422
    said = main(page.text)
    assert "Die Nutzungsordnung hat sich geändert." in said
    assert "Laut" in said
    assert not Booking.objects.exists()


def face_in(html: str) -> str:
    found = re.search(r'name="face" value="(\w+)"', html)
    assert found
    return found[1]


def test_what_is_promised_at_once_says_so_on_the_button(choir_desk, centre):
    BookingPolicy.objects.create(centre=centre, approval=Approval.AT_ONCE)
    check = to_check(choir_desk)
    assert "Verbindlich buchen" in main(choir_desk.get(check).text)
    sent = choir_desk.post(check)
    said = main(choir_desk.get(sent.url).text)
    assert "Der Raum ist für Sie gebucht." in said
    assert "Nummer:" in said


# Drafts -------------------------------------------------------------------------------------------


def test_a_draft_waits_for_a_week_also_on_another_device(choir_desk, singer):
    to_check(choir_desk, purpose="Adventssingen")
    other = Client(headers={"host": "localhost"})
    other.force_login(singer)
    with time_machine.travel(NOW + dt.timedelta(days=6), tick=False):
        for page in (other.get(FORM), other.get("/buchungen/")):
            said = main(page.text)
            assert "Sie haben eine angefangene Anfrage: Kursraum, Fr., 27. November 2026" in said
        key = RequestDraft.objects.get().pk
        assert 'value="Adventssingen"' in other.get(f"{FORM}?entwurf={key}").text
    later = NOW + dt.timedelta(days=8)
    with time_machine.travel(later, tick=False):
        assert "angefangene" not in main(other.get(FORM).text)
    assert prune_drafts(now=later) == 1


def test_a_draft_can_be_thrown_away(choir_desk):
    to_check(choir_desk)
    discard = f"{FORM}{RequestDraft.objects.get().pk}/verwerfen/"
    assert choir_desk.get(discard).status_code == 405
    back = choir_desk.post(discard, {"zurueck": "/buchungen/"})
    assert back.url == "/buchungen/"
    said = main(choir_desk.get(back.url).text)
    assert "Die angefangene Anfrage ist verworfen." in said
    assert "Sie haben eine angefangene" not in said
    assert not RequestDraft.objects.exists()
    assert choir_desk.post(discard, {"zurueck": "/buchungen/"}).url == "/buchungen/"  # twice
    to_check(choir_desk)
    discard = f"{FORM}{RequestDraft.objects.get().pk}/verwerfen/"
    assert choir_desk.post(discard, {"zurueck": "//example.org/"}).url == FORM


def test_the_time_that_was_chosen_stays_when_a_draft_is_thrown_away(choir_desk):
    to_check(choir_desk)
    chosen = f"{FORM}?tag=2026-12-01&von=18:00"
    back = unescape(shown(choir_desk.get(chosen).text, "zurueck"))
    discard = f"{FORM}{RequestDraft.objects.get().pk}/verwerfen/"
    page = choir_desk.post(discard, {"zurueck": back}, follow=True).text
    for text in ("2026-12-01", "18:00"):
        assert f'value="{text}"' in page


# Again --------------------------------------------------------------------------------------------


def test_asking_again_fills_in_what_was_asked_before(choir_desk, room):
    dates = to_dates(choir_desk, purpose="Probe", has_food="on", persons="17")
    choir_desk.post(press_next(choir_desk, dates).url)
    booking = Booking.objects.get()
    assert (
        f"/buchungen/{booking.number}/wieder/"
        in choir_desk.get(f"/buchungen/{booking.number}/").text
    )
    form = choir_desk.get(f"/buchungen/{booking.number}/wieder/").url
    assert form == f"{FORM}?wie={booking.number}"
    page = choir_desk.get(form).text
    for text in ("Probe", "17", "19:00", "21:00"):
        assert f'value="{text}"' in page
    assert re.search(r'value="regelmaessig"\s+checked', page)
    assert 'value="2026-12-01"' not in page
    assert 'value="18:30"' in choir_desk.get(f"{form}&tag=2026-12-08&von=18:30").text


def test_a_series_stays_one_of_the_room_that_was_asked_for(choir_desk, room, centre):
    add_room(centre, "Gruppenraum", capacity=30)
    promised(room, evening("2026-12-01"))
    dates = to_dates(choir_desk)
    check = press_next(choir_desk, dates, **{"termin-2026-12-01": "other_room"}).url
    sent = choir_desk.post(check).url
    booking = Booking.objects.get(draft__isnull=False)
    assert booking.dates.earliest("occurrence__start").room.name == "Gruppenraum"
    assert booking.event.calendar == room.calendar
    assert f'href="{FORM}"' in choir_desk.get(sent).text
    assert choir_desk.get(f"/buchungen/{booking.number}/wieder/").url.startswith(FORM)


def test_only_ones_own_requests_are_asked_for_again(choir_desk, visitor, room, centre):
    foreign = requested(room, association=AssociationFactory.create(home_centre=centre))
    for path in (f"{FORM}?wie={foreign.number}", f"/buchungen/{foreign.number}/wieder/"):
        assert choir_desk.get(path).status_code == 404
    for odd in ("🎵", "x" * 10_000):
        assert choir_desk.get(f"{FORM}?wie={odd}").status_code == 404
    stranger = Client(headers={"host": "localhost"})
    assert stranger.get(f"{FORM}?wie={foreign.number}")["Location"].startswith("/konto/login/")


def test_what_is_refused_to_the_group_is_said_where_the_form_asks_for_none(
    choir_desk, choir, room, centre
):
    BookingPolicy.objects.create(centre=centre, quota_open=1)
    requested(room, span("08:00", "09:00"), association=choir)
    response = fill_in(choir_desk, group=None)
    assert response.status_code == 422
    assert "Ihre Gruppe hat schon 1 offene Anfrage." in main(response.text)
