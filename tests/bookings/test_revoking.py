"""The centre takes a promised date back: with notice, reason, and a substitute that is really held."""

import datetime as dt
from unittest.mock import Mock

import pytest
from django.urls import reverse

from bookings.admin import steps
from bookings.models import Booking, Layout
from bookings.notifications.links import guest_token
from bookings.rules.refusals import Code, RefusedError
from bookings.rules.states import DateState, ReasonMissingError
from bookings.selectors.alternatives import Alternative, alternative_to, alternatives_to
from bookings.selectors.ledger_check import differences
from bookings.services.closures import create_closure
from bookings.services.decisions import DecidedAlreadyError, approve
from bookings.services.housekeeping import expire_offers
from bookings.services.offers import accept_offer
from bookings.services.own_dates import give_up
from bookings.services.policies import save_policy
from bookings.services.revoking import revoke
from bookings.wording import refusal_sentence
from cms.models import OutgoingMail
from tests.bookings.changing import promised_series
from tests.bookings.desk import post, request_url
from tests.bookings.guests import confirmed, last_mail, path_of
from tests.bookings.test_desk_requests import words
from tests.factories.bookings import (
    NOW,
    add_room,
    date_of,
    promised,
    requested,
    requested_too,
    span,
)

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 12, 22)
FAR = span(day=DAY)
LATER_THAT_DAY = span("20:00", "22:00", DAY)  # overlaps the time that is taken back


@pytest.fixture
def choir_evening(room, choir, singer) -> Booking:
    return promised(room, FAR, association=choir, requester=singer, wishes="Klavier")


@pytest.fixture
def take_back(manager):
    def take_back(booking, **values):
        defaults = {"actor": manager, "reason": "Impftag", "now": NOW}
        return revoke(booking=booking, date_ids=[date_of(booking).pk], **{**defaults, **values})

    return take_back


def refused(how, *args, **values):
    with pytest.raises(RefusedError) as caught:
        how(*args, **values)
    (refusal,) = caught.value.refusals
    return refusal


def test_within_the_notice_period_it_has_to_be_meant(room, choir_evening, take_back):
    late = FAR.start - dt.timedelta(days=14) + dt.timedelta(minutes=1)
    refusal = refused(take_back, choir_evening, now=late)
    assert (refusal.code, refusal.about) == (Code.NOTICE_TOO_SHORT, "short_notice")
    assert "14" in refusal_sentence(refusal)
    assert date_of(choir_evening).state == DateState.APPROVED
    take_back(choir_evening, now=late, short_notice=True)
    assert date_of(choir_evening).state == DateState.REVOKED


def test_the_notice_period_is_that_of_the_room(room, choir_evening, take_back):
    save_policy(centre=room.centre, room=room, values={"notice_days": 0})
    take_back(choir_evening, now=FAR.start - dt.timedelta(hours=1))
    assert date_of(choir_evening).state == DateState.REVOKED


def test_a_reason_is_required(choir_evening, take_back):
    with pytest.raises(ReasonMissingError):
        take_back(choir_evening, reason=" ")
    assert date_of(choir_evening).state == DateState.APPROVED


def test_the_second_one_learns_who_was_first(choir_evening, take_back, manager):
    take_back(choir_evening)
    with pytest.raises(DecidedAlreadyError) as late:
        take_back(choir_evening, substitute="Saal")
    assert late.value.entry.actor == manager


def test_a_substitute_is_held_and_says_all_that_the_group_said(choir_evening, room, take_back):
    offered = take_back(choir_evening, substitute=Alternative(room, LATER_THAT_DAY))
    date = date_of(offered.booking)
    assert (date.state, date.span, date.stands) == (DateState.OFFERED, LATER_THAT_DAY, True)
    booking = date.booking
    assert (booking.origin, booking.origin_kind) == (choir_evening, "substitute")
    assert (booking.association, booking.requester) == (
        choir_evening.association,
        choir_evening.requester,
    )
    assert (booking.purpose, booking.wishes, booking.persons) == ("Chorprobe", "Klavier", 20)
    assert refused(requested, room, LATER_THAT_DAY).code is Code.TAKEN
    assert differences(now=NOW) == []


def test_one_mail_says_reason_and_substitute_with_both_answers(
    choir_evening, room, take_back, settings, singer
):
    OutgoingMail.objects.all().delete()
    offered = take_back(choir_evening, substitute=Alternative(room, LATER_THAT_DAY))
    mail = OutgoingMail.objects.get(recipient=singer.email)
    path = f"{settings.BASE_URL}/buchungen/{offered.booking.number}/termin/{offered.pk}"
    assert " ".join(mail.text.split()).startswith(
        "Wir müssen Ihren Termin am 22. Dezember 2026 leider absagen. Grund: Impftag. Als Ersatz "
        "können wir anbieten: Kursraum, Di., 22. Dezember 2026, 20:00–22:00 Uhr. Wir halten ihn "
        f"für Sie bis morgen, Mi., 25. November, 18:00 Uhr. Termin nehmen: {path}/nehmen/ "
        f"Nicht nötig: {path}/absagen/"
    )
    assert "METHOD:CANCEL" in mail.calendar


def test_a_substitute_is_taken_declined_or_runs_out(room, choir, singer, take_back):
    ends = []
    for hour, end in ((8, "take"), (10, "decline"), (12, "wait")):
        booking = promised(room, span(f"{hour:02}:00", f"{hour + 1:02}:00", DAY), association=choir)
        other = Alternative(room, span(f"{hour + 1:02}:00", f"{hour + 2:02}:00", DAY))
        ends.append((end, take_back(booking, substitute=other)))
    for end, offered in ends:
        if end == "take":
            accept_offer(date=offered, actor=singer, now=NOW)
        elif end == "decline":
            give_up(date=offered, actor=singer, now=NOW)
    assert expire_offers(now=NOW + dt.timedelta(days=3)) == 1
    states = [date_of(offered.booking).state for _end, offered in ends]
    assert states == [DateState.APPROVED, DateState.WITHDRAWN, DateState.EXPIRED]


def test_a_substitute_goes_before_who_waits_for_the_time(choir_evening, room, take_back):
    waiting = requested_too(room, FAR)
    offered = take_back(choir_evening, substitute=Alternative(room, LATER_THAT_DAY))
    assert offered is not None
    assert date_of(waiting).state == DateState.WAITLISTED
    assert differences(now=NOW) == []


def test_without_a_substitute_who_waits_is_offered_the_time(choir_evening, room, take_back):
    waiting = requested_too(room, FAR)
    take_back(choir_evening)
    assert date_of(waiting).state == DateState.OFFERED


@pytest.mark.parametrize(
    ("when", "code"),
    [
        (span("06:00", "07:00", DAY), Code.OUTSIDE_HOURS),
        (span("08:00", "10:00", dt.date(2026, 11, 23)), Code.PAST_DAY),
        (span("18:00", "20:00", DAY), None),
        (span("12:00", "14:00", DAY), Code.SUBSTITUTE_TAKEN),
        (span("09:00", "10:00", DAY), Code.SUBSTITUTE_TAKEN),  # closed
    ],
)
def test_a_substitute_that_cannot_be_had_changes_nothing(
    choir_evening, room, manager, take_back, when, code
):
    promised(room, span("13:00", "15:00", DAY))
    create_closure(
        centre=room.centre,
        rooms=[room],
        span=span("08:00", "10:00", DAY),
        reason="Reinigung",
        actor=manager,
        now=NOW,
    )
    if code is None:
        assert take_back(choir_evening, substitute=Alternative(room, when)) is not None
        return
    refusal = refused(take_back, choir_evening, substitute=Alternative(room, when))
    assert (refusal.code, refusal.about) == (code, "substitute")
    assert refusal_sentence(refusal)
    assert date_of(choir_evening).state == DateState.APPROVED
    assert Booking.objects.count() == 2


def test_a_room_that_is_too_small_or_elsewhere_is_no_substitute(
    choir_evening, centre, nordholz, take_back
):
    small = add_room(centre, "Kammer", capacity=19)
    assert refused(take_back, choir_evening, substitute=Alternative(small, FAR)).code is (
        Code.TOO_MANY
    )
    elsewhere = add_room(nordholz.centre, "Saal")
    with pytest.raises(ValueError, match="same centre"):
        take_back(choir_evening, substitute=Alternative(elsewhere, FAR))


def test_a_substitute_is_as_long_as_its_room_allows(choir_evening, room, centre, take_back):
    other = add_room(centre, "Saal")
    save_policy(centre=centre, values={"longest_minutes": 60})
    assert refused(take_back, choir_evening, substitute=Alternative(other, FAR)).code is (
        Code.TOO_LONG
    )
    assert alternative_to(date_of(choir_evening), now=NOW) is None


def test_the_seating_goes_along_where_the_other_room_has_it(room, centre, take_back):
    saal, chapel = add_room(centre, "Saal"), add_room(centre, "Kapelle")
    Layout.objects.filter(room=chapel).delete()
    layout = Layout.objects.get(room=room)
    dates = [
        promised(room, span(start, end, DAY), layout=layout)
        for start, end in (("08:00", "09:00"), ("09:00", "10:00"), ("10:00", "11:00"))
    ]
    seatings = [
        take_back(date, substitute=Alternative(other, span("12:00", "13:00", DAY))).booking.layout
        for date, other in zip(dates, (room, saal, chapel), strict=True)
    ]
    assert seatings == [layout, Layout.objects.get(room=saal), None]
    sentence = "Die Bestuhlung „Reihen“ ist im neuen Raum (Kapelle) nicht möglich."
    offered = Booking.objects.get(origin=dates[2])
    assert date_of(offered).log.get().text == sentence
    mails = OutgoingMail.objects.filter(subject__startswith="Vom Zentrum abgesagt")
    assert [sentence in " ".join(mail.text.split()) for mail in mails.order_by("pk")] == [
        False,
        False,
        True,
    ]


# At the desk -------------------------------------------------------------------------------------


@pytest.fixture
def desk_page(desk, tuesday_morning, choir_evening):
    """Return how the page is sent: for the choir's date, with a reason."""

    def send(**values):
        url = request_url("revoke", choir_evening)
        return post(desk, url, choir_evening, **{"text": "Impftag", **values})

    return send


def choices(response) -> dict[str, str]:
    """Return what the page offers: words → value."""
    field = response.context["form"].fields["substitute"]
    return {str(label).replace("\N{NO-BREAK SPACE}", " "): value for value, label in field.choices}


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
    desk_page(
        substitute=next(iter(choices(desk.get(request_url("revoke", choir_evening))).values()))
    )
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
    value = next(iter(choices(desk.get(url)).values()))
    preview = post(desk, url, booking, text="Impftag", substitute=value, vorschau="1")
    assert "/…/?zu=nehmen" in words(preview)
    assert guest_token(booking) not in words(preview)
    post(desk, url, booking, text="Impftag", substitute=value)
    offered = Booking.objects.get(origin=booking)
    assert path_of(offered, "nehmen") in last_mail().text


def test_several_dates_are_not_taken_back_with_one_substitute(desk, room):
    page = desk.get(request_url("revoke", promised_series(room)))
    assert "substitute" not in page.context["form"].fields
    assert not page.context["form"]["suggestion"].value()


def test_a_substitute_is_chosen_or_written_and_not_both(desk, choir_evening, desk_page):
    value = next(iter(choices(desk.get(request_url("revoke", choir_evening))).values()))
    response = desk_page(substitute=value, suggestion="Sporthalle")
    assert response.context["form"].errors.keys() == {"suggestion"}
    assert date_of(choir_evening).state == DateState.APPROVED
    assert desk_page(suggestion="Sporthalle").status_code == 302
    assert date_of(choir_evening).suggestion == "Sporthalle"


def test_who_clicks_twice_reads_that_the_substitute_is_offered(desk, choir_evening, desk_page):
    value = next(iter(choices(desk.get(request_url("revoke", choir_evening))).values()))
    desk_page(substitute=value)
    again = desk_page(substitute=value)
    assert "wurde um 10:14 Uhr von Mara Leitung abgesagt" in words(desk.get(again.url))
    assert Booking.objects.filter(origin=choir_evening).count() == 1
