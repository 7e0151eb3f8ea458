"""Where, when and for how many somebody looks for a room; asked with a GET."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from bookings.forms.fields import native_clock
from bookings.rules.recurrence import Frequency, Recurrence, refusals_of_series, spans_of
from bookings.rules.refusals import Code, Refusal
from bookings.rules.spans import Span
from bookings.rules.wall_clock import berlin_day, span_on
from bookings.selectors.find import Question, Wanted
from bookings.wording import refusal_sentence
from cms.forms.fields import DayField
from cms.forms.who_is_open import KeepingChoiceField
from cms.models import Answer, Centre, CentrePage

STEP_FREE, HEARING_LOOP = "stufenlos", "hoeranlage"
MOST_PERSONS = 10_000
# What a refusal is about, and the field at which it is said.
FIELDS_OF = {"day": "tag", "start": "von", "end": "bis", "until": "endet", "recurrence": "endet"}
PAST = {Code.PAST_DAY, Code.PAST_TIME}


class FindRoomForm(forms.Form):
    """All is optional, but of a time all of it. Without a time the rooms are only sifted."""

    zentrum = KeepingChoiceField(
        label=gettext_lazy("Centre"),
        required=False,
        error_messages={
            "invalid_choice": gettext_lazy(
                "This centre does not exist here. Please choose one of the list."
            )
        },
    )
    tag = DayField(label=pgettext_lazy("find a room", "Date"), required=False)
    endet = DayField(label=pgettext_lazy("find a room", "every week until"), required=False)
    von = native_clock("", pgettext_lazy("request", "from"), is_start=True)
    bis = native_clock("", pgettext_lazy("request", "to"))
    personen = forms.IntegerField(
        label=gettext_lazy("Persons"),
        required=False,
        min_value=1,
        max_value=MOST_PERSONS,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            "invalid": gettext_lazy("Please enter a number, for example 20."),
            "min_value": gettext_lazy("Please enter 1 person at least."),
            "max_value": gettext_lazy("No room here holds so many persons."),
        },
    )
    ausstattung = forms.MultipleChoiceField(
        label=gettext_lazy("Equipment"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "invalid_choice": gettext_lazy("No room here has this. Please choose from the list.")
        },
    )
    zugang = forms.MultipleChoiceField(
        label=gettext_lazy("Access"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[
            (STEP_FREE, pgettext_lazy("find a room", "without steps")),
            (HEARING_LOOP, pgettext_lazy("find a room", "with a hearing loop")),
        ],
        error_messages={"invalid_choice": gettext_lazy("Please choose from the list.")},
    )

    WHEN: ClassVar[tuple[str, ...]] = ("tag", "von", "bis", "endet")
    MORE: ClassVar[tuple[str, ...]] = ("ausstattung", "zugang")
    FIELDS: ClassVar[tuple[str, ...]] = ("zentrum", *WHEN, "personen", *MORE)

    def __init__(
        self,
        *args: Any,
        pages: Sequence[CentrePage],
        equipment: Mapping[str, int],
        now: dt.datetime,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.pages, self.equipment, self.now = pages, equipment, now
        self._offer_centres()
        choice: Any = self.fields["ausstattung"]
        choice.choices = [(name, name) for name in sorted(equipment)]
        for name in ("von", "bis"):
            self.fields[name].required = False  # asked for together, below
        for name in ("tag", "endet"):
            self.fields[name].widget.attrs["min"] = berlin_day(now).isoformat()

    def _offer_centres(self) -> None:
        if len(self.pages) == 1:  # nothing to choose, and nobody speaks of others
            del self.fields["zentrum"]
            return
        centres: Any = self.fields["zentrum"]
        places = [(page.centre.slug, page.centre.place) for page in self.pages]
        centres.choices = [("", _("all centres")), *places]
        if self.is_bound:
            centres.keep(self.data.get("zentrum", ""))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.asks_for_a_time:
            return cleaned
        for name, sentence in self._missing(cleaned):
            self.add_error(name, sentence)
        if not self.errors.keys() & {*self.WHEN}:
            for refusal in self._refusals():
                self.add_error(FIELDS_OF[refusal.about], refusal_sentence(refusal))
        return cleaned

    def _missing(self, cleaned: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        sentences = {
            "tag": _("Please choose a date."),
            "von": _("Please say from when you need the room."),
            "bis": _("Please say until when you need the room."),
        }
        for name, sentence in sentences.items():
            if name not in self.errors and cleaned.get(name) is None:
                yield name, sentence

    def _refusals(self) -> list[Refusal]:
        """Return what is wrong with the time; of what is over nothing else matters."""
        refusals = [*self._over(), *refusals_of_series(*self._series)]
        return [one for one in refusals if one.code in PAST][:1] or refusals

    def _over(self) -> Iterator[Refusal]:
        day, start, end = (self.cleaned_data[name] for name in ("tag", "von", "bis"))
        if day < berlin_day(self.now):
            yield Refusal(Code.PAST_DAY, "day")
        elif span_on(day, start, end).start < self.now:
            yield Refusal(Code.PAST_TIME, "start", {"now": self.now})

    @property
    def _series(self) -> tuple[Recurrence, dt.date, dt.date, dt.time, dt.time]:
        """Return rule, first day, last day, start, end; a single date is a series of one."""
        day, until, start, end = (
            self.cleaned_data[name] for name in ("tag", "endet", "von", "bis")
        )
        weekly = Recurrence(Frequency.WEEKLY, (day.weekday(),))
        return weekly, day, until or day, start, end

    # What was asked for ---------------------------------------------------------------------------

    @property
    def asks_for_a_time(self) -> bool:
        return (
            any(self.data.get(name, "").strip() for name in self.WHEN) if self.is_bound else False
        )

    @property
    def question(self) -> Question | None:
        """Return what was asked for; None without a time, or if something is wrong."""
        if not self.asks_for_a_time or not self.is_valid():
            return None
        spans: list[Span] = spans_of(*self._series)
        until = self.cleaned_data["endet"] if len(spans) > 1 else None
        return Question(self.centres, self.wanted, spans, until)

    @property
    def persons(self) -> int | None:
        persons: int | None = self.cleaned_data.get("personen") if self.is_bound else None
        return persons

    @property
    def wanted(self) -> Wanted:
        """Return what a room has to offer; what was not understood counts for nothing."""
        if not self.is_bound or not self.is_valid():
            return Wanted()
        access = self.cleaned_data["zugang"]
        return Wanted(
            persons=self.persons or 1,
            equipment=frozenset(self.equipment[name] for name in self.cleaned_data["ausstattung"]),
            step_free=Answer.YES if STEP_FREE in access else "",
            hearing_loop=Answer.YES if HEARING_LOOP in access else "",
        )

    @property
    def is_sifting(self) -> bool:
        """Tell whether some rooms may not offer what is wanted."""
        return self.wanted != Wanted()

    @property
    def chosen_pages(self) -> list[CentrePage]:
        """Return the page of the centre asked for, also where something else is wrong; else all."""
        asked = self.data.get("zentrum", "") if self.is_bound else ""
        return [page for page in self.pages if page.centre.slug == asked] or list(self.pages)

    @property
    def centres(self) -> list[Centre]:
        return [page.centre for page in self.chosen_pages]

    def again(self) -> "FindRoomForm":
        """Return the form for the next question; what was wrong stays as it was typed."""
        if not self.is_bound or self.errors:
            return self
        return FindRoomForm(
            pages=self.pages, equipment=self.equipment, now=self.now, initial=self.cleaned_data
        )

    # What is shown --------------------------------------------------------------------------------

    @property
    def more(self) -> list[Any]:
        """Return the folded fields; where there is no equipment nobody is asked about it."""
        return [
            self[name]
            for name in self.MORE
            if self.equipment or name != "ausstattung" or self[name].errors
        ]

    @property
    def more_is_shown(self) -> bool:
        return any(field.value() or field.errors for field in self.more)

    @property
    def more_count(self) -> str:
        """Say "2 Wünsche", for the folded part; "" for none."""
        count = sum(len(self[name].value() or ()) for name in self.MORE)
        if not count:
            return ""
        return ngettext("%(count)s wish", "%(count)s wishes", count) % {"count": count}
