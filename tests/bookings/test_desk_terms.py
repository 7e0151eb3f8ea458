"""The manager keeps the terms of use; what a group agreed to stays as it was."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bookings.models import TermsOfUse
from tests.factories.bookings import requested

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday_morning")]


def sent(centre, text: str) -> dict[str, str]:
    return {"centre": str(centre.pk), "text": text, "valid_from": "2026-12-01"}


def test_a_manager_adds_a_version_that_counts_from_a_day(desk, centre):
    TermsOfUse.objects.create(centre=centre, text="Alt", valid_from="2026-01-01")
    assert "Nutzungsordnung" in desk.get(reverse("room_overview")).text
    assert desk.post(reverse("bookings_terms:add"), sent(centre, "Neu")).status_code == 302
    newest = TermsOfUse.objects.order_by("-version")[0]
    assert (newest.version, newest.text) == (2, "Neu")
    assert "Fassung 2" in desk.get(reverse("bookings_terms:index")).text


def test_what_groups_agreed_to_can_neither_be_changed_nor_deleted(desk, centre, room):
    terms = TermsOfUse.objects.create(centre=centre, text="Alt", valid_from="2026-01-01")
    edit = reverse("bookings_terms:edit", args=[terms.pk])
    delete = reverse("bookings_terms:delete", args=[terms.pk])
    with CaptureQueriesContext(connection) as queries:
        assert desk.post(edit, sent(centre, "Neu")).status_code == 302
    # A request that agrees to it right now is waited for (services.requests holds the same row).
    assert [one for one in queries if one["sql"].endswith("FOR UPDATE")]
    terms.refresh_from_db()
    assert terms.text == "Neu"
    booking = requested(room)
    type(booking).objects.update(terms=terms)
    response = desk.post(edit, sent(centre, "Heimlich"), follow=True)
    assert "Dieser Fassung haben schon Gruppen zugestimmt" in response.text
    desk.post(delete)
    terms.refresh_from_db()
    assert terms.text == "Neu"
