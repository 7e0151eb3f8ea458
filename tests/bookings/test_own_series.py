"""A group changes its series as a whole: ended earlier, extended, changed from a date on, renewed."""

import datetime as dt

import pytest
from django.test import Client

from bookings.models import Booking, BookingPolicy, ChangeRequest, RenewalRound
from bookings.rules.policy import Approval
from bookings.rules.states import DateState
from bookings.services.decisions import approve
from bookings.services.own_dates import give_up
from bookings.services.renewals import open_round
from bookings.services.series_edits import end_series
from bookings.views import series_steps
from bookings.views.request.dates import chosen_dates
from tests.bookings.changing import dates_of, move, promised_series, series, wish
from tests.factories.bookings import FRIDAY, NOW, add_room, promised, requested, span
from tests.reading import words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday_morning")]
WEEK = dt.timedelta(weeks=1)


@pytest.fixture
def singing(visitor: Client, singer) -> Client:
    """Return a browser in which somebody of the choir is signed in."""
    visitor.force_login(singer)
    return visitor


@pytest.fixture
def ours(choir, singer):
    return {"association": choir, "requester": singer}


def main_of(response) -> str:
    words = " ".join(response.text.split())
    return words.split("<main")[1].split("</main>")[0]


def faces(page: str) -> dict[str, str]:
    """Return what the page shows of dates that need a choice, as a browser sends it back."""
    parts = page.split('name="stand-')[1:]
    return {f"stand-{part[:10]}": part.split('value="')[1].split('"')[0] for part in parts}


def states(booking) -> list[str]:
    return [date.state for date in dates_of(booking)]


def test_the_steps_stand_on_the_page_of_a_series_only(singing, room, ours):
    booking, single = promised_series(room, **ours), requested(room, span("08:00", "09:00"), **ours)
    page = main_of(singing.get(f"/buchungen/{booking.number}/"))
    for step in ("beenden", "verlaengern", "aendern"):
        assert f'href="/buchungen/{booking.number}/{step}/"' in page
        assert singing.get(f"/buchungen/{single.number}/{step}/").status_code == 404
    assert "erneuern" not in page
    assert "Die ganze Terminreihe" not in main_of(singing.get(f"/buchungen/{single.number}/"))


# Earlier --------------------------------------------------------------------------------------------


def test_a_series_ends_earlier_after_its_dates_were_shown(singing, room, ours):
    booking = promised_series(room, 4, **ours)
    path = f"/buchungen/{booking.number}/beenden/"
    assert "zuletzt am Fr., 18. Dezember 2026" in main_of(singing.get(path))
    preview = main_of(singing.get(path, {"after": "2026-12-04"}))
    assert "Fallen 2 Termine aus?" in preview
    assert "Fr., 11. Dezember 2026, 19:00–21:00 Uhr, Kursraum" in preview
    assert "Der letzte Termin ist dann Fr., 4. Dezember 2026, 19:00–21:00 Uhr." in preview
    assert DateState.CANCELLED not in states(booking)
    for _click in range(2):
        page = main_of(singing.post(path, {"after": "2026-12-04"}, follow=True))
        assert "Die Terminreihe ist beendet." in page
    assert states(booking) == ["approved", "approved", "cancelled", "cancelled"]
    assert booking.log.filter(action="cancel").count() == 2


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Bitte wählen Sie den letzten Tag."),
        ("bald", "23.12.2026"),
        ("2030-01-01", "keinen Termin"),
    ],
)
def test_an_end_that_cannot_be_is_said_at_the_field(singing, room, ours, typed, sentence):
    booking = promised_series(room, **ours)
    path = f"/buchungen/{booking.number}/beenden/"
    for ask in (singing.get, singing.post):
        response = ask(path, {"after": typed})
        assert response.status_code == 422
        assert sentence in main_of(response)
    assert DateState.CANCELLED not in states(booking)


def test_after_the_deadline_a_series_is_not_ended(singing, room, ours):
    booking = promised_series(room, **ours)
    BookingPolicy.objects.create(centre=room.centre, cancel_hours=30 * 24)
    path = f"/buchungen/{booking.number}/beenden/"
    response = singing.post(path, {"after": "2026-11-24"})
    assert response.status_code == 422
    assert "Bitte rufen Sie" in main_of(response)
    assert DateState.CANCELLED not in states(booking)


# On -------------------------------------------------------------------------------------------------


def test_a_series_goes_on_as_previewed(singing, room, ours, clock):
    booking = promised_series(room, **ours)
    clock.shift(60)
    promised(room, span(day=FRIDAY + 4 * WEEK - dt.timedelta(days=7 * 1)))
    path = f"/buchungen/{booking.number}/verlaengern/"
    assert "Wochentag, Uhrzeit und Raum bleiben gleich." in main_of(singing.get(path))
    preview = main_of(singing.get(path, {"until": "2027-01-15"}))
    assert "1 von 5 Terminen ist frei." in preview
    assert "Fr., 18. Dezember 2026 – belegt." in preview
    assert len(states(booking)) == 3
    sent = {"until": "2027-01-15", **faces(preview)}
    for _click in range(2):
        page = main_of(singing.post(path, sent, follow=True))
        assert "Ihre Terminreihe geht bis Fr., 15. Januar 2027." in page
        assert "Die neuen Termine sind noch nicht fest gebucht." in page
    assert len(states(booking)) == 8
    assert states(booking)[3] == DateState.SKIPPED_CONFLICT


def test_the_address_alone_says_not_that_a_series_goes_on(singing, room, ours):
    booking = promised_series(room, **ours)
    page = main_of(singing.get(f"/buchungen/{booking.number}/verlaengern/?stand=verlaengert"))
    assert "Ihre Terminreihe geht" not in page
    assert "Wochentag, Uhrzeit und Raum bleiben gleich." in page


def test_what_became_taken_since_the_preview_is_shown_again(singing, room, ours):
    booking = promised_series(room, **ours)
    path = f"/buchungen/{booking.number}/verlaengern/"
    preview = main_of(singing.get(path, {"until": "2026-12-18"}))
    assert "Der Termin ist frei." in preview
    promised(room, span(day=dt.date(2026, 12, 18)))
    response = singing.post(path, {"until": "2026-12-18", **faces(preview)})
    assert response.status_code == 409
    assert "18. Dezember 2026" in main_of(response)
    assert len(states(booking)) == 3


def test_what_becomes_taken_while_one_sends_is_said_and_nothing_is_left_out(
    singing, room, ours, monkeypatch
):
    booking = promised_series(room, **ours)
    path = f"/buchungen/{booking.number}/verlaengern/"
    preview = main_of(singing.get(path, {"until": "2026-12-18"}))

    def meanwhile(*values):
        promised(room, span(day=dt.date(2026, 12, 18)))
        return chosen_dates(*values)

    monkeypatch.setattr(series_steps, "chosen_dates", meanwhile)
    response = singing.post(path, {"until": "2026-12-18", **faces(preview)})
    assert response.status_code == 422
    assert "18. Dezember 2026" in main_of(response)
    assert len(states(booking)) == 3


def test_an_extension_that_cannot_be_is_said_at_the_field(singing, room, ours):
    booking = promised_series(room, **ours)
    path = f"/buchungen/{booking.number}/verlaengern/"
    for until, sentence in (
        ("", "Bitte wählen Sie den letzten Tag."),
        ("2026-12-01", "Der erste wäre am 18. Dezember 2026"),
        ("2099-01-01", "bis zum 25. November 2027"),
    ):
        response = singing.get(path, {"until": until})
        assert response.status_code == 422
        assert sentence in main_of(response)


def test_after_an_earlier_end_it_is_said_where_a_series_goes_on(singing, room, ours):
    booking = promised_series(room, 5, **ours)
    path = f"/buchungen/{booking.number}/verlaengern/"
    assert "fallen aus" not in main_of(singing.get(path))
    end_series(booking=booking, after=FRIDAY + 2 * WEEK, actor=None, now=NOW)
    sentence = "2 Termine bis Fr., 25. Dezember 2026 fallen aus. Die Terminreihe kann erst danach weitergehen."
    for query in ({}, {"until": "2026-12-31"}, {"until": "2027-01-15"}):
        assert sentence in main_of(singing.get(path, query))
    end_series(booking=booking, after=FRIDAY, actor=None, now=NOW)
    assert "4 Termine bis" in main_of(singing.get(path))


# From a date on ---------------------------------------------------------------------------------------


def following(booking, room, **other) -> dict[str, str]:
    values = {
        "first": str(dates_of(booking)[1].pk),
        "weekday": "3",
        "start": "18:00",
        "end": "20:00",
        "room": str(room.pk),
        "until": "2026-12-31",
    }
    return {**values, **other}


def test_a_promised_series_is_changed_from_a_date_on_by_a_wish(singing, room, ours):
    booking = promised_series(room, **ours)
    path = f"/buchungen/{booking.number}/aendern/"
    form = main_of(singing.get(path))
    assert "Ab welchem Termin?" in form
    assert "Fr., 4. Dezember 2026, 19:00–21:00 Uhr" in form
    preview = main_of(singing.get(path, following(booking, room)))
    assert "Terminreihe so ändern?" in preview
    assert "jeden Donnerstag, 18:00–20:00 Uhr" in preview
    assert "Bis dahin bleiben Ihre Termine, wie sie sind." in preview
    sent = {**following(booking, room), "text": "Neue Leitung", **faces(preview)}
    for _click in range(2):
        page = main_of(singing.post(path, sent, follow=True))
        assert "Ihr Änderungswunsch ist beim Zentrum." in page
    change = ChangeRequest.objects.get()
    assert (change.kind, change.status, change.text) == ("following", "open", "Neue Leitung")
    detail = main_of(singing.get(f"/buchungen/{booking.number}/"))
    assert "Ab Fr., 4. Dezember 2026" in detail
    # Nothing else can change these dates until then.
    assert "können Sie hier nicht ändern." in main_of(
        singing.get(f"/buchungen/{booking.number}/termin/{dates_of(booking)[1].pk}/aendern/")
    )
    assert "kann hier zurzeit nicht geändert" in main_of(
        singing.get(f"/buchungen/{booking.number}/verlaengern/")
    )


def test_an_undecided_series_goes_on_under_another_number_at_once(singing, room, ours):
    booking = series(room, **ours)
    path = f"/buchungen/{booking.number}/aendern/"
    preview = main_of(singing.get(path, following(booking, room)))
    sent = {**following(booking, room), **faces(preview)}
    for _click in range(2):
        page = main_of(singing.post(path, sent, follow=True))
        new = Booking.objects.get(origin=booking)
        assert "geht unter einer anderen Nummer weiter." in page
        assert new.number in page
    assert dates_of(new)[0].span == span("18:00", "20:00", dt.date(2026, 12, 3))


def test_what_stands_in_the_way_of_a_change_is_said_before_anything_is_sent(
    singing, room, ours, manager
):
    booking = series(room, **ours)
    path = f"/buchungen/{booking.number}/aendern/"
    same = following(booking, room, weekday="4", start="19:00", end="21:00", until="2026-12-11")
    response = singing.get(path, same)
    assert response.status_code == 422
    assert "Raum und Zeit sind dieselben wie bisher." in main_of(response)
    approve(booking=booking, date_ids=[dates_of(booking)[1].pk], actor=manager, now=NOW)
    response = singing.get(path, following(booking, room))
    assert response.status_code == 422
    assert "Bitte warten Sie die Entscheidung ab" in main_of(response)


def preview_of(singing, booking, room, **other) -> str:
    return main_of(
        singing.get(f"/buchungen/{booking.number}/aendern/", following(booking, room, **other))
    )


@pytest.mark.parametrize("reason", ["the rules promise at once", "only earlier dates are promised"])
def test_what_is_changed_at_once_is_announced_so(singing, room, ours, manager, reason):
    if reason == "the rules promise at once":
        booking = promised_series(room, **ours)
        BookingPolicy.objects.create(centre=room.centre, approval=Approval.AT_ONCE)
    else:
        booking = series(room, **ours)
        approve(booking=booking, date_ids=[dates_of(booking)[0].pk], actor=manager, now=NOW)
    preview = preview_of(singing, booking, room, until="2026-12-10")
    assert "Ja, ändern" in preview
    assert "Wunsch senden" not in preview
    assert "Das Team des Zentrums entscheidet." not in preview
    sent = following(booking, room, until="2026-12-10")
    singing.post(f"/buchungen/{booking.number}/aendern/", sent)
    assert ChangeRequest.objects.get().status == "granted"


def test_what_is_announced_follows_what_was_chosen(singing, room, ours):
    booking = promised_series(room, **ours)
    promised(room, span("18:00", "20:00", dt.date(2026, 12, 10)))
    BookingPolicy.objects.create(centre=room.centre, approval=Approval.AT_ONCE)
    preview = preview_of(singing, booking, room)
    assert "Ja, ändern" in preview
    sent = {**following(booking, room), **faces(preview), "termin-2026-12-10": "wait"}
    too_long = {**sent, "text": "a" * 5000}
    again = main_of(singing.post(f"/buchungen/{booking.number}/aendern/", too_long))
    assert "Wunsch senden" in again
    assert "Das Team des Zentrums entscheidet." in again


@pytest.mark.parametrize("asked", [series, promised_series])
def test_a_group_that_only_wants_a_date_back_can_say_so(singing, room, ours, asked):
    booking = asked(room, 4, **ours)
    _first, _second, third, _fourth = dates_of(booking)
    give_up(date=third, actor=None, now=NOW)
    same = {"weekday": "4", "start": "19:00", "end": "21:00", "until": "2026-12-18"}
    preview = preview_of(singing, booking, room, **same)
    assert "Fr., 11. Dezember 2026 – " in words(preview)
    path, sent = f"/buchungen/{booking.number}/aendern/", following(booking, room, **same)
    unchanged = singing.post(path, {**sent, **faces(preview)})
    assert unchanged.status_code == 422
    assert "Raum und Zeit sind dieselben wie bisher." in main_of(unchanged)
    singing.post(path, {**sent, **faces(preview), "termin-2026-12-11": "keep"})
    wanted = ChangeRequest.objects.get().dates.values_list("left_out", flat=True)
    assert [*wanted].count("") == 3


def test_dates_that_were_changed_one_by_one_are_named(singing, room, ours):
    booking = series(room, 4, **ours)
    office = add_room(room.centre, "Büro")
    _first, _second, third, fourth = dates_of(booking)
    wish([move(third, room=office)])
    wish([move(fourth, span(day=dt.date(2026, 12, 19)))])
    preview = preview_of(singing, booking, room)
    assert "11. Dezember 2026, 19:00–21:00 Uhr, Büro" in preview
    assert "19. Dezember 2026, 19:00–21:00 Uhr, Kursraum" in preview
    assert "4. Dezember 2026, 19:00–21:00 Uhr, Kursraum" not in preview


def test_a_date_that_moved_out_of_its_week_is_followed_from_its_own_week_on(singing, room, ours):
    booking = series(room, **ours)
    second = dates_of(booking)[1]
    wish([move(second, span(day=dt.date(2026, 12, 7)))])
    sent = following(booking, room, until="2026-12-10")
    singing.post(f"/buchungen/{booking.number}/aendern/", sent)
    new = Booking.objects.get(origin=booking)
    assert dates_of(new)[0].span == span("18:00", "20:00", dt.date(2026, 12, 3))


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"first": "1"}, "Bitte wählen Sie einen dieser Termine."),
        ({"first": "9" * 5000}, "Bitte wählen Sie einen dieser Termine."),
        ({"weekday": "9"}, "Bitte wählen Sie einen Wochentag."),
        ({"end": "17:00"}, "Das Ende muss nach dem Beginn liegen."),
        ({"until": "2026-11-01"}, "Bitte"),
    ],
)
def test_a_change_that_cannot_be_is_said_at_the_field(singing, room, ours, typed, sentence):
    booking = promised_series(room, **ours)
    for ask in (singing.get, singing.post):
        response = ask(
            f"/buchungen/{booking.number}/aendern/", {**following(booking, room), **typed}
        )
        assert response.status_code == 422
        assert sentence in main_of(response)


# Another year -----------------------------------------------------------------------------------------


def test_without_a_plan_the_group_is_led_to_a_new_request(singing, room, ours):
    booking = promised_series(room, **ours)
    page = main_of(singing.get(f"/buchungen/{booking.number}/erneuern/"))
    assert "Das Zentrum sammelt zurzeit keine Termine" in page
    assert f'href="/buchungen/{booking.number}/wieder/"' in page


def opened(centre, manager) -> RenewalRound:
    """Open a plan for the next year."""
    return open_round(
        centre=centre,
        name="2027",
        first=dt.date(2027, 1, 4),
        last=dt.date(2027, 12, 31),
        collects_until=dt.date(2026, 12, 20),
        actor=manager,
        now=NOW,
    )


def test_a_series_is_renewed_in_the_plan_of_its_centre(singing, room, ours, manager):
    booking = promised_series(room, **ours)
    opened(room.centre, manager)
    path = f"/buchungen/{booking.number}/erneuern/"
    assert f'href="{path}"' in main_of(singing.get(f"/buchungen/{booking.number}/"))
    page = main_of(singing.get(path))
    assert "Für 2027 erneuern?" in page
    assert "jeden Freitag, 19:00–21:00 Uhr, Kursraum" in page
    assert "Das Zentrum sammelt Anfragen bis 20. Dezember 2026" in page
    assert not Booking.objects.filter(origin=booking).exists()
    for _click in range(2):
        page = main_of(singing.post(path, follow=True))
        new = Booking.objects.get(origin=booking)
        assert "Für 2027 ist alles angefragt." in page
        assert f'href="/buchungen/{new.number}/"' in page


def test_a_series_in_a_plan_is_not_changed_as_a_whole(singing, room, ours, manager):
    booking = promised_series(room, **ours)
    plan = opened(room.centre, manager)
    singing.post(f"/buchungen/{booking.number}/erneuern/")
    new = Booking.objects.get(round=plan)
    path = f"/buchungen/{new.number}/aendern/"
    assert path not in main_of(singing.get(f"/buchungen/{new.number}/"))
    assert "zusammen mit allen anderen im Plan „2027“" in main_of(singing.get(path))


def test_where_nothing_goes_on_the_page_says_so(singing, room, ours, manager):
    booking = promised_series(room, **ours)
    opened(room.centre, manager)
    end_series(booking=booking, after=NOW.date(), actor=booking.requester, now=NOW)
    page = main_of(singing.get(f"/buchungen/{booking.number}/erneuern/"))
    assert "Hier gibt es nichts zu erneuern." in page
    assert "sammelt zurzeit keine" not in page
