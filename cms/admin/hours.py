"""Hours of a service: the list, the week, closures."""

import datetime as dt
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import registry as log_registry

from cms.admin.desk import AnyForm, DeskView, with_back
from cms.forms.closures import ClosureForm
from cms.forms.hours import WeekForm
from cms.models import HoursException, Service
from cms.opening_hours import BERLIN
from cms.permissions import may_edit_contact, services_of
from cms.selectors.notices import closures_of_service
from cms.selectors.schedules import with_hours
from cms.selectors.services import in_order, service_row
from cms.services.hours import Period, delete_exception, periods_of, save_exception, save_week
from cms.wording import date_long

LAST_CHANGES = 5
WEEK, NEW_WEEK = "woche", "neu"


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
    """One service: its closures, and its week as a form."""

    template_name = "cms/admin/hours.html"
    header_icon = "time"

    @cached_property
    def service(self) -> Service:
        services = services_of(self.user).select_related("centre")
        return get_object_or_404(services, pk=self.kwargs["pk"])

    def get_page_title(self) -> str:
        return _("Times: %(service)s") % {"service": self.service.name}

    def steps_above(self) -> list[dict[str, Any]]:
        return [{"url": reverse("hours_list"), "label": _("Opening hours")}]

    @cached_property
    def wanted(self) -> str:
        return self.request.POST.get(WEEK) or self.request.GET.get(WEEK) or ""

    @cached_property
    def period(self) -> Period:
        """Return the week to show: the one asked for, else today's, else the first."""
        periods = periods_of(self.service)
        asked = [period for period in periods if period.key == self.wanted]
        of_today = [period for period in periods if period.covers(self.today)]
        return (asked or of_today or periods or [Period()])[0]

    @property
    def is_new(self) -> bool:
        return self.wanted == NEW_WEEK

    @property
    def is_gone(self) -> bool:
        """Whether the week asked for exists no more; today's must not be overwritten instead."""
        return bool(self.wanted) and not self.is_new and self.wanted != self.period.key

    def form(self, data: Any = None) -> WeekForm:
        return WeekForm(data, service=self.service, period=self.period, is_new=self.is_new)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=self.form()))

    def stored_forms(self) -> list[AnyForm]:
        return [self.form()]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.form(request.POST)
        if self.is_gone:
            form.add_error(
                None, _("These times do not exist any more. Please choose others above.")
            )
        elif form.is_valid():
            self.refuse_if_changed_meanwhile(form)
        if not form.is_valid():
            return self.refused(form, form=form)
        save_week(
            service=self.service,
            replaced=None if self.is_new else self.period,
            period=form.cleaned_data["period"],
            spans=form.cleaned_data["spans"],
            holiday_policy=form.cleaned_data["holiday_policy"],
            user=self.user,
        )
        message = _("The times of “%(service)s” are saved and hold at once.")
        return self.saved(
            message % {"service": self.service.name},
            self.back_or("service_hours", self.service.pk),
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        service = with_hours(Service.objects.filter(pk=self.service.pk), self.today).get()
        row = service_row(service, self.now)
        return super().get_context_data(
            service=self.service,
            row=row,
            closures=closures_of_service(row, self.today),
            periods=[
                (period.key, period_label(period), period == self.period)
                for period in periods_of(self.service)
            ],
            is_new=self.is_new,
            week=self.request.POST.get(WEEK) or (NEW_WEEK if self.is_new else self.period.key),
            changes=self._changes(),
            contact_url=self._contact_url(),
            **kwargs,
        )

    def _changes(self) -> Any:
        logs = log_registry.get_logs_for_instance(self.service).select_related("user")
        return logs.order_by("-timestamp")[:LAST_CHANGES]

    def _contact_url(self) -> str:
        if not may_edit_contact(self.user, self.service):
            return ""
        return with_back(reverse("service_contact", args=[self.service.pk]), self.request.path)


def period_label(period: Period) -> str:
    first, last = period.valid_from, period.valid_to
    if first and last:
        return _("from %(first)s until %(last)s") % {
            "first": date_long(first),
            "last": date_long(last),
        }
    if first:
        return _("from %(first)s") % {"first": date_long(first)}
    if last:
        return _("until %(last)s") % {"last": date_long(last)}
    return _("until further notice")


class ClosureView(DeskView):
    """Enter or change one closure, or other hours on some days."""

    template_name = "cms/admin/closure.html"
    header_icon = "date"

    @cached_property
    def service(self) -> Service:
        return get_object_or_404(services_of(self.user), pk=self.kwargs["pk"])

    @cached_property
    def exception(self) -> HoursException | None:
        if "exception" not in self.kwargs:
            return None
        return get_object_or_404(self.service.hours_exceptions, pk=self.kwargs["exception"])

    def get_page_title(self) -> str:
        title = (
            _("Change leave or closure: %(service)s")
            if self.exception
            else _("Enter leave or closure: %(service)s")
        )
        return title % {"service": self.service.name}

    def steps_above(self) -> list[dict[str, Any]]:
        return [
            {"url": reverse("hours_list"), "label": _("Opening hours")},
            {
                "url": reverse("service_hours", args=[self.service.pk]),
                "label": self.service.name,
            },
        ]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        _own = self.service, self.exception  # 404 before anything else
        return super().dispatch(request, *args, **kwargs)

    def form(self, data: Any = None) -> ClosureForm:
        return ClosureForm(data, instance=self.exception, service=self.service, today=self.today)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=self.form()))

    def stored_forms(self) -> list[AnyForm]:
        return [self.form()] if self.exception else []

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        _before = self.stored
        form = self.form(request.POST)
        if form.is_valid():
            self.refuse_if_changed_meanwhile(form)
        if not form.is_valid():
            return self.refused(form, form=form)
        exception = save_exception(
            exception=form.save(commit=False), times=form.cleaned_data["times"], user=self.user
        )
        message = _("Saved and shown at once: %(closure)s.")
        if exception.shown_from and exception.shown_from > self.today:
            message = _("Saved. Shown from %(day)s on: %(closure)s.")
        return self.saved(
            message
            % {
                "closure": sentence_of(exception, self.now),
                "day": date_long(exception.shown_from or self.today),
            },
            self.back_or("service_hours", self.service.pk),
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            service=self.service,
            exception=self.exception,
            cancel_url=self.back_or("service_hours", self.service.pk),
            **kwargs,
        )


class ClosureDeleteView(ClosureView):
    """Ask first, then remove it; only a POST changes anything."""

    template_name = "cms/admin/closure_delete.html"

    def get_page_title(self) -> str:
        return _("Delete leave or closure: %(service)s") % {"service": self.service.name}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response(
            self.get_context_data(sentence=sentence_of(self._existing(), self.now))
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        exception = self._existing()
        sentence = sentence_of(exception, self.now)
        delete_exception(exception=exception, user=self.user)
        return self.saved(
            _("Deleted: %(closure)s. The usual times hold again.") % {"closure": sentence},
            self.back_or("service_hours", self.service.pk),
        )

    def _existing(self) -> HoursException:
        if self.exception is None:
            raise Http404
        return self.exception


def sentence_of(exception: HoursException, now: dt.datetime) -> str:
    """Return what the residents read of this closure."""
    today = now.astimezone(BERLIN).date()
    # A closure that is over has its sentence, too.
    services = with_hours(
        Service.objects.filter(pk=exception.service_id), min(today, exception.last_day)
    )
    closures = closures_of_service(service_row(services.get(), now), today)
    return next(sentence for row, sentence in closures if row.pk == exception.pk)
