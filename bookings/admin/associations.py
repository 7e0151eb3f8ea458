"""The associations and groups at home in one's centres."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from bookings.admin import words
from bookings.admin.base import ManagerView
from bookings.forms.associations import CorrectAssociationForm
from bookings.forms.own_associations import NewMainContactForm
from bookings.models import Association
from bookings.permissions import bookings_to_decide
from bookings.rules.associations import NotDoneError
from bookings.selectors.associations import (
    active_main_contacts,
    data_looked_at,
    has_to_confirm,
    notice_is_over,
    people_of,
    team_invitations,
)
from bookings.selectors.desk import associations_at, last_requests_of
from bookings.services.associations import check_association, invite_main_contact
from bookings.wording import moment, room_names, state_word
from bookings.wording.associations import NOT_DONE
from cms.admin.desk import SEEN, AnyForm, with_back
from cms.permissions import centres_of


class AssociationListView(ManagerView):
    template_name = "bookings/admin/association_list.html"
    page_title = gettext_lazy("Associations")
    header_icon = "group"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        centres = centres_of(self.user)
        return super().get_context_data(
            associations=associations_at(centres),
            several=centres.count() > 1,
            here=self.request.get_full_path(),
            **kwargs,
        )


class OwnAssociationView(ManagerView):
    """A page on one association at home in one's own centres; any other is a 404."""

    header_icon = "group"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        _own = self.association
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def association(self) -> Association:
        return get_object_or_404(self.own, pk=self.kwargs["pk"])

    @property
    def own(self) -> QuerySet[Association]:
        rows = Association.objects.filter(home_centre__in=centres_of(self.user))
        return rows.select_related("home_centre", "checked_by")


class AssociationView(OwnAssociationView):
    """The people of an association, its requests; name and kind can be corrected."""

    template_name = "bookings/admin/association.html"

    def get_page_title(self) -> str:
        return str(self.own.get(pk=self.association.pk))

    def steps_above(self) -> list[dict[str, Any]]:
        return [{"url": reverse("association_list"), "label": _("Associations")}]

    def form(self, data: Any = None) -> CorrectAssociationForm:
        return CorrectAssociationForm(data, instance=self.association)

    def stored_forms(self) -> list[AnyForm]:
        return [self.form()]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=self.form()))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        _before = self.stored
        form = self.form(request.POST)
        if form.is_valid():
            self.refuse_if_changed_meanwhile(form)
        if not form.is_valid():
            return self.refused(form, form=form)
        form.save()
        return self.saved(
            _("Saved: %(name)s.") % {"name": self.association.name},
            self.back_or("association", self.association.pk),
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        association = self.association
        requests = last_requests_of(association, bookings_to_decide(self.user))
        return super().get_context_data(
            association=association,
            checked_at=association.checked_at and moment(association.checked_at),
            registered_at=moment(association.created_at),
            memberships=people_of(association),
            looked_at=moment(data_looked_at(association)),
            has_to_confirm=has_to_confirm(association, now=self.now),
            asked_at=association.confirmation_asked_at
            and moment(association.confirmation_asked_at),
            notice_is_over=notice_is_over(association, now=self.now),
            invited=team_invitations(association, now=self.now),
            requests=[_shown(booking) for booking in requests],
            here=self.request.get_full_path(),
            **kwargs,
        )


def _shown(booking: Any) -> dict[str, Any]:
    dates = list(booking.dates.all())
    return {
        "booking": booking,
        "rooms": room_names(dates),
        "when": words.when_all(dates),
        "state": state_word(dates[0]) if dates else "",
    }


class AssociationCheckView(OwnAssociationView):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            check_association(
                association=self.association,
                seen=request.POST.get(SEEN, ""),
                actor=self.user,
                now=timezone.now(),
            )
        except NotDoneError as error:
            messages.warning(request, str(NOT_DONE[error.why]))
            url = reverse("association", args=[self.association.pk])
            return redirect(with_back(url, self.back))
        return self.saved(
            _("Checked: %(name)s.") % {"name": self.association.name},
            self.back_or("association_list"),
        )


class NewMainContactView(OwnAssociationView):
    """Name a main contact by invitation where nobody of the group can do it any more."""

    template_name = "bookings/admin/association_main_contact.html"
    page_title = gettext_lazy("Name a main contact")

    def steps_above(self) -> list[dict[str, Any]]:
        return [
            {"url": reverse("association_list"), "label": _("Associations")},
            {
                "url": reverse("association", args=[self.association.pk]),
                "label": self.association.name,
            },
        ]

    @cached_property
    def contacts(self) -> list[Any]:
        return active_main_contacts(self.association)

    def form(self, data: Any = None) -> NewMainContactForm:
        return NewMainContactForm(data, needs_word=bool(self.contacts))

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=self.form()))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.form(request.POST)
        if form.is_valid():
            try:
                invite_main_contact(
                    association=self.association,
                    email=form.cleaned_data["email"],
                    is_gone=form.said_gone,
                    actor=self.user,
                    now=self.now,
                )
            except NotDoneError as error:
                form.add_error("email", str(NOT_DONE[error.why]))
        if not form.is_valid():
            return self.refused(form, form=form)
        return self.saved(
            _("The invitation goes to %(email)s.") % {"email": form.cleaned_data["email"]},
            self.back_or("association", self.association.pk),
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            association=self.association, contacts=self.contacts, **kwargs
        )
