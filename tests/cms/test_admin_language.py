"""No English word on any way that a manager or an assistant can go."""

import html
import re

import pytest
from django.urls import reverse

from bookings.services.closures import create_closure
from cms.models import Centre, PracticePage, TransportOffer
from tests.cms.desk import NOW, visible_words
from tests.factories.bookings import (
    AssociationFactory,
    add_room,
    promised,
    requested,
    requested_too,
    span,
)
from tests.factories.cms import closed
from tests.factories.staff import assistant_of

pytestmark = pytest.mark.usefixtures("tuesday_morning")

ENGLISH = re.compile(
    r"\b(Save|Delete|Edit|Add|Search|Settings|Dashboard|Images?|Documents?|Pages?|View|Draft|"
    r"Publish|Unpublish|History|Usage|Copy|Move|Title|Date|Users?|Account|Log out|Sign out|Cancel|"
    r"Close|Choose|Select|Reports?|Help|Created|Updated|Changed?|Enter|Opening|Hours|Times?|"
    r"Closed|Today|Week|Yes|None|the|and|with|your|this|that|from|until|are|has|not specified)\b"
)


def links(body: str, here: str) -> set[str]:
    found = set(re.findall(r'(?:href|"url")\s*[=:]\s*"([^"#]+)"', html.unescape(body)))
    absolute = {here.partition("?")[0] + link if link.startswith("?") else link for link in found}
    return {
        link
        for link in absolute
        # Scripts add the chosen objects to the addresses of bulk actions.
        if link.startswith("/verwaltung/") and "/logout/" not in link and "/bulk/" not in link
    }


def book_rooms(centre: Centre) -> list[str]:
    """Fill the desk: rivals, a plain request, a promise today, a closed time, an unchecked group.

    Return the pages that buttons lead to.
    """
    room = add_room(centre, "Kursraum")
    requested(room)
    rival = requested_too(room)
    requested(room, span("08:00", "10:00"))
    promise = promised(room, span("15:00", "16:00", day=NOW.date()))
    create_closure(
        centre=centre, rooms=[room], span=span("12:00", "14:00"), reason="Reinigung",
        actor=promise.requester, now=NOW,
    )  # fmt: skip
    AssociationFactory.create(home_centre=centre, checked_at=None)
    steps = [(name, rival) for name in ("approve", "ask", "reject")] + [("revoke", promise)]
    return [reverse(f"request_{name}", args=[booking.pk]) for name, booking in steps]


@pytest.mark.parametrize("who", ["manager", "assistant"])
def test_no_english_on_any_way_from_the_start(client, request, who, practice, alfeld):
    closed(practice, "2026-12-23", "2027-01-02", substitute="Praxis Beispiel")
    closed(practice, "2026-11-16", "2026-11-20")
    TransportOffer.objects.create(centre=alfeld.centre, phone="030 23125 470")
    steps = book_rooms(alfeld.centre)
    user = request.getfixturevalue("manager") if who == "manager" else assistant_of(practice)
    client.force_login(user)
    page = PracticePage.objects.child_of(alfeld).get()
    bulk = [
        reverse("wagtail_bulk_action", args=["wagtailcore", "page", action]) + f"?id={page.pk}"
        for action in ("delete", "publish", "unpublish")
        if who == "manager"
    ]
    start = ["/verwaltung/", *bulk, *(steps if who == "manager" else [])]
    seen, english = set(start), {}
    todo, read = start, 0
    for _depth in range(3):
        following: set[str] = set()
        for address in todo:
            response = client.get(address)
            assert response.status_code in {200, 302}, address
            if not response.headers.get("Content-Type", "").startswith("text/html"):
                continue
            body = response.content.decode()
            words = visible_words(body)
            read += len(words.split())
            if found := set(ENGLISH.findall(words)):
                english[address] = sorted(found)
            following |= links(body, address)
        todo = sorted(one_of_each(following - seen))
        seen |= following
    assert not english
    assert len(seen) > (40 if who == "manager" else 4)
    assert read > 20 * len(seen)


def test_the_walk_reads_what_people_see_and_hear():
    page = '<div hidden>None</div><script>Save</script><p title="Close">Heute<br>Delete</p>'
    assert ENGLISH.findall(visible_words(page)) == ["Close", "Delete"]


def one_of_each(addresses: set[str]) -> set[str]:
    """Keep one address of each kind, so that the walk does not visit every filter and page."""
    kinds: dict[str, str] = {}
    for address in sorted(addresses):
        kinds.setdefault(re.sub(r"\d+", "0", re.sub(r"=[^&]*", "=", address)), address)
    return set(kinds.values())
