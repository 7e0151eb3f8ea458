"""The week of a service: two spans a day and kind, by keyboard, without JavaScript."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _

from cms.forms.fields import ClockField, DayField
from cms.forms.spans import (
    BOTH_TIMES,
    SPANS,
    SpanFields,
    end_before_start,
    overlapping,
    spans_overlap,
)
from cms.models import HoursKind, Service, Weekday, WeeklyRule
from cms.opening_hours import HOLIDAY, Kind, is_range
from cms.services.hours import Period, WeekSpan
from cms.wording import column_label, span_text, weekday_name

DAYS = [day.value for day in Weekday]


@dataclass(frozen=True, slots=True)
class DayRow:
    name: str
    spans: list[SpanFields]
    arranged: BoundField | None


@dataclass(frozen=True, slots=True)
class KindTable:
    kind: str
    label: str
    rows: list[DayRow]


class WeekForm(forms.Form):
    """The week of one period. What the form gives, save_week stores.

    A new week starts as a copy of the shown one and takes its place from a day on.
    """

    def __init__(
        self, *args: Any, service: Service, period: Period, is_new: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.service = service
        self.period = period
        self.is_new = is_new
        rules = list(service.weekly_rules.all())
        self.rules = [rule for rule in rules if Period.of(rule) == period]
        self.other_rules = rules if is_new else [rule for rule in rules if rule not in self.rules]
        self._stored: dict[tuple[str, int], list[WeeklyRule]] = defaultdict(list)
        for rule in self.rules:
            self._stored[rule.kind, rule.weekday].append(rule)
        for kind in HoursKind.values:
            for day in DAYS:
                self._add_day(kind, day)
        self._add_notes()
        self._add_general_fields()

    # Fields

    def _add_day(self, kind: str, day: int) -> None:
        timed = [rule for rule in self._stored[kind, day] if rule.start is not None]
        label = f"{weekday_name(day)}, {column_label(Kind(kind), self.service.kind)}"
        start_word, end_word = _("from"), _("to")
        for index in range(max(SPANS, len(timed))):
            rule = timed[index] if index < len(timed) else None
            start = ClockField(label=f"{label}, {start_word}", initial=rule and rule.start)
            end = ClockField(label=f"{label}, {end_word}", initial=rule and rule.end)
            self.fields[_name(kind, day, index, "start")] = start
            self.fields[_name(kind, day, index, "end")] = end
        if kind == HoursKind.APPOINTMENT:
            arranged = any(rule.start is None for rule in self._stored[kind, day])
            self.fields[_arranged(day)] = forms.BooleanField(
                label=_("%(day)s: by arrangement, without times") % {"day": weekday_name(day)},
                required=False,
                initial=arranged,
            )

    def _add_notes(self) -> None:
        for (kind, day), rules in self._stored.items():
            timed = [rule for rule in rules if rule.start is not None]
            for rule in rules:
                name = _note(kind, day, timed.index(rule) if rule in timed else None)
                times = f" {span_text(rule.start, rule.end)}" if rule.start and rule.end else ""
                column = column_label(Kind(kind), self.service.kind)
                label = f"{weekday_name(day)}{times}, {column}"
                self.fields[name] = forms.CharField(
                    label=label, max_length=120, required=False, initial=rule.note
                )

    def _add_general_fields(self) -> None:
        self.fields["holiday_policy"] = forms.ChoiceField(
            label=_("On public holidays"),
            choices=Service.HolidayPolicy.choices,
            initial=self.service.holiday_policy,
        )
        self.fields["valid_from"] = DayField(
            label=_("These hours hold from"),
            help_text="" if self.is_new else _("Empty: at once."),
            required=self.is_new,
            error_messages={"required": _("Please enter the first day of the new times.")},
            initial=None if self.is_new else self.period.valid_from,
        )
        self.fields["valid_to"] = DayField(
            label=_("These hours hold until"),
            help_text=_("The last day. Empty: until further notice."),
            required=False,
            initial=None if self.is_new else self.period.valid_to,
        )

    # What the template shows

    @property
    def main_table(self) -> KindTable:
        return self._table(HoursKind.OPEN)

    @property
    def more_tables(self) -> list[KindTable]:
        return [self._table(kind) for kind in HoursKind.values if kind != HoursKind.OPEN]

    @property
    def holiday_rows(self) -> list[tuple[str, DayRow]]:
        return [
            (column_label(Kind(kind), self.service.kind), self._row(kind, HOLIDAY))
            for kind in HoursKind.values
        ]

    @property
    def notes(self) -> list[BoundField]:
        return [self[name] for name in self.fields if name.startswith("note_")]

    @property
    def uses_more_kinds(self) -> bool:
        """Whether the folded tables have to stand open."""
        names = [name for name in self.errors if not name.startswith(HoursKind.OPEN)]
        return bool(names) or any(rule.kind != HoursKind.OPEN for rule in self.rules)

    @property
    def uses_holidays(self) -> bool:
        """Whether the folded times of public holidays have to stand open."""
        has_errors = any(f"_{HOLIDAY}_" in name for name in self.errors)
        return has_errors or any(rule.weekday == HOLIDAY for rule in self.rules)

    @property
    def has_period(self) -> bool:
        """Whether from and until have to stand open."""
        has_errors = bool({"valid_from", "valid_to"} & set(self.errors))
        return self.is_new or self.period != Period() or has_errors

    def _table(self, kind: str) -> KindTable:
        label = column_label(Kind(kind), self.service.kind)
        return KindTable(kind, label, [self._row(kind, day) for day in DAYS if day != HOLIDAY])

    def _row(self, kind: str, day: int) -> DayRow:
        arranged = self[_arranged(day)] if kind == HoursKind.APPOINTMENT else None
        spans = [SpanFields(self[start], self[end]) for start, end in self._pairs(kind, day)]
        return DayRow(weekday_name(day), spans, arranged)

    def _pairs(self, kind: str, day: int) -> Iterator[tuple[str, str]]:
        index = 0
        while _name(kind, day, index, "start") in self.fields:
            yield _name(kind, day, index, "start"), _name(kind, day, index, "end")
            index += 1

    # What is typed

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        period = self._clean_period(cleaned)
        spans: list[WeekSpan] = []
        for kind in HoursKind.values:
            for day in DAYS:
                spans += self._clean_day(cleaned, kind, day, period)
        cleaned["period"], cleaned["spans"] = period, spans
        return cleaned

    def _clean_period(self, cleaned: dict[str, Any]) -> Period:
        first, last = cleaned.get("valid_from"), cleaned.get("valid_to")
        if first and last and last < first:
            self.add_error("valid_to", _("The last day must not lie before the first day."))
            return Period()
        period = Period(first, last)
        if any(Period.of(rule) == period for rule in self.other_rules):
            self.add_error("valid_from", _("There are hours for exactly this time already."))
        return period

    def _clean_day(
        self, cleaned: dict[str, Any], kind: str, day: int, period: Period
    ) -> Iterable[WeekSpan]:
        found: list[WeekSpan] = []
        for index, (start_name, end_name) in enumerate(self._pairs(kind, day)):
            start, end = cleaned.get(start_name), cleaned.get(end_name)
            if start is None or end is None:
                self._ask_for_both(start_name, end_name, cleaned)
                continue
            if not is_range(start, end):
                self.add_error(end_name, end_before_start(start))
                continue
            note = str(cleaned.get(_note(kind, day, index), ""))
            span = WeekSpan(day, kind, start, end, note)
            self._refuse_overlap(start_name, span, found, period)
            found.append(span)
        if kind == HoursKind.APPOINTMENT and cleaned.get(_arranged(day)):
            note = str(cleaned.get(_note(kind, day, None), ""))
            found.append(WeekSpan(day, kind, None, None, note))
        return found

    def _ask_for_both(self, start: str, end: str, cleaned: dict[str, Any]) -> None:
        missing = [name for name in (start, end) if cleaned.get(name) is None]
        if len(missing) == 1 and missing[0] not in self.errors:
            self.add_error(missing[0], BOTH_TIMES)

    def _refuse_overlap(
        self, name: str, span: WeekSpan, found: list[WeekSpan], period: Period
    ) -> None:
        elsewhere = [
            WeekSpan(rule.weekday, rule.kind, rule.start, rule.end)
            for rule in self.other_rules
            if (rule.kind, rule.weekday) == (span.kind, span.weekday)
            and Period.of(rule).overlaps(period)
            and not (self.is_new and Period.of(rule).begins_before(period))
        ]
        for other in [*found, *elsewhere]:
            if spans_overlap(span, other) and other.start and other.end is not None:
                self.add_error(name, overlapping(other.start, other.end))
                return


def _name(kind: str, day: int, index: int, end: str) -> str:
    return f"{kind}_{day}_{index}_{end}"


def _arranged(day: int) -> str:
    return f"arranged_{day}"


def _note(kind: str, day: int, index: int | None) -> str:
    """Name a note by its place: rows get new keys whenever somebody saves the week."""
    return f"note_{kind}_{day}_{'arranged' if index is None else index}"
