"""What a group fills in to ask for a room: one date so far."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from bookings.forms.fields import association_field, group_field, native_clock, rows_of, text_field
from bookings.models import Association, Booking, Layout, Room
from bookings.rules.refusals import Refusal
from bookings.rules.spans import Span
from bookings.rules.wall_clock import span_on
from bookings.wording import refusal_sentence
from cms.forms.fields import DayField
from cms.validators import validate_phone

YES_OR_NO = ("is_public_event", "has_music", "has_food")
MORE_WISHES = ("layout", "wishes", *YES_OR_NO)


class RequestForm(forms.Form):
    """One date. What the rules say is added by `add_refusals`, at the field it is about."""

    day = DayField(
        label=pgettext_lazy("request", "Date"),
        error_messages={"required": _("Please choose a date.")},
    )
    start = native_clock(
        _("Please say from when you need the room."), pgettext_lazy("request", "from")
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
    layout = forms.ModelChoiceField(
        label=_("Seating"),
        queryset=Layout.objects.none(),
        required=False,
        empty_label=_("no matter"),
        error_messages={"invalid_choice": _("Please choose one of this room's seatings.")},
    )
    wishes = text_field(
        Booking,
        "wishes",
        label=_("Set-up and equipment"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    is_public_event = forms.BooleanField(label=_("public event"), required=False)
    has_music = forms.BooleanField(label=_("music or dance"), required=False)
    has_food = forms.BooleanField(label=_("food or drinks"), required=False)

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

    def _choose_group(self) -> None:
        """Ask for the group only as far as it is not known."""
        if self.associations:
            del self.fields["group"]
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
            self.add_error(refusal.about, ValidationError(refusal_sentence(refusal), refusal.code))

    # What was filled in ---------------------------------------------------------------------------

    @property
    def span(self) -> Span | None:
        """Return the time that was asked for, as far as it is one."""
        values = self.cleaned_data
        if not {"day", "start", "end"} <= values.keys():
            return None
        return span_on(values["day"], values["start"], values["end"])

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
    def yes_or_no(self) -> list[Any]:
        return [self[name] for name in YES_OR_NO]

    def typed(self) -> dict[str, str]:
        """Return the texts of all fields, to be kept. Only after is_valid()."""
        return {
            name: self._text_of(name, field)
            for name, field in self.fields.items()
            if self.cleaned_data.get(name) not in field.empty_values
        }

    def _text_of(self, name: str, field: forms.Field) -> str:
        value = self.cleaned_data[name]
        if isinstance(field, forms.BooleanField):
            return "on" if value else ""
        if isinstance(field, forms.ModelChoiceField):
            return str(value.pk)
        widget: Any = field.widget
        return str(widget.format_value(value))
