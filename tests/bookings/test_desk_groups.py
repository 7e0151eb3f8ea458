"""Associations at the desk, and what the start says of the bookings."""

import datetime as dt
import re

import pytest
from django.urls import reverse

from bookings.models import Association, Booking, BookingLog
from cms.models import OutgoingMail
from tests.bookings.desk import request_url
from tests.bookings.test_desk_requests import words
from tests.factories.bookings import (
    NOW,
    AssociationFactory,
    add_room,
    member_of,
    promised,
    requested,
    span,
)

pytestmark = pytest.mark.usefixtures("tuesday_morning")

LIST = "/verwaltung/vereine/"
TODAY = NOW.date()


def test_groups_to_be_checked_come_first_and_are_checked_with_one_click(desk, centre, choir):
    new = AssociationFactory.create(name="Zither", home_centre=centre, checked_at=None)
    body = words(desk.get(LIST))
    assert body.index("Zither") < body.index("Gemischter Chor")
    url = reverse("association_check", args=[new.pk])
    assert desk.get(url).status_code == 405
    seen = hidden("stand", desk.get(LIST).text)
    for _click in range(2):
        assert desk.post(url, {"zurueck": LIST, "stand": seen}).url == LIST
    new.refresh_from_db()
    assert new.is_checked
    assert new.checked_by.get_full_name() == "Mara Leitung"
    detail = words(desk.get(reverse("association", args=[new.pk])))
    assert "Geprüft am Di., 24. November 2026, 10:14 Uhr von Mara Leitung." in detail


@pytest.mark.parametrize(
    "change", [{"name": "Gewinn abholen"}, {"legal_form": "other"}, {"register_number": "VR 2"}]
)
def test_only_what_the_manager_saw_is_checked(desk, choir, change):
    Association.objects.update(checked_at=None)
    seen = hidden("stand", desk.get(LIST).text)
    Association.objects.update(**change)
    url = reverse("association_check", args=[choir.pk])
    for stand in ({"stand": seen}, {"stand": ""}, {}):
        said = words(desk.post(url, {"zurueck": LIST, **stand}, follow=True))
        assert "Die Gruppe hat inzwischen Name, Art oder Registernummer geändert." in said
        choir.refresh_from_db()
        assert not choir.is_checked
    now = hidden("stand", desk.get(reverse("association", args=[choir.pk])).text)
    desk.post(url, {"stand": now})
    choir.refresh_from_db()
    assert choir.is_checked


def hidden(name: str, html: str) -> str:
    """Return the value of the first hidden field of this name."""
    found = re.search(rf'name="{name}" value="(\w+)"', html)
    assert found
    return found[1]


def test_one_group_shows_its_people_and_requests(desk, room, choir, singer):
    requested(room, association=choir, requester=singer)
    body = words(desk.get(reverse("association", args=[choir.pk])))
    assert "Erika Muster vorstand@chor.example.org" in body
    assert "Kursraum, Fr., 27. November 2026, 19:00–21:00 Uhr angefragt" in body


def test_name_and_kind_are_corrected_and_a_mistake_is_said(desk, choir):
    url = reverse("association", args=[choir.pk])
    response = desk.post(url, {"name": "", "legal_form": "xyz"})
    assert response.status_code == 422
    choir.refresh_from_db()
    assert choir.name == "Gemischter Chor"
    assert "Gemischter Chor" in words(response)
    turned = desk.post(url, {"name": "Chor \u202e", "legal_form": "group"})
    assert "unsichtbares Zeichen" in words(turned)
    desk.post(url, {"name": "Frauenchor", "legal_form": "group"})
    choir.refresh_from_db()
    assert (choir.name, choir.legal_form) == ("Frauenchor", "group")


def test_a_group_at_home_elsewhere_does_not_exist_here(desk, room, nordholz):
    other = AssociationFactory.create(name="Shantychor", home_centre=nordholz.centre)
    booking = requested(room, association=other)
    for name in ("association", "association_check"):
        assert desk.post(reverse(name, args=[other.pk]), {"name": "x"}).status_code == 404
    assert "Shantychor" not in words(desk.get(LIST))
    # It may ask here, and is checked at home.
    detail = desk.get(request_url("detail", booking))
    assert "Shantychor" in words(detail)
    assert reverse("association", args=[other.pk]) not in detail.content.decode()


def test_the_start_says_what_to_decide_and_what_takes_place(desk, room, choir, singer):
    promised(room, span("19:30", "21:30", day=TODAY), association=choir, requester=singer)
    requested(room, association=choir, requester=singer, now=NOW - dt.timedelta(days=1))
    body = words(desk.get("/verwaltung/"))
    assert "Zu entscheiden Gemischter Chor Kursraum Fr., 27. November 2026" in body
    assert "wartet 1 Tag" in body
    assert "19:30–21:30 Uhr Gemischter Chor · Kursraum Erika Muster, 040 66969 120" in body


def test_the_start_says_when_nothing_is_to_be_done(desk):
    body = words(desk.get("/verwaltung/"))
    assert "Alles entschieden. Die nächste Anfrage erscheint hier." in body
    assert "Heute findet in den Räumen nichts statt." in body


def test_the_start_shows_five_requests_and_the_way_to_all(desk, room, choir):
    for week in range(7):
        requested(room, span(day=TODAY + dt.timedelta(weeks=week + 1)), association=choir)
    body = words(desk.get("/verwaltung/"))
    assert body.count("Jetzt zusagen") == 5
    assert "Alle 7 Anfragen" in body


def test_other_centres_stand_not_on_the_start(desk, nordholz):
    other = add_room(nordholz.centre)
    requested(other)
    promised(other, span("19:30", "21:30", day=TODAY))
    body = words(desk.get("/verwaltung/"))
    assert "Alles entschieden" in body
    assert "Heute findet in den Räumen nichts statt." in body


def test_a_mail_that_never_arrived_is_named_until_somebody_has_rung_up(desk, room):
    booking = requested(room)
    mail = given_up_to(booking)
    body = words(desk.get("/verwaltung/"))
    assert "Mails, die nicht angekommen sind" in body
    assert booking.requester.email in body
    done = reverse("request_mail_done", args=[booking.pk])
    for _click in range(2):
        assert desk.post(done, {"mail": mail.pk}).url == "/verwaltung/"
    body = words(desk.get("/verwaltung/"))
    assert f"Abgehakt: {booking.association.name}." in body
    assert "Mails, die nicht angekommen sind" not in body
    assert booking.log.exists()


@pytest.mark.parametrize("key", ["", "\0", "x", "²", "-1", "9" * 30])
def test_only_a_mail_that_was_given_up_can_be_done_with(desk, room, key):
    booking, other = requested(room), requested(room, span("09:00", "10:00"))
    mail = given_up_to(other)
    arrived = OutgoingMail.objects.exclude(state=OutgoingMail.State.FAILED)
    before = OutgoingMail.objects.count()
    done = reverse("request_mail_done", args=[booking.pk])
    for wrong in (key, mail.pk, arrived.first().pk):
        assert desk.post(done, {"mail": wrong}).status_code in {302, 400}
    assert OutgoingMail.objects.count() == before


def test_mails_of_another_centre_are_not_found(desk, nordholz):
    booking = requested(add_room(nordholz.centre))
    mail = given_up_to(booking)
    done = reverse("request_mail_done", args=[booking.pk])
    assert desk.post(done, {"mail": mail.pk}).status_code == 404
    assert OutgoingMail.objects.filter(pk=mail.pk).exists()


def given_up_to(booking: Booking) -> OutgoingMail:
    """Give up the mail to the group that its request is there."""
    mail = OutgoingMail.objects.get(
        key__startswith=f"booking-log:{BookingLog.objects.get(booking=booking).pk}:",
        recipient=booking.requester.email,
    )
    mail.state = OutgoingMail.State.FAILED
    mail.save()
    return mail


def test_the_start_asks_the_database_as_often_for_many_as_for_one(
    desk, room, centre, django_assert_max_num_queries
):
    def count() -> int:
        with django_assert_max_num_queries(60) as queries:
            desk.get("/verwaltung/")
        return len(queries)

    def fill(week: int) -> None:
        group = AssociationFactory.create(home_centre=centre)
        member_of(group)
        requested(room, span(day=TODAY + dt.timedelta(weeks=week + 1)), association=group)
        promised(room, span(f"{12 + week}:00", f"{12 + week}:30", day=TODAY), association=group)

    fill(0)
    count()
    before = count()
    for week in (1, 2, 3):
        fill(week)
    assert count() == before
