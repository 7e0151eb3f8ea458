"""Leave and closures of a service: enter, change, delete."""

import datetime as dt
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from cms.admin.desk import AnyForm, DeskView
from cms.forms.closures import ClosureForm
from cms.models import HoursException, Service
from cms.opening_hours import BERLIN
from cms.permissions import services_of
from cms.selectors.notices import closures_of_service
from cms.selectors.schedules import with_hours
from cms.selectors.services import service_row
from cms.services.hours import delete_exception, save_exception
from cms.wording import date_long


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
