"""No event is forgotten: each has a mail, or a reason why it has none."""

from bookings.notifications import changes, to_group, to_team
from bookings.rules.states import Action

# Without any mail, and why.
SILENT = {
    Action.UNDO_APPROVAL,  # taken back before its mail went out
    Action.COMPLETE,  # it took place
    Action.MARK_NO_SHOW,  # the team rings up; what it notes is its own
    Action.SKIP_HOLIDAY,  # told with the request they belong to
    Action.SKIP_SCHOOL_HOLIDAY,
    Action.SKIP_CONFLICT,
    Action.SKIP_CLOSED,
    Action.HOLD,  # told with what was asked for
}


def test_every_event_has_its_mail():
    told = {
        *to_group._LETTERS,
        *to_team._LETTERS,
        *changes.TO_GROUP,
        *changes.TO_TEAM,
    }
    assert set(Action) - told == SILENT
