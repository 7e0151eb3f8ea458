"""Contacts: of a service, of a centre, and the page from which one reaches both."""

from typing import Any

from django.db.models import Prefetch
from django.forms import BaseInlineFormSet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.admin.desk import AnyForm, DeskView
from cms.forms.contacts import CentreContactForm, ContactRows, PersonRows, ServiceContactForm
from cms.models import Centre, Contact, Service
from cms.permissions import centres_of, is_administration
from cms.selectors.centres import centre_status
from cms.selectors.services import in_order, main_contact
from cms.services.contacts import save_centre_contact, save_contacts


class CentreOverviewView(DeskView):
    """Address and way here: everything about the house, each with its way to change it."""

    template_name = "cms/admin/centre_overview.html"
    page_title = gettext_lazy("Address & getting here")
    header_icon = "home"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        centres = centres_of(self.user).prefetch_related(
            "locations__entrances",
            "locations__stops",
            "transport_offers",
            Prefetch("services", Service.objects.prefetch_related("contacts")),
        )
        entries = [
            {
                "centre": centre,
                "status": centre_status(centre, self.today),
                "services": in_order(centre.services.all()),
            }
            for centre in centres
        ]
        return super().get_context_data(entries=entries, **kwargs)


class CentreContactView(DeskView):
    template_name = "cms/admin/centre_contact.html"
    header_icon = "home"

    @cached_property
    def centre(self) -> Centre:
        return get_object_or_404(centres_of(self.user), pk=self.kwargs["pk"])

    def get_page_title(self) -> str:
        return _("Phone, e-mail and opening: %(centre)s") % {"centre": self.centre.name}

    def steps_above(self) -> list[dict[str, Any]]:
        return [{"url": reverse("centre_overview"), "label": _("Address & getting here")}]

    def stored_forms(self) -> list[AnyForm]:
        return [self.form()]

    def form(self, data: Any = None) -> CentreContactForm:
        return CentreContactForm(data, instance=self.centre, today=self.today)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=self.form()))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        _before = self.stored
        form = self.form(request.POST)
        if form.is_valid():
            self.refuse_if_changed_meanwhile(form)
        if not form.is_valid():
            self.centre.refresh_from_db()
            return self.refused(form, form=form)
        save_centre_contact(centre=form.save(commit=False), user=self.user)
        message = _("Saved and shown at once: %(name)s.") % {"name": self.centre.name}
        return self.saved(message, self.back_or("centre_overview"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        cancel_url = self.back_or("centre_overview")
        return super().get_context_data(centre=self.centre, cancel_url=cancel_url, **kwargs)


class ServiceContactView(DeskView):
    """The main number, more numbers, the door, people."""

    template_name = "cms/admin/service_contact.html"
    header_icon = "mail"

    @cached_property
    def service(self) -> Service:
        services = Service.objects.filter(centre__in=centres_of(self.user))
        return get_object_or_404(
            services.select_related("centre", "provider"), pk=self.kwargs["pk"]
        )

    @cached_property
    def main(self) -> Contact | None:
        return main_contact(self.service)

    def get_page_title(self) -> str:
        return _("Contact: %(service)s") % {"service": self.service.name}

    def steps_above(self) -> list[dict[str, Any]]:
        return [{"url": reverse("centre_overview"), "label": _("Address & getting here")}]

    def forms(
        self, data: Any = None
    ) -> tuple[ServiceContactForm, list[BaseInlineFormSet[Any, Any, Any]]]:
        form = ServiceContactForm(data, instance=self.service, main=self.main, today=self.today)
        others = Contact.objects.all()
        if self.main:
            others = others.exclude(pk=self.main.pk)
        contacts = ContactRows(data, instance=self.service, queryset=others, prefix="contacts")
        people = PersonRows(data, instance=self.service, prefix="people")
        return form, [contacts, people]

    def stored_forms(self) -> list[AnyForm]:
        form, rows = self.forms()
        return [form, *rows]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response(self._context(*self.forms()))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        name, _before = self.service.name, self.stored
        form, rows = self.forms(request.POST)
        valid = [form.is_valid(), *(formset.is_valid() for formset in rows)]
        if all(valid):
            self._refuse_missing_main_number(form, rows[0])
            self.refuse_if_changed_meanwhile(form, *rows)
        if not all(valid) or form.errors:
            return self.refused(form, *rows, **self._context(form, rows))
        save_contacts(
            service=form.save(commit=False),
            main=self.main,
            values=form.main_values,
            rows=rows,
            user=self.user,
        )
        message = _("Saved and shown at once: %(name)s.") % {"name": name}
        return self.saved(message, self.back_or("centre_overview"))

    def _refuse_missing_main_number(
        self, form: ServiceContactForm, contacts: BaseInlineFormSet[Any, Any, Any]
    ) -> None:
        kept = [row for row in contacts.forms if not row.cleaned_data.get("DELETE")]
        has_other = any(row.cleaned_data.get("phone") for row in kept)
        if has_other and not form.cleaned_data["phone"]:
            message = _("Please enter the main number here; the others stand below it.")
            form.add_error("phone", message)

    def _context(
        self, form: ServiceContactForm, rows: list[BaseInlineFormSet[Any, Any, Any]]
    ) -> dict[str, Any]:
        contacts, people = rows
        return self.get_context_data(form=form, contacts=contacts, people=people)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            **{
                "service": self.service,
                "cancel_url": self.back_or("centre_overview"),
                "service_edit_url": self._service_edit_url(),
                **kwargs,
            }
        )

    def _service_edit_url(self) -> str:
        if not is_administration(self.user):
            return ""
        return reverse("cms_services:edit", args=[self.service.pk])
