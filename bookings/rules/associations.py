"""How long invitations count, how often a group is asked to confirm, and what is refused."""

from datetime import datetime, timedelta
from enum import StrEnum

INVITATION_COUNTS = timedelta(days=14)
KEEP_INVITATIONS = timedelta(days=90)  # after they are over: whom a group invited is its own affair
CONFIRM_EVERY = timedelta(days=365)
# Against floods, and against words to strangers: mails with invitations in a day of one group, of one
# person for whatever groups, and to one address from whomever. Of a group that nobody has checked few.
A_DAY = timedelta(days=1)
INVITATIONS_A_DAY = 20
INVITATIONS_UNCHECKED = 5
INVITATIONS_TO_AN_ADDRESS = 5
RESEND_AFTER = timedelta(minutes=10)
MAILS_OF_AN_INVITATION = 5
# Groups of one main contact that the centre's team has still to check.
GROUPS_UNCHECKED = 3
# The same group once more within this time is a second click.
SECOND_CLICK = timedelta(minutes=1)


class NotDone(StrEnum):
    """Why something about the people of a group was not done; nothing was written."""

    LAST_MAIN_CONTACT = "last_main_contact"
    NOT_MAIN_CONTACT = "not_main_contact"
    ALREADY_MEMBER = "already_member"
    ALREADY_MAIN_CONTACT = "already_main_contact"
    ALREADY_INVITED = "already_invited"
    ALREADY_HANDING_OVER = "already_handing_over"
    ONESELF = "oneself"
    TOO_MANY = "too_many"
    TOO_MANY_TO_ADDRESS = "too_many_to_address"
    TOO_MANY_GROUPS = "too_many_groups"
    TOO_SOON = "too_soon"
    EXPIRED = "expired"
    USED = "used"
    WITHDRAWN = "withdrawn"
    OTHER_ADDRESS = "other_address"
    STILL_SOMEBODY = "still_somebody"
    CHANGED = "changed"


class NotDoneError(Exception):
    def __init__(self, why: NotDone) -> None:
        super().__init__(why)
        self.why = why


def is_confirmation_due(confirmed_at: datetime, now: datetime) -> bool:
    """Tell whether a group that was registered or confirmed then has to look at its data again."""
    return confirmed_at + CONFIRM_EVERY <= now
