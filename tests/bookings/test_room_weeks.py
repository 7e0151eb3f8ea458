"""A room's week: what everybody may read and ask for, and never sees."""

import datetime as dt
import re

import pytest
import time_machine

from cms.opening_hours import BERLIN
from tests.bookings.week_pages import SAAL, WEEK, closed, day, links
from tests.factories.bookings import (
    NOW,
    AssociationFactory,
    add_room,
    date_of,
    promised,
    requested,
    span,
)
from tests.reading import main, read, words

pytestmark = pytest.mark.usefixtures("tuesday_morning")


# Blocks


def test_week_names_today_folds_the_past_and_offers_what_is_left(client, room):
    html = read(client, WEEK)
    text = main(html)
    assert "Diese Woche: 23.–29. November 2026" in text
    assert day(html, 1) == "Montag, 23. November vorbei 8:00–22:00 Uhr frei"
    assert day(html, 2).startswith("Heute, Dienstag, 24. November 10:15–22:00 Uhr frei")
    assert links(html)[:2] == ["tag=2026-11-24&von=10:15", "tag=2026-11-25&von=08:00"]
    assert len(links(html)) == 6


def test_one_block_a_span_and_buffers_are_not_shown(client, centre):
    room = add_room(centre, "Kursraum", setup_minutes=30, turnover_minutes=15)
    promised(room, span("17:00", "19:00"))
    html = read(client, WEEK)
    assert day(html, 5) == (
        "Freitag, 27. November 8:00–16:15 Uhr frei, Freitag, 27. November "
        "17:00–19:00 Uhr belegt 19:45–22:00 Uhr frei, Freitag, 27. November"
    )
    assert "tag=2026-11-27&von=19:45" in links(html)


@pytest.mark.parametrize(
    ("is_public", "is_checked", "shown"),
    [
        (True, True, "belegt – Gemischter Chor"),
        (True, False, "belegt"),
        (False, True, "belegt"),
    ],
)
def test_name_is_shown_only_if_the_group_agreed_and_was_checked(
    client, room, is_public, is_checked, shown
):
    choir = AssociationFactory.create(
        name="Gemischter Chor",
        home_centre=room.centre,
        name_is_public=is_public,
        checked_at=NOW if is_checked else None,
    )
    promised(room, association=choir, purpose="Geheime Probe")
    html = read(client, WEEK)
    assert f"19:00–21:00 Uhr {shown} 21:00" in day(html, 5)
    for secret in ("Geheime Probe", "Erika", "040 66969"):
        assert secret not in html


def test_requested_time_leads_to_the_request_too_and_names_nobody(client, room):
    choir = AssociationFactory.create(
        name="Gemischter Chor", home_centre=room.centre, name_is_public=True
    )
    requested(room, association=choir)
    html = read(client, WEEK)
    assert "19:00–21:00 Uhr angefragt" in day(html, 5)
    assert "tag=2026-11-27&von=19:00" in links(html)
    assert "Gemischter Chor" not in html


def test_request_whose_hold_ended_leaves_the_time_free(client, room):
    booking = requested(room)
    date = date_of(booking)
    date.holds_until = None
    date.save()
    date.occupancy.all().delete()
    assert "angefragt" not in day(read(client, WEEK), 5)


def test_closed_time_says_why(client, room, manager):
    closed(room, span("08:00", "09:30"), manager, reason="Reinigung & <b>Lüften</b>")
    html = read(client, WEEK)
    assert "8:00–9:30 Uhr geschlossen – Reinigung & <b>Lüften</b>" in day(html, 5)
    assert "<b>Lüften" not in html


def test_whole_hall_shows_both_halves_and_a_half_only_its_own(client, hall):
    _whole, north, south = hall
    promised(north, span("17:00", "20:00"))
    promised(south, span("19:30", "21:00"))
    assert "17:00–21:00 Uhr belegt" in day(read(client, SAAL), 5)
    assert "17:00–20:00 Uhr belegt" in day(read(client, "/raeume/alfeld/saal-nord/"), 5)
    assert "19:30–21:00 Uhr belegt" in day(read(client, "/raeume/alfeld/saal-sued/"), 5)


def test_days_and_weeks_without_hours_say_so(client, room):
    room.hours.filter(weekday=6).delete()
    assert day(read(client, WEEK), 7) == "Sonntag, 29. November nicht nutzbar"
    room.hours.all().delete()
    assert "noch keine Nutzungszeiten eingetragen" in main(read(client, WEEK))


def test_week_without_anything_left_says_so_and_leads_on(client, room, manager):
    closed(room, span("00:00", "00:00", dt.date(2026, 11, 24)), manager)
    for number in range(25, 30):
        closed(room, span("00:00", "00:00", dt.date(2026, 11, number)), manager)
    html = read(client, WEEK)
    assert "In dieser Woche ist nichts mehr frei. Nächste Woche ansehen" in main(html)
    assert links(html) == []


@pytest.mark.parametrize("week", ["2026-W43", "2027-W12"])
def test_room_that_never_closes_stands_on_days_with_clock_changes(client, centre, week):
    add_room(centre, "Kursraum", hours=("00:00", "00:00"))
    with time_machine.travel(dt.datetime(2026, 10, 1, 9, tzinfo=BERLIN), tick=False):
        html = read(client, f"{WEEK}?woche={week}")
    assert "0:00–24:00 Uhr frei" in day(html, 7)
    assert "rvz-week--96" in html
    assert html.count('class="rvz-at-0 rvz-for-96"') == 7


def test_positions_are_classes_in_proportion_to_time(client, room):
    promised(room, span("09:15", "11:00"))
    html = read(client, WEEK)
    assert "rvz-week--56" in html  # 8 to 22 in quarter hours
    assert re.search(r'class="rvz-at-5 rvz-for-7">\s*<div class="rvz-block rvz-promised"', html)
    assert "style=" not in html


# Which week


def test_other_weeks_and_evenings_are_plain_links_that_keep_each_other(client, room):
    html = read(client, WEEK)
    assert f'href="{WEEK}?woche=2026-W47#woche"' in html
    assert f'href="{WEEK}?woche=2026-W49#woche"' in html
    assert f'href="{WEEK}?abends=1#woche"' in html
    evening = read(client, f"{WEEK}?woche=2026-W49&abends=1")
    assert f'href="{WEEK}?woche=2026-W50&amp;abends=1#woche"' in evening
    assert f'href="{WEEK}?abends=1#woche"' in evening  # this week
    assert f'href="{WEEK}?woche=2026-W49#woche"' in evening  # the whole day
    assert '<input type="hidden" name="abends" value="1">' in evening
    assert links(evening)[0] == "tag=2026-11-30&von=17:00"
    assert "30. November – 6. Dezember 2026" in main(evening)


def test_evening_of_a_room_that_closes_before_says_so(client, centre):
    add_room(centre, "Kursraum", hours=("08:00", "16:00"))
    text = main(read(client, f"{WEEK}?abends=1"))
    assert "In dieser Woche ist der Raum abends nicht nutzbar." in text


def test_a_date_shows_its_week(client, room):
    for date in ("2026-12-24", "24.12.2026"):
        html = read(client, f"{WEEK}?tag={date}")
        assert "21.–27. Dezember 2026" in main(html)
        assert 'value="2026-12-24"' in html


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("woche=2026-W99", "Diese Woche gibt es nicht."),
        ("woche=abc", "Diese Woche gibt es nicht."),
        ("woche=", "Diese Woche gibt es nicht."),
        ("woche=" + "9" * 10_000, "Diese Woche gibt es nicht."),
        ("woche=9999-W52", "Bitte wählen Sie einen Tag vom 24. November 2025"),
        ("woche=0001-W01", "Bitte wählen Sie einen Tag vom 24. November 2025"),
        ("woche=2026-W48&tag=2026-11-24", "Bitte wählen Sie entweder einen Tag oder eine Woche."),
        ("woche=2026-W99&tag=abc", "Bitte geben Sie ein Datum ein"),
        ("tag=", "Bitte geben Sie ein Datum ein"),
        ("tag=abc", "Bitte geben Sie ein Datum ein"),
        ("tag=" + "x" * 10_000, "Bitte geben Sie ein Datum ein"),
        ("tag=9999-12-31", "bis zum 28. November 2027"),
        ("tag=2025-11-23", "Bitte wählen Sie einen Tag vom 24. November 2025"),
    ],
)
def test_weeks_that_are_not_shown_get_a_sentence_at_the_field(client, room, query, sentence):
    response = client.get(f"{WEEK}?{query}")
    assert response.status_code == 400
    html = response.content.decode()
    field = html[html.index('id="id_tag_error"') :]
    assert sentence in words(field[:400])
    assert "23.–29. November 2026" in main(html)
    assert "Bitte prüfen Sie 1 Angabe" in main(html)


def test_nul_character_is_refused(client, room):
    assert client.get(f"{WEEK}?woche=%00").status_code == 400


def test_switch_ends_where_weeks_end(client, room):
    first, last = read(client, f"{WEEK}?woche=2025-W48"), read(client, f"{WEEK}?woche=2027-W47")
    assert "Vorige Woche" not in main(first)
    assert "Diese Woche ist vorbei." in main(first)
    assert "Nächste Woche" not in main(last)
    assert "8:00–22:00 Uhr frei" in day(last, 4)
    assert day(last, 5) == "Freitag, 26. November Anfragen sind bis 25. November 2027 möglich."
