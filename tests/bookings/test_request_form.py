"""Step 1 of a request: what is preset, what is refused at which field, and that nothing typed is lost."""

import pytest
from django.test import Client

from tests.factories.bookings import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday_morning")]

FORM = "/raeume/alfeld/kursraum/anfrage/"


def filled(**values):
    return {
        "day": "2026-11-27", "start": "19:00", "end": "21:00", "purpose": "Chorprobe",
        "persons": "20", "group": "Gemischter Chor", "contact_name": "Erika Muster",
        "contact_phone": "040 66969 120", **values,
    }


def test_smoke(visitor: Client, room):
    response = visitor.get(FORM + "?tag=2026-11-27&von=19:30")
    assert response.status_code == 200
    print(response.text)
    response = visitor.post(FORM, filled(end="18:00", persons="80"))
    assert response.status_code == 422
    response = visitor.post(FORM, filled())
    assert response.status_code == 302, response.context["form"].errors
    print(response.url)
    r = visitor.get(response.url)
    print(r.url)
    print(visitor.get(r.url).text)
