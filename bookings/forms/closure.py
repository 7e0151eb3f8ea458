"""A room is closed for a time."""

import datetime as dt
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.models import Room
from bookings.rules.spans import Span
from bookings.rules.wall_clock import MIDNIGHT, ONE_DAY, berlin_day, exists, instant
from bookings.wording import time_missing
from cms.forms.fields import ClockField, DayField, WholeTextField
from cms.wording import end_before_start

LONGEST = dt.timedelta(days=366)


class ClosureForm(forms.Form):
    """`rooms` are those of one's own centres; `now` is when it is typed."""

    rooms = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Rooms"),
        queryset=Room.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": gettext_lazy("Please choose at least one room."),
            "invalid_choice": gettext_lazy("This room does not exist here."),
            "invalid_pk_value": gettext_lazy("This room does not exist here."),
        },
    )
    first_day = DayField(
        label=gettext_lazy("First day"),
        error_messages={"required": gettext_lazy("Please enter the first day.")},
    )
    start = ClockField(
        label=gettext_lazy("from"), help_text=gettext_lazy("Empty: from the morning on.")
    )
    last_day = DayField(
        label=gettext_lazy("Last day"),
        help_text=gettext_lazy("Empty: only this one day."),
        required=False,
    )
    end = ClockField(label=gettext_lazy("to"), help_text=gettext_lazy("Empty: until midnight."))
    reason = WholeTextField(
        label=gettext_lazy("Occasion"),
        help_text=gettext_lazy(
            "Everybody reads this in the room's week, for example cleaning or vaccination day."
        ),
        max_length=80,
        error_messages={"required": gettext_lazy("Please enter the occasion.")},
    )

    def __init__(
        self, data: Any = None, *, rooms: QuerySet[Room], now: dt.datetime, **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        self.now = now
        field = self.fields["rooms"]
        assert isinstance(field, forms.ModelMultipleChoiceField)  # noqa: S101 - for mypy
        field.queryset = rooms
        centres = {room.centre_id for room in rooms}
        if len(centres) > 1:
            field.label_from_instance = _with_centre  # type: ignore[method-assign]

    def clean_rooms(self) -> list[Room]:
        rooms = list(self.cleaned_data["rooms"])
        if len({room.centre_id for room in rooms}) > 1:
            raise forms.ValidationError(_("Please choose rooms of one centre only."))
        return rooms

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first = cleaned.get("first_day")
        if first is None or {"last_day", "start", "end"} & set(self.errors):
            return cleaned
        last = cleaned.get("last_day") or first
        start, end = cleaned.get("start") or MIDNIGHT, cleaned.get("end") or MIDNIGHT
        for name, day, at in (("start", first, start), ("end", last, end)):
            if not exists(day, at):
                self.add_error(name, time_missing(day, at))
                return cleaned
        if last < first:
            self.add_error("last_day", _("The last day must not be before the first day."))
            return cleaned
        span = Span(
            instant(first, start), instant(last + ONE_DAY if end == MIDNIGHT else last, end)
        )
        if span.end <= span.start:
            self.add_error("end", end_before_start(start))
        elif span.end <= self.now:
            name = "last_day" if berlin_day(span.end) < berlin_day(self.now) else "end"
            self.add_error(name, _("This time is over. Please enter a time from now on."))
        elif span.end - span.start > LONGEST:
            self.add_error("last_day", _("A room can be closed for one year at most."))
        cleaned["span"] = span
        return cleaned


def _with_centre(obj: Room) -> str:
    return f"{obj.centre.name}: {obj.name}"
