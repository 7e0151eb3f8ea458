"""The week of a service: one text for each day and kind, by keyboard, without JavaScript."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _

from cms.forms.fields import DayField
from cms.forms.times import TimesField
from cms.models import HoursKind, Service, Weekday, WeeklyRule
from cms.opening_hours import HOLIDAY, Kind, Pattern
from cms.opening_hours.typed import Times, in_order
from cms.services.hours import Period, WeekSpan
from cms.wording import column_label, span_text, validity_text, weekday_name

DAYS = [day.value for day in Weekday]
MONDAY = Weekday.MONDAY.value
# Where “nach Vereinbarung” may be typed; it is stored as an appointment in any case.
TAKES_ARRANGED = {HoursKind.OPEN, HoursKind.APPOINTMENT}
ALL_TIMES = [(kind, day) for kind in HoursKind.values for day in DAYS]


@dataclass(frozen=True, slots=True)
class DayRow:
    """One field, and what was understood of it in words."""

    name: str
    field: BoundField
    words: str
    is_understood: bool

    @property
    def can_be_as_monday(self) -> bool:
        field = self.field.field
        return isinstance(field, TimesField) and field.weekday not in {MONDAY, HOLIDAY}


@dataclass(frozen=True, slots=True)
class KindTable:
    kind: str
    label: str
    rows: list[DayRow]


class WeekForm(forms.Form):
    """The week of one period. What the form gives, save_week stores.

    A new week starts as a copy of the shown one and takes its place from a day on. `typed` is
    shown instead of what is stored, without being checked yet.
    """

    def __init__(
        self,
        data: Any = None,
        *,
        service: Service,
        period: Period,
        is_new: bool = False,
        typed: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=dict(typed or {}))
        self.service = service
        self.period = period
        self.is_new = is_new
        rules = list(service.weekly_rules.all())
        self.rules = [rule for rule in rules if Period.of(rule) == period]
        self.other_rules = rules if is_new else [rule for rule in rules if rule not in self.rules]
        stored = week_values(self.rules)
        for kind, day in ALL_TIMES:
            self.fields[field_name(kind, day)] = TimesField(
                label=f"{weekday_name(day)}, {self._label(kind)}",
                weekday=day,
                takes_arranged=kind in TAKES_ARRANGED,
                initial=stored.get(field_name(kind, day), ()),
            )
        self._add_general_fields()

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
    def holiday_rows(self) -> list[DayRow]:
        return [self._row(kind, HOLIDAY, self._label(kind)) for kind in HoursKind.values]

    @property
    def words(self) -> dict[str, dict[str, Any]]:
        """Return what was understood of each field, for the script that asks while one types."""
        rows = {field_name(kind, day): self._row(kind, day, "") for kind, day in ALL_TIMES}
        return {
            name: {"words": row.words, "understood": row.is_understood}
            for name, row in rows.items()
        }

    @property
    def uses_more_kinds(self) -> bool:
        """Whether the folded tables have to stand open."""
        kinds = [kind for kind in HoursKind.values if kind != HoursKind.OPEN]
        return self._is_used((kind, day) for kind in kinds for day in DAYS if day != HOLIDAY)

    @property
    def uses_holidays(self) -> bool:
        """Whether the folded times of public holidays have to stand open."""
        return self._is_used((kind, HOLIDAY) for kind in HoursKind.values)

    @property
    def has_period(self) -> bool:
        """Whether from and until have to stand open."""
        has_errors = bool({"valid_from", "valid_to"} & set(self.errors))
        return self.is_new or self.period != Period() or has_errors

    def _is_used(self, places: Iterable[tuple[str, int]]) -> bool:
        names = [field_name(kind, day) for kind, day in places]
        return any(name in self.errors or self[name].value() for name in names)

    def _label(self, kind: str) -> str:
        return column_label(Kind(kind), self.service.kind)

    def _table(self, kind: str) -> KindTable:
        rows = [self._row(kind, day, weekday_name(day)) for day in DAYS if day != HOLIDAY]
        return KindTable(kind, self._label(kind), rows)

    def _row(self, kind: str, day: int, name: str) -> DayRow:
        field = self[field_name(kind, day)]
        assert isinstance(field.field, TimesField)  # noqa: S101 - made in __init__
        words, is_understood = field.field.in_words(field.value())
        if not words:
            words = _("closed") if kind == HoursKind.OPEN and day != HOLIDAY else "–"
        return DayRow(name, field, words, is_understood)

    # What is typed

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        period = self._clean_period(cleaned)
        spans: dict[WeekSpan, None] = {}
        for kind, day in ALL_TIMES:
            for times in cleaned.get(field_name(kind, day)) or ():
                self._refuse_overlap(kind, day, times, period)
                spans[_span(kind, day, times)] = None
        cleaned["period"], cleaned["spans"] = period, list(spans)
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

    def _refuse_overlap(self, kind: str, day: int, times: Times, period: Period) -> None:
        """Refuse times that meet those of another period of the service."""
        for rule in self._rules_elsewhere(kind, day, period):
            if times.overlaps(times_of(rule)) and rule.start and rule.end is not None:
                message = _("This overlaps with %(times)s, which hold %(period)s.") % {
                    "times": span_text(rule.start, rule.end),
                    "period": validity_text(rule.valid_from, rule.valid_to),
                }
                self.add_error(field_name(kind, day), message)
                return

    def _rules_elsewhere(self, kind: str, day: int, period: Period) -> Iterator[WeeklyRule]:
        for rule in self.other_rules:
            makes_room = self.is_new and Period.of(rule).begins_before(period)
            is_here = (rule.kind, rule.weekday) == (kind, day)
            if is_here and not makes_room and Period.of(rule).overlaps(period):
                yield rule


def field_name(kind: str, day: int) -> str:
    return f"{kind}_{day}"


def week_values(rules: Iterable[WeeklyRule]) -> dict[str, tuple[Times, ...]]:
    """Return the values of the fields for these rules."""
    found: dict[str, list[Times]] = {}
    for rule in rules:
        found.setdefault(field_name(rule.kind, rule.weekday), []).append(times_of(rule))
    return {name: in_order(times) for name, times in found.items()}


def times_of(rule: WeeklyRule) -> Times:
    return Times(rule.start, rule.end, rule.note, Pattern(rule.pattern))


def as_monday(typed: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return the typed values with Monday's times in this field, too; as they are if it is none."""
    kind, _sep, day = name.rpartition("_")
    if name not in {field_name(*place) for place in ALL_TIMES} or int(day) == HOLIDAY:
        return dict(typed)
    return {**typed, name: typed.get(field_name(kind, MONDAY), "")}


def with_week_of(typed: Mapping[str, Any], service: Service, period: Period) -> dict[str, Any]:
    """Return the typed values with the week of another service in their place."""
    rules = [rule for rule in service.weekly_rules.all() if Period.of(rule) == period]
    values = week_values(rules)
    names = [field_name(kind, day) for kind, day in ALL_TIMES]
    return {
        **typed,
        **{name: values.get(name, ()) for name in names},
        "holiday_policy": service.holiday_policy,
    }


class ServiceChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # none at run time
    def label_from_instance(self, obj: Service) -> str:
        return f"{obj.name}, {obj.centre.place}"


class TemplateForm(forms.Form):
    """Which other service's times to copy into the form."""

    def __init__(self, data: Any = None, *, services: Any) -> None:
        super().__init__(data)
        choose = _("Please choose a service of the list.")
        self.fields["vorlage"] = ServiceChoice(
            queryset=services,
            label=_("Service"),
            empty_label=_("Please choose"),
            error_messages={"required": choose, "invalid_choice": choose},
        )


def _span(kind: str, day: int, times: Times) -> WeekSpan:
    kind = HoursKind.APPOINTMENT if times.start is None else HoursKind(kind)
    return WeekSpan(day, kind, times.start, times.end, times.note, times.pattern)
