"""What fixtures plant can be put back: otherwise every test builds it anew, and nobody notices."""

import pytest
from django.db import transaction

from cms.models import CentrePage
from tests.factories.bookings import add_hall
from tests.factories.cms import plant_tree
from tests.factories.staff import manager_of
from tests.planting import Garden, all_rows


def furnish() -> CentrePage:
    page = plant_tree().add_centre("Alfeld")
    manager_of(page)
    add_hall(page.centre)
    return page


def build_anew() -> CentrePage:
    pytest.fail("The rows do not fit.")


@pytest.mark.django_db
def test_rows_are_put_back_as_they_were():
    with transaction.atomic():
        page = Garden().plant("probe", furnish, at_once=True)
        rows = all_rows()
        transaction.set_rollback(True)
    before = all_rows()
    assert Garden().plant("probe", build_anew) == page
    assert all_rows() == rows != before
    # The same place is taken now: it is built.
    assert Garden().plant("probe", lambda: "built") == "built"
