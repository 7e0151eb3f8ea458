"""Public and school holidays: what is known, and what the administration changes in it."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.views.generic import IndexView

from cms.admin.scoped import ScopedViewSet
from cms.forms.holidays import HolidayForm
from cms.models import HolidayOverride, User
from cms.opening_hours import BERLIN
from cms.permissions import is_administration, is_manager
from cms.selectors.holidays import (
    public_holidays_ahead,
    school_holidays_ahead,
    school_holidays_end_early,
    unknown_public_holidays,
)
from cms.selectors.schedules import holiday_calendar
from cms.wording import date_long


class HolidayIndexView(IndexView):
    """The changes, and below them what is known of the next twelve months."""

    page_title = gettext_lazy("Public and school holidays")

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        calendar, today = holiday_calendar(), timezone.now().astimezone(BERLIN).date()
        return {
            **super().get_context_data(*args, **kwargs),
            "public_holidays": public_holidays_ahead(calendar, today),
            "school_holidays": school_holidays_ahead(calendar, today),
            "notice": holiday_notice(self.request.user, today),
        }


class HolidayViewSet(ScopedViewSet):
    model = HolidayOverride
    name = "cms_holidays"
    url_prefix = "feiertage"
    icon = "calendar-alt"
    menu_label = gettext_lazy("Public and school holidays")
    add_to_admin_menu = True
    menu_order = 60
    list_display = ["__str__", "kind", "is_holiday"]
    index_view_class = HolidayIndexView
    index_template_name = "cms/admin/holidays.html"
    own_form_class = HolidayForm


@dataclass(frozen=True, slots=True)
class HolidayNotice:
    """Says that the holidays ahead are not known for long; `url` is "" for who cannot help it."""

    text: str
    url: str = ""


def holiday_notice(user: User, today: dt.date) -> HolidayNotice | None:
    """Return what the administration has to enter, and managers have to tell it. One query."""
    if not (is_administration(user) or is_manager(user)):
        return None
    calendar = holiday_calendar()
    end = school_holidays_end_early(calendar, today)
    unknown = unknown_public_holidays(calendar, today)
    if end is None and not unknown:
        return None
    text = _("The school holidays are known until %(day)s only, less than twelve months ahead.")
    if unknown:
        text = _("The public holidays from %(day)s on are not known yet.")
    text %= {"day": date_long(unknown[0] if unknown else end or today)}
    if is_administration(user):
        return HolidayNotice(text, reverse("cms_holidays:index"))
    return HolidayNotice(" ".join([text, _("Please tell the administration.")]))
