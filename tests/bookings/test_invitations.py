"""Invitations and handing over: signed, for one address, once, for two weeks; only a POST counts."""

import datetime as dt
import re
from urllib.parse import urlsplit

import pytest
from django.test import Client

from bookings.models import Association, Booking, BookingDate, Invitation, Membership
from bookings.notifications.links import invitation_url
from bookings.rules.associations import NotDone, NotDoneError
from bookings.services.associations import (
    accept_invitation,
    hand_over,
    invite,
    leave,
    prune_invitations,
    remove_member,
    resend_invitation,
)
from cms.models import OutgoingMail, User
from tests.factories.bookings import NOW, AssociationFactory, member_of, promised, span
from tests.factories.cms import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday_morning")]
NEW = "neu@example.org"
MAIN = Membership.Role.MAIN_CONTACT


@pytest.fixture
def chair(choir) -> User:
    """Return the main contact of the choir."""
    return main_contact(choir, "vorsitz@chor.example.org")


@pytest.fixture
def keeping(visitor: Client, chair) -> Client:
    """Return a browser in which the main contact is signed in."""
    visitor.force_login(chair)
    return visitor


@pytest.fixture
def newcomer(db) -> User:
    return UserFactory.create(email=NEW, first_name="Nele", last_name="Neu")


@pytest.fixture
def invitation(choir, chair) -> Invitation:
    return invite(association=choir, email=NEW, role="may_book", actor=chair, now=NOW)


def main_contact(association, email: str) -> User:
    user = member_of(association, email=email, last_name="Vorsitz")
    Membership.objects.filter(user=user).update(role=MAIN)
    return user


def link(invitation) -> str:
    return urlsplit(invitation_url(invitation)).path


def own(association, step: str = "") -> str:
    return f"/konto/vereine/{association.pk}/{step}"


def words(response) -> str:
    return " ".join(response.text.split())


def people(association) -> dict[str, str]:
    return dict(association.memberships.values_list("user__email", "role"))


# Inviting -----------------------------------------------------------------------------------------


def test_somebody_is_invited_registers_and_books(keeping, choir, newcomer):
    sent = keeping.post(own(choir, "einladen/"), {"email": "Neu@Example.org", "role": "may_book"})
    assert sent.url == own(choir)
    assert "Eingeladen, gültig bis 8. Dezember 2026" in words(keeping.get(own(choir)))
    mail = OutgoingMail.objects.get(recipient=NEW)
    assert mail.subject == "Einladung: Gemischter Chor"
    path = re.search(r"/konto/vereine/einladung/\S+", mail.text)[0]
    assert path in mail.html
    stranger = Client(headers={"host": "localhost"})
    body = words(stranger.get(path))
    assert f"/konto/login/?next={path}" in body
    assert f"/konto/signup/?next={path}" in body
    assert NEW not in body
    assert stranger.post(path).status_code == 200  # nobody is signed in: nothing happens
    stranger.force_login(newcomer)
    assert "Einladung annehmen" in words(stranger.get(path))
    assert NEW not in people(choir)  # looking is not accepting
    assert stranger.post(path).headers["Location"] == own(choir)
    assert people(choir)[NEW] == "may_book"
    assert "Nele Neu" in OutgoingMail.objects.get(recipient="vorsitz@chor.example.org").subject
    assert stranger.post(path).headers["Location"] == own(choir)  # a second click
    assert stranger.get(path).headers["Location"] == own(choir)


def test_an_answer_is_the_same_whether_or_not_the_address_has_an_account(keeping, choir, newcomer):
    answers = []
    for email in (newcomer.email, "niemand@example.org"):
        response = keeping.post(
            own(choir, "einladen/"), {"email": email, "role": "may_book"}, follow=True
        )
        key = str(Invitation.objects.get().pk)
        answers.append(words(response).replace(email, "X").replace(key, "K"))
        Invitation.objects.all().delete()
    assert re.sub(r'value="\w{64}"', "", answers[0]) == re.sub(r'value="\w{64}"', "", answers[1])
    texts = [mail.text for mail in OutgoingMail.objects.order_by("pk")]
    assert len({re.sub(r"einladung/\S+", "", text) for text in texts}) == 1


@pytest.mark.parametrize(
    ("email", "sentence"),
    [
        ("", "Bitte geben Sie eine E-Mail-Adresse ein."),
        ("nein", "zum Beispiel name@example.org"),
        (f"{'x' * 300}@example.org", "Bitte kürzen"),
        ("vorstand@chor.example.org", "Diese Person handelt schon für die Gruppe."),
        (NEW.upper(), "Für diese Adresse gibt es schon eine offene Einladung."),
    ],
)
def test_an_invitation_that_cannot_be_is_refused(
    keeping, choir, singer, invitation, email, sentence
):
    response = keeping.post(own(choir, "einladen/"), {"email": email, "role": "may_book"})
    assert response.status_code == 422
    assert sentence in words(response)
    assert Invitation.objects.count() == 1


def test_a_group_sends_no_flood(keeping, choir, chair):
    for number in range(20):
        invite(association=choir, email=f"{number}@x.org", role=MAIN, actor=chair, now=NOW)
    response = keeping.post(own(choir, "einladen/"), {"email": NEW, "role": "may_book"})
    assert "Das sind sehr viele Einladungen." in words(response)
    later = NOW + dt.timedelta(days=1, seconds=1)
    invite(association=choir, email=NEW, role=MAIN, actor=chair, now=later)


def test_one_person_sends_no_flood_from_many_groups(keeping, choir, chair, centre):
    others = [AssociationFactory.create(home_centre=centre) for _number in range(2)]
    for group in others:
        Membership.objects.create(association=group, user=chair, role=MAIN)
        for number in range(10):
            email = f"{number}@{group.pk}.org"
            invite(association=group, email=email, role=MAIN, actor=chair, now=NOW)
    response = keeping.post(own(choir, "einladen/"), {"email": NEW, "role": "may_book"})
    assert "Das sind sehr viele Einladungen." in words(response)


def test_one_address_gets_no_flood_from_many_groups(keeping, choir, centre):
    for number in range(5):
        group = AssociationFactory.create(home_centre=centre)
        boss = main_contact(group, f"{number}@example.org")
        invite(association=group, email=NEW, role=MAIN, actor=boss, now=NOW)
    response = keeping.post(own(choir, "einladen/"), {"email": NEW, "role": "may_book"})
    assert response.status_code == 422
    assert "An diese Adresse gingen heute schon mehrere Einladungen." in words(response)


@pytest.mark.parametrize(
    ("step", "subject", "heading"),
    [
        ("einladen/", "Einladung, für eine Gruppe Räume zu buchen", "handeln?"),
        ("uebergeben/", "Sie sollen eine Gruppe übernehmen", "übernehmen?"),
    ],
)
def test_no_word_of_an_unchecked_group_goes_to_strangers(keeping, choir, step, subject, heading):
    """Anybody can register a group: its mails say what we say. The page names it."""
    Association.objects.update(name="Gewinn www.boese.example", checked_at=None)
    User.objects.update(first_name="Holen Sie", last_name="Ihren Gewinn")
    assert "nennt die Mail weder die Gruppe noch Sie" in words(keeping.get(own(choir, step)))
    keeping.post(own(choir, step), {"email": NEW, "role": "may_book"})
    mail = OutgoingMail.objects.get(recipient=NEW)
    assert mail.subject == subject
    for part in (mail.subject, mail.text, mail.html):
        assert "Gewinn" not in part
    path = re.search(r"/konto/vereine/einladung/\S+", mail.text)[0]
    stranger = Client(headers={"host": "localhost"})
    body = words(stranger.get(path))
    assert "Gewinn www.boese.example" in body
    assert heading in body


def test_an_unchecked_group_sends_few_invitations(keeping, choir, chair):
    Association.objects.update(checked_at=None)
    choir.refresh_from_db()
    for number in range(5):
        invite(association=choir, email=f"{number}@x.org", role=MAIN, actor=chair, now=NOW)
    response = keeping.post(own(choir, "einladen/"), {"email": NEW, "role": "may_book"})
    assert "Das sind sehr viele Einladungen." in words(response)


def test_an_invitation_is_sent_again_and_withdrawn(keeping, choir, invitation, clock):
    again = own(choir, f"einladungen/{invitation.pk}/erneut/")
    assert "gerade erst hinausgegangen" in words(keeping.post(again, follow=True))
    clock.shift(dt.timedelta(days=13))
    keeping.force_login(User.objects.get(email="vorsitz@chor.example.org"))
    assert "geht an neu@example.org" in words(keeping.post(again, follow=True))
    assert OutgoingMail.objects.filter(recipient=NEW).count() == 2
    invitation.refresh_from_db()
    assert invitation.expires_at == NOW + dt.timedelta(days=27)
    assert keeping.get(again).status_code == 405
    back = own(choir, f"einladungen/{invitation.pk}/zurueckziehen/")
    assert "ist zurückgezogen" in words(keeping.post(back, follow=True))
    assert "wurde zurückgezogen" in words(keeping.post(back, follow=True))
    assert NEW not in words(keeping.get(own(choir)))


def test_invitations_of_another_group_do_not_exist(keeping, nordholz):
    other = AssociationFactory.create(home_centre=nordholz.centre)
    boss = main_contact(other, "x@example.org")
    theirs = invite(association=other, email=NEW, role=MAIN, actor=boss, now=NOW)
    mine = Membership.objects.get(user__email="vorsitz@chor.example.org").association
    for association in (other, mine):
        for step in ("erneut", "zurueckziehen"):
            path = own(association, f"einladungen/{theirs.pk}/{step}/")
            assert keeping.post(path).status_code == 404
    theirs.refresh_from_db()
    assert theirs.withdrawn_at is None


# The link -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("token", ["x", "x.y", "0" * 60, "%00", "😀", "x" * 5000])
def test_a_link_that_is_not_ours_leads_nowhere(visitor, token):
    assert visitor.get(f"/konto/vereine/einladung/{token}/").status_code in {400, 404}


def test_a_key_without_our_signature_leads_nowhere(visitor, invitation):
    path = link(invitation)
    forged = path[:-5] + ("AAAA/" if path[-5:] != "AAAA/" else "BBBB/")
    for other in (forged, f"/konto/vereine/einladung/{invitation.pk}/"):
        assert visitor.get(other).status_code == 404


def test_another_person_cannot_accept(visitor, choir, invitation):
    other = UserFactory.create(email="andere@example.org")
    visitor.force_login(other)
    for response in (visitor.get(link(invitation)), visitor.post(link(invitation))):
        assert response.status_code == 403
        assert "ging an eine andere E-Mail-Adresse" in words(response)
        assert NEW not in words(response)
    assert other.email not in people(choir)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"expires_at": NOW}, "Diese Einladung gilt nicht mehr."),
        ({"withdrawn_at": NOW}, "Diese Einladung wurde zurückgezogen."),
        ({"accepted_at": NOW}, "Diese Einladung wurde schon angenommen."),
    ],
)
def test_an_invitation_that_is_over_counts_no_more(
    visitor, choir, invitation, newcomer, change, sentence
):
    Invitation.objects.update(**change)
    visitor.force_login(newcomer)
    for response in (visitor.get(link(invitation)), visitor.post(link(invitation))):
        assert response.status_code == 410
        assert sentence in words(response)
    assert NEW not in people(choir)


def test_who_was_removed_does_not_come_back_by_the_old_link(
    visitor, choir, chair, invitation, newcomer
):
    accept_invitation(invitation=invitation, user=newcomer, now=NOW)
    remove_member(membership=choir.memberships.get(user=newcomer), actor=chair, now=NOW)
    visitor.force_login(newcomer)
    assert visitor.post(link(invitation)).status_code == 410
    assert NEW not in people(choir)


def test_invitations_of_somebody_whose_access_ended_are_dead(choir, chair, invitation, newcomer):
    main_contact(choir, "zweite@chor.example.org")
    leave(association=choir, user=chair, now=NOW)
    with pytest.raises(NotDoneError) as refusal:
        accept_invitation(invitation=invitation, user=newcomer, now=NOW)
    assert refusal.value.why is NotDone.WITHDRAWN


def test_invitations_of_somebody_whose_account_is_closed_are_dead(
    visitor, choir, chair, invitation, newcomer
):
    """Until another main contact sends them again, and so invites instead."""
    second = main_contact(choir, "zweite@chor.example.org")
    User.objects.filter(pk=chair.pk).update(is_active=False)
    visitor.force_login(newcomer)
    for response in (visitor.get(link(invitation)), visitor.post(link(invitation))):
        assert response.status_code == 410
        assert "Diese Einladung gilt nicht mehr." in words(response)
    later = NOW + dt.timedelta(minutes=10)
    resend_invitation(invitation=invitation, actor=second, now=later)
    assert visitor.post(link(invitation)).status_code == 302
    assert people(choir)[NEW] == "may_book"


def test_over_invitations_are_forgotten(invitation):
    assert prune_invitations(now=NOW + dt.timedelta(days=100)) == 0
    assert prune_invitations(now=NOW + dt.timedelta(days=105)) == 1


# Handing over -------------------------------------------------------------------------------------


def test_a_group_is_handed_over_with_its_history(keeping, room, choir, chair, newcomer):
    """V5: the successor is main contact, the predecessor's access ends, the history stays."""
    booking = promised(room, association=choir, requester=chair)
    other = invite(association=choir, email="x@example.org", role=MAIN, actor=chair, now=NOW)
    OutgoingMail.objects.all().delete()
    keeping.post(own(choir, "uebergeben/"), {"email": NEW})
    assert "soll von Erika Vorsitz übernehmen" in words(keeping.get(own(choir)))
    path = re.search(r"/konto/vereine/einladung/\S+", OutgoingMail.objects.get().text)[0]
    assert people(choir) == {chair.email: "main_contact"}  # until it is accepted
    successor = Client(headers={"host": "localhost"})
    successor.force_login(newcomer)
    assert "Gemischter Chor übernehmen?" in words(successor.get(path))
    assert successor.post(path).headers["Location"] == own(choir)
    assert people(choir) == {NEW: "main_contact"}
    assert keeping.get(own(choir)).status_code == 404
    assert keeping.get(f"/buchungen/{booking.number}/").status_code == 404
    assert "Chorprobe" in words(successor.get(f"/buchungen/{booking.number}/"))
    mail = OutgoingMail.objects.get(recipient=chair.email)
    assert mail.subject == "Übergeben: Gemischter Chor"
    other.refresh_from_db()
    assert other.withdrawn_at == NOW


def test_the_successor_becomes_contact_on_the_day(visitor, room, choir, chair, newcomer):
    named = {"association": choir, "requester": chair, "contact_name": "erika vorsitz"}
    ahead = promised(room, **named)
    past = promised(room, span(day=NOW.date()), **named)
    caretaker = promised(room, span("09:00", "10:00"), **{**named, "contact_name": "Hausmeister"})
    BookingDate.objects.filter(booking=past).update(state="completed")
    asked = hand_over(association=choir, email=NEW, actor=chair, now=NOW)
    visitor.force_login(newcomer)
    assert "Bei 1 Anfrage mit kommenden Terminen ist Erika Vorsitz" in words(
        visitor.get(link(asked))
    )
    response = visitor.post(link(asked), {"phone": "immer"})
    assert response.status_code == 422
    assert 'value="immer"' in response.text
    assert people(choir) == {chair.email: "main_contact"}
    visitor.post(link(asked), {"phone": "040 66969 777"})
    contacts = [
        Booking.objects.values_list("contact_name", "contact_phone").get(pk=booking.pk)
        for booking in (ahead, past, caretaker)
    ]
    assert contacts == [
        ("Nele Neu", "040 66969 777"),
        ("erika vorsitz", "040 66969 120"),
        ("Hausmeister", "040 66969 120"),
    ]


def test_somebody_who_books_already_takes_over(choir, chair, singer):
    new = hand_over(association=choir, email=singer.email, actor=chair, now=NOW)
    accept_invitation(invitation=new, user=singer, now=NOW)
    assert people(choir) == {singer.email: "main_contact"}


@pytest.mark.parametrize(
    ("email", "sentence"),
    [
        ("Vorsitz@chor.example.org", "Das ist Ihre eigene Adresse."),
        ("dritte@example.org", "Sie haben schon jemanden gebeten zu übernehmen."),
    ],
)
def test_a_handing_over_that_cannot_be_is_refused(keeping, choir, chair, email, sentence):
    hand_over(association=choir, email=NEW, actor=chair, now=NOW)
    response = keeping.post(own(choir, "uebergeben/"), {"email": email})
    assert response.status_code == 422
    assert sentence in words(response)


def test_another_successor_is_asked_when_the_first_did_not_answer(choir, chair, newcomer):
    first = hand_over(association=choir, email=NEW, actor=chair, now=NOW)
    later = NOW + dt.timedelta(days=14)
    hand_over(association=choir, email="x@example.org", actor=chair, now=later)
    with pytest.raises(NotDoneError):
        accept_invitation(invitation=first, user=newcomer, now=later)


# The centre's team --------------------------------------------------------------------------------


def test_the_team_names_a_main_contact_where_nobody_is_left(desk, choir, newcomer):
    path = f"/verwaltung/vereine/{choir.pk}/hauptkontakt/"
    assert path in desk.get(f"/verwaltung/vereine/{choir.pk}/").text
    assert desk.post(path, {"email": "nein"}).status_code == 422
    desk.post(path, {"email": "vertippt@example.org"})
    desk.post(path, {"email": NEW})
    body = words(desk.get(f"/verwaltung/vereine/{choir.pk}/"))
    assert "neu@example.org ist als Hauptkontakt eingeladen, bis 8. Dezember 2026." in body
    assert "vertippt" not in body.replace("Die Einladung geht an vertippt@example.org.", "")
    new = Invitation.objects.get(email=NEW)
    accept_invitation(invitation=new, user=newcomer, now=NOW)
    assert people(choir) == {NEW: "main_contact"}


def test_where_a_main_contact_stands_in_the_books_the_team_gives_its_word(desk, choir, chair):
    path = f"/verwaltung/vereine/{choir.pk}/hauptkontakt/"
    response = desk.post(path, {"email": NEW})
    assert response.status_code == 422
    assert "Bitte vergewissern Sie sich zuerst" in words(response)
    desk.post(path, {"email": chair.email, "is_gone": "on"})
    assert not Invitation.objects.exists()
    desk.post(path, {"email": NEW, "is_gone": "on"})
    assert OutgoingMail.objects.get(recipient=chair.email).subject.startswith("Neuer Hauptkontakt")
    assert people(choir) == {chair.email: "main_contact"}  # keeps the access


def test_another_centre_names_nobody(desk, nordholz):
    other = AssociationFactory.create(home_centre=nordholz.centre)
    path = f"/verwaltung/vereine/{other.pk}/hauptkontakt/"
    assert desk.get(path).status_code == desk.post(path, {"email": NEW}).status_code == 404
