"""The month and the list of days of a room: what they say, and how one moves between them."""

import datetime as dt
import re

import pytest
import time_machine

from bookings.models import RoomHours
from cms.models import HolidayOverride
from cms.opening_hours import BERLIN
from tests.bookings.week_pages import WEEK, closed, links
from tests.factories.bookings import AssociationFactory, add_room, promised, requested, span
from tests.reading import main, read, words

pytestmark = pytest.mark.usefixtures("tuesday_morning")

MONTH = f"{WEEK}?monat=2026-12"
LIST = f"{WEEK}?ansicht=liste"


def in_month(html: str, number: int) -> str:
    """Return the words of a day of the month."""
    days = html.split('<li class="rvz-month__day')[1:]
    return words("<li " + days[number - 1].split("</ol>")[0])


def in_list(html: str, number: int) -> str:
    """Return the words of a day of the list, 1 is the first one."""
    days = html.split('<li class="rvz-row">')[1:]
    return words(days[number - 1].split("</section>")[0])


def bar(html: str) -> str:
    return words(
        html[html.index('<div class="rvz-weekbar"') : html.index('<details class="rvz-pick')]
    )


# The month


def test_month_says_in_words_what_is_free(client, room, manager):
    for day, start, end in (
        (2, "17:00", "19:00"),
        (3, "19:30", "22:00"),
        (4, "18:00", "19:00"),
        (5, "17:00", "22:00"),
        (6, "08:00", "22:00"),
        (7, "08:00", "17:00"),
        (8, "12:00", "20:00"),
    ):
        promised(room, span(start, end, dt.date(2026, 12, day)))
    closed(room, span("00:00", "00:00", dt.date(2026, 12, 9)), manager)
    html = read(client, MONTH)
    assert "Dezember 2026" in bar(html)
    assert [in_month(html, number) for number in range(1, 10)] == [
        "Dienstag, 1. Dezember ganztägig frei",
        "Mittwoch, 2. Dezember abends frei ab 19:00 Uhr tagsüber frei",
        "Donnerstag, 3. Dezember abends frei bis 19:30 Uhr tagsüber frei",
        "Freitag, 4. Dezember abends zum Teil frei tagsüber frei",
        "Samstag, 5. Dezember abends belegt tagsüber frei",
        "Sonntag, 6. Dezember nichts frei",
        "Montag, 7. Dezember abends frei tagsüber belegt",
        "Dienstag, 8. Dezember abends frei ab 20:00 Uhr tagsüber zum Teil frei",
        "Mittwoch, 9. Dezember nichts frei",
    ]


def test_month_leads_to_the_day_in_its_week(client, room):
    html = read(client, MONTH)
    assert f'href="{WEEK}?woche=2026-W50#tag-3"' in html  # Wednesday, the 9th
    assert 'id="tag-3"' in read(client, f"{WEEK}?woche=2026-W50")


def test_month_names_holidays_as_the_office_has_them(client, room):
    HolidayOverride.objects.create(
        kind="public",
        first_day=dt.date(2026, 12, 10),
        last_day=dt.date(2026, 12, 10),
        name="Tag des Zentrums",
    )
    html = read(client, MONTH)
    assert in_month(html, 10).endswith("Tag des Zentrums")
    assert in_month(html, 25).endswith("Weihnachtstag")


@pytest.mark.parametrize("days", [f"{WEEK}?woche=2026-W52", f"{LIST}&tag=2026-12-21"])
def test_week_and_list_name_holidays_too(client, room, days):
    said = main(read(client, days))
    assert "Freitag, 25. Dezember Erster Weihnachtstag 8:00" in said
    assert "Montag, 21. Dezember 8:00" in said


def test_past_days_of_the_month_are_over_and_today_goes_on(client, room):
    html = read(client, f"{WEEK}?ansicht=monat")
    assert in_month(html, 23) == "Montag, 23. November vorbei"
    assert in_month(html, 24) == "Heute, Dienstag, 24. November ganztägig frei"
    promised(room, span("17:00", "22:00", dt.date(2026, 11, 24)))
    html = read(client, f"{WEEK}?ansicht=monat")
    assert in_month(html, 24).endswith("abends belegt tagsüber frei")
    with time_machine.travel(dt.datetime(2026, 11, 24, 21, 40, tzinfo=BERLIN), tick=False):
        assert in_month(read(client, f"{WEEK}?ansicht=monat"), 24).endswith("nichts frei")


def test_month_of_a_room_that_is_open_for_a_part_of_the_day(client, centre):
    room = add_room(centre, "Kursraum", hours=("08:00", "13:00"))
    room.hours.filter(weekday=6).delete()
    RoomHours.objects.filter(room=room, weekday=5).update(opens="18:00", closes="00:00")
    html = read(client, MONTH)
    assert in_month(html, 1) == "Dienstag, 1. Dezember tagsüber frei"
    assert in_month(html, 5) == "Samstag, 5. Dezember abends frei"
    assert in_month(html, 6) == "Sonntag, 6. Dezember nicht nutzbar"
    room.hours.all().delete()
    assert "noch keine Nutzungszeiten eingetragen" in main(read(client, MONTH))


@pytest.mark.parametrize("month", ["2026-10", "2027-03"])
def test_month_of_a_room_that_never_closes_has_clock_changes(client, centre, month):
    add_room(centre, "Kursraum", hours=("00:00", "00:00"))
    with time_machine.travel(dt.datetime(2026, 10, 1, 9, tzinfo=BERLIN), tick=False):
        html = read(client, f"{WEEK}?monat={month}")
    assert main(html).count("ganztägig frei") == 31


def test_last_month_says_what_cannot_be_asked_for_yet(client, room):
    html = read(client, f"{WEEK}?monat=2027-11")
    assert in_month(html, 25).endswith("ganztägig frei")
    assert in_month(html, 26).endswith("noch nicht anfragbar")
    assert "Nächster Monat" not in bar(html)


# The list


def test_list_says_what_is_free_and_what_is_taken(client, room, manager):
    choir = AssociationFactory.create(
        name="Gemischter Chor", home_centre=room.centre, name_is_public=True
    )
    promised(room, association=choir)
    requested(room, span("12:00", "14:00"))
    closed(room, span("08:00", "09:30"), manager, reason="Lüften & <b>Putzen</b>")
    html = read(client, LIST)
    assert "24. November – 21. Dezember 2026" in bar(html)
    assert in_list(html, 1) == (
        "Heute, Dienstag, 24. November 10:15–22:00 Uhr frei, Dienstag, 24. November"
    )
    said = in_list(html, 4).replace(", Freitag, 27. November", "")
    assert said.removeprefix("Freitag, 27. November ") == (
        "8:00–9:30 Uhr geschlossen – Lüften & <b>Putzen</b> "
        "9:30–12:00 Uhr frei 12:00–14:00 Uhr angefragt 14:00–19:00 Uhr frei "
        "19:00–21:00 Uhr belegt – Gemischter Chor 21:00–22:00 Uhr frei"
    )
    assert "<b>Putzen" not in html
    assert links(html)[0] == "tag=2026-11-24&von=10:15"
    assert "tag=2026-11-27&von=12:00" in links(html)
    assert len(html.split('<li class="rvz-row">')) == 1 + 28


def test_list_of_evenings_and_from_a_day_on(client, room):
    html = read(client, f"{LIST}&tag=2027-01-05&abends=1")
    assert in_list(html, 1).startswith("Dienstag, 5. Januar 17:00–22:00 Uhr frei")
    assert '<input type="hidden" name="ansicht" value="liste">' in html
    assert '<input type="hidden" name="abends" value="1">' in html
    assert f'href="{LIST}&amp;tag=2027-02-02&amp;abends=1#woche"' in html
    assert f'href="{LIST}&amp;tag=2026-12-08&amp;abends=1#woche"' in html


def test_list_of_past_days_offers_nothing_of_them(client, room):
    html = read(client, f"{LIST}&tag=2026-11-23")
    assert in_list(html, 1) == "Montag, 23. November 8:00–22:00 Uhr frei"
    assert links(html)[0] == "tag=2026-11-24&von=10:15"


def test_list_ends_where_requests_do(client, room):
    html = read(client, f"{LIST}&tag=2027-11-25")
    assert len(html.split('<li class="rvz-row">')) == 1 + 4  # until the Sunday
    assert "Anfragen sind bis 25. November 2027 möglich." in in_list(html, 2)
    assert "Später" not in bar(html)


# Ways between them


def test_views_lead_to_each_other_and_keep_the_time(client, room):
    now = read(client, WEEK)
    assert f'href="{WEEK}?ansicht=monat#woche"' in now
    assert f'href="{LIST}#woche"' in now
    week = read(client, f"{WEEK}?woche=2026-W53&abends=1")
    assert f'href="{WEEK}?monat=2026-12#woche"' in week  # its Thursday is in December
    assert f'href="{LIST}&amp;tag=2026-12-28&amp;abends=1#woche"' in week
    month = read(client, MONTH)
    assert f'href="{WEEK}?woche=2026-W49#woche"' in month
    assert f'href="{LIST}&amp;tag=2026-12-01#woche"' in month
    assert f'href="{WEEK}?ansicht=monat#woche"' in month  # this month
    assert f'href="{WEEK}?monat=2027-01#woche"' in month
    assert "Voriger Monat" in bar(month)


def test_a_day_of_the_form_shows_its_month(client, room):
    html = read(client, f"{WEEK}?ansicht=monat&tag=2027-01-15")
    assert "Januar 2027" in bar(html)
    assert '<input type="hidden" name="ansicht" value="monat">' in html
    assert "Monat mit dem Tag" in main(html)


def test_title_of_the_window_names_what_is_shown(client, room):
    titles = {
        path: words(re.search(r"<title>(.*?)</title>", read(client, path), re.DOTALL)[1])
        for path in (WEEK, MONTH, LIST)
    }
    assert titles[WEEK].startswith("Kursraum –")
    assert titles[MONTH].startswith("Kursraum, Dezember 2026 –")
    assert titles[LIST].startswith("Kursraum, 24. November – 21. Dezember 2026 –")


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("monat=2026-13", "Diesen Monat gibt es nicht."),
        ("monat=0000-01", "Diesen Monat gibt es nicht."),
        ("monat=" + "9" * 10_000, "Diesen Monat gibt es nicht."),
        ("monat=9999-12", "Bitte wählen Sie einen Tag vom 24. November 2025"),
        ("monat=2026-12&woche=2026-W50", "entweder einen Tag oder eine Woche"),
        ("monat=2026-12&tag=2026-12-01", "entweder einen Tag oder eine Woche"),
        ("ansicht=jahr", "Diese Ansicht gibt es nicht."),
        ("ansicht=" + "x" * 10_000, "Diese Ansicht gibt es nicht."),
        ("ansicht=liste&tag=abc", "Bitte geben Sie ein Datum ein"),
        ("ansicht=liste&tag=2030-01-01", "Bitte wählen Sie einen Tag vom"),
    ],
)
def test_what_is_not_shown_gets_a_sentence_at_the_field(client, room, query, sentence):
    response = client.get(f"{WEEK}?{query}")
    assert response.status_code == 400
    field = response.text[response.text.index('id="id_tag_error"') :]
    assert sentence in words(field[:400])


def test_first_month_is_shown_although_it_begins_before(client, room):
    html = read(client, f"{WEEK}?monat=2025-11")
    assert "November 2025" in bar(html)
    assert "Voriger Monat" not in bar(html)
