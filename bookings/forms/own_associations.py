"""What the people of a group enter about it and about each other."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bookings.forms.associations import NewAssociationForm
from bookings.forms.fields import group_field, legal_form_field, text_field
from bookings.models import Association, Booking, Membership
from bookings.rules.wall_clock import berlin_day
from bookings.selectors.associations import centres_with_rooms
from bookings.services.associations import AssociationData
from cms.forms.fields import DayField
from cms.models import Centre
from cms.validators import validate_phone

# Only the form: nobody looks the number up. "VR 120345", "AG Hildesheim, VR 120 345".
REGISTER_NUMBER = re.compile(r"[\w .,:/()-]*\d[\w .,:/()-]*")
FIELDS = (
    "name",
    "legal_form",
    "register_number",
    "home_municipality",
    "responsible_name",
    "responsible_phone",
    "responsible_email",
    "notice_on",
    "notice_until",
    "name_is_public",
)


class EmailField(forms.EmailField):
    """An address as people type it; in small letters afterwards."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            max_length=254,
            widget=forms.EmailInput(attrs={"autocomplete": "email"}),
            error_messages={
                "required": _("Please enter an e-mail address."),
                "invalid": _("Please enter an e-mail address, for example name@example.org."),
                "max_length": _("Please shorten this to %(limit_value)d characters."),
            },
            **options,
        )

    def clean(self, value: Any) -> str:
        return str(super().clean(value)).lower()


class AssociationDataForm(forms.Form):
    """Everything a group says about itself; only name and kind are required."""

    name = group_field(_("Name of the association or group"))
    legal_form = legal_form_field()
    register_number = text_field(
        Association,
        "register_number",
        label=_("Register number"),
        required=False,
        help_text=_("As in the register of associations, for example VR 120345."),
        validators=[
            RegexValidator(
                re.compile(f"^{REGISTER_NUMBER.pattern}$"),
                _("Please enter the number as the register has it, for example VR 120345."),
            )
        ],
    )
    home_municipality = text_field(
        Association,
        "home_municipality",
        label=_("Municipality"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "address-level2"}),
    )
    responsible_name = text_field(
        Association,
        "responsible_name",
        label=_("Responsible person"),
        required=False,
        help_text=_("For example the chairperson."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    responsible_phone = text_field(
        Association,
        "responsible_phone",
        label=_("Phone"),
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
        validators=[validate_phone],
    )
    responsible_email = EmailField(label=_("E-mail"), required=False)
    notice_on = DayField(label=_("Date of the notice"), required=False)
    notice_until = DayField(label=_("Valid until"), required=False)
    name_is_public = forms.BooleanField(
        label=_("The name may be shown in the room's week"), required=False
    )

    @classmethod
    def of(cls, association: Association, data: Any = None) -> "AssociationDataForm":
        return cls(data, initial={name: getattr(association, name) for name in FIELDS})

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        first, last = cleaned.get("notice_on"), cleaned.get("notice_until")
        if first and first > berlin_day(timezone.now()):
            self.add_error("notice_on", _("This day has not come yet. Please check the date."))
        if "notice_on" in cleaned and last and not first:
            self.add_error("notice_on", _("Please enter the date of the notice, too."))
        if "notice_until" in cleaned and first and not last:
            self.add_error("notice_until", _("Please enter until when the notice is valid."))
        if first and last and last <= first:
            self.add_error("notice_until", _("Please enter a day after the date of the notice."))
        return cleaned

    def entered(self) -> AssociationData:
        return AssociationData(**self.cleaned_data)


class AnotherAssociationForm(NewAssociationForm):
    """Registers a group outside a request; so it has to say which centre checks it."""

    centre = forms.ModelChoiceField(
        label=_("Centre"),
        queryset=Centre.objects.none(),
        empty_label=_("Please choose"),
        help_text=_("Its team checks the association. You can ask for rooms everywhere."),
        error_messages={
            "required": _("Please choose the centre."),
            "invalid_choice": _("Please choose one of these centres."),
        },
    )
    field_order = ["name", "legal_form", "centre", "name_is_public"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["centre"]
        choice.queryset = centres_with_rooms()
        if len(choice.queryset) == 1:
            choice.initial = choice.queryset[0]


def role_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("Role"),
        choices=[
            (Membership.Role.MAY_BOOK, _("may book: sees the dates, asks for rooms and cancels")),
            (
                Membership.Role.MAIN_CONTACT,
                _("main contact: also keeps the data and invites others"),
            ),
        ],
        initial=Membership.Role.MAY_BOOK,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Please choose the role."),
            "invalid_choice": _("Please choose one of these roles."),
        },
    )


class InviteForm(forms.Form):
    email = EmailField(label=_("E-mail address of the person"))
    role = role_field()


class HandOverForm(forms.Form):
    email = EmailField(
        label=_("E-mail address of the successor"),
        help_text=_("Also of somebody who already books for the group."),
    )


class AcceptForm(forms.Form):
    """Who takes over a group may say how to be reached on the day; else there is nothing to say."""

    phone = text_field(
        Booking,
        "contact_phone",
        label=_("Your phone on the day"),
        required=False,
        help_text=_("So that the centre's team reaches you when something happens."),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
        validators=[validate_phone],
    )


class RoleForm(forms.Form):
    role = role_field()


class NewMainContactForm(forms.Form):
    """For the centre's team. `needs_word`: the books still have a main contact."""

    email = EmailField(label=_("E-mail address of the new main contact"))
    is_gone = forms.BooleanField(
        label=_("I have made sure that the main contact no longer acts for the group."),
        error_messages={"required": _("Please make sure first, and tick the box then.")},
    )

    def __init__(self, *args: Any, needs_word: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not needs_word:
            del self.fields["is_gone"]

    @property
    def said_gone(self) -> bool:
        return bool(self.cleaned_data.get("is_gone"))


def refuse(form: forms.Form, sentence: Any, *, field: str | None = None) -> None:
    """Put at a field why the group's rules do not allow what was entered."""
    form.add_error(field, ValidationError(sentence))
