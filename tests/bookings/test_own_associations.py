"""People keep their own groups: data, roles, leaving. Nobody else's; a main contact remains."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bookings.models import Association, Booking, BookingLog, Membership
from bookings.notifications.mails import group_address
from bookings.services.associations import ask_to_confirm, leave
from cms.models import OutgoingMail
from tests.factories.bookings import NOW, AssociationFactory, member_of, promised, requested

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday_morning")]
LIST = "/konto/vereine/"
YEAR = dt.timedelta(days=365)


@pytest.fixture
def chair(choir):
    """Return the main contact of the choir."""
    user = member_of(choir, email="vorsitz@chor.example.org", last_name="Vorsitz")
    choir.memberships.update(role=Membership.Role.MAIN_CONTACT)
    return user


@pytest.fixture
def keeping(visitor: Client, chair) -> Client:
    """Return a browser in which the main contact is signed in."""
    visitor.force_login(chair)
    return visitor


def words(response) -> str:
    return " ".join(response.text.split())


def own(association, step: str = "") -> str:
    return f"{LIST}{association.pk}/{step}"


def typed(**values) -> dict[str, str]:
    return {"name": "Gemischter Chor", "legal_form": "registered", **values}


# Seeing -------------------------------------------------------------------------------------------


def test_one_person_sees_all_own_groups_and_no_other(keeping, chair, choir, centre):
    second = AssociationFactory.create(name="Förderverein", home_centre=centre)
    Membership.objects.create(association=second, user=chair)
    AssociationFactory.create(name="Fremde", home_centre=centre)
    body = words(keeping.get(LIST))
    assert body.index("Förderverein") < body.index("Gemischter Chor")
    assert "Fremde" not in body
    assert LIST in keeping.get("/buchungen/").text


def test_who_has_no_group_reads_how_to_come_by_one(visitor, singer, choir):
    choir.memberships.all().delete()
    visitor.force_login(singer)
    assert "Sie handeln noch für keinen Verein und keine Gruppe." in words(visitor.get(LIST))


def test_strangers_are_asked_to_sign_in(visitor, choir):
    assert visitor.get(own(choir)).url.startswith("/konto/login/")


STEPS = ("", "aendern/", "bestaetigen/", "einladen/", "uebergeben/", "verlassen/", "personen/1/")


@pytest.mark.parametrize("step", STEPS)
def test_another_group_does_not_exist(keeping, nordholz, step):
    other = AssociationFactory.create(name="Shantychor", home_centre=nordholz.centre)
    member = member_of(other)
    step = step.replace("1", str(other.memberships.get().pk))
    for response in (keeping.get(own(other, step)), keeping.post(own(other, step), typed())):
        assert response.status_code in {404, 405}
    assert list(other.members.all()) == [member]


@pytest.mark.parametrize("step", ["aendern/", "bestaetigen/", "einladen/", "uebergeben/"])
def test_who_may_only_book_sees_and_does_not_change(visitor, choir, chair, singer, step):
    visitor.force_login(singer)
    body = words(visitor.get(own(choir)))
    assert "Erika Vorsitz" in body
    assert own(choir, step) not in body
    for response in (visitor.get(own(choir, step)), visitor.post(own(choir, step), typed())):
        assert response.status_code == 403
        assert "Das kann nur ein Hauptkontakt der Gruppe." in words(response)


def test_markup_in_names_is_shown_as_text(keeping, choir):
    Association.objects.update(name="<b>Chor</b>", register_number="<i>1</i>")
    assert "<b>Chor" not in keeping.get(own(choir)).text
    assert "&lt;b&gt;Chor" in keeping.get(own(choir)).text


def test_number_of_queries_does_not_grow_with_the_people(keeping, choir):
    few = _queries(keeping, own(choir))
    for number in range(5):
        member_of(choir, email=f"{number}@chor.example.org")
    assert _queries(keeping, own(choir)) == few <= 15


def _queries(client, path) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        client.get(path)
    return len(queries)


# Data ---------------------------------------------------------------------------------------------


def test_data_are_entered_and_shown_also_at_the_desk(keeping, choir, manager):
    sent = typed(
        register_number="AG Hildesheim, VR 120345",
        home_municipality="Alfeld",
        responsible_name="Renate Ahlers",
        responsible_phone="040 66969 101",
        responsible_email="Renate@Example.org",
        notice_on="2020-05-04",
        notice_until="2025-05-04",
    )
    Association.objects.update(register_number="AG Hildesheim, VR 120345")
    assert keeping.post(own(choir, "aendern/"), sent).url == own(choir)
    body = words(keeping.get(own(choir)))
    assert "Gespeichert." in body
    assert "vom 4. Mai 2020, gültig bis 4. Mai 2025 <strong>– abgelaufen" in body
    choir.refresh_from_db()
    assert choir.is_checked
    assert choir.responsible_email == "renate@example.org"
    keeping.force_login(manager)
    desk = words(keeping.get(f"/verwaltung/vereine/{choir.pk}/"))
    for text in ("AG Hildesheim, VR 120345", "Renate Ahlers", "abgelaufen", "24. November 2026"):
        assert text in desk


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"name": ""}, "Bitte nennen Sie"),
        ({"legal_form": "x"}, "Bitte wählen Sie eine dieser Arten."),
        ({"register_number": "keine"}, "wie sie im Register steht"),
        ({"register_number": "<b>1</b>"}, "wie sie im Register steht"),
        ({"home_municipality": "x" * 10_000}, "Bitte kürzen"),
        ({"responsible_phone": "immer"}, "Telefonnummer"),
        ({"responsible_email": "nein"}, "E-Mail-Adresse"),
        ({"notice_on": "2027-01-01", "notice_until": "2028-01-01"}, "in der Zukunft"),
        ({"notice_on": "2026-01-01"}, "bis wann der Bescheid gilt"),
        ({"notice_until": "2026-01-01"}, "auch das Datum des Bescheids"),
        ({"notice_on": "2026-01-01", "notice_until": "2026-01-01"}, "einen Tag nach dem Datum"),
        ({"notice_on": "gestern"}, "23.12.2026"),
    ],
)
def test_a_slip_is_said_and_nothing_stored(keeping, choir, values, sentence):
    response = keeping.post(
        own(choir, "aendern/"), typed(**{"responsible_name": "Ahlers", **values})
    )
    assert response.status_code == 422
    assert sentence in words(response)
    assert "Ahlers" in words(response)
    choir.refresh_from_db()
    assert (choir.responsible_name, choir.confirmed_at) == ("", None)


def test_one_slip_in_two_fields_is_told_apart(keeping, choir):
    slips = typed(notice_on="gestern", notice_until="morgen")
    page = words(keeping.post(own(choir, "aendern/"), slips))
    for label in ("Datum des Bescheids", "Gültig bis"):
        assert f">{label}: Bitte geben Sie einen Tag an, zum Beispiel 23.12.2026.</a>" in page


@pytest.mark.parametrize(
    "change", [{"name": "Frauenchor"}, {"legal_form": "group"}, {"register_number": "VR 1"}]
)
def test_other_words_for_what_was_checked_ask_for_a_new_check(keeping, choir, manager, change):
    assert "prüft das Team des Zentrums Ihre Gruppe noch einmal" in words(
        keeping.get(own(choir, "aendern/"))
    )
    keeping.post(own(choir, "aendern/"), typed(**change))
    choir.refresh_from_db()
    assert not choir.is_checked
    assert "prüft die Gruppe noch einmal" in words(keeping.get(own(choir)))
    mail = OutgoingMail.objects.get(recipient=manager.email)
    assert mail.subject == f"Bitte noch einmal prüfen: {choir.name}"


def test_a_second_group_is_registered(keeping, chair, room):
    response = keeping.post(
        f"{LIST}neu/", {"name": "Förderverein", "legal_form": "group", "centre": room.centre_id}
    )
    new = Association.objects.get(name="Förderverein")
    assert response.url == own(new)
    assert new.memberships.get().role == Membership.Role.MAIN_CONTACT
    assert keeping.post(f"{LIST}neu/", {"name": "x", "centre": "0"}).status_code == 422


def test_two_clicks_register_one_group(keeping, centre, room, clock):
    sent = {"name": "Förderverein", "legal_form": "group", "centre": centre.pk}
    assert keeping.post(f"{LIST}neu/", sent).url == keeping.post(f"{LIST}neu/", sent).url
    assert Association.objects.filter(name="Förderverein").count() == 1
    clock.shift(dt.timedelta(minutes=1))
    keeping.post(f"{LIST}neu/", sent)  # meant so: another group of this name
    assert Association.objects.filter(name="Förderverein").count() == 2


def test_who_has_three_groups_to_be_checked_registers_no_other(keeping, centre, room):
    """Else a new group each time would have quotas of its own, and fill the desk's list."""
    sent = {"legal_form": "group", "centre": centre.pk}
    for number in range(3):
        assert keeping.post(f"{LIST}neu/", {"name": f"Gruppe {number}", **sent}).status_code == 302
    response = keeping.post(f"{LIST}neu/", {"name": "Noch eine", **sent})
    assert response.status_code == 422
    assert "Drei Ihrer Gruppen hat das Team des Zentrums noch nicht geprüft." in words(response)
    assert "Noch eine" in response.text
    Association.objects.filter(name="Gruppe 1").update(checked_at=NOW)
    assert keeping.post(f"{LIST}neu/", {"name": "Noch eine", **sent}).status_code == 302


# People -------------------------------------------------------------------------------------------


def test_a_role_is_changed_and_somebody_removed(keeping, choir, singer):
    path = own(choir, f"personen/{choir.memberships.get(user=singer).pk}/")
    assert keeping.post(path, {"role": "x"}).status_code == 422
    keeping.post(path, {"role": "main_contact"})
    assert choir.memberships.get(user=singer).role == "main_contact"
    keeping.post(path, {"tun": "entfernen"})
    assert singer not in choir.members.all()
    assert "Ihr Zugang ist beendet" in OutgoingMail.objects.get(recipient=singer.email).subject
    again = keeping.post(path, {"tun": "entfernen"}, follow=True)  # a second click
    assert "Diese Person handelt nicht mehr für die Gruppe." in words(again)
    assert keeping.get(path).status_code == 404
    keeping.force_login(singer)
    assert keeping.get(own(choir)).status_code == 404


def test_the_last_main_contact_stays(keeping, choir, chair, singer):
    mine = choir.memberships.get(user=chair)
    body = words(
        keeping.post(own(choir, f"personen/{mine.pk}/"), {"role": "may_book"}, follow=True)
    )
    assert "Die Gruppe braucht einen Hauptkontakt." in body
    assert "Sie sind der einzige." in words(keeping.get(own(choir, "verlassen/")))
    keeping.post(own(choir, "verlassen/"))
    keeping.post(own(choir, f"personen/{mine.pk}/"), {"tun": "entfernen"})
    mine.refresh_from_db()
    assert mine.role == "main_contact"


def test_leaving_ends_the_access_and_the_main_contacts_hear_of_it(visitor, choir, chair, singer):
    visitor.force_login(singer)
    assert "verlassen" in words(visitor.get(own(choir, "verlassen/")))
    for _click in range(2):
        left = visitor.post(own(choir, "verlassen/"), follow=True)
        assert left.redirect_chain == [(LIST, 302)]
        assert "Sie handeln nicht mehr für diese Gruppe: Gemischter Chor." in words(left)
    assert visitor.get(own(choir)).status_code == 404
    assert OutgoingMail.objects.get(recipient=chair.email).subject.startswith(
        "Handelt nicht mehr für Ihre Gruppe: Erika Muster"
    )


def test_who_left_gets_no_mail_about_what_he_asked_for(room, choir, chair, singer):
    booking = requested(room, association=choir, requester=singer)
    assert group_address(booking) == singer.email
    leave(association=choir, user=singer, now=NOW)
    assert group_address(booking) == chair.email
    assert Booking.objects.get().requester == singer
    assert BookingLog.objects.filter(actor=singer).exists()


def test_a_group_keeps_a_date_its_member_left_behind(visitor, room, choir, chair, singer):
    promised(room, association=choir, requester=singer)
    leave(association=choir, user=singer, now=NOW)
    visitor.force_login(chair)
    assert "Chorprobe" in words(visitor.get("/buchungen/"))
    visitor.force_login(singer)
    assert "Chorprobe" not in words(visitor.get("/buchungen/"))


# Once a year --------------------------------------------------------------------------------------


def test_once_a_year_a_group_is_asked_whether_its_data_are_right(
    keeping, choir, chair, singer, clock
):
    assert ask_to_confirm(now=NOW + YEAR - dt.timedelta(days=1)) == 0
    assert ask_to_confirm(now=NOW + YEAR) == 1
    assert ask_to_confirm(now=NOW + YEAR) == 0
    mail = OutgoingMail.objects.get()
    assert mail.recipient == chair.email
    assert own(choir, "bestaetigen/") in mail.text
    assert "Gemischter Chor" in mail.html
    clock.shift(YEAR)
    keeping.force_login(chair)
    assert "Stimmen die Angaben noch?" in words(keeping.get(own(choir)))
    assert "Angaben stimmen noch" in words(keeping.get(own(choir, "bestaetigen/")))
    choir.refresh_from_db()
    assert choir.confirmed_at is None  # looking is not confirming
    assert keeping.post(own(choir, "bestaetigen/")).url == own(choir)
    choir.refresh_from_db()
    assert choir.confirmed_at == NOW + YEAR
    assert "Stimmen die Angaben noch?" not in words(keeping.get(own(choir)))
    assert ask_to_confirm(now=NOW + 2 * YEAR - dt.timedelta(days=1)) == 0
    assert ask_to_confirm(now=NOW + 2 * YEAR) == 1


def test_a_group_that_does_not_answer_is_asked_next_year_and_the_desk_sees_it(desk, choir, chair):
    Association.objects.update(created_at=NOW - YEAR)
    assert ask_to_confirm(now=NOW) == 1
    body = words(desk.get(f"/verwaltung/vereine/{choir.pk}/"))
    assert "keine Antwort auf unsere Mail vom Di., 24. November 2026" in body
    assert ask_to_confirm(now=NOW + dt.timedelta(days=364)) == 0
    assert ask_to_confirm(now=NOW + YEAR) == 1


def test_nobody_is_asked_where_nobody_could_answer(choir, singer):
    assert ask_to_confirm(now=NOW + YEAR) == 0
    assert choir.memberships.exists()
