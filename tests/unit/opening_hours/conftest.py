"""The practice of the mock-ups."""

import pytest

from cms.opening_hours import Schedule
from tests.unit.opening_hours.practice import HOLIDAYS, LEAVE, PRACTICE, SHORT_FRIDAY


@pytest.fixture
def practice() -> Schedule:
    return Schedule(tuple(PRACTICE), (LEAVE, SHORT_FRIDAY), holidays=HOLIDAYS.get)
