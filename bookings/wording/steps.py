"""The steps in the history of a request, as its group reads them."""

from django.utils.translation import gettext_lazy, pgettext_lazy

from bookings.rules.states import Action

_A = Action
STEPS = {
    _A.SEND: gettext_lazy("Request sent"),
    _A.JOIN_WAITLIST: gettext_lazy("Request sent, on the waiting list"),
    _A.VERIFY: gettext_lazy("Request confirmed"),
    _A.ASK: gettext_lazy("Question of the centre"),
    _A.ANSWER: gettext_lazy("Your answer"),
    _A.APPROVE: pgettext_lazy("step", "Promised"),
    _A.UNDO_APPROVAL: gettext_lazy("Promise taken back before the mail went out"),
    _A.REJECT: pgettext_lazy("step", "Refused"),
    _A.DISPLACE: gettext_lazy("Given to another group, now on the waiting list"),
    _A.READMIT: gettext_lazy("Free again, is decided now"),
    _A.OFFER: pgettext_lazy("step", "Offered"),
    _A.ACCEPT: gettext_lazy("Offer taken"),
    _A.WITHDRAW: pgettext_lazy("step", "Withdrawn"),
    _A.CANCEL: pgettext_lazy("step", "Cancelled by you"),
    _A.REVOKE: pgettext_lazy("step", "Cancelled by the centre"),
    _A.EXPIRE: pgettext_lazy("step", "Expired"),
    _A.COMPLETE: pgettext_lazy("step", "Took place"),
    _A.MARK_NO_SHOW: pgettext_lazy("step", "Not used"),
    _A.SKIP_HOLIDAY: gettext_lazy("Left out (public holiday)"),
    _A.SKIP_SCHOOL_HOLIDAY: gettext_lazy("Left out (school holidays)"),
    _A.SKIP_CONFLICT: gettext_lazy("Left out (taken)"),
    _A.SKIP_CLOSED: gettext_lazy("Left out (closed)"),
    _A.ADD_BACK: gettext_lazy("Added again"),
    _A.BOOK: pgettext_lazy("step", "Promised"),
    _A.MOVE_ON: gettext_lazy("Goes on under another number"),
    _A.ASK_CHANGE: gettext_lazy("Another time or room is wished"),
    _A.MOVE: gettext_lazy("Has another time or room"),
    _A.EXCHANGE: gettext_lazy("Exchanged by the centre with a date of another group"),
    _A.REFUSE_CHANGE: gettext_lazy("Change refused: the date stays as it was"),
    _A.WITHDRAW_CHANGE: gettext_lazy("Wish to change withdrawn"),
    _A.EXPIRE_CHANGE: gettext_lazy("Wish to change over: not decided in time"),
    _A.END_CHANGE_HOLD: gettext_lazy("The wished time is no longer kept free"),
    _A.END_HOLD: gettext_lazy("No longer kept free"),
}


def step_word(action: str) -> str:
    """Say "Zugesagt"; "" for a step that only the housekeeping takes."""
    return str(STEPS.get(Action(action), ""))
