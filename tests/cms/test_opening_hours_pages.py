"""All opening hours, the times of one service, and what is printed of them."""

import re
from urllib.parse import quote

import pytest
import time_machine
from wagtail.models import Site

from cms.models import Centre, CentrePage, Person, Service, ServiceKind, WeekPattern
from tests.cms.desk import NOW
from tests.factories.cms import ServiceFactory, closed, weekly
from tests.reading import main, read, words

pytestmark = pytest.mark.usefixtures("tuesday_morning")

LIST = "/oeffnungszeiten/"
ALFELD = "alfeld.localhost"


@pytest.fixture
def cafe(alfeld: CentrePage) -> Service:
    """Open on Tuesdays 14–17; it has no page of its own."""
    cafe = ServiceFactory.create(
        centre=alfeld.centre, name="Café", slug="cafe", kind=ServiceKind.CAFE
    )
    weekly(cafe, 1, "14:00", "17:00")
    return cafe


@pytest.fixture
def own_host(alfeld: CentrePage) -> str:
    Site.objects.create(hostname=ALFELD, root_page=alfeld, port=80)
    return ALFELD


def names(html: str) -> list[str]:
    """Return what the list names, in its order."""
    found = re.findall(r'class="rvz-row__name">(.*?)</h\d>', html, re.DOTALL)
    return [words(name) for name in found]


# The list


def test_list_groups_all_services_by_centre_with_their_state(client, cafe, nordholz):
    html = read(client, LIST)
    assert names(html) == ["Hausarztpraxis (MVZ)", "Café", "Hausarztpraxis (MVZ)"]
    text = main(html)
    assert "2 von 3 Angeboten haben jetzt geöffnet." in text
    assert (
        "Alfeld – RVZ Alfeld Hausarztpraxis (MVZ) "
        "Jetzt geöffnet – bis 12:00 Uhr, dann wieder ab 15:00 Uhr "
        "heute 8:00–12:00 Uhr und 15:00–18:00 Uhr 030 23125 410 "
        "Café Geschlossen – öffnet heute um 14:00 Uhr heute 14:00–17:00 Uhr"
    ) in text
    assert text.endswith("Stand: Di., 24. November 2026, 10:14 Uhr")
    assert 'href="/alfeld/hausarztpraxis/"' in html
    assert 'href="/oeffnungszeiten/alfeld/cafe/"' in html


def test_list_filtered_to_a_centre_has_its_frame(client, cafe, nordholz):
    html = read(client, f"{LIST}?zentrum=alfeld")
    assert names(html) == ["Hausarztpraxis (MVZ)", "Café"]
    header = words(html[html.index("<header") : html.index("</header>")])
    assert "RVZ Alfeld Regionales Versorgungszentrum" in header
    assert "Nordholz" not in main(html).split("alle Zentren")[1].partition("Art")[2]
    assert "Angebote heute, Dienstag, 24. November" in main(html)
    assert re.search(r'href="/oeffnungszeiten/\?zentrum=alfeld"\s+aria-current="true"', html)


def test_list_filtered_by_kind_and_to_what_is_open(client, cafe, nordholz):
    assert names(read(client, f"{LIST}?art=cafe")) == ["Café"]
    html = read(client, f"{LIST}?wann=jetzt")
    assert names(html) == ["Hausarztpraxis (MVZ)"] * 2
    assert "2 Angebote haben jetzt geöffnet." in main(html)
    assert '<option value="jetzt" selected>' in html


@pytest.mark.parametrize("time", ["15:00", "15", "15.00", "15:00 Uhr"])
def test_list_of_what_is_open_at_a_time(client, cafe, time):
    html = read(client, f"{LIST}?tag=2026-12-01&uhrzeit={quote(time)}")
    text = main(html)
    assert "2 Angebote haben am Dienstag, 1. Dezember, um 15:00 Uhr geöffnet." in text
    assert "Café Geöffnet – bis 17:00 Uhr Di., 1. Dezember: 14:00–17:00 Uhr" in text
    assert "Jetzt geöffnet" not in text
    assert 'value="2026-12-01"' in html
    assert 'value="15:00"' in html


def test_list_of_what_is_open_on_a_day(client, cafe):
    text = main(read(client, f"{LIST}?tag=25.11.2026"))
    assert "1 Angebot hat morgen, Mittwoch, geöffnet." in text
    assert "Hausarztpraxis (MVZ) Geöffnet Mi., 25. November: 8:00–12:00 Uhr" in text


def test_time_without_a_day_is_of_today(client, cafe):
    assert "1 Angebot hat heute um 14:00 Uhr geöffnet." in main(read(client, f"{LIST}?uhrzeit=14"))


def test_now_overrules_a_day_that_was_left_in_the_form(client, cafe):
    html = read(client, f"{LIST}?wann=jetzt&tag=2026-12-01&uhrzeit=15:00")
    assert "1 Angebot hat jetzt geöffnet." in main(html)
    assert "2026-12-01" not in html


def test_nothing_open_says_what_opens_next(client, cafe):
    text = main(read(client, f"{LIST}?tag=2026-11-29&uhrzeit=10:00"))
    assert "Kein Angebot hat am Sonntag, 29. November, um 10:00 Uhr geöffnet." in text
    assert (
        "Als Nächstes öffnet Hausarztpraxis (MVZ) Öffnet am Montag, 30. November, um 8:00 Uhr"
    ) in text
    assert "Café Öffnet am Dienstag, 1. Dezember, um 14:00 Uhr" in text


def test_no_service_of_the_kind_says_so(client, cafe):
    text = main(read(client, f"{LIST}?art=pharmacy"))
    assert "Diese Art von Angebot" not in text
    assert "Für diese Auswahl gibt es hier kein Angebot" in text


def test_centre_that_is_not_open_has_no_states(client, alfeld, tree):
    tree.add_centre("Südheide", slug="suedheide", status=Centre.Status.PLANNED)
    tree.add_centre("Altort", status=Centre.Status.CLOSED)
    html = read(client, LIST)
    assert names(html) == ["Hausarztpraxis (MVZ)"]
    text = main(html)
    assert "Südheide – RVZ Südheide Geplant – Eröffnung: keine Angabe" in text
    assert "Altort – RVZ Altort Dauerhaft geschlossen (Stand: 1. November 2026)." in text
    assert "Südheide – RVZ" not in main(read(client, f"{LIST}?wann=jetzt"))


def test_installation_without_a_centre_stands(client, tree):
    assert "Angebote: keine Angabe" in main(read(client, LIST))


@pytest.mark.parametrize(
    ("query", "sentence", "kept"),
    [
        ("wann=gestern", "Bitte wählen Sie „jetzt geöffnet“ oder geben Sie einen Tag", "gestern"),
        ("zentrum=atlantis", "Dieses Zentrum gibt es hier nicht.", "atlantis"),
        ("art=zoo", "Diese Art von Angebot gibt es nicht.", "zoo"),
        ("tag=2026-02-30", "Bitte geben Sie einen Tag an", "2026-02-30"),
        ("tag=2026-11-23", "Dieser Tag ist schon vorbei.", "2026-11-23"),
        ("tag=2099-01-01", "Bitte wählen Sie einen Tag vom 24. November 2026", "2099-01-01"),
        ("tag=9999-12-31", "Bitte prüfen Sie das Jahr.", "9999-12-31"),
        ("wann=tag", "Bitte geben Sie einen Tag", "tag"),
        ("tag=2026-12-01&uhrzeit=25:00", "Bitte geben Sie eine Uhrzeit an", "25:00"),
        ("tag=2026-12-01&uhrzeit=abends", "Bitte geben Sie eine Uhrzeit an", "abends"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_stays(
    client, alfeld, nordholz, query, sentence, kept
):
    response = client.get(f"{LIST}?{query}")
    assert response.status_code == 400
    html = response.content.decode()
    assert sentence in main(html)
    assert "Ihre Eingaben sind noch da" in main(html)
    assert f'value="{kept}"' in html
    assert 'aria-invalid="true"' in html
    assert names(html) == []


@pytest.mark.parametrize("name", ["zentrum", "art", "wann", "tag", "uhrzeit"])
@pytest.mark.parametrize(
    "value",
    ["%00", "x" * 10_000, "%F0%9F%92%A9", "%ff", "-1", "<script>", "[]", "٣", "0", "1e999"],
)
def test_hostile_values_are_refused_not_suffered(client, alfeld, nordholz, name, value):
    response = client.get(f"{LIST}?{name}={value}&{name}={value}&{name}[]=1")
    assert response.status_code in {200, 400}
    assert "<script>" not in main_or_all(response)


def main_or_all(response) -> str:
    html: str = response.content.decode()
    return html[html.index("<main") : html.index("</main>")] if "<main" in html else html


def test_centres_own_host_knows_only_itself(client, cafe, nordholz, own_host):
    host = {"host": own_host}
    html = read(client, LIST, **host)
    assert names(html) == ["Hausarztpraxis (MVZ)", "Café"]
    assert "Nordholz" not in html
    assert "Zentrum" not in words(html[html.index("<form") : html.index("</form>")])
    assert read(client, f"{LIST}?zentrum=alfeld", **host)
    for path in (
        f"{LIST}?zentrum=nordholz",
        f"{LIST}nordholz/hausarztpraxis/",
        f"{LIST}nordholz/hausarztpraxis/aushang/",
    ):
        assert client.get(path, headers=host).status_code == 404, path


def test_no_cookie_no_token_and_only_reading(client, cafe):
    for path in (LIST, f"{LIST}alfeld/cafe/", f"{LIST}alfeld/cafe/aushang/"):
        response = client.get(path)
        assert not response.cookies
        assert "csrfmiddlewaretoken" not in response.text
        assert client.post(path).status_code == 405


def test_list_in_the_cache_does_not_outlive_the_next_change(client, cafe, settings):
    settings.PAGE_CACHE_SECONDS = 60
    host = {"host": "localhost"}
    with time_machine.travel(NOW.replace(hour=13, minute=59, second=50), tick=False) as clock:
        response = client.get(LIST, headers=host)
        assert "ETag" in response.headers
        assert "Café Geschlossen" in main(response.text)
        clock.shift(11)
        assert "Café Jetzt geöffnet – bis 17:00 Uhr" in main(client.get(LIST, headers=host).text)


def test_change_shows_at_once_though_the_pages_are_kept(
    client, cafe, settings, django_capture_on_commit_callbacks
):
    settings.PAGE_CACHE_SECONDS = 60
    host = {"host": "localhost"}
    paths = (LIST, f"{LIST}alfeld/cafe/", f"{LIST}alfeld/cafe/aushang/")
    for path in paths:
        assert "ETag" in client.get(path, headers=host).headers
    with django_capture_on_commit_callbacks(execute=True):
        closed(cafe, "2026-11-24", "2026-11-25")
    assert "Café Geschlossen – öffnet am Dienstag, 1. Dezember" in main(
        client.get(LIST, headers=host).text
    )
    for path in paths[1:]:
        assert "Urlaub: geschlossen vom 24. November" in main(client.get(path, headers=host).text)


# The times of a service


def test_service_without_a_page_shows_state_phone_and_week(client, cafe, alfeld):
    cafe.contacts.create(phone="030 23125 480")
    html = read(client, f"{LIST}alfeld/cafe/")
    text = main(html)
    assert text.startswith(
        "Alle Öffnungszeiten Café RVZ Alfeld Geschlossen – öffnet heute um 14:00 Uhr "
        "Stand 10:14 Uhr 030 23125 480 Öffnungszeiten"
    )
    assert "Aushang drucken" in text
    assert 'href="/oeffnungszeiten/alfeld/cafe/aushang/"' in html
    assert f'<link rel="canonical" href="http://localhost{LIST}alfeld/cafe/">' in html
    assert client.get(f"{LIST}alfeld/cafe/").wsgi_request.page_live_until.hour == 14


def test_service_with_a_page_names_that_as_its_address(client, alfeld, own_host):
    html = read(client, f"{LIST}alfeld/hausarztpraxis/")
    assert '<link rel="canonical" href="http://alfeld.localhost/hausarztpraxis/">' in html
    assert "Mehr über dieses Angebot" in main(html)
    assert "Jetzt geöffnet – bis 12:00 Uhr" in main(html)


def test_closure_with_substitute_stands_above_the_hours(client, alfeld, practice):
    closed(
        practice,
        "2026-11-23",
        "2026-11-27",
        substitute="Praxis Nord",
        substitute_phone="030 23125 460",
    )
    text = main(read(client, f"{LIST}alfeld/hausarztpraxis/"))
    order = [
        "Geschlossen – öffnet am Montag, 30. November, um 8:00 Uhr",
        "Urlaub: geschlossen vom 23. November bis 27. November 2026",
        "Vertretung: Praxis Nord, Telefon 030 23125 460.",
        "116117",
        "Sprechzeiten",
    ]
    places = [text.find(part) for part in order]
    assert -1 not in places
    assert places == sorted(places)


def test_next_dates_are_named_below_the_table(client, cafe):
    weekly(cafe, 1, "18:00", "20:00", pattern=WeekPattern.FIRST)
    weekly(cafe, 2, "22:00", "02:00", pattern=WeekPattern.SCHOOL_HOLIDAYS)
    text = main(read(client, f"{LIST}alfeld/cafe/"))
    assert "18:00–20:00 (1. Dienstag im Monat)" in text
    assert "Nächster Termin: Dienstag, 1. Dezember, 18:00–20:00 Uhr" in text
    assert "Nächste Schulferien: Weihnachtsferien vom 23. Dezember 2026 bis 9. Januar 2027" in text


def test_service_of_a_planned_centre_says_that(client, tree):
    tree.add_centre("Südheide", slug="suedheide", status=Centre.Status.PLANNED)
    text = main(read(client, f"{LIST}suedheide/hausarztpraxis/"))
    assert "Geplant – Eröffnung: keine Angabe" in text
    assert "Jetzt geöffnet" not in text


@pytest.mark.parametrize("path", ["alfeld/nichts/", "nichts/hausarztpraxis/", "alfeld/"])
@pytest.mark.parametrize("end", ["", "aushang/"])
def test_what_does_not_exist_is_not_found(client, alfeld, path, end):
    assert client.get(f"{LIST}{path}{end}").status_code == 404


def test_nothing_of_a_centre_without_a_public_page(client, alfeld, nordholz):
    alfeld.unpublish()
    assert "Alfeld" not in read(client, LIST)
    for end in ("", "aushang/"):
        assert client.get(f"{LIST}alfeld/hausarztpraxis/{end}").status_code == 404


# Paper


def test_notice_has_the_facts_that_hold_for_days(client, alfeld, practice):
    weekly(practice, 0, "07:30", "11:30", kind="phone")
    closed(practice, "2026-12-23", "2027-01-02", substitute="Praxis Nord")
    Person.objects.create(service=practice, role="Hausärztin", name="Dr. Ute Beispiel")
    html = read(client, f"{LIST}alfeld/hausarztpraxis/aushang/")
    text = main(html)
    order = [
        "RVZ Alfeld Hausarztpraxis (MVZ) Erdgeschoss, erste Tür links",
        "Urlaub: geschlossen vom 23. Dezember 2026 bis 2. Januar 2027.",
        "Vertretung: Praxis Nord.",
        "Sprechzeiten Montag und Dienstag 8:00–12:00 15:00–18:00 Mittwoch 8:00–12:00",
        "Samstag und Sonntag geschlossen",
        "Telefonzeiten Mo. 7:30–11:30",
        "Telefon 030 23125 410 Rezepte: 030 23125 411",
        "Rufen Sie 116117 an. Bei Lebensgefahr: 112.",
        "Gedruckt am 24. November 2026",
    ]
    places = [text.find(part) for part in order]
    assert -1 not in places, order[places.index(-1)]
    assert places == sorted(places)
    assert "geöffnet" not in text
    assert "Beispiel" not in html
    assert 'aria-label="QR-Code: http://localhost/alfeld/hausarztpraxis/"' in html
    assert "<svg viewBox" in html
    assert "style=" not in html


def test_code_leads_to_the_times_of_a_service_without_a_page(client, cafe, own_host):
    html = read(client, f"{LIST}alfeld/cafe/aushang/")
    assert f'aria-label="QR-Code: http://{own_host}{LIST}alfeld/cafe/"' in html
    assert "116117" not in html


def test_notice_of_a_service_without_hours_says_so(client, alfeld):
    ServiceFactory.create(centre=alfeld.centre, name="Verband", kind=ServiceKind.ADVICE)
    text = main(read(client, f"{LIST}alfeld/verband/aushang/"))
    assert "Beratungszeiten Zeiten: keine Angabe." in text
    assert "Telefon: keine Angabe" in text


def test_sheet_for_the_door_has_the_week_of_all_services(client, practice, cafe):
    closed(cafe, "2026-12-01", "2026-12-01")
    Person.objects.create(service=practice, role="Hausärztin", name="Dr. Ute Beispiel")
    html = read(client, f"{LIST}?zentrum=alfeld")
    sheet = words(html[html.index("rvz-door__name") : html.index("</main>")].partition(">")[2])
    assert sheet.startswith(
        "RVZ Alfeld Hausarztpraxis (MVZ) Erdgeschoss, erste Tür links · Telefon 030 23125 410 "
        "Mo., Di. und Do. 8:00–12:00 15:00–18:00 Mi. und Fr. 8:00–12:00 "
        "Café Di. 14:00–17:00 Urlaub: am 1. Dezember 2026 geschlossen."
    )
    assert "Gedruckt am 24. November 2026" in sheet
    assert "Beispiel" not in html


def test_only_one_centre_without_a_time_has_a_sheet(client, cafe, nordholz):
    for query in ("", "?zentrum=alfeld&wann=jetzt", "?wann=jetzt"):
        assert "rvz-door" not in read(client, LIST + query)


def test_ways_lead_to_the_list(client, alfeld):
    assert 'href="/oeffnungszeiten/?zentrum=alfeld"' in read(client, "/alfeld/")
    assert "Alle Öffnungszeiten" in main(read(client, "/"))
