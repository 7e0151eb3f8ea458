"""What in the rules for bookings contradicts itself, in sentences."""

from django.utils.translation import gettext_lazy as _

from bookings.rules.policy import Contradiction

CONTRADICTIONS = {
    Contradiction.RASTER: _("Please choose 5, 10, 15, 20, 30 or 60 minutes."),
    Contradiction.SHORTEST_NOT_ON_RASTER: _(
        "The shortest booking has to be a multiple of the minutes at which dates begin and end."
    ),
    Contradiction.LONGEST_NOT_ON_RASTER: _(
        "The longest booking has to be a multiple of the minutes at which dates begin and end."
    ),
    Contradiction.SHORTEST_OVER_LONGEST: _("The shortest booking is longer than the longest one."),
    Contradiction.LONGEST_OVER_A_DAY: _("A booking ends at 24:00 at the latest: 1440 minutes."),
    Contradiction.LEAD_OVER_HORIZON: _(
        "Nobody could book: the time ahead at least is longer than the time ahead at most."
    ),
    Contradiction.HORIZON_TOO_FAR: _("Please enter 732 days at most, that is two years."),
    Contradiction.WARNING_OVER_HOLD: _(
        "The reminder has to come after the request: enter fewer days than the time is kept free."
    ),
    Contradiction.WINDOWS_MISSING: _(
        "Please enter the times at which checked associations get their promise at once."
    ),
    Contradiction.WINDOWS_WITHOUT_USE: _(
        "Times for a promise at once are entered, but they do not count with this choice. Please "
        "remove the times or choose the promise at given times."
    ),
    Contradiction.GUESTS_BUT_CHECKED: _(
        "Guests are never checked. Please allow either guests or checked associations only."
    ),
    Contradiction.QUOTA_UNDER_SHORTEST: _(
        "Nobody could book: the hours a week are fewer than the shortest booking."
    ),
    Contradiction.NO_TIME_FOR_OFFER: _("Please hold an offer for one hour at least."),
}
