"""For whom somebody asks: a new association or group, or one of several."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.forms.request import TOO_LONG
from bookings.models import Association


class NewAssociationForm(forms.Form):
    """Registers an association or group; the team of the centre checks it later."""

    name = forms.CharField(
        label=_("Name of the association or group"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
        error_messages={
            "required": _("Please name your association or group."),
            "max_length": TOO_LONG,
        },
    )
    legal_form = forms.ChoiceField(
        label=_("Kind"),
        choices=Association.LegalForm.choices,
        initial=Association.LegalForm.GROUP,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Please choose the kind."),
            "invalid_choice": _("Please choose one of these kinds."),
        },
    )
    name_is_public = forms.BooleanField(
        label=_("The name may be shown in the room's week"), required=False
    )


class ChooseAssociationForm(forms.Form):
    """Asks which of several associations a request is for."""

    association = forms.ModelChoiceField(
        label=_("Association or group"),
        queryset=Association.objects.none(),
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Please choose the association or group."),
            "invalid_choice": _("Please choose one of your associations or groups."),
        },
    )

    def __init__(self, *args: Any, associations: Sequence[Association], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["association"]
        choice.queryset = Association.objects.filter(
            pk__in=[association.pk for association in associations]
        )
