"""Why a regularly closed time cannot be entered, in sentences."""

from django.utils.translation import gettext_lazy as _

from bookings.rules.closed_times import PlanFault

PLAN_FAULTS = {
    PlanFault.LAST_BEFORE_FIRST: _("The last day must not be before the first day."),
    PlanFault.CLOSES_BEFORE_OPENS: _("The end must be after the start."),
    PlanFault.UNKNOWN_WEEKDAY: _("Please choose weekdays from Monday to Sunday."),
    PlanFault.NO_WEEKDAY: _("Please choose at least one weekday."),
    PlanFault.TOO_LONG: _("Please choose a last day within two years after the first day."),
    PlanFault.TOO_MANY: _(
        "These are more than 800 closed times. Please choose an earlier last day or fewer weekdays."
    ),
    PlanFault.NO_SUCH_DAY: _(
        "None of these weekdays lies between the first and the last day. Please change one of them."
    ),
    PlanFault.NO_SCHOOL_HOLIDAYS: _(
        "No such day between the first and the last day lies in the school holidays. Please choose "
        "other days."
    ),
    PlanFault.OVER: _("This time is over. Please enter a time from now on."),
}
