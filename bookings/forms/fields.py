"""Fields that several forms of a request have."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _

from bookings.models import Association
from cms.forms.fields import ClockField, WholeTextField

TOO_LONG = _("Please shorten this to %(limit_value)d characters; it has %(show_value)d.")


def text_field(model: type[Model], column: str, **options: Any) -> WholeTextField:
    """Return a field that takes as much as the column."""
    stored: Any = model._meta.get_field(column)
    messages = {"max_length": TOO_LONG, **options.pop("error_messages", {})}
    return WholeTextField(max_length=stored.max_length, error_messages=messages, **options)


def native_clock(missing: Any, label: Any, *, is_start: bool = False) -> ClockField:
    """Return a time field with the browser's own control; what is typed elsewhere counts too."""
    return ClockField(
        label=label,
        required=True,
        is_start=is_start,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        error_messages={
            "required": missing,
            "invalid": _("Please enter a time, for example 19:30."),
        },
    )


def group_field(label: Any) -> forms.CharField:
    """Return a field for the name of a group that we do not know yet."""
    return text_field(
        Association,
        "name",
        label=label,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
        error_messages={"required": _("Please name your association or group.")},
    )


def legal_form_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("Kind"),
        choices=Association.LegalForm.choices,
        initial=Association.LegalForm.GROUP,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Please choose the kind."),
            "invalid_choice": _("Please choose one of these kinds."),
        },
    )


def association_field(**options: Any) -> "forms.ModelChoiceField[Association]":
    """Return a choice of associations; the form sets which ones, see `rows_of`."""
    return forms.ModelChoiceField(
        label=_("Association or group"),
        queryset=Association.objects.none(),
        empty_label=None,
        error_messages={
            "required": _("Please choose the association or group."),
            "invalid_choice": _("Please choose one of your associations or groups."),
        },
        **options,
    )


def rows_of(associations: Sequence[Association]) -> QuerySet[Association]:
    """Return associations as the choice of a field wants them."""
    return Association.objects.filter(pk__in=[association.pk for association in associations])
