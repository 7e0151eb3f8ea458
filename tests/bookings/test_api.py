"""The part of the public API about rooms: names and meanings are checked to the letter."""

import datetime as dt

import pytest
from django.test import Client
from wagtail.models import Site

from bookings.models import Equipment, Room
from tests.cms.test_api import API, HOSTILE, get
from tests.factories.bookings import FRIDAY, add_room, promised, requested, span

pytestmark = pytest.mark.usefixtures("tuesday_morning")

WEEK = dt.timedelta(days=7)
EVENING = {"date": "2026-11-27", "from": "19:00", "to": "21:00"}


def free(client: Client, *, status: int = 200, **query) -> dict:
    return get(client, "/rooms/free", status=status, **{**EVENING, **query})


def slugs(answer: dict) -> list[str]:
    return [room["slug"] for room in answer["rooms"]]


def busy(client: Client, room: Room, **query) -> list[str]:
    """Return what is taken as "27 19:00–21:00"."""
    answer = get(client, f"/rooms/{room.centre.slug}/{room.slug}/busy", **query)
    return [f"{one['start'][8:16].replace('T', ' ')}–{one['end'][11:16]}" for one in answer["busy"]]


# Rooms -------------------------------------------------------------------------------------------


def test_room_says_what_it_offers(client, centre):
    room = add_room(
        centre,
        "Kursraum",
        lead="Hell und ruhig.",
        capacity=25,
        floor="1. Stock",
        step_free="partly",
        access_text="Mit dem Aufzug.",
        costs="12 € die Stunde",
        key_text="Schlüssel im Café",
        hours=("08:00", "00:00"),
    )
    room.hours.exclude(weekday=0).delete()
    room.equipment.set([Equipment.objects.create(name="Klavier")])
    assert get(client, "/rooms")["rooms"] == [
        {
            "centre": "alfeld",
            "slug": "kursraum",
            "name": "Kursraum",
            "url": "http://localhost/raeume/alfeld/kursraum/",
            "lead": "Hell und ruhig.",
            "capacity": 25,
            "seatings": [{"name": "Reihen", "capacity": 25}],
            "equipment": ["Klavier"],
            "floor": "1. Stock",
            "step_free": "partly",
            "hearing_loop": "unknown",
            "access": "Mit dem Aufzug.",
            "costs": "12 € die Stunde",
            "hours": [{"weekday": 1, "opens": "08:00", "closes": "24:00"}],
            "busy_url": "http://localhost/api/v1/rooms/alfeld/kursraum/busy",
        }
    ]


def test_rooms_of_a_centre(client, room, hall, nordholz):
    add_room(nordholz.centre, "Saal")
    assert slugs(get(client, "/rooms", centre="alfeld")) == [
        "kursraum",
        "saal",
        "saal-nord",
        "saal-sued",
    ]
    assert [one["centre"] for one in get(client, "/rooms")["rooms"]] == ["alfeld"] * 4 + [
        "nordholz"
    ]
    assert get(client, "/rooms", centre="nirgendwo", status=404)["detail"] == (
        "Ein Zentrum mit diesem Kurznamen gibt es hier nicht."
    )


# Free --------------------------------------------------------------------------------------------


def test_free_room_of_one_evening(client, room):
    answer = free(client)
    assert answer == {
        "dates": [{"start": "2026-11-27T19:00:00+01:00", "end": "2026-11-27T21:00:00+01:00"}],
        "rooms": [
            {
                "centre": "alfeld",
                "slug": "kursraum",
                "name": "Kursraum",
                "url": "http://localhost/raeume/alfeld/kursraum/",
                "capacity": 25,
                "free_dates": 1,
                "sentence": "frei",
                "not_free": [],
                "request_url": "http://localhost/raeume/alfeld/kursraum/anfrage/"
                "?tag=2026-11-27&von=19:00&bis=21:00",
            }
        ],
        "nearest": [],
    }
    form = client.get(answer["rooms"][0]["request_url"]).text
    assert 'value="19:00"' in form
    assert 'value="21:00"' in form


def test_where_nothing_is_free_the_nearest_time_is_named(client, room):
    promised(room)
    answer = free(client)
    assert answer["rooms"] == []
    assert [(one["slug"], one["start"], one["end"]) for one in answer["nearest"]] == [
        ("kursraum", "2026-11-27T17:00:00+01:00", "2026-11-27T19:00:00+01:00")
    ]


def test_series_counts_free_dates_and_names_the_others(client, room, hall):
    promised(room, span(day=FRIDAY + WEEK))
    answer = free(client, weekly_until="2027-04-02", persons=20)
    assert len(answer["dates"]) == 19
    assert answer["dates"][-1]["start"] == "2027-04-02T19:00:00+02:00"
    assert slugs(answer) == ["saal-nord", "saal-sued", "saal", "kursraum"]
    last = answer["rooms"][-1]
    assert last["free_dates"] == 18
    assert last["sentence"] == "18 von 19 Terminen frei"
    assert last["not_free"] == [{"date": "2026-12-04", "reason": "taken"}]
    assert answer["nearest"] == []


def test_what_is_wanted_counts(client, room, hall):
    room.equipment.set([Equipment.objects.create(name="Klavier")])
    Room.objects.filter(pk=room.pk).update(step_free="partly", hearing_loop="yes")
    assert slugs(free(client, equipment="Klavier")) == ["kursraum"]
    assert slugs(free(client, step_free="partly")) == ["kursraum"]
    assert slugs(free(client, hearing_loop="yes")) == ["kursraum"]
    assert slugs(free(client, step_free="yes")) == []
    assert slugs(free(client, persons=31)) == ["saal"]
    assert slugs(free(client, seating="Reihen", persons=60)) == ["saal"]


def test_midnight_is_the_end_of_the_day(client, centre):
    add_room(centre, "Saal", hours=("08:00", "00:00"))
    for end in ("24:00", "00:00"):
        (date,) = free(client, to=end)["dates"]
        assert date["end"] == "2026-11-28T00:00:00+01:00"


@pytest.mark.parametrize(
    ("query", "detail"),
    [
        ({"date": "gestern"}, "date: Dieses Datum gibt es nicht."),
        ({"from": "25:00"}, "from: Diese Uhrzeit gibt es nicht."),
        ({"to": "9 Uhr"}, "to: Diese Uhrzeit gibt es nicht. Bitte schreiben Sie sie so: 19:30."),
        ({"to": "19:00"}, "Das Ende muss nach dem Beginn liegen."),
        ({"date": "2026-11-23"}, "Dieser Tag ist schon vorbei."),
        ({"date": "2026-11-24", "from": "10:00"}, "Diese Uhrzeit ist heute schon vorbei."),
        ({"date": "2027-03-28", "from": "02:30"}, "Am 28. März 2027 gibt es 2:30 Uhr nicht"),
        ({"persons": 0}, "persons: Die Zahl muss mindestens 1 sein."),
        ({"persons": "viele"}, "persons: Bitte schreiben Sie eine ganze Zahl."),
        ({"weekly_until": "2026-11-26"}, "Die Terminreihe würde enden, bevor sie beginnt."),
        ({"weekly_until": "2028-12-01"}, "Eine Terminreihe darf höchstens 2 Jahre dauern."),
        ({"step_free": "no"}, "step_free: Möglich sind: yes, partly."),
        ({"equipment": "Orgel"}, "Kein Raum hat hier „Orgel“. Möglich sind: Klavier."),
        ({"seating": "Kreis"}, "Kein Raum hat hier „Kreis“. Möglich sind: Reihen."),
        ({"from": "24:00"}, "from: 24:00 ist das Ende des Tages."),
    ],
)
def test_questions_that_do_not_make_sense(client, room, query, detail):
    room.equipment.set([Equipment.objects.create(name="Klavier")])
    said = free(client, status=422, **query)["detail"].replace("\N{NO-BREAK SPACE}", " ")
    assert said.startswith(detail)


def test_day_and_times_have_to_be_given(client, room):
    answer = get(client, "/rooms/free", status=422)
    assert answer["errors"] == [
        {"field": name, "message": "Diese Angabe fehlt."} for name in ("date", "from", "to")
    ]


# Busy --------------------------------------------------------------------------------------------


def test_busy_times_are_joined_and_include_what_the_room_needs(client, centre):
    room = add_room(centre, "Saal", setup_minutes=30, turnover_minutes=15)
    promised(room, span("10:00", "12:00"))  # takes 9:30–12:15
    promised(room, span("12:45", "14:00"))  # takes 12:15–14:15
    requested(room, span("19:00", "20:00"))
    promised(room, span("19:00", "20:00", FRIDAY + WEEK))
    days = {"from": "2026-11-24", "to": "2026-11-30"}
    assert busy(client, room, **days) == ["27 09:30–14:15", "27 18:30–20:15"]
    assert busy(client, room) == busy(client, room, **days)


def test_busy_times_end_with_the_days_asked_for(client, room):
    room.hours.update(opens="00:00", closes="00:00")
    promised(room, span("20:00", "00:00"))
    promised(room, span("00:00", "01:00", FRIDAY + dt.timedelta(days=1)))
    day = {"from": "2026-11-27", "to": "2026-11-27"}
    assert busy(client, room, **day) == ["27 20:00–00:00"]


def test_half_of_a_hall_is_busy_with_the_whole(client, hall):
    whole, north, south = hall
    promised(whole)
    assert busy(client, north) == busy(client, south) == busy(client, whole) == ["27 19:00–21:00"]


@pytest.mark.parametrize(
    ("query", "detail"),
    [
        ("from=2026-02-30", "from: Dieses Datum gibt es nicht."),
        ("from=2026-12-02&to=2026-12-01", "Der erste Tag (from) darf nicht nach dem letzten"),
        ("from=2026-01-01&to=2027-01-02", "Bitte fragen Sie nach höchstens 366 Tagen auf einmal."),
    ],
)
def test_days_that_do_not_make_sense(client, room, query, detail):
    answer = get(client, f"/rooms/alfeld/kursraum/busy?{query}", status=422)
    assert answer["detail"].startswith(detail)


def test_a_year_is_answered(client, room):
    assert busy(client, room, **{"from": "2026-01-01", "to": "2027-01-01"}) == []


# What is told to whom ----------------------------------------------------------------------------


def test_nobody_is_in_it(client, room, choir):
    choir.name_is_public = True
    choir.save()
    promised(room, association=choir, purpose="Geheimprobe", contact_name="Erika Geheim")
    requested(room, span("08:00", "09:00"), association=choir, wishes="Geheimwunsch")
    for path in (
        "/rooms",
        "/rooms/free?date=2026-11-27&from=19:00&to=21:00",
        "/rooms/free?date=2026-11-20&from=19:00&to=21:00&weekly_until=2026-12-20",
        "/rooms/alfeld/kursraum/busy",
    ):
        text = client.get(f"{API}{path}").text
        assert "Geheim" not in text
        assert "Chor" not in text
        assert "Muster" not in text


def test_hidden_rooms_are_not_told(client, room):
    Room.objects.update(is_public=False)
    assert get(client, "/rooms")["rooms"] == []
    assert slugs(free(client)) == []
    assert get(client, "/rooms/alfeld/kursraum/busy", status=404)["detail"] == (
        "Einen Raum mit diesem Kurznamen gibt es hier nicht."
    )


def test_rooms_of_a_centre_without_public_page_are_not_told(client, alfeld, room):
    alfeld.unpublish()
    assert get(client, "/rooms")["rooms"] == []
    assert slugs(free(client)) == []
    get(client, "/rooms/alfeld/kursraum/busy", status=404)


def test_own_host_knows_its_own_rooms_only(client, alfeld, room, nordholz):
    other = add_room(nordholz.centre, "Saal")
    piano = Equipment.objects.create(name="Klavier")
    other.equipment.set([piano])
    Site.objects.create(hostname="alfeld.localhost", port=80, root_page=alfeld)
    host = "alfeld.localhost"
    assert slugs(get(client, "/rooms", host=host)) == ["kursraum"]
    (found,) = free(client, host=host)["rooms"]
    assert found["url"] == "http://alfeld.localhost/raeume/alfeld/kursraum/"
    get(client, "/rooms/nordholz/saal/busy", host=host, status=404)
    get(client, "/rooms", host=host, centre="nordholz", status=404)
    free(client, host=host, centre="nordholz", status=404)
    assert "Klavier" not in free(client, host=host, equipment="Orgel", status=422)["detail"]
    assert len(get(client, "/rooms")["rooms"]) == 2


@pytest.mark.parametrize("value", HOSTILE)
def test_hostile_values_never_break_anything(client, room, value):
    fine = "date=2026-11-27&from=19:00&to=21:00"
    names = ("date", "from", "to", "weekly_until", "persons", "centre", "seating", "equipment")
    for name in (*names, "step_free"):
        for query in (f"{fine}&{name}={value}", f"{fine}&{name}[]={value}"):
            status = client.get(f"{API}/rooms/free?{query}").status_code
            assert status in {200, 400, 404, 422}, query
    for path in (f"/rooms/{value}/kursraum/busy", f"/rooms/alfeld/{value}/busy"):
        assert client.get(f"{API}{path}").status_code in {400, 404}, path
    for name in ("from", "to"):
        path = f"{API}/rooms/alfeld/kursraum/busy?{name}={value}"
        assert client.get(path).status_code in {400, 422}, value


# What all answers have in common -------------------------------------------------------------------

PATHS = (
    "/rooms",
    "/rooms/free?date=2026-11-27&from=19:00&to=21:00",
    "/rooms/free?date=2026-11-27&from=19:00&to=21:00&weekly_until=2027-11-20",
    "/rooms/alfeld/kursraum/busy",
)


@pytest.mark.parametrize("path", PATHS)
def test_answer_is_open_to_all_and_new_with_every_booking(client, room, path):
    first = client.get(f"{API}{path}")
    assert first.headers["Access-Control-Allow-Origin"] == "*"
    assert first.headers["Cache-Control"] == "no-cache"
    assert "Set-Cookie" not in first.headers
    again = {"if-none-match": first.headers["ETag"]}
    assert client.get(f"{API}{path}", headers=again).status_code == 304
    if path != "/rooms":
        promised(room)
        assert client.get(f"{API}{path}", headers=again).status_code == 200


@pytest.mark.parametrize("path", [*PATHS, "/centres", "/openapi.json"])
def test_head_is_answered_like_get(client, room, path):
    got, head = client.get(f"{API}{path}"), client.head(f"{API}{path}")
    assert (head.status_code, head.content) == (200, b"")
    for name in ("ETag", "Content-Type", "Access-Control-Allow-Origin"):
        assert head.headers.get(name) == got.headers.get(name)


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_can_be_changed(client, room, method):
    for path in PATHS:
        assert getattr(client, method)(f"{API}{path}").status_code == 405


def test_contract_is_described(client, db):
    paths = get(client, "/openapi.json")["paths"]
    named = {
        path: {one["name"] for one in paths[f"/api/v1{path}"]["get"]["parameters"]}
        for path in ("/rooms", "/rooms/free", "/rooms/{centre}/{room}/busy")
    }
    assert named == {
        "/rooms": {"centre"},
        "/rooms/free": {
            *("centre", "date", "from", "to", "weekly_until", "persons", "seating", "equipment"),
            *("step_free", "hearing_loop"),
        },
        "/rooms/{centre}/{room}/busy": {"centre", "room", "from", "to"},
    }
    for path, operations in paths.items():
        assert set(operations) == {"get"}, path
