"""What a group says about itself: entered, changed, confirmed once a year."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bookings.forms.own_associations import AnotherAssociationForm, AssociationDataForm, refuse
from bookings.rules.associations import NotDoneError
from bookings.selectors.associations import notice_is_over, people_of
from bookings.services.associations import confirm_data, edit_association, register_association
from bookings.views.associations.steps import (
    back_to,
    kept_or_403,
    page,
    refused,
    said,
)
from bookings.views.of_group import for_groups, user_of
from bookings.wording.associations import NOT_DONE
from cms.forms.typed import fill_in


@for_groups
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """Register a group, also a second one."""
    form = AnotherAssociationForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        values = form.cleaned_data
        try:
            new = register_association(
                name=values["name"],
                legal_form=values["legal_form"],
                home_centre=values["centre"],
                name_is_public=values["name_is_public"],
                user=user_of(request),
                now=timezone.now(),
            )
        except NotDoneError as error:
            refuse(form, NOT_DONE[error.why])
        else:
            group = {"group": new.name}
            said(request, _("%(group)s is registered. You are its main contact.") % group)
            return back_to(new)
    fill_in(request, form)
    status = 422 if form.errors else 200
    return render(request, "bookings/own_association_new.html", {"form": form}, status=status)


@for_groups
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the data of a group."""
    association = kept_or_403(request, pk)
    form = AssociationDataForm.of(association, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            checks_again = edit_association(
                association=association,
                data=form.entered(),
                actor=user_of(request),
                now=timezone.now(),
            )
        except NotDoneError as error:
            refused(request, error.why)
        else:
            said(
                request,
                _(
                    "Saved. The centre's team checks the group again; you can send requests meanwhile."
                )
                if checks_again
                else _("Saved."),
            )
        return back_to(association)
    return page(request, "own_association_edit", association, form)


@for_groups
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask whether the data are still right; only a click says so."""
    association, now = kept_or_403(request, pk), timezone.now()
    if request.method == "POST":
        try:
            confirm_data(association=association, actor=user_of(request), now=now)
        except NotDoneError as error:
            refused(request, error.why)
        else:
            said(request, _("Thank you. We ask again in a year."))
        return back_to(association)
    return page(
        request,
        "own_association_confirm",
        association,
        people=people_of(association),
        notice_is_over=notice_is_over(association, now=now),
    )
