"""Whom one rings: a service's numbers and people, a centre's phone, status and opening."""

import datetime as dt
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.forms.fields import DayField, PlainTexts
from cms.models import Centre, Contact, Person, Service
from cms.validators import validate_phone

EMPTY_ROWS = 2
PHONE = forms.TextInput(attrs={"type": "tel", "autocomplete": "off"})


class ServiceContactForm(PlainTexts, forms.ModelForm[Service]):
    """The service's main number and where its door is."""

    phone = forms.CharField(
        label=gettext_lazy("Phone"),
        max_length=40,
        required=False,
        validators=[validate_phone],
        widget=PHONE,
        help_text=gettext_lazy("The main number. Empty reads “not specified”."),
    )
    email = forms.EmailField(label=gettext_lazy("E-mail address"), required=False)
    website = forms.URLField(
        label=gettext_lazy("Website"), required=False, assume_scheme="https", max_length=200
    )
    new_patients_checked_on = DayField(label=gettext_lazy("Checked on"), required=False)

    class Meta:
        model = Service
        fields: ClassVar[list[str]] = [
            "floor",
            "door",
            "new_patients",
            "new_patients_checked_on",
        ]

    def __init__(self, *args: Any, main: Contact | None, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.main = main
        self.today = today
        for name in ("phone", "email", "website"):
            self.fields[name].initial = getattr(main, name, "")

    def clean_new_patients_checked_on(self) -> dt.date | None:
        return not_in_future(self.cleaned_data["new_patients_checked_on"], self.today)

    @property
    def main_values(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in ("phone", "email", "website")}


class ContactForm(PlainTexts, forms.ModelForm[Contact]):
    class Meta:
        model = Contact
        fields: ClassVar[list[str]] = ["label", "phone", "email"]
        widgets: ClassVar[dict[str, forms.Widget]] = {"phone": PHONE}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        says_something = cleaned.get("phone") or cleaned.get("email") or self.instance.website
        if not says_something and not {"phone", "email"} & set(self.errors):
            self.add_error("phone", _("Please enter a phone number or an e-mail address."))
        return cleaned


ContactRows = forms.inlineformset_factory(
    Service, Contact, form=ContactForm, extra=EMPTY_ROWS, can_delete=True
)


class PersonForm(PlainTexts, forms.ModelForm[Person]):
    valid_from = DayField(label=gettext_lazy("From"), required=False)
    valid_to = DayField(label=gettext_lazy("Until"), required=False)

    class Meta:
        model = Person
        fields: ClassVar[list[str]] = ["role", "name", "valid_from", "valid_to"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("valid_from"), cleaned.get("valid_to")
        if first and last and last < first:
            self.add_error("valid_to", _("The last day must not lie before the first day."))
        return cleaned


PersonRows = forms.inlineformset_factory(
    Service, Person, form=PersonForm, extra=EMPTY_ROWS, can_delete=True
)


class CentreContactForm(forms.ModelForm[Centre]):
    status_date = DayField(
        label=gettext_lazy("Date of this statement"),
        help_text=gettext_lazy("When was the status confirmed?"),
    )
    expected_by = DayField(
        label=gettext_lazy("Expected by"),
        help_text=gettext_lazy(
            "After this day the site says that the opening is not confirmed yet."
        ),
        required=False,
    )

    class Meta:
        model = Centre
        fields: ClassVar[list[str]] = [
            "phone",
            "email",
            "status",
            "status_date",
            "opened",
            "expected_opening",
            "expected_by",
        ]
        widgets: ClassVar[dict[str, forms.Widget]] = {"phone": PHONE}

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_status_date(self) -> dt.date | None:
        return not_in_future(self.cleaned_data["status_date"], self.today)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        status = cleaned.get("status")
        if cleaned.get("opened") and status in {Centre.Status.PLANNED, Centre.Status.BUILDING}:
            message = _(
                "A centre that is not open yet has no opening date. Please use “expected opening”."
            )
            self.add_error("opened", message)
        return cleaned


def not_in_future(day: dt.date | None, today: dt.date) -> dt.date | None:
    if day and day > today:
        raise ValidationError(_("This day has not come yet. Please enter today or an earlier day."))
    return day
