from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BookingsConfig(AppConfig):
    name = "bookings"
    verbose_name = _("Rooms and bookings")

    def ready(self) -> None:
        from bookings import series  # noqa: PLC0415 - these need the models
        from bookings.selectors.rooms import has_rooms  # noqa: PLC0415
        from bookings.services import housekeeping  # noqa: PLC0415
        from cms.selectors.navigation import ROOMS, register_need  # noqa: PLC0415
        from cms.services.housekeeping import register_job  # noqa: PLC0415

        series.guard_deletions()
        register_need(ROOMS, has_rooms)
        register_job("holds ended", housekeeping.end_holds)
        register_job("drafts deleted", housekeeping.prune_drafts)
