"""Which centre, kind and time somebody wants to see the opening hours of; asked with a GET."""

import datetime as dt
from collections.abc import Collection, Iterable
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from cms.forms.fields import ClockField, DayField
from cms.models import CentrePage, ServiceKind
from cms.opening_hours import BERLIN, SEARCH_DAYS
from cms.selectors.who_is_open import Question, When
from cms.wording import date_long

NOW, DAY = "jetzt", "tag"


class KeepingChoiceField(forms.ChoiceField):
    """A choice that is asked for in the address; a wrong one stays visible beside its error."""

    LONGEST_LABEL = 40

    def keep(self, value: str) -> None:
        """Show `value` as an entry although it is none."""
        known: Any = self.choices
        choices = list(known)
        if value not in {key for key, _label in choices}:
            label = value[: self.LONGEST_LABEL]
            self.widget.choices = [*choices, (value, label)]


class WhoIsOpenForm(forms.Form):
    """The filters. All are optional; a day or a time of day asks by itself, “now” overrules both."""

    zentrum = KeepingChoiceField(
        label=gettext_lazy("Centre"),
        required=False,
        error_messages={
            "invalid_choice": gettext_lazy(
                "This centre does not exist here. Please choose one of the list."
            )
        },
    )
    art = KeepingChoiceField(
        label=pgettext_lazy("of a service", "Kind"),
        required=False,
        error_messages={
            "invalid_choice": gettext_lazy(
                "This kind of service does not exist. Please choose one of the list."
            )
        },
    )
    wann = KeepingChoiceField(
        label=pgettext_lazy("filter", "When"),
        required=False,
        choices=[
            ("", pgettext_lazy("filter", "at any time")),
            (NOW, pgettext_lazy("filter", "open now")),
            (DAY, pgettext_lazy("filter", "on a day")),
        ],
        error_messages={
            "invalid_choice": gettext_lazy("Please choose “open now”, or enter a day.")
        },
    )
    tag = DayField(label=pgettext_lazy("filter", "Day"), required=False)
    uhrzeit = ClockField(label=pgettext_lazy("filter", "Time"))

    FIELDS: ClassVar[tuple[str, ...]] = ("zentrum", "art", "wann", "tag", "uhrzeit")

    def __init__(
        self,
        *args: Any,
        pages: Iterable[CentrePage],
        kinds: Collection[str],
        now: dt.datetime,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.pages, self.kinds, self.now = list(pages), kinds, now.astimezone(BERLIN)
        centres = [(page.centre.slug, page.centre.place) for page in self.pages]
        self._choose("zentrum", _("all centres"), centres)
        if len(centres) == 1:  # nothing to choose, and nobody speaks of others
            del self.fields["zentrum"]
        asked = {*kinds, self.data.get("art")}  # a kind that nobody has here is no mistake
        known = [(str(key), label) for key, label in ServiceKind.choices if key in asked]
        self._choose("art", _("all kinds"), known)
        self.fields["tag"].widget.attrs.update(
            {"min": self._today.isoformat(), "max": self._last_day.isoformat()}
        )
        for name in ("zentrum", "art", "wann"):
            field = self.fields.get(name)
            if self.is_bound and isinstance(field, KeepingChoiceField):
                field.keep(self.data.get(name, ""))

    @property
    def question(self) -> Question:
        """Return what was asked for; everything if nothing was, or not in words we understand."""
        alone = self.pages[0].centre.slug if len(self.pages) == 1 else ""
        if not self.is_valid():
            return Question(centre=alone or self.known_centre)
        return Question(
            centre=self.cleaned_data.get("zentrum") or alone,
            kind=self.cleaned_data["art"],
            when=self.cleaned_data.get("when"),
        )

    @property
    def known_centre(self) -> str:
        """Return the centre asked for, also where something else is wrong."""
        asked = self.data.get("zentrum", "") if self.is_bound else ""
        return asked if asked in {page.centre.slug for page in self.pages} else ""

    def again(self) -> "WhoIsOpenForm":
        """Return the form for the next question; what was wrong stays as it was typed."""
        if self.is_bound and self.errors:
            return self
        question, when = self.question, self.question.when
        initial: dict[str, Any] = {"zentrum": question.centre, "art": question.kind}
        if when is not None:
            initial["wann"] = NOW if when.is_now else DAY
        if when is not None and not when.is_now:
            initial["tag"] = when.at.date()
            initial["uhrzeit"] = None if when.whole_day else when.at.time()
        return WhoIsOpenForm(pages=self.pages, kinds=self.kinds, now=self.now, initial=initial)

    def clean_tag(self) -> dt.date | None:
        day: dt.date | None = self.cleaned_data["tag"]
        if day is not None and day < self._today:
            raise ValidationError(_("This day is over. Please choose a date from today on."))
        if day is not None and day > self._last_day:
            values = {"first": date_long(self._today), "last": date_long(self._last_day)}
            raise ValidationError(_("Please choose a day from %(first)s to %(last)s.") % values)
        return day

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not {"wann", "tag", "uhrzeit"} & self.errors.keys():
            cleaned["when"] = self._when(cleaned)
        return cleaned

    def _when(self, cleaned: dict[str, Any]) -> When | None:
        asked, day, time = (cleaned.get(name) for name in ("wann", "tag", "uhrzeit"))
        if asked == NOW:
            return When(self.now, is_now=True)
        if time is not None:
            return When(dt.datetime.combine(day or self._today, time, BERLIN))
        if day is not None:
            return When(dt.datetime.combine(day, dt.time(), BERLIN), whole_day=True)
        if asked == DAY:
            self.add_error("tag", _("Please enter a day, for example 23.12.2026."))
        return None

    def _choose(self, name: str, everything: str, entries: list[tuple[str, Any]]) -> None:
        self.fields[name].choices = [("", everything), *entries]  # type: ignore[attr-defined]

    @property
    def _today(self) -> dt.date:
        return self.now.date()

    @property
    def _last_day(self) -> dt.date:
        return self._today + dt.timedelta(days=SEARCH_DAYS)
