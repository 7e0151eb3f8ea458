"""A room with its hours and seatings."""

from collections.abc import Iterable
from datetime import datetime, time
from typing import Any

from django import forms
from django.core.exceptions import SuspiciousOperation, ValidationError
from django.forms.formsets import DELETION_FIELD_NAME
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from modelcluster.forms import BaseChildFormSet
from wagtail.admin.forms import WagtailAdminModelForm

from bookings.models import Room, RoomHours
from bookings.rules.wall_clock import MIDNIGHT
from bookings.selectors.seating import seatings_in_use
from bookings.services.rooms import give_calendar, own_space, set_spaces
from cms.forms.fields import ClockField
from cms.wording import overlapping

# As German addresses are written; without it they would lose their dots.
UMLAUTS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"}
)
MOST_ROWS = 100  # more than any room has


class RoomForm(WagtailAdminModelForm):
    """The view says when it is (`now`). Parts are written by the service, under its locks."""

    now: datetime

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["slug"].required = False
        self.fields["slug"].help_text = _("Empty: made from the name.")
        self.fields["spaces"].required = False
        self.fields["spaces"].help_text = _(
            "A hall that can be divided consists of several parts. Nothing chosen: the room gets "
            "a part of its own."
        )
        self.fields["centre"].disabled = self.instance.pk is not None

    def clean_slug(self) -> str:
        slug: str = self.cleaned_data["slug"]
        made = slugify(self.cleaned_data.get("name", "").translate(UMLAUTS))
        return slug or made[: self.fields["slug"].max_length] or "raum"

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        centre = cleaned.get("centre")
        strangers = [
            space.name
            for space in cleaned.get("spaces") or []
            if centre and space.centre_id != centre.pk
        ]
        if strangers:
            self.add_error(
                "spaces",
                _("These parts belong to another centre: %(names)s.")
                % {"names": ", ".join(strangers)},
            )
        return cleaned

    def save(self, commit: bool = True) -> Room:  # noqa: FBT001, FBT002 - Django's
        give_calendar(self.instance)
        room: Room = super().save(commit=commit)
        return room

    def _save_m2m(self) -> None:
        spaces = self.cleaned_data.pop("spaces", None)
        super()._save_m2m()
        chosen = list(spaces or []) or [own_space(self.instance)]
        set_spaces(room=self.instance, spaces=chosen, now=self.now)


class RowsFormSet(BaseChildFormSet):
    """Rows below a form; what no browser sends is no error of ours."""

    def total_form_count(self) -> int:
        """Return how many rows there are; Django would make thousands if somebody asked for them."""
        count: int = super().total_form_count()
        if self.is_bound and count > MOST_ROWS:
            msg = "more rows than any room has"
            raise SuspiciousOperation(msg)
        return count

    def _construct_form(self, i: int, **kwargs: Any) -> Any:
        try:
            return super()._construct_form(i, **kwargs)
        except (KeyError, ValidationError) as error:  # a key that is missing, or none
            msg = "rows that were never shown"
            raise SuspiciousOperation(msg) from error

    def filled(self) -> list[forms.ModelForm[Any]]:
        """Return the rows that stay and have no error so far."""
        return [form for form in self.forms if form not in self.deleted_forms and not form.errors]


class RoomHoursForm(WagtailAdminModelForm):
    opens = ClockField(label=gettext_lazy("from"), required=True)
    closes = ClockField(
        label=gettext_lazy("to"),
        required=True,
        help_text=gettext_lazy("0:00 is midnight at the end of the day."),
    )

    class Meta:
        model = RoomHours
        fields = ["weekday", "opens", "closes"]


class RoomHoursFormSet(RowsFormSet):
    def clean(self, *args: Any, **kwargs: Any) -> None:
        """Refuse times of one weekday that overlap."""
        super().clean(*args, **kwargs)
        seen: list[dict[str, Any]] = []
        for form in self.filled():
            row = form.cleaned_data
            if not {"weekday", "opens", "closes"} <= set(row):
                continue
            for other in _overlapping(row, seen):
                form.add_error("opens", overlapping(other["opens"], other["closes"]))
                break
            seen.append(row)


def _overlapping(row: dict[str, Any], others: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        other
        for other in others
        if other["weekday"] == row["weekday"]
        and _before(row["opens"], other["closes"])
        and _before(other["opens"], row["closes"])
    ]


def _before(start: time, end: time) -> bool:
    return end == MIDNIGHT or start < end


class LayoutFormSet(RowsFormSet):
    """The view says when it is (`now`)."""

    now: datetime

    def clean(self, *args: Any, **kwargs: Any) -> None:
        """Refuse a seating that holds more people than the room may, and to delete one in use."""
        super().clean(*args, **kwargs)
        room: Room = self.instance
        for form in self.filled():
            capacity = form.cleaned_data.get("capacity")
            if capacity and room.capacity and capacity > room.capacity:
                form.add_error(
                    "capacity",
                    _("The room may hold %(count)s persons at most.") % {"count": room.capacity},
                )
        if kept := self._kept():
            raise ValidationError(kept)

    def _kept(self) -> list[str]:
        """Bring back what was deleted though it is in use, and say why."""
        stored = [form for form in self.deleted_forms if form.instance.pk]
        in_use = seatings_in_use([form.instance for form in stored], now=self.now) if stored else ()
        kept = [form for form in stored if form.instance.pk in in_use]
        for form in kept:
            form.data = {**form.data.dict(), form.add_prefix(DELETION_FIELD_NAME): ""}
        return [
            _("“%(seating)s” is needed for dates to come. You can delete it once they are over.")
            % {"seating": form.instance.name}
            for form in kept
        ]
