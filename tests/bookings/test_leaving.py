"""Somebody of a group deletes the account, or asks for the own data."""

import datetime as dt
import json
import uuid

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from bookings.models import (
    Association,
    Booking,
    Invitation,
    Membership,
    RequestDraft,
    Room,
    TermsOfUse,
)
from bookings.rules.associations import NotDone, NotDoneError
from bookings.services.associations import accept_invitation, hand_over, invite
from bookings.services.changes import Move, ask_for_change
from bookings.services.own_dates import give_up
from bookings.services.policies import save_policy
from cms.models import User
from cms.selectors.personal_data import as_json, personal_data
from cms.services.accounts import StaysError, delete_account
from tests.bookings.changing import promised_series
from tests.bookings.guests import confirmed as confirmed_by_guest
from tests.bookings.guests import of_guest
from tests.cms.test_own_account import account, confirmed
from tests.factories.bookings import (
    NOW,
    AssociationFactory,
    date_of,
    member_of,
    promised,
    requested,
    span,
)

LATER = NOW + dt.timedelta(days=30)
ERIKA = "erika@example.org"


@pytest.fixture
def erika(choir: Association) -> User:
    return main_contact(choir, email=ERIKA, first_name="Erika", last_name="Muster")


def main_contact(association: Association, **values) -> User:
    user = account(**values)
    Membership.objects.create(association=association, user=user, role=Membership.Role.MAIN_CONTACT)
    return user


def is_kept(user: User, now: dt.datetime = NOW) -> bool:
    """Try to delete an account; tell whether that was refused."""
    try:
        delete_account(user=user, now=now)
    except StaysError:
        return True
    return False


# Who may leave -----------------------------------------------------------------------------------


def test_the_only_main_contact_stays_while_there_are_dates(erika, room: Room, choir: Association):
    booking = promised(room, association=choir)
    member_of(choir, email="zweite@example.org")  # may book, but answers for nothing
    assert is_kept(erika)
    give_up(date=date_of(booking), actor=erika, now=NOW)
    assert not is_kept(erika)


def test_the_page_says_who_has_to_be_handed_over(erika, room, choir, tuesday_morning):
    promised(room, association=choir)
    client = confirmed(ERIKA)
    page = client.get("/konto/loeschen/")
    assert "der einzige Hauptkontakt von „Gemischter Chor“" in page.text
    assert "is_sure" not in page.text
    assert client.post("/konto/loeschen/", {"is_sure": "on"}).status_code == 422
    assert User.objects.filter(pk=erika.pk).exists()


def test_the_page_says_what_is_left_without_anybody(erika, room, choir, tuesday_morning):
    member_of(choir, email="zweite@example.org")  # may only book
    client = confirmed(ERIKA)
    page = client.get("/konto/loeschen/").text
    assert "Danach ist niemand mehr Hauptkontakt von „Gemischter Chor“." in page
    assert "als Gast" not in page
    main_contact(choir, email="dritte@example.org")
    save_policy(centre=room.centre, values={"guests": True})
    confirmed_by_guest(room, email=ERIKA)
    page = client.get("/konto/loeschen/").text
    assert "Danach ist niemand mehr" not in page
    assert "Was Sie als Gast angefragt haben, mit Name und E-Mail-Adresse." in page


def test_an_open_request_is_a_date_too(erika, room, choir):
    requested(room, association=choir)
    assert is_kept(erika)
    assert not is_kept(erika, LATER)


def test_another_main_contact_is_enough(erika, room, choir):
    promised(room, association=choir)
    main_contact(choir, email="zweite@example.org")
    assert not is_kept(erika)


def test_a_main_contact_whose_account_is_closed_answers_for_nothing(erika, room, choir):
    promised(room, association=choir)
    main_contact(choir, email="zweite@example.org", is_active=False)
    assert is_kept(erika)


def test_the_last_one_at_all_stays_whatever_the_role(room, choir):
    singer = member_of(choir)
    promised(room, association=choir)
    assert is_kept(singer)


def test_who_may_only_book_can_leave(erika, room, choir):
    singer = member_of(choir)
    promised(room, association=choir, requester=singer)
    assert not is_kept(singer)


# What stays --------------------------------------------------------------------------------------


def test_what_is_over_stays_without_name_and_phone(erika, room, choir):
    booking = promised(room, association=choir)
    others = promised(room, span("10:00", "11:00"))
    delete_account(user=erika, now=LATER)
    kept = Booking.objects.get(pk=booking.pk)
    assert (kept.requester, kept.contact_name, kept.contact_phone) == (None, "", "")
    assert kept.log.exists()
    assert kept.association == choir
    assert Booking.objects.get(pk=others.pk).contact_name == "Erika Muster"


def test_what_is_to_come_names_the_other_main_contact(erika, room, choir):
    named = promised(room, association=choir, requester=erika)
    somebody = promised(
        room, span("10:00", "11:00"), association=choir, requester=erika, contact_name="Hausmeister"
    )
    main_contact(choir, email="zwei@example.org", first_name="Otto", last_name="Nachfolger")
    delete_account(user=erika, now=NOW)
    named.refresh_from_db()
    somebody.refresh_from_db()
    assert (named.contact_name, named.contact_phone) == ("Otto Nachfolger", "")
    assert (somebody.contact_name, somebody.contact_phone) == ("Hausmeister", "040 66969 120")


def test_who_was_invited_by_somebody_who_left_does_not_come_in(erika, choir):
    new = account("neu@example.org")
    asked = [
        invite(association=choir, email=new.email, role="main_contact", actor=erika, now=NOW),
        hand_over(association=choir, email="nachfolge@example.org", actor=erika, now=NOW),
    ]
    delete_account(user=erika, now=NOW)
    with pytest.raises(NotDoneError) as refusal:
        accept_invitation(invitation=asked[0], user=new, now=NOW)
    assert refusal.value.why is NotDone.WITHDRAWN
    assert not Invitation.objects.filter(withdrawn_at=None).exists()
    assert not choir.memberships.exists()


def test_drafts_go_along(erika, room):
    draft = {"pk": uuid.uuid4(), "room": room, "values": {"purpose": "Fest"}, "updated_at": NOW}
    RequestDraft.objects.create(user=erika, **draft)
    delete_account(user=erika, now=NOW)
    assert not RequestDraft.objects.exists()


# One's data --------------------------------------------------------------------------------------


@pytest.fixture
def active(erika: User, room: Room, choir: Association) -> User:
    """Erika asked, began another request, and belongs to a second group."""
    promised(room, association=choir, requester=erika, wishes="Klavier")
    RequestDraft.objects.create(
        pk=uuid.uuid4(), room=room, user=erika, values={"purpose": "Sommerfest"}, updated_at=NOW
    )
    return erika


def test_data_tells_what_the_bookings_know(active):
    data = as_json(personal_data(active))
    assert data["memberships"] == [{"association": "Gemischter Chor", "role": "Hauptkontakt"}]
    [request] = data["requests"]
    assert request["wishes"] == "Klavier"
    assert request["dates"][0]["room"] == "Kursraum"
    assert request["dates"][0]["state"] == "zugesagt"
    assert [step["what"] for step in data["steps"]] == ["Anfrage gesendet", "Zugesagt"]
    assert [step["by_you"] for step in data["steps"]] == ["ja", "nein"]
    assert [step["dates"] for step in data["steps"]] == [
        [{key: request["dates"][0][key] for key in ("start", "end")}]
    ] * 2
    assert data["drafts"][0]["entries"] == [{"purpose": "Sommerfest"}]
    json.dumps(data)


def test_what_happened_to_many_dates_at_once_is_one_step(erika, room, choir):
    promised_series(room, 2, association=choir, requester=erika)
    [sent, _promised] = as_json(personal_data(erika))["steps"]
    assert len(sent["dates"]) == 2
    assert "text" not in sent


def test_the_accepted_terms_belong_to_ones_data(active, room):
    terms = TermsOfUse.objects.create(centre=room.centre, text="Kehren.", valid_from=NOW.date())
    Booking.objects.update(terms=terms)
    [request] = as_json(personal_data(active))["requests"]
    assert request["terms"] == "Nutzungsordnung, Fassung 1"


def test_invitations_one_sent_belong_to_ones_data(active, choir):
    invite(association=choir, email="neu@example.org", role="may_book", actor=active, now=NOW)
    [invitation] = as_json(personal_data(active))["invitations"]
    assert invitation["email"] == "neu@example.org"
    assert invitation["accepted_at"] is None
    Membership.objects.filter(user=active).delete()
    [invitation] = as_json(personal_data(active))["invitations"]
    assert "accepted_at" not in invitation


def test_nobody_gets_the_data_of_others_of_the_same_group(active, room, choir):
    other = member_of(choir, email="zweite@example.org", first_name="Olga", last_name="Anders")
    promised(
        room,
        span("10:00", "11:00"),
        association=choir,
        requester=other,
        contact_name="Olga Anders",
        purpose="Geheimprobe",
    )
    RequestDraft.objects.create(
        pk=uuid.uuid4(), room=room, user=other, values={"purpose": "Überraschung"}, updated_at=NOW
    )
    text = json.dumps(as_json(personal_data(active)), ensure_ascii=False)
    for word in ("Olga", "zweite@example.org", "Geheimprobe", "Überraschung"):
        assert word not in text


def test_of_a_group_handed_over_one_keeps_what_one_typed_and_did(active, choir):
    """The predecessor's access ends, also by this way; others' words are not his."""
    Booking.objects.update(question="Wer bringt die Stühle?")
    booking = Booking.objects.get()
    successor = account("nachfolge@example.org", first_name="Otto", last_name="Nachfolger")
    asked = hand_over(association=choir, email=successor.email, actor=active, now=NOW)
    accept_invitation(invitation=asked, user=successor, now=NOW)
    give_up(date=date_of(booking), actor=successor, now=NOW, text="Geheimer Grund")
    data = as_json(personal_data(active))
    assert data["memberships"] == []
    [request] = data["requests"]
    assert (request["purpose"], request["wishes"]) == ("Chorprobe", "Klavier")
    for key in ("dates", "question", "contact_name", "contact_phone"):
        assert key not in request
    assert [step["what"] for step in data["steps"]] == ["Anfrage gesendet"]
    text = json.dumps(data["requests"] + data["steps"], ensure_ascii=False)
    for word in ("Stühle", "Otto", "Geheimer Grund"):
        assert word not in text


def test_what_one_asked_for_as_a_guest_belongs_to_ones_data(erika, room, tuesday_morning):
    save_policy(centre=room.centre, values={"guests": True})
    own = confirmed_by_guest(room, email="ERIKA@Example.org")
    later = Move(date_of(own).pk, room, span("10:00", "12:00", dt.date(2026, 12, 4)))
    ask_for_change(booking=own, moves=[later], actor=None, text="Umzug", now=NOW)
    confirmed_by_guest(room, span("10:00", "11:00"), email="andere@example.org")
    of_guest(room, span("12:00", "13:00"), email=ERIKA)  # anybody can type that
    data = as_json(personal_data(erika))
    [request] = data["requests"]
    assert (request["number"], request["contact_name"]) == (own.number, "Ada Gast")
    assert request["dates"][0]["room"] == "Kursraum"
    assert {step["number"] for step in data["steps"]} == {own.number}
    assert [wish["text"] for wish in data["changes_wished"]] == ["Umzug"]
    EmailAddress.objects.filter(user=erika).update(verified=False)
    assert as_json(personal_data(erika))["requests"] == []


def test_readable_data_is_german(active):
    client: Client = confirmed(ERIKA)
    text = client.get("/konto/daten/ansehen/").text
    for words in ("Kursraum", "zugesagt", "Hauptkontakt", "Sommerfest", "Klavier", "keine Angabe"):
        assert words in text


def test_data_takes_the_same_number_of_questions_for_many_requests(
    active, room, choir, django_assert_num_queries, django_assert_max_num_queries
):
    with django_assert_max_num_queries(25) as few:
        personal_data(active)
    for hour in range(8, 14):
        when = span(f"{hour:02}:00", f"{hour + 1:02}:00")
        requested(room, when, association=choir, requester=active)
    AssociationFactory.create()
    with django_assert_num_queries(len(few)):
        personal_data(active)
