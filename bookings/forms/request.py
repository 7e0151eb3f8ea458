"""What a group fills in to ask for a room, for one date or a series."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from bookings.forms.fields import association_field, group_field, native_clock, rows_of, text_field
from bookings.forms.series import SERIES_FIELDS, SeriesFields
from bookings.models import Association, Booking, Layout, Room, UseKind
from bookings.rules.refusals import Code, Refusal
from bookings.rules.spans import Span
from bookings.rules.wall_clock import span_on
from bookings.selectors.proposals import SeriesWish
from bookings.wording import refusal_sentence
from cms.forms.fields import ClockField, DayField
from cms.validators import validate_phone

YES_OR_NO = ("is_public_event", "has_music", "has_food", "has_alcohol")
MORE_WISHES = ("use", "layout", "equipment", "wishes", *YES_OR_NO)
MOST_KEPT = 20_000  # characters of an entry that is too long for its column
# Where a refusal stands that is about something else than a field.
FIELD_OF = {"recurrence": "rhythm"}


class RequestForm(SeriesFields):
    """What the rules say is added by `add_refusals`, at the field it is about."""

    field_order = ["day", "start", "end", "repeats", *SERIES_FIELDS]

    day = DayField(
        label=pgettext_lazy("request", "Date"),
        error_messages={"required": _("Please choose a date.")},
    )
    start = native_clock(
        _("Please say from when you need the room."),
        pgettext_lazy("request", "from"),
        is_start=True,
    )
    end = native_clock(
        _("Please say until when you need the room."), pgettext_lazy("request", "to")
    )
    purpose = text_field(
        Booking,
        "purpose",
        label=_("What for?"),
        error_messages={
            "required": _("Please say what you need the room for, for example choir practice.")
        },
    )
    persons = forms.IntegerField(
        label=_("Persons"),
        min_value=1,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            "required": _("Please say how many persons will come."),
            "invalid": _("Please enter a number, for example 20."),
            "min_value": _("Please enter 1 person at least."),
        },
    )
    association = association_field()
    group = group_field(_("Association or group"))
    contact_name = text_field(
        Booking,
        "contact_name",
        label=_("Contact person on the day"),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Please say who is there on the day.")},
    )
    contact_phone = text_field(
        Booking,
        "contact_phone",
        label=_("Phone on the day"),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
        validators=[validate_phone],
        error_messages={"required": _("Please give a number at which we reach this person.")},
    )
    use = forms.ChoiceField(
        label=_("Kind of use"),
        choices=[("", pgettext_lazy("kind of use", "not specified")), *UseKind.choices],
        required=False,
        error_messages={"invalid_choice": _("Please choose one of these kinds of use.")},
    )
    layout = forms.ModelChoiceField(
        label=_("Seating"),
        queryset=Layout.objects.none(),
        required=False,
        empty_label=_("no matter"),
        error_messages={"invalid_choice": _("Please choose one of this room's seatings.")},
    )
    equipment = forms.MultipleChoiceField(
        label=_("Equipment"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Please choose from this room's equipment.")},
    )
    wishes = text_field(
        Booking,
        "wishes",
        label=_("Set-up and other wishes"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    is_public_event = forms.BooleanField(label=_("public event"), required=False)
    has_music = forms.BooleanField(
        label=_("music or dance"),
        required=False,
        help_text=_("In public, the organiser usually has to register music with GEMA."),
    )
    has_food = forms.BooleanField(label=_("food or drinks"), required=False)
    has_alcohol = forms.BooleanField(
        label=_("alcohol"),
        required=False,
        help_text=_(
            "Who sells alcohol at a public event usually has to tell the municipality first."
        ),
    )

    def __init__(
        self, *args: Any, room: Room, associations: Sequence[Association], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.room = room
        self.associations = associations
        self.layouts = room.layouts.all()
        self._choose_group()
        layout: Any = self.fields["layout"]
        layout.queryset = self.layouts
        equipment: Any = self.fields["equipment"]
        equipment.choices = self._equipment_choices
        self._name_rhythms(self.shown_day)

    def _equipment_choices(self) -> list[tuple[str, str]]:
        """Return what the room has; asked for only if it is shown or something was ticked."""
        return [(name, name) for name in self._equipment]

    @cached_property
    def _equipment(self) -> list[str]:
        names: list[str] | None = getattr(self.room, "equipment_names", None)
        return list(self.room.equipment.values_list("name", flat=True)) if names is None else names

    def _choose_group(self) -> None:
        """Ask for the group only as far as it is not known."""
        if self.associations:
            del self.fields["group"]
        elif self.room.policy.guests:
            self.fields["group"].required = False
            self.fields["group"].help_text = _("Leave this empty to ask as a guest.")
        if len(self.associations) > 1:
            choice: Any = self.fields["association"]
            choice.queryset = rows_of(self.associations)
        else:
            del self.fields["association"]

    def clean_layout(self) -> Any:
        layout, persons = self.cleaned_data["layout"], self.cleaned_data.get("persons")
        if layout is not None and persons is not None and layout.capacity < persons:
            message = ngettext(
                "This seating is for %(count)s person at most.",
                "This seating is for %(count)s persons at most.",
                layout.capacity,
            ) % {"count": layout.capacity}
            raise ValidationError(message, code="seating")
        return layout

    def add_refusals(self, refusals: Sequence[Refusal]) -> None:
        for refusal in refusals:
            name = FIELD_OF.get(refusal.about, refusal.about)
            if refusal.code is Code.NO_END and name in self.errors:
                continue  # an end was typed, but is no date
            error = ValidationError(refusal_sentence(refusal), refusal.code)
            self.add_error(name if name in self.fields else None, error)

    # What was filled in ---------------------------------------------------------------------------

    @property
    def span(self) -> Span | None:
        """Return the time that was asked for, as far as it is one."""
        values = self.cleaned_data
        if not {"day", "start", "end"} <= values.keys():
            return None
        return span_on(values["day"], values["start"], values["end"])

    def wish(self, association: Association | None) -> SeriesWish | None:
        """Return the series that was asked for, as far as it is one."""
        values, recurrence = self.cleaned_data, self.recurrence
        if recurrence is None or not {"start", "end"} <= values.keys():
            return None
        return SeriesWish(
            room=self.room,
            recurrence=recurrence,
            first=values["day"],
            until=values.get("until"),
            start=values["start"],
            end=values["end"],
            persons=values.get("persons") or 1,
            use=values.get("use") or "",
            association=association,
            holidays=self.holidays,
        )

    @property
    def known_group(self) -> Association | None:
        """Return the association that somebody acts for, if it is one only."""
        return self.associations[0] if len(self.associations) == 1 else None

    @property
    def shown_day(self) -> dt.date | None:
        """Return the day in the form, sent or preset."""
        day: dt.date | None = self._shown("day")
        return day

    @property
    def shown_start(self) -> dt.time | None:
        start: dt.time | None = self._shown("start")
        return start

    def _shown(self, name: str) -> Any:
        try:
            return self.fields[name].clean(self[name].value())
        except ValidationError:
            return None

    @property
    def wishes_are_shown(self) -> bool:
        """Tell whether the folded part has to be open: something is in it, or wrong."""
        return any(self[name].value() or self[name].errors for name in MORE_WISHES)

    @property
    def has_equipment(self) -> bool:
        return bool(self._equipment)

    @property
    def yes_or_no(self) -> list[Any]:
        return [self[name] for name in YES_OR_NO]

    def typed(self) -> dict[str, str | list[str]]:
        """Return the texts of all fields, to be kept; of a wrong one what was typed. After is_valid()."""
        kept = {
            name: self._text_of(name, field)
            for name, field in self.fields.items()
            if self.cleaned_data.get(name) not in field.empty_values
        }
        wrong = {name: self[name].data for name in self.fields if name in self.errors}
        return kept | {name: text for name, text in wrong.items() if self._can_be_kept(name, text)}

    def _can_be_kept(self, name: str, text: Any) -> bool:
        """Tell whether a wrong entry can be stored and shown again; no control shows half a date."""
        if isinstance(self.fields[name], ClockField | DayField) or not isinstance(text, str):
            return False
        return 0 < len(text) <= MOST_KEPT and "".join(text.split()).isprintable()

    def _text_of(self, name: str, field: forms.Field) -> str | list[str]:
        value = self.cleaned_data[name]
        if isinstance(field, forms.MultipleChoiceField):
            return list(value)
        if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
            return str(value)
        if isinstance(field, forms.BooleanField):
            return "on" if value else ""
        if isinstance(field, forms.ModelChoiceField):
            return str(value.pk)
        widget: Any = field.widget
        return str(widget.format_value(value))
