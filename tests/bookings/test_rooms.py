"""The public pages of rooms: what they say, who serves them, how one finds them."""

import datetime as dt
import re

import pytest
import time_machine
from wagtail.models import Site

from bookings.models import Room
from cms.models import Answer, CentrePage, CustomImage
from tests.bookings.week_pages import WEEK, closed, day
from tests.factories.bookings import (
    NOW,
    add_room,
    promised,
    requested,
    span,
)
from tests.reading import main, read, words

pytestmark = pytest.mark.usefixtures("tuesday_morning")


# The room


def test_room_says_what_it_is_and_what_is_not_known(client, centre):
    room = add_room(
        centre,
        "Kursraum",
        costs="12 € je Stunde",
        step_free=Answer.YES,
        house_rules="Bitte lüften.\nDanke.",
        key_text="Am Empfang.",
    )
    room.equipment.create(name="Klavier")
    html = read(client, WEEK)
    text = main(html)
    assert "RVZ Alfeld, Alfeld · höchstens 60 Personen · ohne Stufen" in text
    assert "Kosten: 12 € je Stunde" in text
    assert "Bestuhlung Reihen: höchstens 60 Personen" in text
    assert "Ausstattung Klavier Zugang Ohne Stufen: ja Höranlage: keine Angabe" in text
    assert "Hausregeln Bitte lüften.Danke. Schlüssel Am Empfang." in text
    assert "Grundriss" not in text


def test_pictures_come_with_their_words(client, room):
    image = CustomImage(title="Saal", alt_text="Ein heller Saal")
    image.file.save("saal.png", png())
    image.save()
    Room.objects.filter(pk=room.pk).update(picture=image, floor_plan=image)
    html = read(client, WEEK)
    assert html.count('alt="Ein heller Saal"') == 2
    assert "Grundriss" in main(html)


def png():
    from wagtail.images.tests.utils import get_test_image_file  # noqa: PLC0415 - only needed here

    return get_test_image_file()


def test_room_page_has_the_centres_frame_and_one_address(client, room, alfeld):
    html = read(client, f"{WEEK}?woche=2026-W49")
    header = words(html[html.index("<header") : html.index("</header>")])
    assert "RVZ Alfeld Regionales Versorgungszentrum" in header
    assert re.search(r'href="/alfeld/#raeume"\s+aria-current="true"\s*>Räume</a>', html)
    assert f'<link rel="canonical" href="http://localhost{WEEK}">' in html
    assert alfeld.centre.phone in words(html)
    Site.objects.create(hostname="alfeld.localhost", root_page=alfeld, port=80)
    assert f'<link rel="canonical" href="http://alfeld.localhost{WEEK}">' in read(client, WEEK)


def test_no_cookie_no_token_and_only_reading(client, room):
    for path in (WEEK, "/raeume/"):
        response = client.get(path)
        assert not response.cookies
        assert "csrfmiddlewaretoken" not in response.text
        assert client.post(path).status_code == 405


@pytest.mark.parametrize("path", ["/raeume/alfeld/nichts/", "/raeume/nichts/kursraum/"])
def test_unknown_rooms_are_not_found(client, room, path):
    assert client.get(path).status_code == 404


def test_rooms_that_are_not_public_are_not_found(client, room, alfeld):
    Room.objects.update(is_public=False)
    assert client.get(WEEK).status_code == 404
    Room.objects.update(is_public=True)
    alfeld.unpublish()
    assert client.get(WEEK).status_code == 404


def test_week_shows_a_new_booking_at_once_though_the_page_is_kept(
    client, room, settings, django_capture_on_commit_callbacks
):
    settings.PAGE_CACHE_SECONDS = 60
    host = {"host": "localhost"}
    assert "ETag" in client.get(WEEK, headers=host).headers
    with django_capture_on_commit_callbacks(execute=True):
        requested(room)
    assert "angefragt" in day(client.get(WEEK, headers=host).text, 5)


def test_kept_page_does_not_outlive_the_quarter_hour(client, room, settings):
    settings.PAGE_CACHE_SECONDS = 60
    with time_machine.travel(NOW.replace(second=50), tick=False) as clock:
        assert "10:15–22:00 Uhr frei" in day(
            client.get(WEEK, headers={"host": "localhost"}).text, 2
        )
        clock.shift(11)
        assert "10:30–22:00 Uhr frei" in day(
            client.get(WEEK, headers={"host": "localhost"}).text, 2
        )


# Lists


def test_list_groups_the_rooms_by_centre(client, room, nordholz: CentrePage):
    add_room(nordholz.centre, "Saal", step_free=Answer.PARTLY)
    html = read(client, "/raeume/")
    assert main(html).endswith(
        "Alfeld – RVZ Alfeld Kursraum höchstens 25 Personen ohne Stufen: keine Angabe "
        "nächster freier Abend: heute ab 17:00 Uhr Freie Zeiten ansehen – Kursraum "
        "Nordholz – RVZ Nordholz Saal höchstens 60 Personen teilweise ohne Stufen "
        "nächster freier Abend: heute ab 17:00 Uhr Freie Zeiten ansehen – Saal"
    )
    assert f'href="{WEEK}"' in html


def test_centres_own_host_serves_only_its_rooms(client, room, alfeld, nordholz):
    add_room(nordholz.centre, "Saal")
    Site.objects.create(hostname="alfeld.localhost", root_page=alfeld, port=80)
    html = read(client, "/raeume/", host="alfeld.localhost")
    assert "Kursraum" in html
    assert "Nordholz" not in html
    assert read(client, WEEK, host="alfeld.localhost")
    other = client.get("/raeume/nordholz/saal/", headers={"host": "alfeld.localhost"})
    assert other.status_code == 404


def test_list_without_rooms_says_so(client, tree):
    assert "Zurzeit kann kein Raum online angefragt werden." in main(read(client, "/raeume/"))


def test_next_free_evening_has_an_hour_at_least(client, room, manager):
    closed(room, span("00:00", "00:00", dt.date(2026, 11, 24)), manager)
    requested(room, span("18:00", "21:15", dt.date(2026, 11, 25)))  # leaves 17–18 and 45 minutes
    promised(room, span("17:15", "21:15", dt.date(2026, 11, 26)))
    assert "nächster freier Abend: morgen ab 17:00 Uhr" in main(read(client, "/raeume/"))
    requested(room, span("17:00", "18:00", dt.date(2026, 11, 25)))
    promised(room, span("16:00", "20:00"))
    assert "nächster freier Abend: Fr., 27. November, ab 20:00 Uhr" in main(
        read(client, "/raeume/")
    )


def test_rooms_without_a_free_evening_say_so(client, centre, manager):
    add_room(centre, "Tagraum", hours=("08:00", "17:00"))
    busy = add_room(centre, "Abendraum")
    for ahead in range(30):
        closed(busy, span("00:00", "00:00", NOW.date() + dt.timedelta(ahead)), manager)
    text = main(read(client, "/raeume/"))
    assert (
        "Abendraum höchstens 60 Personen ohne Stufen: keine Angabe in den nächsten vier Wochen kein freier Abend"
        in text
    )
    assert "keine Angabe abends nicht nutzbar" in text


def test_ways_to_the_rooms_exist_only_where_rooms_do(client, alfeld, nordholz):
    for path in ("/", "/alfeld/"):
        html = read(client, path)
        assert "Räume" not in words(html)
        assert 'id="raeume"' not in html
    add_room(alfeld.centre, "Kursraum")
    start, centre, other = (read(client, path) for path in ("/", "/alfeld/", "/nordholz/"))
    assert "Zentren Öffnungszeiten Räume" in words(start)
    assert "Raum für Ihre Gruppe finden" in main(start)
    assert "Öffnungszeiten Angebote Räume Anfahrt" in words(centre)
    section = centre[centre.index('id="raeume"') :]
    assert words(section[section.index("<h2") :]).startswith(
        "Räume für Vereine und Gruppen Kursraum höchstens 60 Personen "
        "nächster freier Abend: heute ab 17:00 Uhr Freie Zeiten ansehen"
    )
    assert "Räume" not in words(other)
    Room.objects.update(is_public=False)
    assert "Räume" not in words(read(client, "/"))


# Search engines


def test_the_sitemap_names_the_rooms_that_everybody_may_book(client, centre, nordholz):
    add_room(centre, "Kursraum")
    add_room(centre, "Lager", is_public=False)
    add_room(nordholz.centre, "Halle")
    said = client.get("/sitemap.xml").text
    for path in ("raeume/", "raeume/alfeld/kursraum/", "raeume/nordholz/halle/"):
        assert f"<loc>http://testserver/{path}</loc>" in said
    assert "lager" not in said


def test_the_sitemap_of_a_centre_alone_names_its_own_rooms_only(client, alfeld, nordholz):
    Site.objects.create(hostname="alfeld.localhost", root_page=alfeld)
    add_room(alfeld.centre, "Kursraum")
    add_room(nordholz.centre, "Halle")
    said = client.get("/sitemap.xml", headers={"host": "alfeld.localhost"}).text
    assert "<loc>http://alfeld.localhost/raeume/alfeld/kursraum/</loc>" in said
    assert "halle" not in said


def test_the_sitemap_is_silent_about_rooms_where_there_are_none(client, alfeld):
    assert "/raeume/" not in client.get("/sitemap.xml").text
