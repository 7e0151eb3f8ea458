"""Why something about the people of a group was not done, and what to do next."""

from django.utils.translation import gettext_lazy as _

from bookings.rules.associations import NotDone

NOT_DONE = {
    NotDone.LAST_MAIN_CONTACT: _(
        "The group needs a main contact. Please make somebody else main contact first, or hand "
        "the group over."
    ),
    NotDone.NOT_MAIN_CONTACT: _("Only a main contact of the group can do this."),
    NotDone.ALREADY_MEMBER: _(
        "This person already acts for the group. You can change the role in the list of people."
    ),
    NotDone.ALREADY_MAIN_CONTACT: _("This person already is main contact."),
    NotDone.ALREADY_INVITED: _(
        "There is an open invitation for this address. You can send it again or withdraw it."
    ),
    NotDone.ALREADY_HANDING_OVER: _(
        "You have asked somebody to take over already. Please withdraw that invitation first."
    ),
    NotDone.ONESELF: _("This is your own address. Please enter that of the successor."),
    NotDone.TOO_MANY: _("That is a lot of invitations. Please go on tomorrow."),
    NotDone.TOO_MANY_TO_ADDRESS: _(
        "Several invitations went to this address today. Please try again tomorrow."
    ),
    NotDone.TOO_MANY_GROUPS: _(
        "Three of your groups are waiting to be checked by the centre's team. You can register "
        "another one when a group is checked. In a hurry? Please ring the centre up."
    ),
    NotDone.TOO_SOON: _(
        "We have sent this invitation a moment ago. Please wait ten minutes, and look into the "
        "spam folder, too."
    ),
    NotDone.EXPIRED: _("This invitation is no longer valid. Please ask the group for a new one."),
    NotDone.USED: _("This invitation was accepted already."),
    NotDone.WITHDRAWN: _("This invitation was withdrawn. Please ask the group."),
    NotDone.OTHER_ADDRESS: _("This invitation went to another e-mail address."),
    NotDone.STILL_SOMEBODY: _("The group has a main contact, who can invite others."),
    NotDone.CHANGED: _(
        "The group has changed its name, kind or register number meanwhile. Please look at it "
        "once more, and check it then."
    ),
}
