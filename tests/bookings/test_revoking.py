"""The centre takes a promised date back: with notice, reason, and a substitute that is really held."""

import datetime as dt

import pytest

from bookings.models import Booking, Layout
from bookings.rules.refusals import Code, RefusedError
from bookings.rules.states import DateState, ReasonMissingError
from bookings.selectors.alternatives import Alternative, alternative_to
from bookings.selectors.ledger_check import differences
from bookings.services.closures import create_closure
from bookings.services.decisions import DecidedAlreadyError
from bookings.services.housekeeping import expire_offers
from bookings.services.offers import accept_offer
from bookings.services.own_dates import give_up
from bookings.services.policies import save_policy
from bookings.services.revoking import revoke
from bookings.wording import refusal_sentence
from cms.models import OutgoingMail
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
