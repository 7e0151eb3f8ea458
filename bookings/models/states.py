"""The words for the states of a date, as the models offer them to choose from."""

from django.utils.translation import pgettext_lazy

from bookings.rules.states import DateState

_S = DateState
STATE_WORDS = {
    _S.DRAFT: pgettext_lazy("state of a date", "draft"),
    _S.UNVERIFIED: pgettext_lazy("state of a date", "not confirmed"),
    _S.REQUESTED: pgettext_lazy("state of a date", "requested"),
    _S.NEEDS_INFO: pgettext_lazy("state of a date", "question"),
    _S.WAITLISTED: pgettext_lazy("state of a date", "waiting list"),
    _S.OFFERED: pgettext_lazy("state of a date", "offered"),
    _S.APPROVED: pgettext_lazy("state of a date", "promised"),
    _S.REJECTED: pgettext_lazy("state of a date", "refused"),
    _S.WITHDRAWN: pgettext_lazy("state of a date", "withdrawn"),
    _S.CANCELLED: pgettext_lazy("state of a date", "does not take place"),
    _S.REVOKED: pgettext_lazy("state of a date", "cancelled by the centre"),
    _S.EXPIRED: pgettext_lazy("state of a date", "expired"),
    _S.COMPLETED: pgettext_lazy("state of a date", "took place"),
    _S.NO_SHOW: pgettext_lazy("state of a date", "not used"),
    _S.SKIPPED_HOLIDAY: pgettext_lazy("state of a date", "left out (public holiday)"),
    _S.SKIPPED_SCHOOL_HOLIDAY: pgettext_lazy("state of a date", "left out (school holidays)"),
    _S.SKIPPED_CONFLICT: pgettext_lazy("state of a date", "left out (taken)"),
    _S.CLOSED: pgettext_lazy("state of a date", "left out (closed)"),
}
