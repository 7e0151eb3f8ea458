"""Wishes to change at the manager's desk: shown with both sides, granted or refused once."""

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from bookings.admin import wishes as views
from bookings.ledger import BusyError
from bookings.models import BookingDate, ChangeRequest, Layout
from bookings.rules.recurrence import Frequency, Recurrence
from bookings.rules.states import Action, DateState
from bookings.services.changes import (
    FollowingWish,
    ask_for_following,
    refuse_change,
    withdraw_change,
)
from bookings.services.closures import create_closure
from cms.models import CentrePage, OutgoingMail
from tests.bookings.changing import assert_right, dates_of, move, promised_series, wish
from tests.bookings.desk import request_url
from tests.bookings.test_desk_decisions import mail_text
from tests.bookings.test_desk_requests import words
from tests.cms.desk import menu, text
from tests.factories.bookings import (
    FRIDAY,
    NOW,
    AssociationFactory,
    add_room,
    date_of,
    promised,
    requested_too,
    span,
)
from tests.factories.staff import assistant_of, manager_of

pytestmark = pytest.mark.usefixtures("tuesday_morning")

LIST = "/verwaltung/anfragen/aenderungswuensche/"
LATER = span("14:00", "16:00")
Status = ChangeRequest.Status


@pytest.fixture
def booking(room, choir, singer):
    return promised(room, association=choir, requester=singer)


@pytest.fixture
def change(booking):
    return wish([move(date_of(booking), LATER)], text="Die Chorleiterin kann abends nicht.")


@pytest.fixture
def second_desk(alfeld: CentrePage) -> Client:
    """Return the browser of another manager of Alfeld."""
    client = Client()
    client.force_login(manager_of(alfeld, first_name="Ute", last_name="Zweit"))
    return client


def wish_url(step: str, change: ChangeRequest) -> str:
    """Return the address of a wish: detail, grant, refuse."""
    return reverse(f"wish_{step}", args=[change.pk])


def status(change: ChangeRequest) -> str:
    return ChangeRequest.objects.get(pk=change.pk).status


def follow_up(client, response) -> str:
    return words(client.get(response.url))


def shown_mail(response) -> list[str]:
    shown = re.search(r'rvz-mail__text">(.*?)</div>', text(response), re.DOTALL)
    assert shown is not None
    return shown[1].split()


def sent_mail(subject: str) -> list[str]:
    mail = OutgoingMail.objects.get(subject__startswith=subject)
    return mail.text.replace("\N{NO-BREAK SPACE}", " ").split()


# Where a wish stands ------------------------------------------------------------------------------


def test_a_wish_stands_in_its_list_in_the_menu_and_on_the_start_page(desk, change):
    assert "Anfragen (1)" in menu(desk)
    for page in (LIST, "/verwaltung/"):
        body = words(desk.get(page))
        assert "Gemischter Chor Bisher: Kursraum, Fr., 27. November 2026, 19:00–21:00 Uhr" in body
        assert "Neu: Kursraum, Fr., 27. November 2026, 14:00–16:00 Uhr frei heute gekommen" in body
        assert wish_url("detail", change) in text(desk.get(page))
    assert "Änderungswünsche (1)" in words(desk.get("/verwaltung/anfragen/"))


def test_the_request_leads_to_its_wish(desk, booking, change):
    page = desk.get(request_url("detail", booking))
    assert "Diese Gruppe möchte etwas ändern" in words(page)
    assert wish_url("detail", change) in text(page)


def test_nothing_wished_is_said_in_words(desk, change, singer):
    withdraw_change(change=change, actor=singer, now=NOW)
    assert "Keine Gruppe möchte etwas ändern." in words(desk.get(LIST))
    assert "Anfragen" in menu(desk)


def test_the_list_asks_the_database_as_often_for_many_as_for_one(
    desk, room, change, django_assert_max_num_queries
):
    def count() -> int:
        with django_assert_max_num_queries(40) as queries:
            desk.get(LIST)
        return len(queries)

    def following(booking) -> None:
        ask_for_following(
            booking=booking,
            first_date_id=dates_of(booking)[1].pk,
            wish=FollowingWish(
                room=dates_of(booking)[0].room,
                until=FRIDAY + dt.timedelta(weeks=3),
                start=dt.time(12, 30),
                end=dt.time(13, 30),
            ),
            actor=booking.requester,
            now=NOW,
        )

    kitchen = add_room(room.centre, "Küche")
    following(promised_series(kitchen, 3, ("12:00", "13:00")))
    count()
    before = count()
    other = add_room(room.centre, "Saal")
    wish([move(date_of(promised(other)), LATER)])
    following(promised_series(other, 3, ("12:00", "13:00")))
    assert count() == before
    assert len(desk.get(LIST).context["rows"]) == 4


# One wish -----------------------------------------------------------------------------------------


def test_one_wish_shows_both_sides_and_why(desk, change):
    body = words(desk.get(wish_url("detail", change)))
    assert "Gemischter Chor möchte einen zugesagten Termin ändern: Chorprobe." in body
    assert "Bisher Kursraum Fr., 27. November 2026, 19:00–21:00 Uhr" in body
    assert "Neu Kursraum Fr., 27. November 2026, 14:00–16:00 Uhr" in body
    assert "Die Chorleiterin kann abends nicht." in body
    assert "frei · heute gekommen · hält die neue Zeit frei bis" in body
    assert "Erika Muster" in body
    assert "Zustimmen" in body
    assert "Ablehnen" in body


def test_a_closed_room_is_in_the_way_and_the_wish_can_only_be_refused(desk, manager, room, change):
    create_closure(
        centre=room.centre, rooms=[room], span=span("15:00", "17:00"), reason="Reinigung",
        actor=manager, now=NOW, confirmed_wishes=[change.pk],
    )  # fmt: skip
    body = words(desk.get(wish_url("detail", change)))
    assert "geschlossen: Reinigung" in body
    assert "Zustimmen" not in body
    assert "Jetzt zustimmen" not in words(desk.get(wish_url("grant", change)))
    response = desk.post(wish_url("grant", change))
    assert "Der Raum ist zu dieser Zeit geschlossen: Reinigung." in follow_up(desk, response)
    assert status(change) == Status.OPEN
    desk.post(wish_url("refuse", change), {"choice": "2"})
    assert status(change) == Status.REFUSED


def test_a_wish_that_waits_names_who_has_the_time(desk, room, booking, choir):
    other = promised(room, LATER, association=AssociationFactory.create(name="Landfrauen"))
    change = wish([move(date_of(booking), LATER)], waits=True)
    body = words(desk.get(wish_url("detail", change)))
    assert "überschneidet sich mit Landfrauen" in body
    assert "die neue Zeit ist nicht für diese Gruppe freigehalten" in body
    response = desk.post(wish_url("grant", change))
    assert "Diese Zeit ist inzwischen zugesagt: Landfrauen." in follow_up(desk, response)
    assert date_of(other).span == LATER
    assert status(change) == Status.OPEN


def test_a_wish_that_holds_the_time_has_to_be_decided_on_first(desk, room, change):
    rival = requested_too(room, span("15:00", "17:00"))
    page = desk.get(request_url("detail", rival))
    assert "Bitte entscheiden Sie zuerst über diesen Wunsch." in words(page)
    assert wish_url("detail", change) in text(page)
    assert "Jetzt zusagen" not in words(desk.get(request_url("approve", rival)))
    body = words(desk.get(wish_url("detail", change)))
    assert "2 Anfragen für denselben Termin" in body
    assert rival.association.name in body


def test_markup_stands_there_as_text(desk, booking):
    change = wish([move(date_of(booking), LATER)], text="<script>alert(1)</script> 🎶")
    for page in (wish_url("detail", change), wish_url("grant", change)):
        assert "<script>alert(1)" not in desk.get(page).content.decode()
    assert "<script>alert(1)</script> 🎶" in text(desk.get(wish_url("detail", change)))


# Granting -----------------------------------------------------------------------------------------


def test_granting_shows_the_mail_first_and_then_moves_the_date(desk, booking, change):
    mails = OutgoingMail.objects.count()
    page = desk.get(wish_url("grant", change))
    assert "Jetzt zustimmen" in words(page)
    preview = desk.post(wish_url("grant", change), {"vorschau": "1", "text": "Gern!"})
    assert "Gern!" in shown_mail(preview)
    assert (status(change), OutgoingMail.objects.count()) == (Status.OPEN, mails)
    response = desk.post(wish_url("grant", change), {"text": "Gern!"})
    assert response.url == LIST
    assert (
        "Zugestimmt: Gemischter Chor, jetzt Kursraum, Fr., 27. November 2026, 14:00–16:00 Uhr."
        in follow_up(desk, response)
    )
    assert date_of(booking).span == LATER
    assert sent_mail("Geändert") == shown_mail(preview)
    assert_right()


def test_the_mail_says_that_the_seating_is_missing_in_the_new_room(desk, room, choir, singer):
    other = add_room(room.centre, "Küche")
    Layout.objects.filter(room=other).delete()
    booking = promised(
        room, association=choir, requester=singer, layout=Layout.objects.get(room=room)
    )
    change = wish([move(date_of(booking), room=other)])
    preview = desk.get(wish_url("grant", change))
    assert "Bestuhlung" in shown_mail(preview)
    desk.post(wish_url("grant", change))
    assert sent_mail("Geändert") == shown_mail(preview)


def test_several_dates_of_one_wish_are_decided_together(desk, room, choir, singer):
    booking = promised_series(room, 2, association=choir, requester=singer)
    first, second = dates_of(booking)
    change = wish([move(first, second.span), move(second, first.span)])
    body = words(desk.get(wish_url("detail", change)))
    assert "möchte 2 zugesagte Termine ändern" in body
    desk.post(wish_url("grant", change))
    assert [date.span for date in dates_of(booking)] == [second.span, first.span]
    assert OutgoingMail.objects.filter(subject__startswith="Geändert").count() == 1


def test_all_that_follow_go_on_under_a_new_number(desk, room, choir, singer):
    booking = promised_series(room, 3, association=choir, requester=singer)
    change = ask_for_following(
        booking=booking,
        first_date_id=dates_of(booking)[1].pk,
        wish=FollowingWish(
            room=room,
            until=FRIDAY + dt.timedelta(weeks=4),
            start=dt.time(18),
            end=dt.time(20),
            recurrence=Recurrence(Frequency.WEEKLY, (3,)),
        ),
        actor=singer,
        now=NOW,
    )
    body = words(desk.get(wish_url("detail", change)))
    assert "möchte einen Termin und alle folgenden ändern" in body
    assert "jeden Donnerstag" in words(desk.get(LIST))
    preview = shown_mail(desk.get(wish_url("grant", change)))
    assert "Donnerstag," in " ".join(preview) or "Do.," in preview
    desk.post(wish_url("grant", change))
    assert status(change) == Status.GRANTED
    new = booking.successors.get()
    sent = [word.replace(new.number, "…").rstrip(".") for word in sent_mail("Geändert")]
    assert sent == [word.rstrip(".") for word in preview]
    assert [date.state for date in dates_of(booking)] == [
        DateState.APPROVED,
        DateState.CANCELLED,
        DateState.CANCELLED,
    ]
    assert "Diese Änderung wurde um 10:14 Uhr von Mara Leitung vorgenommen." in words(
        desk.get(wish_url("detail", change))
    )
    assert_right()


def test_undecided_requests_for_the_new_time_go_to_the_waiting_list(desk, room, change):
    rival = requested_too(room, span("15:00", "17:00"))
    BookingDate.objects.filter(booking=rival).update(state=DateState.REQUESTED)
    page = words(desk.get(wish_url("grant", change)))
    assert "Die andere Anfrage kommt auf die Warteliste." in page
    desk.post(wish_url("grant", change))
    assert date_of(rival).state == DateState.WAITLISTED


# Refusing -----------------------------------------------------------------------------------------


def test_refusing_needs_a_reason_and_leaves_everything_as_it_was(desk, booking, change):
    response = desk.post(wish_url("refuse", change), {"text": "  "})
    assert response.status_code == 422
    assert "Bitte wählen oder schreiben Sie einen Grund." in words(response)
    assert status(change) == Status.OPEN
    preview = desk.post(wish_url("refuse", change), {"vorschau": "1", "choice": "1"})
    response = desk.post(wish_url("refuse", change), {"choice": "1"})
    assert "Abgelehnt: Gemischter Chor. Es bleibt alles, wie es war." in follow_up(desk, response)
    assert "Grund: Das Zentrum braucht den Raum zu dieser Zeit selbst." in mail_text(
        "Leider nicht möglich"
    )
    assert sent_mail("Leider nicht möglich") == shown_mail(preview)
    assert date_of(booking).span == span()
    assert date_of(booking).state == DateState.APPROVED
    body = words(desk.get(wish_url("detail", change)))
    assert "Diese Änderung wurde um 10:14 Uhr von Mara Leitung abgelehnt." in body
    assert "Das Zentrum braucht den Raum zu dieser Zeit selbst." in body
    assert_right()


@pytest.mark.parametrize("text_", ["x" * 10_000, "a\0b"])
def test_what_cannot_be_stored_is_refused(desk, change, text_):
    response = desk.post(wish_url("refuse", change), {"text": text_})
    assert response.status_code in {400, 422}
    assert status(change) == Status.OPEN


# Two at once --------------------------------------------------------------------------------------


def test_the_second_of_two_managers_reads_who_was_first(desk, second_desk, booking, change):
    assert second_desk.get(wish_url("refuse", change)).status_code == 200
    desk.post(wish_url("grant", change))
    response = second_desk.post(wish_url("refuse", change), {"text": "Nein"})
    sentence = (
        "Diese Änderung wurde um 10:14 Uhr von Mara Leitung vorgenommen. "
        "Ihre Entscheidung wurde nicht gespeichert."
    )
    assert sentence in follow_up(second_desk, response)
    response = second_desk.post(wish_url("grant", change))
    assert sentence in follow_up(second_desk, response)
    assert (status(change), date_of(booking).span) == (Status.GRANTED, LATER)
    assert second_desk.get(wish_url("refuse", change)).url == wish_url("detail", change)


def test_what_is_decided_between_looking_and_storing_is_told_by_the_service(
    desk, manager, change, monkeypatch
):
    other = manager_of(CentrePage.objects.get(centre=change.booking.centre), last_name="Schnell")

    def refused_first(**values: Any) -> None:
        refuse_change(change=change, actor=other, reason="Nein", now=NOW)
        refuse_change(**values)

    monkeypatch.setattr(views, "refuse_change", refused_first)
    response = desk.post(wish_url("refuse", change), {"text": "Ach"})
    assert "Schnell abgelehnt. Ihre Entscheidung wurde nicht gespeichert." in follow_up(
        desk, response
    )


def test_who_clicks_twice_reads_that_it_is_done(desk, change):
    desk.post(wish_url("grant", change))
    body = follow_up(desk, desk.post(wish_url("grant", change)))
    assert "Diese Änderung wurde um 10:14 Uhr von Mara Leitung vorgenommen." in body
    assert "nicht gespeichert" not in body
    assert change.log.filter(action=Action.MOVE).count() == 1


def test_a_wish_taken_back_meanwhile_stays_as_it_was(desk, booking, change, singer):
    withdraw_change(change=change, actor=singer, now=NOW)
    sentence = "Dieser Wunsch wurde um 10:14 Uhr von Erika Muster zurückgezogen."
    response = desk.post(wish_url("grant", change))
    assert f"{sentence} Ihre Entscheidung wurde nicht gespeichert." in follow_up(desk, response)
    assert date_of(booking).span == span()
    body = words(desk.get(wish_url("detail", change)))
    assert sentence in body
    assert "Zustimmen" not in body


def test_what_has_begun_can_no_longer_be_granted(desk, booking, change, clock):
    clock.shift(dt.timedelta(days=3, hours=8))
    body = words(desk.get(wish_url("detail", change)))
    assert "Diesem Wunsch können Sie nicht mehr zustimmen." in body
    assert "Bisher Kursraum Fr., 27. November 2026, 19:00–21:00 Uhr" in body
    response = desk.post(wish_url("grant", change))
    assert "Dieser Termin ist vorbei. Es wurde nichts geändert." in follow_up(desk, response)
    assert date_of(booking).span == span()


@pytest.mark.parametrize(
    ("step", "service"), [("grant", "grant_change"), ("refuse", "refuse_change")]
)
def test_when_too_many_book_at_once_nothing_typed_is_lost(desk, change, monkeypatch, step, service):
    def busy(**_values: object) -> None:
        raise BusyError

    monkeypatch.setattr(views, service, busy)
    response = desk.post(wish_url(step, change), {"text": "Ein langer Satz"})
    assert response.status_code == 409
    assert "Gerade buchen viele gleichzeitig." in words(response)
    assert "Ein langer Satz" in text(response)


# Whose wishes -------------------------------------------------------------------------------------


def test_a_wish_of_another_centre_does_not_exist(desk, nordholz):
    change = wish([move(date_of(promised(add_room(nordholz.centre))), LATER)])
    for step in ("detail", "grant", "refuse"):
        assert desk.get(wish_url(step, change)).status_code == 404
        assert desk.post(wish_url(step, change), {"text": "Nein"}).status_code in {404, 405}
    assert status(change) == Status.OPEN
    assert "Keine Gruppe möchte etwas ändern." in words(desk.get(LIST))
    assert desk.get(f"{LIST}99999999999999999999999/").status_code == 404


def test_who_looks_after_no_centre_sees_none_of_it(client, alfeld, change):
    client.force_login(assistant_of(alfeld.centre.services.get()))
    for url in (LIST, *(wish_url(step, change) for step in ("detail", "grant", "refuse"))):
        assert client.get(url).status_code == 404


def test_a_decision_needs_a_post_and_the_token(manager, change):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(manager)
    for step in ("grant", "refuse"):
        assert strict.post(wish_url(step, change), {"text": "Nein"}).status_code == 403
        strict.get(wish_url(step, change))
    assert status(change) == Status.OPEN
