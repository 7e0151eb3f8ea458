"""A group changes its own dates: another time, a wish taken back, a date added again."""

import datetime as dt

import pytest
from django.test import Client

from bench.many_bookings import add_bookings
from bookings.ledger import BusyError
from bookings.models import BookingPolicy, ChangeRequest
from bookings.rules.states import DateState
from bookings.selectors.proposals import WantedDate
from bookings.services import too_often
from bookings.services.changes import grant_change, refuse_change
from bookings.services.own_dates import give_up
from bookings.services.requests import send_request
from bookings.views import date_changes as views
from tests.bookings.changing import dates_of, move, promised_series, wish
from tests.factories.bookings import (
    EVERY_FRIDAY,
    FRIDAY,
    NOW,
    AssociationFactory,
    add_room,
    date_of,
    member_of,
    new_request,
    promised,
    requested,
    span,
)

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


def words_of(response) -> str:
    return " ".join(response.text.split())


def main_of(response) -> str:
    return words_of(response).split("<main")[1].split("</main>")[0]


def path_of(booking, date=None, step="aendern") -> str:
    date = date or date_of(booking)
    return f"/buchungen/{booking.number}/termin/{date.pk}/{step}/"


def wanted(room, day="2026-12-01", start="19:00", end="21:00", **more) -> dict[str, str]:
    return {"day": day, "start": start, "end": end, "room": str(room.pk), **more}


def left_out_series(room, **ours):
    """Ask for three Fridays of which the second one is left out: it was taken."""
    times = [span(day=FRIDAY + week * WEEK) for week in range(3)]
    dates = [WantedDate(original=one, span=one, room=room) for one in times]
    dates[1] = WantedDate(
        original=times[1], span=times[1], room=room, left_out=DateState.SKIPPED_CONFLICT
    )
    request = new_request(room, **ours)
    values = {**vars(request), "spans": (), "dates": dates, "recurrence": EVERY_FRIDAY}
    return send_request(request=type(request)(**values), now=NOW)


# Another time or room -------------------------------------------------------------------------------


def test_a_promised_date_keeps_its_time_until_the_centre_has_decided(singing, room, ours):
    booking = promised(room, **ours)
    path = path_of(booking)
    form = main_of(singing.get(path))
    assert "Andere Zeit oder anderer Raum" in form
    assert 'value="2026-11-27"' in form
    preview = main_of(singing.get(path, wanted(room)))
    assert "Diesen Wunsch senden?" in preview
    assert "Neu: Di., 1. Dezember 2026, 19:00–21:00 Uhr, Kursraum" in preview
    assert "Bis dahin behalten Sie den bisherigen Termin." in preview
    assert not ChangeRequest.objects.exists()
    for _click in range(2):
        response = singing.post(path, wanted(room, text="Dirigent <krank>"), follow=True)
        assert "Ihr Änderungswunsch ist beim Zentrum." in main_of(response)
    change = ChangeRequest.objects.get()
    assert (change.status, change.text) == ("open", "Dirigent <krank>")
    assert date_of(booking).span == span()
    # Back to the form: the wish is there, with the way to take it back.
    assert f"/wunsch/{change.pk}/zuruecknehmen/" in main_of(singing.get(path, wanted(room)))
    assert "Das Zentrum entscheidet." in main_of(singing.get("/buchungen/"))


def test_an_undecided_date_moves_at_once(singing, room, ours):
    booking = requested(room, **ours)
    path = path_of(booking)
    assert "So ändern?" in main_of(singing.get(path, wanted(room)))
    for _click in range(2):
        response = singing.post(path, wanted(room), follow=True)
        page = main_of(response)
        assert "Ihr Termin ist geändert." in page or "Di., 1. Dezember 2026" in page
    assert date_of(booking).span == span(day=dt.date(2026, 12, 1))
    assert booking.log.filter(action="move").count() == 1


def test_from_the_preview_back_to_the_form_nothing_is_lost(singing, room, ours):
    booking = promised(room, **ours)
    page = singing.get(path_of(booking), {**wanted(room, start="18:30"), "noch-einmal": "1"})
    assert 'value="18:30"' in main_of(page)
    assert 'value="2026-12-01"' in main_of(page)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"end": "18:00"}, "Das Ende muss nach dem Beginn liegen."),
        ({"day": "2026-11-20"}, "Dieser Tag ist schon vorbei."),
        ({"day": ""}, "Bitte wählen Sie ein Datum."),
        ({"day": "irgendwann"}, "Bitte geben Sie einen Tag an"),
        ({"start": "06:00"}, "nutzbar"),
        ({"room": "99999999999999999999"}, "Bitte wählen Sie einen dieser Räume."),
        ({"day": "2026-11-27"}, "Raum und Zeit sind dieselben wie bisher."),
        ({"day": "2027-03-28", "start": "02:30", "end": "03:30"}, "2:30 Uhr"),
    ],
)
def test_what_cannot_be_is_said_at_the_field(singing, room, ours, typed, sentence):
    booking = promised(room, **ours)
    for ask in (singing.get, singing.post):
        response = ask(path_of(booking), {**wanted(room), **typed})
        assert response.status_code == 422
        assert sentence in main_of(response)
        assert "Bitte prüfen Sie" in main_of(response)
    assert not ChangeRequest.objects.exists()


def test_a_time_that_others_have_can_be_wished_all_the_same(singing, room, ours):
    booking = promised(room, **ours)
    promised(room, span(day=dt.date(2026, 12, 1)))
    response = singing.get(path_of(booking), wanted(room))
    assert response.status_code == 422
    assert "Frei sind an diesem Tag: 8:00–19:00" in main_of(response)
    assert "Trotzdem wünschen" in main_of(response)
    preview = main_of(singing.get(path_of(booking), wanted(room, wartet="1")))
    assert "Die neue Zeit hat im Moment eine andere Gruppe." in preview
    singing.post(path_of(booking), wanted(room, wartet="1"))
    assert ChangeRequest.objects.get().holds_until is None


def test_too_long_a_reason_is_said_and_kept(singing, room, ours):
    booking = promised(room, **ours)
    response = singing.post(path_of(booking), wanted(room, text="x" * 10_000))
    assert response.status_code == 422
    assert "Bitte kürzen Sie auf höchstens 1000 Zeichen." in main_of(response)
    assert "x" * 1000 in response.text
    assert not ChangeRequest.objects.exists()


def test_wishing_and_taking_back_without_end_is_refused(singing, room, ours, monkeypatch):
    monkeypatch.setattr(too_often, "MOST_IN_AN_HOUR", 2)
    first, second = promised(room, **ours), promised(room, span("08:00", "10:00"), **ours)
    for _time in range(2):
        singing.post(path_of(first), wanted(room))
        change = ChangeRequest.objects.latest("pk")
        singing.post(f"/buchungen/{first.number}/wunsch/{change.pk}/zuruecknehmen/")
    for booking in (first, second):
        response = singing.post(path_of(booking), wanted(room))
        assert response.status_code == 422
        assert "Das war zu oft in kurzer Zeit." in main_of(response)
    assert ChangeRequest.objects.filter(status="withdrawn").count() == 2
    assert ChangeRequest.objects.count() == 2


def test_what_cannot_change_any_more_says_so_before_anybody_types(singing, room, ours):
    gone = promised(room, **ours)
    give_up(date=date_of(gone), actor=None, now=NOW)
    assert "können Sie hier nicht ändern." in main_of(singing.get(path_of(gone)))
    late = promised(room, span("08:00", "10:00"), **ours)
    BookingPolicy.objects.create(centre=room.centre, change_hours=30 * 24)
    response = singing.post(path_of(late), wanted(room))
    assert "bis 720 Stunden vor Beginn" in main_of(response)
    assert not ChangeRequest.objects.exists()


def test_a_busy_moment_changes_nothing_and_keeps_what_was_typed(singing, room, ours, monkeypatch):
    def busy(**_values):
        raise BusyError

    monkeypatch.setattr(views, "ask_for_change", busy)
    response = singing.post(path_of(promised(room, **ours)), wanted(room, text="Bitte"))
    assert response.status_code == 503
    assert "Gerade ändern viele gleichzeitig etwas." in main_of(response)
    assert "Bitte" in response.text


# A wish taken back ----------------------------------------------------------------------------------


@pytest.fixture
def wished(room, ours):
    """Return an open wish of the choir for the Tuesday after."""
    date = date_of(promised(room, **ours))
    return wish([move(date, span(day=dt.date(2026, 12, 1)))])


def withdraw_path(change) -> str:
    return f"/buchungen/{change.booking.number}/wunsch/{change.pk}/zuruecknehmen/"


def test_a_wish_is_taken_back_after_a_question(singing, wished):
    detail = main_of(singing.get(f"/buchungen/{wished.booking.number}/"))
    assert withdraw_path(wished) in detail
    assert "Neu: Di., 1. Dezember 2026, 19:00–21:00 Uhr, Kursraum" in detail
    assert "Diesen Wunsch zurückziehen?" in main_of(singing.get(withdraw_path(wished)))
    for _click in range(2):
        response = singing.post(withdraw_path(wished), follow=True)
        assert "Der Wunsch ist zurückgezogen." in main_of(response)
    assert ChangeRequest.objects.get().status == "withdrawn"


def test_what_was_decided_meanwhile_is_said_with_its_reason(singing, wished, manager):
    refuse_change(change=wished, actor=manager, reason="Da ist <Markt>", now=NOW)
    page = main_of(singing.post(withdraw_path(wished), follow=True))
    assert "Das Zentrum hat diesen Wunsch schon abgelehnt." in page
    assert "Grund: Da ist &lt;Markt&gt;" in page
    detail = main_of(singing.get(f"/buchungen/{wished.booking.number}/"))
    assert "Das Zentrum hat diesen Wunsch abgelehnt." in detail
    assert "Grund: Da ist &lt;Markt&gt;" in detail


def test_what_was_granted_meanwhile_stays_granted(singing, wished, manager):
    grant_change(change=wished, actor=manager, now=NOW)
    page = main_of(singing.post(withdraw_path(wished), follow=True))
    assert "Das Zentrum hat diesem Wunsch schon zugestimmt." in page


# A date added again ---------------------------------------------------------------------------------


def test_left_out_dates_are_folded_under_their_series(singing, room, ours):
    booking = left_out_series(room, **ours)
    left_out = dates_of(booking)[1]
    for path in ("/buchungen/", f"/buchungen/{booking.number}/"):
        page = main_of(singing.get(path))
        assert "1 Termin wird ausgelassen" in page
        assert "1 Termin wird ausgelassen – einen können Sie wieder aufnehmen" in page
        assert path_of(booking, left_out, "aufnehmen") in page
        assert "Abgelehnt oder abgesagt" not in page
    promised(room, span(day=FRIDAY + WEEK))
    for path in ("/buchungen/", f"/buchungen/{booking.number}/"):
        page = main_of(singing.get(path))
        assert "1 Termin wird ausgelassen" in page
        assert "aufnehmen" not in page


def test_a_left_out_date_is_added_after_a_question(singing, room, ours):
    booking = left_out_series(room, **ours)
    path = path_of(booking, dates_of(booking)[1], "aufnehmen")
    page = main_of(singing.get(path))
    assert "Diesen Termin doch stattfinden lassen?" in page
    assert "Das Zentrum entscheidet über den Termin." in page
    for _click in range(2):
        assert "Der Termin ist angefragt." in main_of(singing.post(path, follow=True))
    assert dates_of(booking)[1].state == DateState.REQUESTED


def test_a_left_out_date_whose_time_is_gone_is_not_added(singing, room, ours):
    booking = left_out_series(room, **ours)
    promised(room, span(day=FRIDAY + WEEK))
    path = path_of(booking, dates_of(booking)[1], "aufnehmen")
    for response in (singing.get(path), singing.post(path, follow=True)):
        assert "kann zurzeit nicht aufgenommen werden." in main_of(response)
        assert "Frei sind an diesem Tag: 8:00–19:00" in main_of(response)
    assert dates_of(booking)[1].state == DateState.SKIPPED_CONFLICT


# Other groups ---------------------------------------------------------------------------------------


def test_nobody_of_another_group_finds_or_changes_anything(visitor, room, wished, ours):
    series = left_out_series(add_room(room.centre, "Saal"), **ours)
    date = wished.dates.get().date
    visitor.force_login(member_of(AssociationFactory.create()))
    base = f"/buchungen/{series.number}"
    paths = [
        path_of(wished.booking, date),
        path_of(series, dates_of(series)[1], "aufnehmen"),
        withdraw_path(wished),
        *(f"{base}/{step}/" for step in ("beenden", "verlaengern", "aendern", "erneuern")),
    ]
    for path in paths:
        assert visitor.get(path).status_code == 404
        assert visitor.post(path, {**wanted(room), "after": "2026-11-28"}).status_code == 404
    assert ChangeRequest.objects.get().status == "open"


def test_wishes_and_dates_are_found_under_their_own_number_only(singing, wished, room, ours):
    other = requested(room, span("08:00", "09:00"), **ours)
    change = f"/buchungen/{other.number}/wunsch/{wished.pk}/zuruecknehmen/"
    date = f"/buchungen/{other.number}/termin/{wished.dates.get().date_id}/aendern/"
    for path in (change, date):
        assert singing.get(path).status_code == 404


def test_a_thousand_dates_cost_no_more_queries(
    singing, room, choir, ours, django_assert_max_num_queries
):
    left_out_series(add_room(room.centre, "Saal"), **ours)
    add_bookings(room, choir, 1000, from_day="2026-11-28T08:00+01:00")
    singing.get("/konto/email/")  # what is looked up once per process
    with django_assert_max_num_queries(10):
        page = main_of(singing.get("/buchungen/"))
    assert page.count('class="rvz-row"') == 1001


def test_a_series_row_shows_an_open_wish_and_the_list_stays_within_its_queries(
    singing, room, ours, django_assert_max_num_queries
):
    booking = promised_series(room, 40, **ours)
    wish([move(dates_of(booking)[0], span(day=dt.date(2026, 12, 1)))])
    singing.get("/buchungen/")  # what is looked up once per process
    with django_assert_max_num_queries(10):
        assert "Das Zentrum entscheidet." in main_of(singing.get("/buchungen/"))
    with django_assert_max_num_queries(20):
        singing.get(f"/buchungen/{booking.number}/")
