"""Forms of the administration: centres, services, roles."""

from typing import Any, ClassVar

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminModelForm

from cms.models import Centre, CentrePage, Service, StaffRole
from cms.services.centres import apply_centre
from cms.services.staff import sync_assistant


class CentreForm(WagtailAdminModelForm):
    """A centre; its group, its collection and the addresses of its pages follow."""

    class Meta:
        model = Centre
        fields: ClassVar[list[str]] = [
            "name",
            "place",
            "slug",
            "operator",
            "district",
            "status",
            "status_date",
            "opened",
            "expected_opening",
            "expected_by",
            "phone",
            "email",
        ]

    def clean_slug(self) -> str:
        slug: str = self.cleaned_data["slug"]
        for page in CentrePage.objects.filter(centre=self.instance.pk):
            if page.get_siblings(inclusive=False).filter(slug=slug).exists():
                raise forms.ValidationError(
                    _("Another page has the address “%(slug)s” already.") % {"slug": slug}
                )
        return slug

    def save(self, commit: bool = True) -> Centre:  # noqa: FBT001, FBT002 - Django's
        centre: Centre = super().save(commit=commit)
        if commit:
            apply_centre(centre=centre)
        return centre


class ServiceForm(WagtailAdminModelForm):
    class Meta:
        model = Service
        fields: ClassVar[list[str]] = [
            "centre",
            "name",
            "slug",
            "kind",
            "provider",
            "location",
            "floor",
            "door",
            "holiday_policy",
            "new_patients",
            "new_patients_checked_on",
            "sort_order",
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["slug"].required = False
        self.fields["slug"].help_text = _("Empty: made from the name.")
        if self.instance.pk:
            buildings = self.fields["location"].queryset.filter(centre=self.instance.centre)
            self.fields["location"].queryset = buildings

    def clean_slug(self) -> str:
        slug: str = self.cleaned_data["slug"]
        return slug or slugify(self.cleaned_data.get("name", ""))


class StaffRoleForm(WagtailAdminModelForm):
    class Meta:
        model = StaffRole
        fields: ClassVar[list[str]] = ["user", "centre", "role", "services"]
        widgets: ClassVar[dict[str, Any]] = {"services": forms.CheckboxSelectMultiple}

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        centre = cleaned.get("centre")
        strangers = [
            service.name
            for service in cleaned.get("services") or []
            if centre and service.centre_id != centre.pk
        ]
        if strangers:
            self.add_error(
                "services",
                _("These services belong to another centre: %(names)s.")
                % {"names": ", ".join(strangers)},
            )
        return cleaned

    def save(self, commit: bool = True) -> StaffRole:  # noqa: FBT001, FBT002 - Django's
        role: StaffRole = super().save(commit=commit)
        if commit:
            sync_assistant(user=role.user)
        return role
