"""The states of a date and the one table of what may happen to it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class DateState(StrEnum):
    DRAFT = "draft"
    UNVERIFIED = "unverified"
    REQUESTED = "requested"  # to be decided, holding its time or not
    NEEDS_INFO = "needs_info"
    WAITLISTED = "waitlisted"  # behind a promised time
    OFFERED = "offered"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"  # by the group
    REVOKED = "revoked"  # by the centre
    EXPIRED = "expired"
    COMPLETED = "completed"
    NO_SHOW = "no_show"
    SKIPPED_HOLIDAY = "skipped_holiday"
    SKIPPED_SCHOOL_HOLIDAY = "skipped_school_holiday"
    SKIPPED_CONFLICT = "skipped_conflict"
    CLOSED = "closed"


class Role(StrEnum):
    BOOKER = "booker"
    MANAGER = "manager"
    SYSTEM = "system"


class Action(StrEnum):
    SEND = "send"
    JOIN_WAITLIST = "join_waitlist"
    BOOK = "book"  # promised at once, as the rules of the room say
    VERIFY = "verify"
    ASK = "ask"
    ANSWER = "answer"
    APPROVE = "approve"
    UNDO_APPROVAL = "undo_approval"
    REJECT = "reject"
    DISPLACE = "displace"  # another request for the time was promised
    READMIT = "readmit"  # the promised time became free again
    OFFER = "offer"
    ACCEPT = "accept"
    WITHDRAW = "withdraw"
    CANCEL = "cancel"
    REVOKE = "revoke"
    EXPIRE = "expire"
    COMPLETE = "complete"
    MARK_NO_SHOW = "mark_no_show"
    SKIP_HOLIDAY = "skip_holiday"
    SKIP_SCHOOL_HOLIDAY = "skip_school_holiday"
    SKIP_CONFLICT = "skip_conflict"
    SKIP_CLOSED = "skip_closed"
    ADD_BACK = "add_back"
    MOVE_ON = "move_on"  # this and all that follow go on under another number
    # These change no state, but belong into the history.
    WARN = "warn"  # the team, before a hold ends
    HOLD = "hold"
    END_HOLD = "end_hold"
    ASK_CHANGE = "ask_change"  # for another time or room
    MOVE = "move"  # it has another time or room now
    EXCHANGE = "exchange"  # with a date of another request
    REFUSE_CHANGE = "refuse_change"
    WITHDRAW_CHANGE = "withdraw_change"
    EXPIRE_CHANGE = "expire_change"  # nobody decided in time, or the date is gone
    END_CHANGE_HOLD = "end_change_hold"


@dataclass(frozen=True)
class Transition:
    sources: frozenset[DateState]
    target: DateState
    roles: frozenset[Role]
    needs_reason: bool = False


def _way(
    sources: set[DateState], target: DateState, *roles: Role, needs_reason: bool = False
) -> Transition:
    return Transition(frozenset(sources), target, frozenset(roles), needs_reason)


_S = DateState
UNDECIDED = frozenset({_S.REQUESTED, _S.NEEDS_INFO, _S.WAITLISTED})
HOLDING = frozenset({_S.REQUESTED, _S.NEEDS_INFO})
PROMISED = frozenset({_S.APPROVED, _S.OFFERED, _S.COMPLETED, _S.NO_SHOW})
SKIPPED = frozenset({_S.SKIPPED_HOLIDAY, _S.SKIPPED_SCHOOL_HOLIDAY, _S.SKIPPED_CONFLICT, _S.CLOSED})
# The date does not take place: it is cancelled in calendars.
GONE = SKIPPED | {_S.REJECTED, _S.WITHDRAWN, _S.CANCELLED, _S.REVOKED, _S.EXPIRED}
# By the group or by the centre: who wishes to change a series has to ask for it anew.
GIVEN_UP = frozenset({_S.WITHDRAWN, _S.CANCELLED, _S.REVOKED})

TRANSITIONS: dict[Action, Transition] = {
    Action.SEND: _way({_S.DRAFT}, _S.REQUESTED, Role.BOOKER, Role.MANAGER),
    Action.JOIN_WAITLIST: _way({_S.DRAFT}, _S.WAITLISTED, Role.BOOKER, Role.MANAGER),
    # Of a date that was left out: right after it was added back.
    Action.BOOK: _way({_S.DRAFT, _S.REQUESTED}, _S.APPROVED, Role.SYSTEM),
    Action.VERIFY: _way({_S.UNVERIFIED}, _S.REQUESTED, Role.BOOKER),
    Action.ASK: _way({_S.REQUESTED}, _S.NEEDS_INFO, Role.MANAGER, needs_reason=True),
    Action.ANSWER: _way({_S.NEEDS_INFO}, _S.REQUESTED, Role.BOOKER, needs_reason=True),
    Action.APPROVE: _way(set(UNDECIDED), _S.APPROVED, Role.MANAGER),
    Action.UNDO_APPROVAL: _way({_S.APPROVED}, _S.REQUESTED, Role.MANAGER),
    Action.REJECT: _way(set(UNDECIDED), _S.REJECTED, Role.MANAGER, needs_reason=True),
    Action.DISPLACE: _way(set(HOLDING), _S.WAITLISTED, Role.SYSTEM),
    Action.READMIT: _way({_S.WAITLISTED}, _S.REQUESTED, Role.SYSTEM),
    Action.OFFER: _way({_S.WAITLISTED}, _S.OFFERED, Role.MANAGER, Role.SYSTEM),
    Action.ACCEPT: _way({_S.OFFERED}, _S.APPROVED, Role.BOOKER),
    Action.WITHDRAW: _way(
        {*UNDECIDED, _S.UNVERIFIED, _S.OFFERED}, _S.WITHDRAWN, Role.BOOKER, Role.MANAGER
    ),
    Action.CANCEL: _way({_S.APPROVED}, _S.CANCELLED, Role.BOOKER),
    Action.REVOKE: _way({_S.APPROVED, _S.OFFERED}, _S.REVOKED, Role.MANAGER, needs_reason=True),
    Action.EXPIRE: _way({_S.UNVERIFIED, _S.OFFERED}, _S.EXPIRED, Role.SYSTEM),
    Action.COMPLETE: _way({_S.APPROVED}, _S.COMPLETED, Role.SYSTEM),
    # Of a promised date: while it goes on, before it counts as having taken place.
    Action.MARK_NO_SHOW: _way({_S.APPROVED, _S.COMPLETED}, _S.NO_SHOW, Role.MANAGER),
    Action.SKIP_HOLIDAY: _way({_S.DRAFT}, _S.SKIPPED_HOLIDAY, Role.BOOKER),
    Action.SKIP_SCHOOL_HOLIDAY: _way({_S.DRAFT}, _S.SKIPPED_SCHOOL_HOLIDAY, Role.BOOKER),
    Action.SKIP_CONFLICT: _way({_S.DRAFT}, _S.SKIPPED_CONFLICT, Role.BOOKER),
    Action.SKIP_CLOSED: _way({_S.DRAFT}, _S.CLOSED, Role.BOOKER),
    Action.ADD_BACK: _way(set(SKIPPED), _S.REQUESTED, Role.BOOKER),
    Action.MOVE_ON: _way(
        {*UNDECIDED, _S.OFFERED, _S.APPROVED, *SKIPPED},
        _S.CANCELLED,
        Role.SYSTEM,
        needs_reason=True,
    ),
}


class TransitionError(Exception):
    """The table does not allow this."""


class ReasonMissingError(Exception):
    """The table asks for a reason, and there is none."""


def next_state(action: Action, state: DateState, *, role: Role, reason: str = "") -> DateState:
    """Return the state after the action.

    Raises TransitionError when the table forbids it, ReasonMissingError when it needs a reason.
    """
    way = TRANSITIONS[action]
    if state not in way.sources or role not in way.roles:
        msg = f"{role} may not {action} a date that is {state}"
        raise TransitionError(msg)
    if way.needs_reason and not reason.strip():
        msg = f"{action} needs a reason"
        raise ReasonMissingError(msg)
    return way.target


def allowed_actions(state: DateState, role: Role) -> frozenset[Action]:
    """Return what this role may do with a date in this state."""
    return frozenset(
        action for action, way in TRANSITIONS.items() if state in way.sources and role in way.roles
    )


def takes_space(state: DateState, holds_until: datetime | None) -> bool:
    """Tell whether a date stands: whether the ledger has rows for it."""
    return state in PROMISED or (state in HOLDING and holds_until is not None)
