"""A manager takes a promised date back at the desk: what is offered instead is chosen, seen, held."""

import datetime as dt
from unittest.mock import Mock

import pytest
from django.urls import reverse

from bookings.admin import steps
from bookings.models import Booking, ChangeRequest
from bookings.notifications.links import guest_token
from bookings.rules.states import DateState
from bookings.selectors.alternatives import alternatives_to
from bookings.services.decisions import approve
from bookings.services.policies import save_policy
from cms.models import OutgoingMail
from tests.bookings.changing import move, promised_series, wish
from tests.bookings.desk import post, request_url
from tests.bookings.guests import confirmed, last_mail, path_of
from tests.bookings.test_desk_requests import words
from tests.factories.bookings import NOW, add_room, date_of, promised, span

pytestmark = pytest.mark.usefixtures("tuesday_morning")
DAY = dt.date(2026, 12, 22)
FAR = span(day=DAY)
LATER_THAT_DAY = span("20:00", "22:00", DAY)


@pytest.fixture
def choir_evening(room, choir, singer) -> Booking:
    return promised(room, FAR, association=choir, requester=singer)


@pytest.fixture
def desk_page(desk, choir_evening):
    """Return how the page is sent: for the choir's date, with a reason."""

    def send(**values):
        url = request_url("revoke", choir_evening)
        return post(desk, url, choir_evening, **{"text": "Impftag", **values})

    return send


def choices(response) -> dict[str, str]:
    """Return what the page offers: words → value."""
    field = response.context["form"].fields["substitute"]
    return {str(label).replace("\N{NO-BREAK SPACE}", " "): value for value, label in field.choices}


def first_choice(desk, booking: Booking) -> str:
    return next(iter(choices(desk.get(request_url("revoke", booking))).values()))


SAAL = "Saal, Di., 22. Dezember 2026, 19:00–21:00 Uhr"


def test_the_desk_offers_other_rooms_and_the_next_times(
    desk, room, centre, choir_evening, desk_page
):
    add_room(centre, "Saal")
    taken = add_room(centre, "Küche", capacity=20)
    promised(taken, FAR)
    add_room(centre, "Kammer", capacity=19)
    promised(room, span(day=DAY + dt.timedelta(days=1)))
    page = desk.get(request_url("revoke", choir_evening))
    assert list(choices(page)) == [
        SAAL,
        "Kursraum, Di., 22. Dezember 2026, 17:00–19:00 Uhr",
        "Kursraum, Do., 24. Dezember 2026, 19:00–21:00 Uhr",
        "Kursraum, So., 27. Dezember 2026, 19:00–21:00 Uhr",  # after the holidays
        "Kursraum, Mo., 28. Dezember 2026, 19:00–21:00 Uhr",
        "Kursraum, Di., 29. Dezember 2026, 19:00–21:00 Uhr",
        "Kursraum, Di., 5. Januar 2027, 19:00–21:00 Uhr",
        "Keinen Ersatz freihalten",
    ]
    assert page.context["form"]["substitute"].value() is None


def test_a_chosen_substitute_is_shown_in_the_mail_first_and_then_held(
    desk, client, room, centre, choir_evening, desk_page, singer
):
    add_room(centre, "Saal")
    value = choices(desk.get(request_url("revoke", choir_evening)))[SAAL]
    sentence = f"Als Ersatz können wir anbieten: {SAAL}. Wir halten ihn für Sie bis morgen"
    preview = desk_page(substitute=value, vorschau="1")
    assert sentence in words(preview)
    assert date_of(choir_evening).state == DateState.APPROVED
    response = desk_page(substitute=value)
    assert "Der Ersatz ist bis" in words(desk.get(response.url))
    offered = date_of(Booking.objects.get(origin=choir_evening))
    assert (offered.room.name, offered.state, offered.stands) == ("Saal", DateState.OFFERED, True)
    mail = OutgoingMail.objects.get(subject__startswith="Vom Zentrum", recipient=singer.email)
    assert sentence in " ".join(mail.text.split())
    client.force_login(singer)
    assert SAAL.split(", ", 1)[1] in words(client.get("/buchungen/"))
    client.post(reverse("date_take", args=[offered.booking.number, offered.pk]))
    assert date_of(offered.booking).state == DateState.APPROVED


@pytest.mark.parametrize("found", ["none", "others", "it, and then others"])
def test_a_substitute_that_is_taken_meanwhile_is_said_and_the_rest_is_kept(
    desk, centre, choir_evening, desk_page, monkeypatch, found
):
    saal = add_room(centre, "Saal")
    value = choices(desk.get(request_url("revoke", choir_evening)))[SAAL]
    seen = [alternatives_to(date_of(choir_evening), now=NOW)]
    promised(saal, FAR)
    seen.append(alternatives_to(date_of(choir_evening), now=NOW))
    answers = {"none": [[]], "others": seen[1:], "it, and then others": seen}
    monkeypatch.setattr(steps, "alternatives_to", Mock(side_effect=answers[found]))
    response = desk_page(substitute=value, closes="on", closed_for="Impfen")
    assert response.status_code == 422
    form = response.context["form"]
    assert form.errors.keys() == {"substitute"}
    assert "Der Ersatz ist nicht mehr frei. Bitte wählen Sie einen anderen." in words(response)
    assert SAAL not in choices(response)
    assert (form["text"].value(), form["closed_for"].value()) == ("Impftag", "Impfen")
    assert date_of(choir_evening).state == DateState.APPROVED
    assert not Booking.objects.filter(origin=choir_evening).exists()


def test_what_was_not_offered_is_no_substitute(choir_evening, nordholz, desk_page):
    elsewhere = add_room(nordholz.centre, "Saal")
    start, end = (int(at.timestamp()) for at in LATER_THAT_DAY)
    for forged in (f"{elsewhere.pk} {start} {end}", "1", "0 0 0", "x\0y", "9" * 50):
        response = desk_page(substitute=forged)
        assert (response.status_code, list(response.context["form"].errors)) == (
            422,
            ["substitute"],
        )
    assert date_of(choir_evening).state == DateState.APPROVED


def test_the_desk_shows_what_was_offered_instead_and_for_what(desk, choir_evening, desk_page):
    desk_page(substitute=first_choice(desk, choir_evening))
    offered = Booking.objects.get(origin=choir_evening)
    page = words(desk.get(request_url("detail", choir_evening)))
    assert "Als Ersatz angeboten: Kursraum, Di., 22. Dezember 2026, 17:00–19:00 Uhr" in page
    page = words(desk.get(request_url("detail", offered)))
    assert f"Ersatz für einen abgesagten Termin der Anfrage {choir_evening.number}" in page
    assert "freigehalten bis Mi., 25. November 2026, 18:00 Uhr" in page


def test_the_key_of_a_guest_is_in_the_mail_and_not_in_its_preview(desk, room, manager):
    save_policy(centre=room.centre, values={"guests": True})
    booking = confirmed(room, FAR)
    approve(booking=booking, date_ids=[date_of(booking).pk], actor=manager, now=NOW)
    url = request_url("revoke", booking)
    value = first_choice(desk, booking)
    preview = post(desk, url, booking, text="Impftag", substitute=value, vorschau="1")
    assert "/…/?zu=nehmen" in words(preview)
    assert guest_token(booking) not in words(preview)
    post(desk, url, booking, text="Impftag", substitute=value)
    offered = Booking.objects.get(origin=booking)
    assert path_of(offered, "nehmen") in last_mail().text


def test_a_wish_that_ends_with_the_date_is_said_before(desk, choir_evening):
    sentence = "Mit der Absage ist dieser Wunsch erledigt."
    url = request_url("revoke", choir_evening)
    assert sentence not in words(desk.get(url))
    change = wish([move(date_of(choir_evening), span("10:00", "12:00", DAY))])
    assert sentence in words(desk.get(url))
    post(desk, url, choir_evening, text="Impftag")
    change.refresh_from_db()
    assert change.status == ChangeRequest.Status.EXPIRED


def test_several_dates_are_not_taken_back_with_one_substitute(desk, room):
    page = desk.get(request_url("revoke", promised_series(room)))
    assert "substitute" not in page.context["form"].fields
    assert not page.context["form"]["suggestion"].value()


def test_a_substitute_is_chosen_or_written_and_not_both(desk, choir_evening, desk_page):
    value = first_choice(desk, choir_evening)
    response = desk_page(substitute=value, suggestion="Sporthalle")
    assert response.context["form"].errors.keys() == {"suggestion"}
    assert date_of(choir_evening).state == DateState.APPROVED
    assert desk_page(suggestion="Sporthalle").status_code == 302
    assert date_of(choir_evening).suggestion == "Sporthalle"


def test_who_clicks_twice_reads_that_the_substitute_is_offered(desk, choir_evening, desk_page):
    value = first_choice(desk, choir_evening)
    desk_page(substitute=value)
    again = desk_page(substitute=value)
    assert "wurde um 10:14 Uhr von Mara Leitung abgesagt" in words(desk.get(again.url))
    assert Booking.objects.filter(origin=choir_evening).count() == 1
