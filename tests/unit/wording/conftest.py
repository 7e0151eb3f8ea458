"""German, and the practice of the mock-ups."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.utils import translation

from cms.opening_hours import Kind, Schedule
from tests.unit.wording.practice import (
    FRI,
    HOLIDAYS,
    LEAVE,
    MON,
    SHORT_FRIDAY,
    THU,
    TUE,
    WED,
    rule,
    week,
)


@pytest.fixture(autouse=True)
def _german() -> Iterator[None]:
    with translation.override("de"):
        yield


@pytest.fixture
def practice() -> Schedule:
    return week(
        *(rule(Kind.OPEN, day, 8, 12) for day in (MON, TUE, WED, THU)),
        *(rule(Kind.OPEN, day, 15, 18) for day in (MON, TUE, THU)),
        rule(Kind.OPEN, FRI, 8, 13),
        *(rule(Kind.WALK_IN, day, 8, 9) for day in range(5)),
        rule(Kind.PHONE, TUE, 7, 11),
        rule(Kind.OPEN, WED, 15, 17, valid_from=date(2027, 1, 4)),
        exceptions=(LEAVE, SHORT_FRIDAY),
        holidays=HOLIDAYS.get,
    )
