"""The public API: what others build on, so names and meanings are checked to the letter."""

import datetime as dt
import json

import pytest
import time_machine
from django.test import Client
from wagtail.models import Site

from cms.models import (
    Centre,
    HolidayOverride,
    Location,
    Person,
    Provider,
    Service,
    ServiceKind,
    WeekPattern,
)
from cms.models import HoursException as ExceptionRow
from tests.factories.cms import CentreFactory, ServiceFactory, closed, other_hours, weekly

TUESDAY = dt.datetime(2026, 11, 24, 9, 14, 30, tzinfo=dt.UTC)
API = "/api/v1"


@pytest.fixture(autouse=True)
def _tuesday():
    with time_machine.travel(TUESDAY, tick=False):
        yield


def get(client: Client, path: str, *, host: str = "localhost", status: int = 200, **query) -> dict:
    response = client.get(f"{API}{path}", query, headers={"host": host})
    assert response.status_code == status, response.text
    assert response.headers["Content-Type"].startswith("application/json")
    return response.json()


def hours(client: Client, service: Service, **query) -> dict:
    return get(client, f"/services/{service.pk}/hours", **query)


def names(answer: dict) -> list[str]:
    return [service["name"] for service in answer["services"]]


def spans(answer: dict) -> dict[str, list[str]]:
    """Return "open 08:00–12:00" by date, of days that have times."""
    return {
        day["date"]: [
            f"{span['kind']} {span['start'][11:16]}–{span['end'][11:16]}" for span in day["spans"]
        ]
        for day in answer["days"]
        if day["spans"]
    }


@pytest.fixture
def cafe(alfeld) -> Service:
    """Open a café without a page on Tuesdays, 14–17."""
    service = ServiceFactory.create(
        centre=alfeld.centre, name="Café Dreh", slug="cafe", kind=ServiceKind.CAFE
    )
    weekly(service, 1, "14:00", "17:00")
    return service


# Centres ------------------------------------------------------------------------------------------


def test_centres_by_place(client, nordholz, alfeld):
    Centre.objects.filter(pk=nordholz.centre_id).update(
        status="building", expected_opening="Ende 2026"
    )
    CentreFactory.create(place="Ohne Seite")
    alfeld_answer, nordholz_answer = get(client, "/centres")["centres"]
    assert alfeld_answer == {
        "slug": "alfeld",
        "name": "RVZ Alfeld",
        "place": "Alfeld",
        "district": "",
        "status": "open",
        "status_date": "2026-11-01",
        "status_sentence": None,
        "operator": alfeld.centre.operator.name,
        "phone": alfeld.centre.phone,
        "email": "alfeld@example.org",
        "url": "http://localhost/alfeld/",
    }
    assert nordholz_answer["status"] == "building"
    assert nordholz_answer["status_sentence"] == (
        "Im Bau – Eröffnung geplant für Ende 2026 (Stand: 1. November 2026)."
    )


def test_one_centre_with_buildings_and_services(client, alfeld, cafe):
    Location.objects.update(latitude="51.98810", longitude="9.82660", lift="yes")
    answer = get(client, "/centres/alfeld")
    assert answer["name"] == "RVZ Alfeld"
    assert answer["locations"] == [
        {
            "name": "",
            "street": "Hauptstraße",
            "house_number": "1",
            "postcode": "",
            "city": "Alfeld",
            "latitude": 51.9881,
            "longitude": 9.8266,
            "lift": "yes",
            "accessible_toilet": "unknown",
        }
    ]
    assert names(answer) == ["Hausarztpraxis (MVZ)", "Café Dreh"]
    assert answer["as_of"] == "2026-11-24T10:14:00+01:00"
    assert answer["valid_until"] == "2026-11-24T11:30:00+01:00"  # closing soon


@pytest.mark.parametrize("slug", ["nirgendwo", "x" * 5000, "%F0%9F%8F%A5", "..%2f", "alfeld'"])
def test_unknown_centre(client, alfeld, slug):
    answer = get(client, f"/centres/{slug}", status=404)
    assert answer["detail"]


def test_centre_without_public_page_is_not_told(client, alfeld):
    alfeld.unpublish()
    assert get(client, "/centres")["centres"] == []
    assert get(client, "/services")["services"] == []
    service = alfeld.centre.services.get()
    assert get(client, f"/services/{service.pk}/hours", status=404)["detail"] == (
        "Ein Angebot mit dieser Nummer gibt es hier nicht."
    )


def test_own_host_knows_its_own_centre_only(client, alfeld, nordholz):
    Site.objects.create(hostname="alfeld.localhost", port=80, root_page=alfeld)
    host = "alfeld.localhost"
    (centre,) = get(client, "/centres", host=host)["centres"]
    assert (centre["slug"], centre["url"]) == ("alfeld", "http://alfeld.localhost/")
    assert {one["centre"] for one in get(client, "/services", host=host)["services"]} == {"alfeld"}
    other = nordholz.centre.services.get()
    for path in ("/centres/nordholz", f"/services/{other.pk}/hours", "/services?centre=nordholz"):
        get(client, path, host=host, status=404)
    assert len(get(client, "/centres")["centres"]) == 2


# Services -----------------------------------------------------------------------------------------


def test_service_says_what_is_the_case(client, practice):
    practice.provider = Provider.objects.create(name="Gesundheit gGmbH")
    practice.save()
    answer = get(client, "/services")
    assert answer["count"] == 1
    assert answer["services"] == [
        {
            "id": practice.pk,
            "name": "Hausarztpraxis (MVZ)",
            "centre": "alfeld",
            "kind": "gp",
            "kind_label": "Hausarztpraxis",
            "provider": "Gesundheit gGmbH",
            "floor": "Erdgeschoss",
            "door": "erste Tür links",
            "phone": "030 23125 410",
            "url": "http://localhost/alfeld/hausarztpraxis/",
            "hours_url": f"http://localhost/api/v1/services/{practice.pk}/hours",
            "closures_url": (
                "http://localhost/oeffnungszeiten/alfeld/hausarztpraxis/schliessungen.ics"
            ),
            "state": {
                "status": "open",
                "sentence": "Jetzt geöffnet – bis 12:00 Uhr, dann wieder ab 15:00 Uhr",
                "closing_soon": False,
                "since": "2026-11-24T08:00:00+01:00",
                "until": "2026-11-24T12:00:00+01:00",
                "reopens": "2026-11-24T15:00:00+01:00",
                "opens": None,
                "opens_status": None,
                "holiday": None,
            },
        }
    ]


def test_service_without_page_and_hours(client, alfeld):
    ServiceFactory.create(centre=alfeld.centre, name="Beratung", kind=ServiceKind.ADVICE)
    (advice,) = get(client, "/services", kind="advice")["services"]
    assert advice["url"] is None
    assert advice["phone"] == ""
    assert advice["state"]["status"] == "unknown"
    assert advice["state"]["sentence"] == "Zeiten: keine Angabe."


def test_services_of_a_centre_and_a_kind(client, alfeld, nordholz, cafe):
    assert names(get(client, "/services", centre="alfeld")) == ["Hausarztpraxis (MVZ)", "Café Dreh"]
    assert names(get(client, "/services", kind="cafe")) == ["Café Dreh"]
    assert names(get(client, "/services", centre="nordholz", kind="cafe")) == []
    assert [one["centre"] for one in get(client, "/services", kind="gp")["services"]] == [
        "alfeld",
        "nordholz",
    ]


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-11-24T10:30:00+01:00", ["Hausarztpraxis (MVZ)"]),
        ("2026-11-24T10:30", ["Hausarztpraxis (MVZ)"]),
        ("2026-11-24 16:00", ["Hausarztpraxis (MVZ)", "Café Dreh"]),
        ("2026-11-24T15:00:00Z", ["Hausarztpraxis (MVZ)", "Café Dreh"]),
        ("2026-11-24T14:00:00 01:00", ["Café Dreh"]),  # a plus sign nobody escaped
        ("2026-12-25T10:00", []),
        ("2028-10-31T10:00", []),  # Reformationstag, a Tuesday
    ],
)
def test_services_open_at_a_moment(client, cafe, moment, expected):
    answer = get(client, "/services", open_at=moment)
    assert names(answer) == expected
    assert all(service["state"]["status"] == "open" for service in answer["services"])
    assert answer["as_of"].startswith(moment[:10])


def test_who_may_only_be_visited_with_an_appointment_is_not_open(client, practice):
    practice.weekly_rules.all().delete()
    weekly(practice, 1, "08:00", "12:00", "appointment")
    assert names(get(client, "/services", open_at="2026-11-24T10:30")) == []
    (service,) = get(client, "/services")["services"]
    assert service["state"]["status"] == "appointment"
    assert service["state"]["sentence"] == (
        "Jetzt nur mit Termin – bis 12:00 Uhr. Bitte rufen Sie vorher an."
    )


def test_many_services_come_in_parts(client, alfeld):
    for number in range(5):
        ServiceFactory.create(centre=alfeld.centre, name=f"Angebot {number}", slug=f"a-{number}")
    answer = get(client, "/services", limit=2, offset=1)
    assert answer["count"] == 6
    assert names(answer) == ["Angebot 0", "Angebot 1"]
    assert names(get(client, "/services", offset=100)) == []


# Hours --------------------------------------------------------------------------------------------


def test_hours_of_the_coming_week(client, practice):
    answer = hours(client, practice)
    assert [day["date"] for day in answer["days"]][:: len(answer["days"]) - 1] == [
        "2026-11-24",
        "2026-11-30",
    ]
    first = answer["days"][0]
    assert first == {
        "date": "2026-11-24",
        "spans": [
            {
                "kind": "open",
                "label": "Sprechzeit",
                "start": "2026-11-24T08:00:00+01:00",
                "end": "2026-11-24T12:00:00+01:00",
                "note": "",
            },
            {
                "kind": "open",
                "label": "Sprechzeit",
                "start": "2026-11-24T15:00:00+01:00",
                "end": "2026-11-24T18:00:00+01:00",
                "note": "",
            },
        ],
        "closed_by": None,
        "public_holiday": None,
        "school_holidays": None,
        "exception": None,
    }
    assert answer["service"]["id"] == practice.pk
    assert answer["service"]["state"]["status"] == "open"
    assert answer["holiday_policy"] == "closed"
    assert answer["as_of"] == "2026-11-24T10:14:00+01:00"
    assert answer["osm"] == "Mo,Tu,Th 08:00-12:00,15:00-18:00; We,Fr 08:00-12:00; PH off"


def test_hours_know_kinds_notes_patterns_and_nights(client, practice):
    practice.weekly_rules.all().delete()
    weekly(practice, 1, "08:00", "09:00", "walk_in", note="ohne Termin")
    weekly(practice, 1, "10:00", "11:00", "phone")
    weekly(practice, 1, "20:00", "02:00", pattern=WeekPattern.FIRST)
    answer = hours(client, practice, **{"from": "2026-11-24", "to": "2026-12-02"})
    assert spans(answer) == {
        "2026-11-24": ["walk_in 08:00–09:00", "phone 10:00–11:00"],
        "2026-12-01": ["walk_in 08:00–09:00", "phone 10:00–11:00", "open 20:00–02:00"],
    }
    assert answer["days"][0]["spans"][0]["note"] == "ohne Termin"
    assert answer["days"][7]["spans"][2]["end"] == "2026-12-02T02:00:00+01:00"


def test_closure_names_reason_and_substitute(client, practice):
    closed(
        practice,
        "2026-12-23",
        "2027-01-02",
        substitute="Praxis Nebenan",
        substitute_phone="05181 99",
        note="Rezepte bitte vorher holen.",
    )
    answer = hours(client, practice, **{"from": "2026-12-22", "to": "2026-12-23"})
    before, day = answer["days"]
    assert before["exception"] is None
    assert day["spans"] == []
    assert day["closed_by"] == "exception"
    assert day["exception"] == {
        "first": "2026-12-23",
        "last": "2027-01-02",
        "closed": True,
        "reason": "Urlaub",
        "text": (
            "Urlaub: geschlossen vom 23. Dezember 2026 bis 2. Januar 2027. Ab Montag, 4. Januar, "
            "sind wir wieder da. Rezepte bitte vorher holen. Vertretung: Praxis Nebenan, Telefon "
            "05181 99."
        ),
        "note": "Rezepte bitte vorher holen.",
        "substitute": "Praxis Nebenan",
        "substitute_phone": "05181 99",
    }


def test_closure_that_may_not_be_told_yet_closes_without_words(client, practice):
    """Nobody shall come in vain; who stands in and why is told when the editor wants it."""
    closed(practice, "2026-12-01", "2026-12-01", substitute="X", shown_from=dt.date(2026, 11, 30))
    query = {"from": "2026-12-01", "to": "2026-12-01"}
    (day,) = hours(client, practice, **query)["days"]
    assert (day["spans"], day["closed_by"], day["exception"]) == ([], "exception", None)
    with time_machine.travel(dt.datetime(2026, 11, 30, 9, tzinfo=dt.UTC), tick=False):
        (day,) = hours(client, practice, **query)["days"]
    assert day["exception"]["substitute"] == "X"


def test_holidays_and_their_changes(client, practice):
    HolidayOverride.objects.create(
        kind="public", first_day="2026-12-03", last_day="2026-12-03", name="Landestag"
    )
    other_hours(practice, "2026-12-28", "09:00", "10:00")
    answer = hours(client, practice, **{"from": "2026-12-01", "to": "2026-12-31"})
    days = {day["date"]: day for day in answer["days"]}
    assert days["2026-12-03"]["public_holiday"] == "Landestag"
    assert days["2026-12-03"]["closed_by"] == "public_holiday"
    assert days["2026-12-25"]["public_holiday"] == "Erster Weihnachtstag"
    assert days["2026-12-26"]["closed_by"] is None  # a Saturday has no times anyway
    assert days["2026-12-23"]["school_holidays"] == "Weihnachtsferien"
    assert spans(answer)["2026-12-28"] == ["open 09:00–10:00"]
    assert days["2026-12-28"]["exception"]["closed"] is False


def test_what_was_is_answered_too(client, practice):
    closed(practice, "2026-10-01", "2026-10-02")
    answer = hours(client, practice, **{"from": "2026-09-30", "to": "2026-10-02"})
    assert spans(answer) == {"2026-09-30": ["open 08:00–12:00"]}
    assert answer["service"]["state"]["status"] == "open"  # now, not then


def test_night_before_the_first_day_counts_on_its_own_day(client, practice):
    practice.weekly_rules.all().delete()
    weekly(practice, 0, "20:00", "02:00")
    answer = hours(client, practice, **{"from": "2026-11-24", "to": "2026-11-24"})
    assert spans(answer) == {}


@pytest.mark.parametrize(("first", "last", "days"), [("", "2026-11-20", 1), ("2027-01-01", "", 7)])
def test_one_end_is_enough(client, practice, first, last, days):
    query = {name: day for name, day in (("from", first), ("to", last)) if day}
    assert len(hours(client, practice, **query)["days"]) == days


def test_clock_changes(client, practice):
    practice.weekly_rules.all().delete()
    weekly(practice, 6, "00:00", "04:00")
    (day,) = hours(client, practice, **{"from": "2027-03-28", "to": "2027-03-28"})["days"]
    (span,) = day["spans"]
    assert (span["start"], span["end"]) == (
        "2027-03-28T00:00:00+01:00",
        "2027-03-28T04:00:00+02:00",
    )


# Refusals -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "detail"),
    [
        (
            "from=2026-02-30",
            "from: Dieses Datum gibt es nicht. Bitte schreiben Sie es so: 2026-11-24.",
        ),
        ("to=gestern", "to: Dieses Datum gibt es nicht. Bitte schreiben Sie es so: 2026-11-24."),
        (
            "from=2026-12-02&to=2026-12-01",
            "Der erste Tag (from) darf nicht nach dem letzten (to) liegen.",
        ),
        ("from=2026-01-01&to=2027-02-05", "Bitte fragen Sie nach höchstens 400 Tagen auf einmal."),
    ],
)
def test_days_that_do_not_make_sense(client, practice, query, detail):
    answer = get(client, f"/services/{practice.pk}/hours?{query}", status=422)
    assert answer["detail"] == detail
    assert [error["field"] for error in answer["errors"]] in ([query[: query.find("=")]], [])


def test_four_hundred_days_are_answered(client, practice):
    answer = hours(client, practice, **{"from": "2026-01-01", "to": "2027-02-04"})
    assert len(answer["days"]) == 400


@pytest.mark.parametrize(
    ("query", "status", "detail"),
    [
        ("centre=nirgendwo", 404, "Ein Zentrum mit diesem Kurznamen gibt es hier nicht."),
        ("kind=zahnarzt", 422, "kind: Diese Art von Angebot gibt es nicht. Möglich sind: gp, "),
        ("open_at=gestern", 422, "open_at: Diese Uhrzeit gibt es nicht. Bitte schreiben Sie"),
        ("open_at=2026-11-24", 422, "open_at: Diese Uhrzeit gibt es nicht."),
        ("open_at=2027-03-28T02:30", 422, "open_at: Diese Uhrzeit gibt es nicht."),
        ("limit=0", 422, "limit: Die Zahl muss mindestens 1 sein."),
        ("limit=501", 422, "limit: Die Zahl darf höchstens 500 sein."),
        ("limit=viele", 422, "limit: Bitte schreiben Sie eine ganze Zahl."),
    ],
)
def test_questions_that_do_not_make_sense(client, alfeld, query, status, detail):
    assert get(client, f"/services?{query}", status=status)["detail"].startswith(detail)


HOSTILE = (
    *("%00", "\x00", "%F0%9F%8F%A5", "%ff", "-1", "1e400", "NaN", "9" * 5000, "[]", "{}", "null"),
    *("0001-01-01", "9999-12-31", "9999-12-31T23:59:59-14:00", "0001-01-01T00:00%2B14:00"),
    *(
        "2026-11-24T10:00%2B99:99",
        "\u0662\u0660\u0662\u0666-\u0661\u0661-\u0662\u0664",
        "2026-W48-2",
        "1700000000",
        " ",
        "<script>",
    ),
)


@pytest.mark.parametrize("value", HOSTILE)
def test_hostile_values_never_break_anything(client, practice, value):
    for name in ("centre", "kind", "open_at", "limit", "offset"):
        for query in (f"{name}={value}", f"{name}[]={value}", f"{name}={value}&{name}={value}"):
            assert client.get(f"{API}/services?{query}").status_code in {200, 400, 404, 422}, query
    for name in ("from", "to"):
        response = client.get(f"{API}/services/{practice.pk}/hours?{name}={value}")
        assert response.status_code in {400, 422}, value
    for path in (f"/services/{value}/hours", f"/centres/{value}", f"/{value}"):
        assert client.get(f"{API}{path}").status_code in {400, 404}, path


@pytest.mark.parametrize("number", ["0", "9" * 18, "9" * 30])
def test_service_that_does_not_exist(client, practice, number):
    answer = get(client, f"/services/{number}/hours", status=404)
    assert answer["detail"] == "Ein Angebot mit dieser Nummer gibt es hier nicht."


def test_address_that_does_not_exist(client, alfeld):
    assert get(client, "/zentren", status=404)["detail"] == (
        "Unter dieser Adresse der Schnittstelle gibt es nichts."
    )


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_can_be_changed(client, practice, method):
    for path in ("/centres", "/centres/alfeld", "/services", f"/services/{practice.pk}/hours"):
        assert getattr(client, method)(f"{API}{path}").status_code == 405


# What all answers have in common --------------------------------------------------------------------


def test_answers_are_open_to_all_and_kept_by_nobody(client, practice):
    for path in ("/centres", "/centres/alfeld", "/services", "/centres/x", "/openapi.json"):
        response = client.get(f"{API}{path}", headers={"origin": "https://kreis.example"})
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        assert response.headers["Cache-Control"] == "no-cache"
        assert "Set-Cookie" not in response.headers


def test_who_has_the_answer_gets_no_body_until_it_changes(client, practice):
    etag = client.get(f"{API}/services").headers["ETag"]
    again = client.get(f"{API}/services", headers={"if-none-match": etag})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["Access-Control-Allow-Origin"] == "*"
    closed(practice, "2026-11-24", "2026-11-24")
    changed = client.get(f"{API}/services", headers={"if-none-match": etag})
    assert changed.status_code == 200


def test_language_of_the_reader_changes_nothing(client, practice):
    response = client.get(f"{API}/services", headers={"accept-language": "en"})
    assert "Jetzt geöffnet" in response.text


def test_nobody_is_in_it(client, practice):
    Person.objects.create(service=practice, name="Dr. Erika Beispiel", role="Hausärztin")
    for path in ("/centres/alfeld", "/services", f"/services/{practice.pk}/hours"):
        assert "Beispiel" not in client.get(f"{API}{path}").text


def test_contract_is_described(client, db):
    schema = get(client, "/openapi.json")
    paths = schema["paths"]
    assert set(paths) == {
        "/api/v1/centres",
        "/api/v1/centres/{slug}",
        "/api/v1/services",
        "/api/v1/services/{service_id}/hours",
        "/api/v1/rooms",
        "/api/v1/rooms/free",
        "/api/v1/rooms/{centre}/{room}/busy",
    }
    parameters = {one["name"]: one for one in paths["/api/v1/services"]["get"]["parameters"]}
    assert set(parameters) == {"centre", "kind", "open_at", "limit", "offset"}
    assert all(one["schema"]["description"] for one in parameters.values())
    described = json.dumps(schema)
    for kind in ServiceKind.values:
        assert f'"{kind}"' in described
    hours_parameters = paths["/api/v1/services/{service_id}/hours"]["get"]["parameters"]
    assert {one["name"] for one in hours_parameters} == {"service_id", "from", "to"}


def test_exception_reasons_are_words_not_codes(client, practice):
    closed(practice, "2026-11-24", "2026-11-24", reason=ExceptionRow.Reason.OTHER)
    (day,) = hours(client, practice, to="2026-11-24")["days"]
    assert day["exception"]["reason"] == ""
    assert day["exception"]["text"].startswith("Am 24. November 2026 geschlossen.")
