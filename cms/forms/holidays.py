"""What the administration corrects in the list of holidays."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm

from cms.forms.fields import DayField
from cms.models import HolidayOverride


class HolidayForm(WagtailAdminModelForm):
    """Days that are holidays or are none; without a last day it is one day."""

    first_day = DayField(
        label=gettext_lazy("First day"),
        error_messages={"required": gettext_lazy("Please enter the first day.")},
    )
    last_day = DayField(
        label=gettext_lazy("Last day"),
        help_text=gettext_lazy("Empty: only this one day."),
        required=False,
    )

    class Meta:
        model = HolidayOverride
        fields: ClassVar[list[str]] = ["kind", "name", "first_day", "last_day", "is_holiday"]
        widgets: ClassVar[dict[str, type[forms.Widget]]] = {"kind": forms.RadioSelect}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = HolidayOverride.Kind.choices  # without an empty one
        if not self.instance.pk:
            self.initial.setdefault("kind", HolidayOverride.Kind.SCHOOL)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first = cleaned.get("first_day")
        if "last_day" in self.errors or first is None:
            return cleaned
        last = cleaned["last_day"] = cleaned.get("last_day") or first
        if last < first:
            self.add_error("last_day", _("The last day must not lie before the first day."))
        return cleaned
