"""Name and kind of an association, as the team of the centre corrects them."""

from typing import ClassVar

from django import forms

from bookings.models import Association


class AssociationForm(forms.ModelForm[Association]):
    class Meta:
        model = Association
        fields: ClassVar[list[str]] = ["name", "legal_form"]
