from typing import Any

from django.apps import AppConfig
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class BookingsConfig(AppConfig):
    name = "bookings"
    verbose_name = _("Rooms and bookings")

    def ready(self) -> None:
        from bookings import series  # noqa: PLC0415 - these need the models
        from bookings.models import Room, Space, TermsOfUse  # noqa: PLC0415
        from bookings.selectors.personal_data import chapters_of  # noqa: PLC0415
        from bookings.selectors.rooms import room_paths_here, rooms_exist  # noqa: PLC0415
        from bookings.services import (  # noqa: PLC0415
            associations,
            changes,
            forgetting,
            housekeeping,
            leaving,
            reminders,
            year_plans,
        )
        from cms.selectors.navigation import ROOMS, register_need  # noqa: PLC0415
        from cms.selectors.personal_data import register_chapters  # noqa: PLC0415
        from cms.services.accounts import Leaving, register_leaving  # noqa: PLC0415
        from cms.services.centres import register_managed_models  # noqa: PLC0415
        from cms.services.housekeeping import register_job  # noqa: PLC0415
        from cms.views.sitemap import register_paths  # noqa: PLC0415

        register_managed_models(Room, Space, TermsOfUse)
        post_migrate.connect(_repair_permissions, sender=self)
        series.guard_deletions()
        register_need(ROOMS, rooms_exist)
        register_paths(room_paths_here)
        register_chapters(chapters_of)
        register_leaving("bookings", Leaving(leaving.obstacles, leaving.forget, leaving.stays))
        register_job("holds ended", housekeeping.end_holds)
        register_job("offers ended", housekeeping.expire_offers)
        register_job("wishes to change ended", changes.expire_changes)
        register_job("reminders to decide", housekeeping.warn_of_ends)
        register_job("unconfirmed requests ended", housekeeping.expire_unverified)
        register_job("guests forgotten", forgetting.forget_guests)
        register_job("contacts forgotten", forgetting.forget_contacts)
        register_job("dates completed", housekeeping.complete_past)
        register_job("plans decided", year_plans.note_all_decided)
        register_job("drafts deleted", housekeeping.prune_drafts)
        register_job("groups asked to confirm their data", associations.ask_to_confirm)
        register_job("groups reminded of their dates", reminders.remind)
        register_job("invitations deleted", associations.prune_invitations)


def _repair_permissions(sender: AppConfig, using: str = DEFAULT_DB_ALIAS, **_signal: Any) -> None:
    """Let the managers of centres that were there before the rooms work with them."""
    from django.contrib.auth.management import create_permissions  # noqa: PLC0415

    from cms.models import Centre  # noqa: PLC0415
    from cms.services.centres import repair_model_permissions  # noqa: PLC0415

    if using != DEFAULT_DB_ALIAS:
        return
    if Centre._meta.db_table in connection.introspection.table_names():
        create_permissions(sender, verbosity=0, using=using)
        repair_model_permissions()
