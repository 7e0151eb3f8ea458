"""Find a room: what somebody asks at /raeume/, and what the answer says and leads to."""

import datetime as dt

import pytest
import time_machine
from wagtail.models import Site

from bookings.models import BookingPolicy, Room
from cms.models import Answer
from tests.bookings.week_pages import closed, links
from tests.factories.bookings import FRIDAY, add_room, promised, requested, span
from tests.factories.cms import Tree
from tests.planting import Garden
from tests.reading import main, read, words
from tests.test_query_budgets import add_centres, queries_of

pytestmark = pytest.mark.usefixtures("tuesday_morning")

ROOMS = "/raeume/"
EVENING = f"{ROOMS}?tag=2026-11-27&von=19:00&bis=21:00"
SERIES = f"{EVENING}&endet=2026-12-18"  # four Fridays
WEEK = dt.timedelta(days=7)
BUDGET = 11  # of 12: with the cache in the database the roots of the sites are another look-up


def answer(html: str) -> str:
    """Return the words of the answer, without the form."""
    return words(
        html[html.index('<h2 class="kern-heading-medium" id="ergebnis"') : html.index("</main>")]
    )


def rows(html: str) -> dict[str, str]:
    """Return what stands beside each room, in order."""
    found = {}
    for row in html.split('<li class="rvz-row">')[1:]:
        name, _, rest = row.partition("</h3>")
        found[words(name)] = words(rest.split("</section>")[0])
    return found


def test_a_centre_without_rooms_asks_nobody_to_leave_out_a_wish(client, room, nordholz):
    text = answer(read(client, f"{EVENING}&zentrum={nordholz.centre.slug}"))
    assert "Zurzeit kann kein Raum online angefragt werden." in text
    assert "Wunsch" not in text


# One date


def test_free_rooms_lead_to_the_request_the_smallest_first(client, room, hall):
    promised(hall[1])
    html = read(client, f"{EVENING}&personen=20")
    assert answer(html).startswith(
        "Fr., 27. November 2026, 19:00–21:00 Uhr, 20 Personen 2 Räume sind frei."
    )
    assert list(rows(html)) == ["Kursraum", "Saal Süd", "Saal Nord", "Saal"]
    assert rows(html)["Kursraum"] == (
        "Alfeld höchstens 25 Personen ohne Stufen: keine Angabe frei Weiter – Kursraum, Alfeld"
    )
    assert links(html)[0] == "tag=2026-11-27&von=19:00&bis=21:00&personen=20"
    assert 'href="/raeume/alfeld/kursraum/?woche=2026-W48"' in html


def test_room_that_is_taken_names_the_next_best_time(client, room):
    later = add_room(room.centre, "Werkraum")
    promised(room, span("18:00", "20:00"))
    promised(later, span("20:00", "22:00"))
    html = read(client, EVENING)
    assert "Zu dieser Zeit ist kein Raum frei. Am nächsten liegt: " in answer(html)
    found = rows(html)
    assert "besetzt – frei ab 20:00 Uhr Weiter" in found["Kursraum"]
    assert "besetzt – frei 18:00–20:00 Uhr Weiter" in found["Werkraum"]
    assert set(links(html)) == {
        "tag=2026-11-27&von=20:00&bis=22:00",
        "tag=2026-11-27&von=18:00&bis=20:00",
    }


def test_room_that_is_taken_all_day_names_the_next_day(client, room, manager):
    closed(room, span("00:00", "00:00"), manager)
    promised(room, span("19:30", "20:00", FRIDAY + dt.timedelta(days=1)))
    html = read(client, EVENING)
    assert (
        "Zu dieser Zeit ist kein Raum frei. Am nächsten liegt: Kursraum, "
        "So., 29. November 2026, 19:00–21:00 Uhr."
    ) in answer(html)
    assert "geschlossen – zur selben Zeit frei am So., 29. November" in answer(html)
    assert links(html) == ["tag=2026-11-29&von=19:00&bis=21:00"]


def test_nothing_near_leads_to_the_week(client, room):
    BookingPolicy.objects.create(centre=room.centre, horizon_days=1)
    html = read(client, EVENING)
    assert "Zu dieser Zeit ist kein Raum frei." in answer(html)
    assert "Am nächsten liegt" not in answer(html)
    assert "noch nicht anfragbar Freie Zeiten ansehen – Kursraum" in answer(html)
    assert links(html) == []


def test_times_may_be_typed_as_people_do(client, room):
    html = read(client, f"{ROOMS}?tag=27.11.2026&von=19&bis=24:00")
    assert "19:00–24:00 Uhr" in answer(html)
    assert 'value="2026-11-27"' in html
    assert "frei 17:00–22:00 Uhr" in answer(html)


# A series


def test_a_series_is_asked_for_as_far_ahead_as_the_room_can_be(client, room):
    html = read(client, f"{EVENING}&endet=2027-12-10")
    assert "52 von 55 Terminen frei" in rows(html)["Kursraum"]
    assert "Fr., 10. Dezember 2027 – noch nicht anfragbar" in rows(html)["Kursraum"]
    (query,) = links(html)
    assert query.endswith("&endet=2027-11-19")


def test_series_counts_its_free_dates_and_names_the_others(client, room, manager):
    promised(room, span(day=FRIDAY + WEEK))
    closed(room, span(day=FRIDAY + 3 * WEEK), manager)
    html = read(client, f"{SERIES}&personen=12")
    assert answer(html).startswith(
        "Jeden Freitag, 19:00–21:00 Uhr, vom 27. November bis 18. Dezember 2026, 12 Personen "
        "Kein Raum ist an allen Terminen frei. Am besten passt: Kursraum, 2 von 4 Terminen frei."
    )
    assert (
        "2 von 4 Terminen frei 2 Termine sind nicht frei – Kursraum "
        "Fr., 4. Dezember 2026 – belegt Fr., 18. Dezember 2026 – geschlossen Weiter"
    ) in answer(html)
    assert 'href="/raeume/alfeld/kursraum/?woche=2026-W51"' in html
    assert links(html) == [
        "tag=2026-11-27&von=19:00&bis=21:00&personen=12&wiederholung=woechentlich&endet=2026-12-18"
    ]


def test_series_that_fits_and_one_that_never_does(client, room):
    html = read(client, SERIES)
    assert "1 Raum ist an allen 4 Terminen frei." in answer(html)
    assert "4 von 4 Terminen frei Weiter" in answer(html)
    never = read(client, f"{ROOMS}?tag=2026-11-27&von=5:00&bis=6:00&endet=2026-12-18")
    assert "An keinem dieser Termine ist ein Raum frei." in answer(never)
    assert "an keinem der Termine frei Freie Zeiten ansehen" in answer(never)


def test_series_of_one_date_is_one_date(client, room):
    html = read(client, f"{EVENING}&endet=2026-11-30")
    assert "1 Raum ist frei." in answer(html)
    assert links(html) == ["tag=2026-11-27&von=19:00&bis=21:00"]


# Who can use it, with what


def test_wishes_sift_the_rooms_with_and_without_a_time(client, room, hall):
    hall[0].equipment.create(name="Klavier & Bank")
    Room.objects.filter(pk=hall[0].pk).update(step_free=Answer.YES)
    wishes = "ausstattung=Klavier+%26+Bank&zugang=stufenlos"
    html = read(client, f"{EVENING}&{wishes}")
    assert list(rows(html)) == ["Saal"]
    assert "Weitere Wünsche (2 Wünsche)" in main(html)
    sifted = read(client, f"{ROOMS}?{wishes}&tag=&von=&bis=&endet=&personen=")
    assert "Diese Räume passen. Geben Sie Datum und Uhrzeit ein" in main(sifted)
    assert "Freie Zeiten ansehen – Saal" in main(sifted)
    assert "Kursraum" not in main(sifted)
    assert "Kein Raum hier hat alles, was Sie suchen." in main(
        read(client, f"{EVENING}&zugang=hoeranlage")
    )


def test_too_many_persons_are_told_the_largest_room(client, room):
    text = answer(read(client, f"{EVENING}&personen=80"))
    assert "Kein Raum hier fasst 80 Personen. Der größte: höchstens 25 Personen." in text
    assert "Alle Räume ansehen" in text


# Where


def test_a_centre_can_be_chosen_and_a_strange_one_is_a_slip(client, room, nordholz):
    add_room(nordholz.centre, "Saal")
    assert list(rows(read(client, EVENING))) == ["Kursraum", "Saal"]
    html = read(client, f"{EVENING}&zentrum=nordholz")
    assert list(rows(html)) == ["Saal"]
    assert 'href="/raeume/?zentrum=nordholz"' in html
    assert "Kursraum" not in main(read(client, f"{ROOMS}?zentrum=nordholz"))
    assert client.get(f"{EVENING}&zentrum=atlantis").status_code == 400
    Room.objects.filter(centre=nordholz.centre).delete()
    text = main(read(client, f"{ROOMS}?zentrum=nordholz"))
    assert "Zurzeit kann kein Raum online angefragt werden." in text
    assert "Freie Räume finden" in text


def test_centres_own_host_finds_only_its_rooms(client, room, alfeld, nordholz):
    add_room(nordholz.centre, "Saal")
    Site.objects.create(hostname="alfeld.localhost", root_page=alfeld, port=80)
    host = {"host": "alfeld.localhost"}
    html = read(client, EVENING, **host)
    assert list(rows(html)) == ["Kursraum"]
    assert "Zentrum" not in answer(html)
    assert 'name="zentrum"' not in html
    assert client.get(f"{EVENING}&zentrum=nordholz", headers=host).status_code == 404


# What is not understood


@pytest.mark.parametrize(
    ("query", "field", "sentence"),
    [
        ("tag=2026-11-27", "von", "Bitte geben Sie an, ab wann Sie den Raum brauchen."),
        ("von=19:00&bis=21:00", "tag", "Bitte wählen Sie ein Datum."),
        ("endet=2026-12-01", "tag", "Bitte wählen Sie ein Datum."),
        ("tag=morgen&von=19:00&bis=21:00", "tag", "Bitte geben Sie einen Tag an"),
        ("tag=2026-11-27&von=25:00&bis=26:00", "von", "Bitte geben Sie eine Uhrzeit ein"),
        ("tag=2026-11-27&von=21:00&bis=19:00", "bis", "nach 21:00 Uhr"),
        ("tag=2026-11-23&von=19:00&bis=21:00", "tag", "Dieser Tag ist schon vorbei."),
        ("tag=2026-11-24&von=08:00&bis=09:00", "von", "nach 10:14 Uhr"),
        ("tag=2027-03-28&von=02:30&bis=04:00", "von", "Uhr"),
        ("tag=2026-11-27&von=19:00&bis=21:00&endet=2026-11-01", "endet", "Bitte wählen Sie"),
        ("tag=2026-11-27&von=19:00&bis=21:00&endet=2040-01-01", "endet", "2 Jahre"),
        ("tag=2026-11-27&von=19:00&bis=21:00&endet=bald", "endet", "Bitte geben Sie einen Tag an"),
        ("personen=viele", "personen", "Bitte geben Sie eine Zahl ein"),
        ("personen=0", "personen", "mindestens 1 Person"),
        ("personen=" + "9" * 5_000, "personen", ""),
        ("ausstattung=Zeppelin", "ausstattung", "Das hat hier kein Raum."),
        ("zugang=fliegend", "zugang", "Bitte wählen Sie aus der Liste."),
        ("tag=" + "x" * 10_000, "tag", "Bitte geben Sie einen Tag an"),
    ],
)
def test_slips_get_a_sentence_at_their_field(client, room, query, field, sentence):
    response = client.get(f"{ROOMS}?{query}")
    assert response.status_code == 400
    html = response.content.decode()
    beside = html[html.index(f'id="id_{field}_error"') :]
    assert sentence in words(beside[:400])
    assert "Ihre Eingaben sind noch da" in main(html)
    assert "Kursraum" in main(html)


def test_nul_characters_are_refused(client, room):
    assert client.get(f"{ROOMS}?tag=%00").status_code == 400
    assert client.get(f"{ROOMS}?ausstattung=%00").status_code == 400


def test_what_was_typed_is_shown_as_text(client, room):
    response = client.get(f"{ROOMS}?zentrum=<b>&personen=<script>alert(1)</script>")
    assert "<script>alert" not in response.text
    assert "<b>" not in response.text


# The page


def test_answer_is_for_everybody_and_sets_nothing(client, room):
    response = client.get(EVENING)
    assert not response.cookies
    assert "csrfmiddlewaretoken" not in response.text
    assert "style=" not in response.text
    assert client.post(EVENING).status_code == 405


def test_empty_form_lists_the_rooms(client, room):
    text = main(read(client, f"{ROOMS}?zentrum=&tag=&von=&bis=&endet=&personen="))
    assert "Freie Zeiten ansehen – Kursraum" in text


def test_the_same_moment_is_offered_no_more(client, room):
    with time_machine.travel(dt.datetime(2026, 11, 27, 17, 59, tzinfo=dt.UTC), tick=False):
        assert "1 Raum ist frei." in answer(read(client, EVENING))
    requested(room)
    assert "besetzt" in answer(read(client, EVENING))


def test_number_of_queries_grows_neither_with_rooms_nor_with_dates(
    tree: Tree, garden: Garden, client
):
    garden.plant("few", lambda: add_centres(tree, range(2)), at_once=True)
    evening = f"{ROOMS}?tag=2026-11-27&personen=10"
    paths = (
        f"{evening}&von=19:00&bis=21:00",
        f"{evening}&von=19:00&bis=21:00&endet=2027-11-19",
        f"{evening}&von=03:00&bis=04:00",  # nothing that day, nor on others
        f"{evening}&von=03:00&bis=04:00&zugang=stufenlos",
    )
    few = {path: queries_of(client, path) for path in paths}
    garden.plant("more", lambda: add_centres(tree, range(2, 12)), at_once=True)
    assert {path: queries_of(client, path) for path in paths} == few
    assert {path: count for path, count in few.items() if count > BUDGET} == {}
