"""Leave, closures and other hours on some days."""

import datetime as dt
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.forms.fields import ClockField, DayField, PlainTexts
from cms.forms.spans import BOTH_TIMES, SPANS, SpanFields, spans_overlap
from cms.models import HoursException, HoursKind, Service
from cms.opening_hours import Kind, is_range
from cms.services.hours import WeekSpan
from cms.wording import column_label, end_before_start, overlapping

CLOSED, OTHER_HOURS = "closed", "other"


class ClosureForm(PlainTexts, forms.ModelForm[HoursException]):
    first_day = DayField(
        label=gettext_lazy("First day"),
        error_messages={"required": gettext_lazy("Please enter the first day.")},
    )
    last_day = DayField(
        label=gettext_lazy("Last day"),
        help_text=gettext_lazy("Empty: only this one day."),
        required=False,
    )
    what = forms.ChoiceField(
        label=gettext_lazy("What is the case on these days?"),
        choices=[
            (CLOSED, gettext_lazy("Closed all day")),
            (OTHER_HOURS, gettext_lazy("Open at other times")),
        ],
        widget=forms.RadioSelect,
        initial=CLOSED,
    )
    shown_from = DayField(
        label=gettext_lazy("Shown on the site from"),
        help_text=gettext_lazy("Empty: at once."),
        required=False,
    )

    class Meta:
        model = HoursException
        fields: ClassVar[list[str]] = [
            "first_day",
            "last_day",
            "reason",
            "substitute",
            "substitute_phone",
            "note",
            "shown_from",
        ]
        widgets: ClassVar[dict[str, forms.Widget]] = {
            "note": forms.Textarea(attrs={"rows": 2}),
            "substitute_phone": forms.TextInput(attrs={"type": "tel"}),
        }

    def __init__(self, *args: Any, service: Service, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.service = service
        self.today = today
        self.fields["reason"].required = True
        self._times = list(self.instance.times.all()) if self.instance.pk else []
        if self.instance.pk:
            self.fields["what"].initial = CLOSED if self.instance.closed else OTHER_HOURS
        else:
            self.initial["reason"] = HoursException.Reason.LEAVE  # what most entries are
        self._kinds = [(kind, column_label(Kind(kind), service.kind)) for kind in HoursKind.values]
        for index in range(max(SPANS, len(self._times))):
            self._add_span(index)

    def _add_span(self, index: int) -> None:
        time = self._times[index] if index < len(self._times) else None
        number = index + 1
        self.fields[f"start_{index}"] = ClockField(
            label=_("Time %(number)s, from") % {"number": number}, initial=time and time.start
        )
        self.fields[f"end_{index}"] = ClockField(
            label=_("Time %(number)s, to") % {"number": number}, initial=time and time.end
        )
        self.fields[f"kind_{index}"] = forms.ChoiceField(
            label=_("Time %(number)s, kind") % {"number": number},
            choices=self._kinds,
            initial=time.kind if time else HoursKind.OPEN,
            required=False,
        )

    @property
    def spans(self) -> list[tuple[SpanFields, forms.BoundField]]:
        return [
            (SpanFields(self[f"start_{index}"], self[f"end_{index}"]), self[f"kind_{index}"])
            for index in range(max(SPANS, len(self._times)))
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self._clean_days(cleaned)
        self.instance.closed = cleaned.get("what") != OTHER_HOURS
        self._refuse_second_entry(cleaned)
        cleaned["times"] = [] if self.instance.closed else self._clean_times(cleaned)
        return cleaned

    def _clean_days(self, cleaned: dict[str, Any]) -> None:
        first = cleaned.get("first_day")
        if "last_day" in self.errors or first is None:
            return
        last = cleaned["last_day"] = cleaned.get("last_day") or first
        if last < first:
            message = _("The last day must not lie before the first day.")
            self.add_error("last_day", message)
        elif last < self.today and not self.instance.pk:
            message = _("This day is over already. Please choose a day from today on.")
            self.add_error("last_day" if self.data.get("last_day") else "first_day", message)

    def _refuse_second_entry(self, cleaned: dict[str, Any]) -> None:
        """Keep a form that is sent twice from leaving two closures."""
        first, last = cleaned.get("first_day"), cleaned.get("last_day")
        if self.errors or first is None or last is None:
            return
        same = HoursException.objects.filter(
            service=self.instance.service,
            first_day=first,
            last_day=last,
            closed=self.instance.closed,
        )
        if same.exclude(pk=self.instance.pk).exists():
            message = _("There is an entry for exactly these days already. Please change that one.")
            self.add_error("first_day", message)

    def _clean_times(self, cleaned: dict[str, Any]) -> list[WeekSpan]:
        found: list[WeekSpan] = []
        for index in range(max(SPANS, len(self._times))):
            start, end = cleaned.get(f"start_{index}"), cleaned.get(f"end_{index}")
            if start is None or end is None:
                self._ask_for_both(index, start, end)
                continue
            if not is_range(start, end):
                self.add_error(f"end_{index}", end_before_start(start))
                continue
            kind = cleaned.get(f"kind_{index}") or HoursKind.OPEN
            span = WeekSpan(0, kind, start, end)
            for other in found:
                if other.kind == kind and spans_overlap(span, other) and other.start and other.end:
                    self.add_error(f"start_{index}", overlapping(other.start, other.end))
                    break
            found.append(span)
        if not found and not any(name.startswith(("start_", "end_")) for name in self.errors):
            message = _("Please enter the times, or choose “Closed all day”.")
            self.add_error("start_0", message)
        return found

    def _ask_for_both(self, index: int, start: dt.time | None, end: dt.time | None) -> None:
        missing = f"end_{index}" if start is not None else f"start_{index}"
        other = f"start_{index}" if start is not None else f"end_{index}"
        if (start is None) != (end is None) and not {missing, other} & set(self.errors):
            self.add_error(missing, BOTH_TIMES)
