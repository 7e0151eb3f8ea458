"""What is said of a time that is gone: what else is free, as far as somebody has looked."""

import datetime as dt

import pytest
from django.utils import translation

from bookings.rules.refusals import Code, Refusal
from bookings.rules.wall_clock import span_on
from bookings.wording import refusal_sentence
from cms.wording import plain_text

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


def test_a_date_with_several_faults_is_one_date():
    span = span_on(dt.date(2026, 11, 27), dt.time(6), dt.time(6, 15))
    faults = [Refusal(Code.OUTSIDE_HOURS, "start"), Refusal(Code.TOO_SHORT, "end", {"minutes": 30})]
    refusal = Refusal(Code.DATES_GONE, "dates", {"dates": tuple((span, one) for one in faults)})
    said = plain_text(refusal_sentence(refusal))
    assert said.startswith("1 Termin geht so nicht: Fr., 27. November 2026, 6:00–6:15 Uhr – ")
    assert said.count("27. November") == 1
    assert "Nutzungszeiten. Bitte" in said
    assert "30 Minuten" in said
