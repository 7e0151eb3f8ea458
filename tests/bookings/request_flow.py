"""Asking for a room as a browser does it."""

import re
from html import unescape

from django.test import Client

from cms.models import OutgoingMail
from tests.factories.cms import PASSWORD
from tests.reading import main

FORM = "/raeume/alfeld/kursraum/anfrage/"


def typed(**values) -> dict[str, str]:
    """Return what somebody who is not signed in fills in; Friday evening unless said otherwise."""
    defaults = {
        "day": "2026-11-27",
        "start": "19:00",
        "end": "21:00",
        "purpose": "Chorprobe",
        "persons": "20",
        "group": "Gemischter Chor",
        "contact_name": "Erika Muster",
        "contact_phone": "040 66969 120",
    }
    return {name: text for name, text in {**defaults, **values}.items() if text is not None}


def fill_in(client: Client, path: str = FORM, **values):
    """Open the form, fill it in and send it, with the hidden fields of the page."""
    page = client.get(path)
    return client.post(FORM, {"entwurf": draft_key(page.text), **typed(**values)})


def draft_key(html: str) -> str:
    return shown(html, "entwurf")


def shown(html: str, name: str) -> str:
    """Return the value of a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]+)"', html)
    assert found
    return found[1]


def free_time(html: str) -> str:
    """Return where the first free time leads that a page names instead of one that is gone."""
    found = re.search(rf'href="({FORM}\?tag=[^"]+)"', html)
    assert found
    return unescape(found[1])


def to_check(client: Client, **values) -> str:
    """Fill in the form and return the address of the check page."""
    response = fill_in(client, **values)
    assert response.status_code == 302, main(response.text)
    return response.url


def sign_in(client: Client, path: str, email: str):
    return client.post(path, {"login": email, "password": PASSWORD})


def code_for(email: str) -> str:
    mail = OutgoingMail.objects.filter(recipient=email).latest("created_at")
    found = re.search(r"\b\d{4}-\d{4}\b", mail.text)
    assert found, mail.text
    return found[0]
