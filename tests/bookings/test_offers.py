"""What became free is offered to who is first on the waiting list: taken, declined, or run out."""

import datetime as dt
from dataclasses import replace

import pytest

from bookings.rules.refusals import Code, RefusedError
from bookings.rules.states import Action, DateState
from bookings.selectors.ledger_check import differences
from bookings.services.decisions import TimeTakenError, approve
from bookings.services.housekeeping import expire_offers
from bookings.services.offers import accept_offer
from bookings.services.own_dates import NotPossibleError, give_up
from bookings.services.policies import save_policy
from bookings.services.requests import Waits, send_request
from cms.models import OutgoingMail
from tests.factories.bookings import (
    EVERY_FRIDAY,
    FRIDAY,
    NOW,
    date_of,
    new_request,
    promised,
    requested,
    requested_too,
    span,
)

pytestmark = pytest.mark.django_db
NEXT_MONTH = span(day=dt.date(2026, 12, 22))
A_DAY = dt.timedelta(hours=24)


@pytest.fixture
def ours(choir, singer):
    return {"association": choir, "requester": singer}


def free(booking, now=NOW):
    """Let the group give up what it was promised."""
    give_up(date=date_of(booking), actor=booking.requester, now=now)


def take(booking, now=NOW):
    accept_offer(date=date_of(booking), actor=booking.requester, now=now)


def state(booking):
    return DateState(date_of(booking).state)


def mails_to(booking):
    return OutgoingMail.objects.filter(recipient=booking.requester.email).order_by("pk")


def last_mail(booking):
    return " ".join(mails_to(booking).last().text.split())


@pytest.fixture
def offered(room, ours):
    """Return the choir's request: the promised date that it waited behind is free."""
    first = promised(room, NEXT_MONTH)
    waiting = requested_too(room, NEXT_MONTH, **ours)
    free(first)
    return waiting


def test_what_became_free_is_offered_and_held_for_a_day(room, offered):
    date = date_of(offered)
    assert (date.state, date.stands, date.holds_until) == (DateState.OFFERED, True, NOW + A_DAY)
    assert date.log.last().action == Action.OFFER
    with pytest.raises(RefusedError) as refused:
        requested(room, NEXT_MONTH, waits=Waits.BEHIND_REQUEST)
    assert refused.value.refusals[0].code is Code.TAKEN
    assert differences(now=NOW) == []


def test_the_offer_is_held_as_long_as_the_rules_of_the_room_say(room, ours):
    save_policy(centre=room.centre, values={"offer_hours": 6})
    first, waiting = promised(room, NEXT_MONTH), requested_too(room, NEXT_MONTH, **ours)
    free(first)
    assert date_of(waiting).holds_until == NOW + dt.timedelta(hours=6)


def test_an_offer_ends_with_the_start_of_its_date(room, ours):
    tonight = span(day=NOW.date())
    first, waiting = promised(room, tonight), requested_too(room, tonight, **ours)
    free(first)
    assert date_of(waiting).holds_until == tonight.start


def test_the_mail_offers_both_answers(offered, settings):
    mail = mails_to(offered).last()
    date = date_of(offered)
    path = f"{settings.BASE_URL}/buchungen/{offered.number}/termin/{date.pk}"
    assert mail.subject == "Frei geworden: Kursraum, Di., 22. Dezember"
    assert " ".join(mail.text.split()).startswith(
        "Der Termin ist frei geworden. Wir halten ihn für Sie bis morgen, Mi., 25. November, "
        f"10:14 Uhr. Termin nehmen: {path}/nehmen/ Nicht nötig: {path}/absagen/"
    )
    assert f'href="{path}/nehmen/"' in mail.html
    assert f'href="{path}/absagen/"' in mail.html


def test_who_takes_it_is_promised_and_everybody_is_told(offered, manager):
    OutgoingMail.objects.all().delete()
    take(offered)
    date = date_of(offered)
    assert (date.state, date.holds_until, date.decided_at) == (DateState.APPROVED, None, NOW)
    mail = mails_to(offered).last()
    assert mail.subject == "Zusage: Kursraum, Di., 22. Dezember, 19:00 Uhr"
    assert "STATUS:CONFIRMED" in mail.calendar
    team = OutgoingMail.objects.get(recipient=manager.email)
    assert "Angebot angenommen: Gemischter Chor." in team.text
    assert differences(now=NOW) == []


def test_a_request_that_waits_behind_a_request_is_displaced_by_who_takes_an_offer(room, ours):
    day = NEXT_MONTH.start.date()
    early, late = span("18:00", "20:00", day), span("20:00", "22:00", day)
    first, waiting = promised(room, early), requested_too(room, early, **ours)
    holder = requested(room, late)
    free(first)
    # Moved by hand: nobody can ask so any more once the time is offered.
    behind = requested_too(room, late)
    occurrence = date_of(behind).occurrence
    occurrence.start = early.start + dt.timedelta(hours=1)
    occurrence.save()
    take(waiting)
    assert (state(behind), state(holder)) == (DateState.WAITLISTED, DateState.REQUESTED)
    assert "an eine andere Gruppe vergeben" in last_mail(behind)


def test_the_next_one_is_offered_what_the_first_one_declines(room, offered, manager):
    second = requested_too(room, NEXT_MONTH)
    OutgoingMail.objects.all().delete()
    give_up(date=date_of(offered), actor=offered.requester, now=NOW)
    assert (state(offered), state(second)) == (DateState.WITHDRAWN, DateState.OFFERED)
    assert last_mail(offered).startswith("Der Termin ist wieder frei. Danke, dass Sie es uns sagen")
    assert OutgoingMail.objects.filter(recipient=manager.email).count() == 1


def test_an_offer_that_runs_out_goes_to_the_next(room, offered):
    second = requested_too(room, NEXT_MONTH)
    assert expire_offers(now=NOW + A_DAY - dt.timedelta(minutes=1)) == 0
    assert expire_offers(now=NOW + A_DAY) == 1
    assert (state(offered), state(second)) == (DateState.EXPIRED, DateState.OFFERED)
    assert date_of(second).holds_until == NOW + 2 * A_DAY
    assert last_mail(offered).startswith(
        "Das Angebot ist abgelaufen. Der Termin ging an die nächste Gruppe."
    )
    assert differences(now=NOW + A_DAY) == []
    mails = OutgoingMail.objects.count()
    assert expire_offers(now=NOW + A_DAY) == 0
    assert OutgoingMail.objects.count() == mails


def test_nobody_is_told_of_a_next_group_that_does_not_exist(room, offered):
    expire_offers(now=NOW + A_DAY)
    assert last_mail(offered).startswith(
        "Das Angebot ist abgelaufen. Brauchen Sie noch einen Raum?"
    )
    assert date_of(requested(room, NEXT_MONTH, now=NOW + A_DAY)).stands


def test_an_offer_cannot_be_taken_twice_nor_too_late(room, offered):
    with pytest.raises(NotPossibleError):
        take(offered, now=NOW + A_DAY)
    assert state(offered) is DateState.OFFERED
    take(offered)
    with pytest.raises(NotPossibleError):
        take(offered)
    assert offered.log.filter(action=Action.ACCEPT).count() == 1


def test_what_is_offered_cannot_be_promised_to_another(room, offered, manager):
    second = requested_too(room, NEXT_MONTH)
    with pytest.raises(TimeTakenError):
        approve(booking=second, date_ids=[date_of(second).pk], actor=manager, now=NOW)


def test_dates_of_a_series_are_decided_on_by_the_centre(room, ours, manager):
    first = promised(room)
    spans = [span(day=FRIDAY + dt.timedelta(weeks=week)) for week in range(3)]
    asked = new_request(room, waits=Waits.BEHIND_PROMISE, **ours)
    waiting = send_request(request=replace(asked, spans=spans, recurrence=EVERY_FRIDAY), now=NOW)
    OutgoingMail.objects.all().delete()
    free(first)
    date = waiting.dates.order_by("occurrence__start").first()
    assert (date.state, date.stands) == (DateState.REQUESTED, True)
    assert OutgoingMail.objects.filter(subject__startswith="Wieder frei").count() == 2


def test_half_a_hall_is_offered_as_far_as_both_fit(hall, ours):
    whole, north, south = hall
    first = promised(whole, NEXT_MONTH)
    one, two = requested_too(north, NEXT_MONTH, **ours), requested_too(south, NEXT_MONTH)
    three = requested_too(whole, NEXT_MONTH)
    free(first)
    assert {state(one), state(two)} == {DateState.OFFERED}
    assert state(three) is DateState.WAITLISTED
