"""Terms of use at the desk: every change is a new version, what somebody agreed to stays."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.views.generic import CreateView, EditView

from bookings.admin.rooms import KeepingDeleteView, OwnCentre
from bookings.models import TermsOfUse
from cms.admin.scoped import ScopedViewSet


def why_they_stay(terms: TermsOfUse) -> str:
    """Say why a version cannot be changed or deleted; "" as long as nobody has agreed to it."""
    if not terms.bookings.exists():
        return ""
    return _(
        "Groups have agreed to this version already, so it stays as it is. Please enter a new version; "
        "it counts from the day that you choose."
    )


class TermsAddView(OwnCentre, CreateView):
    pass


class TermsEditView(OwnCentre, EditView):
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with transaction.atomic():
            terms = TermsOfUse.objects.select_for_update().get(pk=self.get_object().pk)
            if sentence := why_they_stay(terms):
                messages.error(request, sentence)
                return redirect(self.edit_url_name, terms.pk)
            response: HttpResponseBase = super().post(request, *args, **kwargs)
            return response

    def get_form(self, *args: Any, **kwargs: Any) -> Any:
        form = super().get_form(*args, **kwargs)
        form.fields["centre"].disabled = True
        return form


class TermsDeleteView(KeepingDeleteView):
    def why_it_stays(self) -> str:
        return why_they_stay(self.object)


class TermsViewSet(ScopedViewSet):
    model = TermsOfUse
    name = "bookings_terms"
    url_prefix = "nutzungsordnung"
    icon = "doc-full"
    add_to_admin_menu = True
    menu_order = 61
    list_display = ["__str__", "centre", "valid_from"]
    form_fields = ["centre", "valid_from", "text"]
    add_view_class = TermsAddView
    edit_view_class = TermsEditView
    delete_view_class = TermsDeleteView
