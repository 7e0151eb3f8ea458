"""Hours of a service: the list, the week, closures."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.admin.desk import AnyForm, DeskView, with_back
from cms.forms.hours import TemplateForm, WeekForm, as_monday, with_week_of
from cms.models import Service
from cms.opening_hours import HolidayPolicy, Schedule, osm_string
from cms.permissions import may_edit_contact, services_of
from cms.selectors.hours_history import changes_of
from cms.selectors.hours_preview import weeks_ahead
from cms.selectors.hours_snapshots import stored_rules
from cms.selectors.notices import closures_of_service
from cms.selectors.schedules import with_hours
from cms.selectors.services import ServiceRow, in_order, service_row
from cms.services.hours import Period, periods_of, planned_rules, save_week
from cms.wording import date_long, validity_text

WEEK, NEW_WEEK = "woche", "neu"
# What the buttons of the form are called besides “save”; none of them stores anything.
PREVIEW, AS_MONDAY, COPY = "vorschau", "wie_montag", "uebernehmen"


class HoursListView(DeskView):
    """All services whose hours one keeps, by centre."""

    template_name = "cms/admin/hours_list.html"
    page_title = gettext_lazy("Opening hours")
    header_icon = "time"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        now = self.now
        services = with_hours(services_of(self.user), self.today).select_related("centre")
        rows: dict[Any, list[Any]] = {}
        for service in in_order(services):
            rows.setdefault(service.centre, []).append(service_row(service, now))
        centres = sorted(rows.items(), key=lambda item: item[0].place)
        return super().get_context_data(centres=centres, **kwargs)


class ServiceHoursView(DeskView):
    """One service: its closures, its week as a form, what residents will read, what changed."""

    template_name = "cms/admin/hours.html"
    header_icon = "time"

    @cached_property
    def service(self) -> Service:
        services = services_of(self.user).select_related("centre")
        return get_object_or_404(services, pk=self.kwargs["pk"])

    @cached_property
    def row(self) -> ServiceRow:
        """Return what the site shows of the service now."""
        service = with_hours(Service.objects.filter(pk=self.service.pk), self.today).get()
        return service_row(service, self.now)

    def get_page_title(self) -> str:
        return _("Times: %(service)s") % {"service": self.service.name}

    def steps_above(self) -> list[dict[str, Any]]:
        return [{"url": reverse("hours_list"), "label": _("Opening hours")}]

    # Which week

    @cached_property
    def wanted(self) -> str:
        return self.request.POST.get(WEEK) or self.request.GET.get(WEEK) or ""

    @cached_property
    def period(self) -> Period:
        """Return the week to show: the one asked for, else today's, else the first."""
        asked = [period for period in periods_of(self.service) if period.key == self.wanted]
        return asked[0] if asked else self.period_of_today(self.service)

    def period_of_today(self, service: Service) -> Period:
        periods = periods_of(service)
        of_today = [period for period in periods if period.covers(self.today)]
        return (of_today or periods or [Period()])[0]

    @property
    def is_new(self) -> bool:
        return self.wanted == NEW_WEEK

    @property
    def is_gone(self) -> bool:
        """Whether the week asked for exists no more; today's must not be overwritten instead."""
        return bool(self.wanted) and not self.is_new and self.wanted != self.period.key

    # What is asked

    def form(self, data: Any = None, typed: Any = None) -> WeekForm:
        return WeekForm(
            data, service=self.service, period=self.period, is_new=self.is_new, typed=typed
        )

    def stored_forms(self) -> list[AnyForm]:
        return [self.form()]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=self.form()))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        answers: dict[str, Callable[[], HttpResponse]] = {
            AS_MONDAY: self._as_monday,
            COPY: self._copy,
        }
        for name, answer in answers.items():
            if name in request.POST:
                return answer()
        form = self.form(request.POST)
        if self.is_gone:
            form.add_error(
                None, _("These times do not exist any more. Please choose others above.")
            )
        if PREVIEW in request.POST:
            return self._preview(form)
        if form.is_valid():
            self.refuse_if_changed_meanwhile(form)
        return self._save(form) if form.is_valid() else self.refused(form, form=form)

    def _as_monday(self) -> HttpResponse:
        name = self.request.POST[AS_MONDAY]
        form = self.form(typed=as_monday(self.request.POST.dict(), name))
        if name in form.fields:
            form.fields[name].widget.attrs["autofocus"] = True
        return self.render_to_response(self.get_context_data(form=form))

    def _copy(self) -> HttpResponse:
        typed = self.request.POST.dict()
        template = TemplateForm(self.request.POST, services=self._other_services())
        if not template.is_valid():
            form = self.form(typed=typed)
            return self.refused(template, form=form, template_form=template)
        source = template.cleaned_data["vorlage"]
        form = self.form(typed=with_week_of(typed, source, self.period_of_today(source)))
        return self.render_to_response(
            self.get_context_data(form=form, template_form=template, copied_from=source.name)
        )

    def _preview(self, form: WeekForm) -> HttpResponse:
        if not form.is_valid():
            return self.refused(form, form=form)
        period: Period = form.cleaned_data["period"]
        rules = planned_rules(
            stored_rules(self.service),
            replaced=None if self.is_new else self.period,
            period=period,
            spans=form.cleaned_data["spans"],
        )
        planned = replace(
            self.row.schedule,
            rules=tuple(rules),
            holiday_policy=HolidayPolicy(form.cleaned_data["holiday_policy"]),
        )
        first = max(self.today, period.valid_from or self.today)
        preview = self._weeks(planned, first)
        return self.render_to_response(self.get_context_data(form=form, preview=preview))

    def _save(self, form: WeekForm) -> HttpResponse:
        period: Period = form.cleaned_data["period"]
        save_week(
            service=self.service,
            replaced=None if self.is_new else self.period,
            period=period,
            spans=form.cleaned_data["spans"],
            holiday_policy=form.cleaned_data["holiday_policy"],
            user=self.user,
        )
        message = _("The times of “%(service)s” are saved and hold at once.")
        if period.valid_from and period.valid_from > self.today:
            message = _(
                "The new times of “%(service)s” are saved and hold from %(day)s. "
                "Until then the old ones show."
            )
        values = {
            "service": self.service.name,
            "day": date_long(period.valid_from or self.today),
        }
        return self.saved(message % values, self.back_or("service_hours", self.service.pk))

    # What is shown

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        others = self._other_services()
        return super().get_context_data(
            **{
                "service": self.service,
                "row": self.row,
                "closures": closures_of_service(self.row, self.today),
                "periods": [
                    (
                        period.key,
                        validity_text(period.valid_from, period.valid_to),
                        period == self.period,
                    )
                    for period in periods_of(self.service)
                ],
                "is_new": self.is_new,
                "week": self.request.POST.get(WEEK)
                or (NEW_WEEK if self.is_new else self.period.key),
                "changes": changes_of(self.service),
                "stored_preview": self._weeks(self.row.schedule, self.today),
                "template_form": TemplateForm(services=others) if others.exists() else None,
                "osm": osm_string(self.row.schedule, self.today),
                "contact_url": self._contact_url(),
                "page_url": self.request.path,
                **kwargs,
            }
        )

    def _weeks(self, schedule: Schedule, first: Any) -> Any:
        return weeks_ahead(schedule, first, self.today)

    def _other_services(self) -> Any:
        others = services_of(self.user).exclude(pk=self.service.pk).select_related("centre")
        return others.order_by("centre__place", "name")

    def _contact_url(self) -> str:
        if not may_edit_contact(self.user, self.service):
            return ""
        return with_back(reverse("service_contact", args=[self.service.pk]), self.request.path)
