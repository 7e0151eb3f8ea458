"""What a group fills in to change its dates: one date, the end of a series, all that follow."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bookings.forms.fields import native_clock, text_field
from bookings.models import BookingDate, ChangeRequest, Room
from bookings.rules.recurrence import Frequency, Recurrence
from bookings.rules.refusals import Code, Refusal, ends_too_early
from bookings.rules.spans import Span
from bookings.rules.wall_clock import berlin_day, exists, in_berlin, span_on
from bookings.wording import day_and_time, refusal_sentence
from cms.forms.fields import DayField
from cms.models import Weekday

START_MISSING = _("Please say from when you need the room.")
END_MISSING = _("Please say until when you need the room.")


class RefusingForm(forms.Form):
    """A form whose fields say what the rules refuse. `field_of`: where something else stands."""

    field_of: dict[str, str] = {}

    def add_refusals(self, refusals: Sequence[Refusal]) -> None:
        """Say each refusal at its field, or above the form where none is about it."""
        for refusal in refusals:
            name = self.field_of.get(refusal.about, refusal.about)
            sentence = refusal_sentence(refusal)
            error = ValidationError(sentence, code=refusal.code)
            self.add_error(name if name in self.fields else None, error)


class TimesForm(RefusingForm):
    start = native_clock(START_MISSING, pgettext_lazy("request", "from"), is_start=True)
    end = native_clock(END_MISSING, pgettext_lazy("request", "to"))
    room = forms.ModelChoiceField(
        label=pgettext_lazy("request", "Room"),
        queryset=Room.objects.none(),
        empty_label=None,
        error_messages={
            "required": _("Please choose a room."),
            "invalid_choice": _("Please choose one of these rooms."),
        },
    )

    def __init__(self, *args: Any, rooms: Sequence[Room], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["room"]
        field.queryset = Room.objects.filter(pk__in=[room.pk for room in rooms])
        field.label_from_instance = lambda room: room.name

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        start, end = values.get("start"), values.get("end")
        if start is not None and end is not None and ends_too_early(start, end):
            self.add_refusals([Refusal(Code.END_BEFORE_START, "end", {"start": start})])
        return values


class DateChangeForm(TimesForm):
    """Another time or room for one date."""

    field_order = ["day", "start", "end", "room"]

    day = DayField(
        label=pgettext_lazy("request", "Date"),
        error_messages={"required": _("Please choose a date.")},
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        day = values.get("day")
        for name in ("start", "end"):
            at = values.get(name)
            if day and at is not None and not exists(day, at):
                refusal = Refusal(Code.TIME_MISSING, name, {"day": day, "time": at})
                self.add_refusals([refusal])
        return values

    @property
    def span(self) -> Span:
        values = self.cleaned_data
        return span_on(values["day"], values["start"], values["end"])


class EndForm(RefusingForm):
    """The last day on which a series takes place."""

    after = DayField(
        label=_("Last day of the series"),
        error_messages={"required": _("Please choose the last day.")},
    )


class ExtendForm(RefusingForm):
    """The day until which a series goes on."""

    until = DayField(
        label=pgettext_lazy("series", "Last day"),
        error_messages={"required": _("Please choose the last day.")},
    )


class FollowingForm(TimesForm):
    """Another weekday, time or room from a date on. `dates`: those that can be the first one."""

    field_of = {"date": "first", "day": "first", "recurrence": "weekday"}
    field_order = ["first", "weekday", "start", "end", "room", "until"]

    first = forms.TypedChoiceField(
        label=_("From which date on?"),
        coerce=int,
        error_messages={
            "required": _("Please choose a date."),
            "invalid_choice": _("Please choose one of these dates."),
        },
    )
    weekday = forms.TypedChoiceField(
        label=_("Day of the week"),
        coerce=int,
        choices=[(day.value, day.label) for day in Weekday if day is not Weekday.HOLIDAY],
        error_messages={
            "required": _("Please choose a day of the week."),
            "invalid_choice": _("Please choose a day of the week."),
        },
    )
    until = DayField(
        label=pgettext_lazy("series", "Last day"),
        error_messages={"required": _("Please choose the last day.")},
    )

    def __init__(
        self, *args: Any, dates: Sequence[BookingDate], recurrence: Recurrence, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.dates = {date.pk: date for date in dates}
        self.recurrence = recurrence
        first: Any = self.fields["first"]
        first.choices = [(date.pk, day_and_time(date.span)) for date in dates]
        # Of several weekdays, or none, one cannot choose another one here.
        if recurrence.frequency is not Frequency.WEEKLY or len(recurrence.weekdays) > 1:
            del self.fields["weekday"]

    @property
    def rhythm(self) -> Recurrence:
        weekday = self.cleaned_data.get("weekday")
        if weekday is None:
            return self.recurrence
        return Recurrence(Frequency.WEEKLY, (weekday,), interval=self.recurrence.interval)

    def first_day(self, today: dt.date) -> dt.date:
        """Return the day of the first new date: in the week of the old one, if that is still ahead.

        Of an old one that was moved, the day that the series has for it counts.
        """
        old = berlin_day(self.dates[self.cleaned_data["first"]].occurrence.original_start)
        weekday = self.cleaned_data.get("weekday")
        if weekday is None:
            return old
        day = old + dt.timedelta(days=weekday - old.weekday())
        return day if day > today else day + dt.timedelta(weeks=self.recurrence.interval)


def times_of(date: BookingDate) -> dict[str, Any]:
    """Return what the form of a date shows first: the date as it is."""
    start, end = in_berlin(date.span)
    return {
        "day": berlin_day(date.span.start),
        "start": start.time(),
        "end": end.time(),
        "room": date.room_id,
    }


class WhyForm(forms.Form):
    """What the group tells the centre with its wish."""

    text = text_field(
        ChangeRequest,
        "text",
        label=_("Why?"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
