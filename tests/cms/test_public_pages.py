"""What residents read on the pages of a centre and of its services."""

import datetime as dt
import re

import pytest
import time_machine

from cms.models import (
    CafePage,
    Centre,
    CentrePage,
    Entrance,
    HoursException,
    Person,
    ServiceKind,
    Stop,
    TransportOffer,
    WeeklyRule,
)
from tests.factories.cms import (
    CentreFactory,
    ProviderFactory,
    ServiceFactory,
    closed,
    other_hours,
    weekly,
)
from tests.reading import main, read, words

pytestmark = pytest.mark.usefixtures("tuesday_morning")


# The centre


def test_centre_shows_its_services_as_of_now(client, alfeld):
    text = main(read(client, "/alfeld/"))
    assert "RVZ Alfeld in Alfeld Hauptstraße 1, Alfeld · Anfahrt" in text
    assert "Angebote heute, Dienstag, 24. November" in text
    assert (
        "Hausarztpraxis (MVZ) Jetzt geöffnet – bis 12:00 Uhr, dann wieder ab 15:00 Uhr "
        "heute 8:00–12:00 Uhr und 15:00–18:00 Uhr 030 23125 410"
    ) in text
    assert "Stand 10:14 Uhr" in text


def test_service_leads_to_its_page_or_to_its_times(client, alfeld):
    ServiceFactory.create(centre=alfeld.centre, name="Friedhofsverwaltung", kind="office")
    html = read(client, "/alfeld/")
    assert 'href="/alfeld/hausarztpraxis/"' in html
    assert 'href="/oeffnungszeiten/alfeld/friedhofsverwaltung/"' in html
    assert "/oeffnungszeiten/alfeld/hausarztpraxis/" not in html


def test_phone_can_be_dialled(client, alfeld):
    assert 'class="rvz-tel" href="tel:+493023125410"' in read(client, "/alfeld/")


def test_many_services_stand_under_four_headings(client, alfeld):
    for kind in (*[ServiceKind.ADVICE] * 6, ServiceKind.CAFE, ServiceKind.DAY_CARE):
        ServiceFactory.create(centre=alfeld.centre, kind=kind)
    html = read(client, "/alfeld/")
    headings = [words(found) for found in re.findall(r"<h3[^>]*>(.*?)</h3>", html, re.DOTALL)]
    assert headings == ["Medizin", "Pflege & Therapie", "Beratung & Ämter", "Treffen & Alltag"]
    assert html.count("<h4") == 9


def test_public_holiday_is_named(client, alfeld):
    with time_machine.travel("2026-12-25T10:00:00+01:00", tick=False):
        text = main(read(client, "/alfeld/"))
    assert "Heute geschlossen – Erster Weihnachtstag" in text


def test_third_notice_is_folded(client, alfeld, practice):
    for day in ("2026-11-25", "2026-11-26", "2026-11-27"):
        closed(practice, day, day)
    html = read(client, "/alfeld/")
    assert html.count("kern-alert--warning") == 2
    assert "1 weiterer Hinweis" in main(html)


def test_way_to_the_centre(client, alfeld):
    location = alfeld.centre.locations.get()
    location.parking = "24 Plätze am Haus"
    location.checked_on = dt.date(2026, 11, 12)
    location.save()
    Stop.objects.create(
        location=location, name="Versorgungszentrum", lines="Linie 21", walking_minutes=2
    )
    Entrance.objects.create(location=location, name="Haupteingang", step_free="no")
    TransportOffer.objects.create(
        centre=alfeld.centre,
        phone="030 23125 470",
        lead_minutes=60,
        checked_on=dt.date(2026, 11, 12),
    )
    text = main(read(client, "/alfeld/"))
    assert "Haltestelle Versorgungszentrum, Linie 21 – 2 Minuten zu Fuß" in text
    assert "Rufbus Mindestens 60 Minuten vorher anrufen, Telefon 030 23125 470." in text
    assert "24 Plätze am Haus" in text
    assert "Ohne Stufen Haupteingang: nein" in text
    assert text.count("Zuletzt geprüft am 12. November 2026") == 1


def test_unknown_is_said_and_empty_is_left_out(client, tree):
    centre = CentreFactory.create(place="Alfeld", phone="", email="")
    tree.home.add_child(instance=CentrePage(title="RVZ Alfeld", centre=centre))
    text = main(read(client, "/alfeld/"))
    assert "Adresse: keine Angabe" in text
    assert "Angebote: keine Angabe" in text
    assert "Ohne Stufen keine Angabe" in text
    assert "Telefon: keine Angabe" in text
    assert "Bus und Bahn" not in text
    assert "Parken" not in text


def test_planned_centre_says_what_is_planned(client, tree):
    tree.add_centre(
        "Südheide",
        slug="suedheide",
        status=Centre.Status.PLANNED,
        expected_opening="Ende 2026",
        expected_by=dt.date(2026, 12, 31),
        status_date=dt.date(2024, 11, 29),
    )
    text = main(read(client, "/suedheide/"))
    assert "Geplant – Eröffnung vorgesehen für Ende 2026 (Stand: 29. November 2024)." in text
    assert "Geplante Angebote" in text
    assert "geöffnet" not in text
    with time_machine.travel("2027-01-04T10:00:00+01:00", tick=False):
        assert "ist hier noch nicht bestätigt." in main(read(client, "/suedheide/"))


def test_centre_closed_for_good_says_so(client, tree):
    tree.add_centre("Alfeld", status=Centre.Status.CLOSED)
    text = main(read(client, "/alfeld/"))
    assert "Dauerhaft geschlossen (Stand: 1. November 2026)." in text
    assert "030 23125 410" not in text


@pytest.mark.parametrize("number", [1, 40])
def test_centre_stands_with_one_and_with_forty_services(client, alfeld, number):
    for _ in range(number - 1):
        ServiceFactory.create(centre=alfeld.centre, kind=ServiceKind.OTHER)
    assert read(client, "/alfeld/").count('<li class="rvz-row">') == number


def test_page_is_kept_until_something_on_it_changes(client, alfeld):
    cafe = ServiceFactory.create(centre=alfeld.centre, kind=ServiceKind.CAFE)
    weekly(cafe, 1, "10:30", "17:00")
    for path in ("/alfeld/", "/"):
        request = client.get(path).wsgi_request
        expected = "11:30" if path == "/" else "10:30"  # 30 minutes before the practice closes
        assert f"{request.page_live_until:%H:%M}" == expected


# A service


def test_practice_answers_first(client, alfeld):
    text = main(read(client, "/alfeld/hausarztpraxis/"))
    assert text.startswith(
        "Alle Angebote Hausarztpraxis im RVZ Alfeld "
        "Hausarztpraxis (MVZ) · Erdgeschoss, erste Tür links "
        "Jetzt geöffnet – bis 12:00 Uhr, dann wieder ab 15:00 Uhr Stand 10:14 Uhr "
        "030 23125 410 Rezepte: 030 23125 411 Sprechzeiten"
    )


def test_hours_mark_today_and_use_only_columns_that_are_needed(client, alfeld, practice):
    html = read(client, "/alfeld/hausarztpraxis/")
    assert "offene Sprechstunde" not in html
    assert "Telefonzeiten" not in html
    (today,) = re.findall(r"<tr[^>]* data-today>(.*?)</tr>", html, re.DOTALL)
    assert words(today) == "DienstagDi., heute 8:00–12:00 15:00–18:00"
    weekly(practice, 1, "08:00", "09:30", kind="walk_in")
    weekly(practice, 1, "07:30", "11:30", kind="phone")
    html = read(client, "/alfeld/hausarztpraxis/")
    assert "offene Sprechstunde" in html
    assert "Telefonzeiten" in html


def test_closed_practice_shows_closure_substitute_and_116117_above_the_hours(
    client, alfeld, practice
):
    closed(
        practice,
        "2026-11-23",
        "2026-11-27",
        substitute="Zweigstelle Freden",
        substitute_phone="030 23125 460",
    )
    html = read(client, "/alfeld/hausarztpraxis/")
    text = main(html)
    order = [
        "Geschlossen – öffnet am Montag, 30. November, um 8:00 Uhr",
        "Urlaub: geschlossen vom 23. November bis 27. November 2026",
        "Ab Montag, 30. November, sind wir wieder da.",
        "Vertretung: Zweigstelle Freden, Telefon 030 23125 460",
        "Rufen Sie 116117 an. Bei Lebensgefahr: 112",
        "Sprechzeiten",
        "Diese Zeiten gelten wieder ab Montag, 30. November 2026.",
    ]
    places = [text.find(part) for part in order]
    assert -1 not in places, order[places.index(-1)]
    assert places == sorted(places)
    assert "data-today" not in html
    assert 'href="tel:116117"' in html
    assert 'href="tel:112"' in html


def test_open_practice_shows_116117_below_the_hours(client, alfeld):
    text = main(read(client, "/alfeld/hausarztpraxis/"))
    assert text.index("Sprechzeiten") < text.index("116117")


def test_cafe_shows_no_emergency_numbers_and_has_its_own_words(client, alfeld):
    cafe = ServiceFactory.create(centre=alfeld.centre, name="Café", kind=ServiceKind.CAFE)
    weekly(cafe, 1, "10:00", "17:00")
    alfeld.add_child(instance=CafePage(title="Café", slug="cafe", service=cafe))
    text = main(read(client, "/alfeld/cafe/"))
    assert "Öffnungszeiten" in text
    assert "116117" not in text
    assert "Neue Patientinnen" not in text


def test_changes_ahead_are_announced(client, alfeld, practice):
    weekly(practice, 2, "15:00", "17:00", valid_from=dt.date(2027, 1, 4))
    closed(practice, "2026-12-23", "2027-01-02")
    text = main(read(client, "/alfeld/hausarztpraxis/"))
    assert "Ab 4. Januar 2027: Mittwoch auch 15:00–17:00 Uhr." in text
    assert "Urlaub: geschlossen vom 23. Dezember 2026 bis 2. Januar 2027." in text


def test_other_hours_on_one_day_are_a_notice(client, alfeld, practice):
    other_hours(practice, "2026-11-27", "08:00", "11:00", reason=HoursException.Reason.OTHER)
    text = main(read(client, "/alfeld/hausarztpraxis/"))
    assert "Am Freitag, 27. November, nur bis 11:00 Uhr" in text


def test_what_is_unknown_of_a_practice_reads_so(client, alfeld, practice):
    WeeklyRule.objects.all().delete()
    practice.contacts.all().delete()
    text = main(read(client, "/alfeld/hausarztpraxis/"))
    assert "Zeiten: keine Angabe. Stand 10:14 Uhr Telefon: keine Angabe" in text
    assert "Sprechzeiten keine Angabe" in text
    assert "Neue Patientinnen und Patienten keine Angabe" in text
    assert "Mit Rollstuhl oder Rollator keine Angabe" in text
    assert "Anbieter keine Angabe" in text


def test_known_facts_of_a_practice_are_shown(client, alfeld, practice):
    practice.provider = ProviderFactory.create(name="MVZ Leinebergland GmbH")
    practice.new_patients = "yes"
    practice.new_patients_checked_on = dt.date(2026, 11, 12)
    practice.save()
    Entrance.objects.create(
        location=practice.location, name="Seiteneingang", step_free="yes", note="Klingel rechts"
    )
    Person.objects.create(service=practice, role="Medizinische Fachangestellte")
    text = main(read(client, "/alfeld/hausarztpraxis/"))
    assert "Neue Patientinnen und Patienten ja (geprüft am 12. November 2026)" in text
    assert "Seiteneingang: ja. Klingel rechts" in text
    assert "Anbieter MVZ Leinebergland GmbH" in text
    assert "Medizinische Fachangestellte Namen: keine Angabe" in text
    assert "Angaben geändert am 24. November 2026" in text


def test_a_change_after_midnight_in_berlin_is_of_that_day(client, alfeld, practice):
    with time_machine.travel("2026-11-24T23:31:00+00:00", tick=False):  # 0:31 on the 25th
        practice.save()
        text = main(read(client, "/alfeld/hausarztpraxis/"))
    assert "Angaben geändert am 25. November 2026" in text


def test_what_editors_type_is_text_not_markup(client, alfeld, practice):
    practice.door = "<script>alert(1)</script>"
    practice.save()
    html = read(client, "/alfeld/hausarztpraxis/")
    assert "<script>alert" not in html
    assert "&lt;script&gt;" in html
