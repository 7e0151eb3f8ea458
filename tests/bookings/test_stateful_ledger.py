"""Whatever people do, in whatever order: the ledger says what was decided, and nobody is forgotten."""

import os
from collections import Counter
from functools import partial

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.bookings.ledger_machine.team import Everybody
from tests.factories.bookings import AssociationFactory, member_of

STEPS = 40
LONG_LOOK = 100  # examples, after which everything has happened
# What has to succeed now and then, and not only be refused.
DONE = {
    *("ask for a date", "ask for a series", "ask on the phone", "be promised", "queue behind"),
    *("answer", "give up", "accept", "decline", "end series", "extend", "add back"),
    *("wish to move", "wish for other times", "wish from a date on", "withdraw wish"),
    *("split at once", "grant move", "grant following", "refuse wish", "exchange"),
    *(
        "approve",
        "undo",
        "decide",
        "reject",
        "ask back",
        "revoke",
        "offer a substitute",
        "note a no-show",
    ),
    *("close once", "close once, in the way", "close weekly", "close weekly, in the way"),
    *("reopen", "reopen plan", "renew", "withdraw renewal", "decide on the plan"),
    *("end_holds", "expire_offers", "warn_of_ends", "expire_changes", "complete_past"),
}


@pytest.mark.django_db
def test_the_laws_of_the_ledger_hold_after_every_step(hall, choir, singer, manager):
    dancers = AssociationFactory.create(name="Tanzkreis", home_centre=choir.home_centre)
    member_of(dancers)
    tally: Counter[str] = Counter()
    examples = max(1, settings().max_examples // 5)
    run_state_machine_as_test(
        partial(Everybody, hall, [choir, dancers], manager, tally),  # type: ignore[arg-type]
        settings=settings(
            max_examples=examples,
            stateful_step_count=STEPS,
            deadline=None,
            # The suite tries the same every time: what is counted below cannot depend on chance.
            derandomize="HYPOTHESIS_EXAMPLES" not in os.environ,
            # An example has forty steps with some choices each, and each step is a decision of an office.
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        ),
    )
    missing = DONE - tally.keys()
    assert len(missing) <= (0 if examples >= LONG_LOOK else len(DONE) // 2), (missing, tally)
