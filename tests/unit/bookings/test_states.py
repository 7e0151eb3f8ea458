"""Every state, action and role: who may do what, and where it leads."""

import datetime as dt
from itertools import product

import pytest

from bookings.rules.states import (
    TRANSITIONS,
    Action,
    DateState,
    ReasonMissingError,
    Role,
    TransitionError,
    allowed_actions,
    next_state,
    takes_space,
)

S, A = DateState, Action
SKIPPED = (S.SKIPPED_HOLIDAY, S.SKIPPED_SCHOOL_HOLIDAY, S.SKIPPED_CONFLICT, S.CLOSED)
SKIP = {A.SKIP_HOLIDAY, A.SKIP_SCHOOL_HOLIDAY, A.SKIP_CONFLICT, A.SKIP_CLOSED}

# What each role may do with a date; every state that is not named: nothing.
MAY: dict[Role, dict[DateState, set[Action]]] = {
    Role.BOOKER: {
        S.DRAFT: {A.SEND, A.JOIN_WAITLIST, *SKIP},
        S.UNVERIFIED: {A.VERIFY, A.WITHDRAW},
        S.REQUESTED: {A.WITHDRAW},
        S.NEEDS_INFO: {A.ANSWER, A.WITHDRAW},
        S.WAITLISTED: {A.WITHDRAW},
        S.OFFERED: {A.ACCEPT, A.WITHDRAW},
        S.APPROVED: {A.CANCEL},
        **{state: {A.ADD_BACK} for state in SKIPPED},
    },
    Role.MANAGER: {
        S.DRAFT: {A.SEND, A.JOIN_WAITLIST},
        S.UNVERIFIED: {A.WITHDRAW},
        S.REQUESTED: {A.ASK, A.APPROVE, A.REJECT, A.WITHDRAW},
        S.NEEDS_INFO: {A.APPROVE, A.REJECT, A.WITHDRAW},
        S.WAITLISTED: {A.APPROVE, A.REJECT, A.WITHDRAW, A.OFFER},
        S.OFFERED: {A.WITHDRAW, A.REVOKE},
        S.APPROVED: {A.REVOKE, A.UNDO_APPROVAL, A.MARK_NO_SHOW},
        S.COMPLETED: {A.MARK_NO_SHOW},
    },
    Role.SYSTEM: {
        S.DRAFT: {A.BOOK},
        S.UNVERIFIED: {A.EXPIRE},
        S.REQUESTED: {A.DISPLACE, A.BOOK, A.MOVE_ON},
        S.NEEDS_INFO: {A.DISPLACE, A.MOVE_ON},
        S.WAITLISTED: {A.READMIT, A.OFFER, A.MOVE_ON},
        S.OFFERED: {A.EXPIRE, A.MOVE_ON},
        S.APPROVED: {A.COMPLETE, A.MOVE_ON},
        **{state: {A.MOVE_ON} for state in SKIPPED},
    },
}
LEADS_TO = {
    A.SEND: S.REQUESTED,
    A.JOIN_WAITLIST: S.WAITLISTED,
    A.BOOK: S.APPROVED,
    A.VERIFY: S.REQUESTED,
    A.ASK: S.NEEDS_INFO,
    A.ANSWER: S.REQUESTED,
    A.APPROVE: S.APPROVED,
    A.UNDO_APPROVAL: S.REQUESTED,
    A.REJECT: S.REJECTED,
    A.DISPLACE: S.WAITLISTED,
    A.READMIT: S.REQUESTED,
    A.OFFER: S.OFFERED,
    A.ACCEPT: S.APPROVED,
    A.WITHDRAW: S.WITHDRAWN,
    A.CANCEL: S.CANCELLED,
    A.REVOKE: S.REVOKED,
    A.EXPIRE: S.EXPIRED,
    A.COMPLETE: S.COMPLETED,
    A.MARK_NO_SHOW: S.NO_SHOW,
    A.SKIP_HOLIDAY: S.SKIPPED_HOLIDAY,
    A.SKIP_SCHOOL_HOLIDAY: S.SKIPPED_SCHOOL_HOLIDAY,
    A.SKIP_CONFLICT: S.SKIPPED_CONFLICT,
    A.SKIP_CLOSED: S.CLOSED,
    A.ADD_BACK: S.REQUESTED,
    A.MOVE_ON: S.CANCELLED,
}
WITH_REASON = {A.ASK, A.ANSWER, A.REJECT, A.REVOKE, A.MOVE_ON}
OF_WISHES = {A.ASK_CHANGE, A.REFUSE_CHANGE, A.WITHDRAW_CHANGE, A.EXPIRE_CHANGE, A.END_CHANGE_HOLD}
HISTORY_ONLY = {A.WARN, A.HOLD, A.END_HOLD, A.MOVE, A.EXCHANGE, *OF_WISHES}


@pytest.mark.parametrize(("role", "state"), list(product(Role, DateState)))
def test_what_a_role_may_do_with_a_date(role, state):
    assert allowed_actions(state, role) == MAY[role].get(state, set())


@pytest.mark.parametrize("action", TRANSITIONS)
def test_where_a_step_leads(action):
    for role, state in product(Role, DateState):
        if action in MAY[role].get(state, set()):
            assert next_state(action, state, role=role, reason="Darum.") is LEADS_TO[action]
        else:
            with pytest.raises(TransitionError, match="may not"):
                next_state(action, state, role=role, reason="Darum.")


@pytest.mark.parametrize("action", TRANSITIONS)
@pytest.mark.parametrize("reason", ["", " \n"])
def test_who_refuses_or_asks_says_why(action, reason):
    role, state = next(
        (role, state) for role in Role for state in MAY[role] if action in MAY[role][state]
    )
    if action in WITH_REASON:
        with pytest.raises(ReasonMissingError, match="needs a reason"):
            next_state(action, state, role=role, reason=reason)
    else:
        assert next_state(action, state, role=role, reason=reason) is LEADS_TO[action]


def test_every_action_is_in_the_table_or_in_the_history_only():
    assert set(LEADS_TO) == set(TRANSITIONS)
    assert set(Action) - set(TRANSITIONS) == HISTORY_ONLY


def test_what_is_over_stays_as_it_is():
    over = {S.REJECTED, S.WITHDRAWN, S.CANCELLED, S.REVOKED, S.EXPIRED, S.NO_SHOW}

    assert {
        state for state in DateState if not any(allowed_actions(state, role) for role in Role)
    } == over


def test_every_state_can_be_reached():
    # A guest's request starts unverified, everybody else's as a draft.
    assert {S.DRAFT, S.UNVERIFIED, *LEADS_TO.values()} == set(DateState)


@pytest.mark.parametrize("state", DateState)
def test_which_dates_take_their_space(state):
    held = dt.datetime(2026, 12, 1, tzinfo=dt.UTC)
    promised = {S.APPROVED, S.OFFERED, S.COMPLETED, S.NO_SHOW}
    holding = {S.REQUESTED, S.NEEDS_INFO}

    assert takes_space(state, None) == (state in promised)
    assert takes_space(state, held) == (state in promised | holding)
