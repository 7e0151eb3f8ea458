"""Reading the pages of rooms."""

import re

from bookings.models import Closure, Room
from bookings.rules.spans import Span
from bookings.services.closures import create_closure
from cms.models import User
from tests.factories.bookings import NOW
from tests.reading import words

WEEK = "/raeume/alfeld/kursraum/"
SAAL = "/raeume/alfeld/saal/"


def day(html: str, number: int) -> str:
    """Return the words of a day of the week, 1 is Monday."""
    parts = re.split(r'<div\s+class="rvz-day ', html)
    return words("<div " + parts[number].split("<section")[0].split("</section")[0])


def links(html: str) -> list[str]:
    """Return the addresses at which one asks for a time."""
    return [
        link.replace("&amp;", "&").partition("?")[2]
        for link in re.findall(r'href="([^"]*/anfrage/\?[^"]*)"', html)
    ]


def closed(room: Room, when: Span, manager: User, reason: str = "Reinigung") -> Closure:
    return create_closure(
        centre=room.centre, rooms=[room], span=when, reason=reason, actor=manager, now=NOW
    )
