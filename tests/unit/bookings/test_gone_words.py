"""What is said of a time that is gone: what else is free, as far as somebody has looked."""

import pytest
from django.utils import translation

from bookings.rules.refusals import Code, Refusal
from bookings.wording import refusal_sentence

GONE = (Code.CLOSED, Code.TAKEN, Code.HELD, Code.OWN_TAKEN, Code.OWN_HELD)
NOTHING_ELSE = " An diesem Tag ist sonst nichts frei."


@pytest.fixture(autouse=True)
def _german():
    with translation.override("de"):
        yield


@pytest.mark.parametrize("code", GONE)
def test_the_free_times_follow_what_is_gone(code):
    reason = {"reason": "Reinigung"}
    plain = refusal_sentence(Refusal(code, "start", reason))
    looked = refusal_sentence(Refusal(code, "start", {**reason, "free": ()}))

    assert plain.endswith(".")
    assert looked == plain + NOTHING_ELSE
