"""Associations and groups: registered or chosen for a request, corrected by the centre's team."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.forms.fields import association_field, group_field, legal_form_field, rows_of
from bookings.models import Association
from cms.forms.fields import PlainTexts


class NewAssociationForm(forms.Form):
    """Registers an association or group; the team of the centre checks it later."""

    name = group_field(_("Name of the association or group"))
    legal_form = legal_form_field()
    name_is_public = forms.BooleanField(
        label=_("The name may be shown in the room's week"), required=False
    )


class ChooseAssociationForm(forms.Form):
    """Asks which of several associations a request is for."""

    association = association_field(widget=forms.RadioSelect)

    def __init__(self, *args: Any, associations: Sequence[Association], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["association"]
        choice.queryset = rows_of(associations)


class CorrectAssociationForm(PlainTexts, forms.ModelForm[Association]):
    class Meta:
        model = Association
        fields: ClassVar[list[str]] = ["name", "legal_form"]
