"""A form of a group sent after the session had ended: it is there again after signing in."""

import re
from urllib.parse import unquote

import pytest
from django.test import Client

from bookings.models import Membership
from bookings.rules.states import DateState
from bookings.services.associations import invite
from bookings.services.decisions import ask
from tests.bookings.changing import dates_of, promised_series
from tests.bookings.test_own_series import WEEK, faces, main_of
from tests.cms.test_ended_session import BACK, form_of
from tests.factories.bookings import FRIDAY, NOW, promised, requested, span

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday_morning")]


@pytest.fixture
def singing(visitor: Client, singer) -> Client:
    visitor.force_login(singer)
    return visitor


@pytest.fixture
def ours(choir, singer):
    choir.memberships.update(role=Membership.Role.MAIN_CONTACT)
    return {"association": choir, "requester": singer}


def signed_out_and_in(client, user, path: str, sent: dict[str, str]):
    """Send a form without a session, sign in, and return the page one is led to."""
    client.logout()
    page = client.post(path, sent).url.partition("next=")[2]
    client.force_login(user)
    return client.get(unquote(page))


def test_the_data_of_a_group(singing, ours, singer, choir):
    path = f"/konto/vereine/{choir.pk}/aendern/"
    sent = form_of(singing, path, name="Neuer Name", notice_on="2026-01-31", legal_form="group")
    page = signed_out_and_in(singing, singer, path, sent).text
    assert BACK in page
    assert 'value="Neuer Name"' in page
    assert 'value="2026-01-31"' in page
    choir.refresh_from_db()
    assert choir.name == "Gemischter Chor"


def test_an_answer(singing, room, ours, singer, manager):
    booking = requested(room, span(), **ours)
    ask(booking=booking, question="Wie viele?", actor=manager, now=NOW)
    home = f"/buchungen/{booking.number}/"
    sent = form_of(singing, home, text="Wir sind zwölf.")
    page = signed_out_and_in(singing, singer, f"{home}antworten/", sent)
    assert page.request["PATH_INFO"] == home
    assert BACK in page.text
    assert ">\nWir sind zwölf.</textarea>" in page.text
    assert dates_of(booking)[0].state == DateState.NEEDS_INFO


def test_a_longer_series_with_what_was_chosen(singing, room, ours, singer):
    booking = promised_series(room, **ours)
    promised(room, span(day=FRIDAY + 3 * WEEK))
    path = f"/buchungen/{booking.number}/verlaengern/"
    asked = f"{path}?until=2027-01-15"
    page = main_of(singing.get(asked))
    other = re.findall(r'name="(termin-[^"]+)"\s+id="[^"]+"\s+value="(\w+)"\s+>', page)[-1]
    sent = form_of(singing, asked, until="2027-01-15", text="Danke!", **faces(page))
    back = main_of(signed_out_and_in(singing, singer, path, {**sent, other[0]: other[1]}))
    assert "Danke!</textarea>" in back
    assert re.search(rf'name="{other[0]}"\s+id="[^"]+"\s+value="{other[1]}"\s+checked', back)
    assert len(dates_of(booking)) == 3


def test_a_button_leads_back_to_its_page(singing, ours, singer, choir):
    invite(association=choir, email="neu@example.org", role="may_book", actor=singer, now=NOW)
    home = f"/konto/vereine/{choir.pk}/"
    key = choir.invitations.get().pk
    sent = form_of(singing, home)
    page = signed_out_and_in(singing, singer, f"{home}einladungen/{key}/zurueckziehen/", sent)
    assert page.status_code == 200
    assert page.request["PATH_INFO"] == home
    assert choir.invitations.get().withdrawn_at is None
