"""What the page of a service's hours asks and does besides its form: words while typing, undo."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.log_actions import registry as log_registry

from cms.admin.desk import DeskView, with_back
from cms.forms.hours import WeekForm
from cms.permissions import services_of
from cms.services.hours import HOURS_ACTIONS, Period
from cms.services.hours_undo import ChangedSinceError, undo


class TypedWordsView(DeskView):
    """Says as JSON what is understood of the times in the form; changes nothing."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        service = get_object_or_404(services_of(self.user), pk=self.kwargs["pk"])
        form = WeekForm(service=service, period=Period(), typed=request.POST.dict())
        return JsonResponse(form.words)


class UndoView(DeskView):
    """Takes back one change; refused when something else has changed since."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        service = get_object_or_404(services_of(self.user), pk=self.kwargs["pk"])
        logs = log_registry.get_logs_for_instance(service).filter(action__in=HOURS_ACTIONS)
        entry = get_object_or_404(logs, pk=self.kwargs["entry"])
        url = with_back(reverse("service_hours", args=[service.pk]), self.back)
        try:
            undo(service=service, entry=entry, user=self.user)
        except ChangedSinceError:
            message = _(
                "This cannot be taken back: these times were changed once more since. "
                "Nothing was changed."
            )
            messages.error(request, message)
            return redirect(url)
        return self.saved(_("Taken back. What was there before holds again at once."), url)
