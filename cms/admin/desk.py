"""What the views of the desk share: who asks, when it is, and where one goes back to."""

import datetime as dt
import hashlib
from typing import Any, cast

from django.forms import BaseForm, BaseFormSet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from cms.models import User
from cms.opening_hours import BERLIN
from cms.services.way_back import own_address

BACK = "zurueck"
SEEN = "stand"
CHANGED_MEANWHILE = gettext_lazy(
    "Somebody changed these entries while you were writing. Nothing of yours is saved yet. "
    "Please open this page in a second window to compare, then save here once more."
)
AnyForm = BaseForm | BaseFormSet[Any]


def back_path(request: HttpRequest) -> str:
    """Return the path of our own host that the visitor came from, "" for anything else."""
    return own_address(request.POST.get(BACK) or request.GET.get(BACK))


def with_back(url: str, path: str) -> str:
    """Add to a desk address where one comes back to."""
    return f"{url}?{urlencode({BACK: path})}" if path else url


class DeskView(WagtailAdminTemplateMixin, TemplateView):
    """A page of the desk. The objects it takes are looked up among the user's own."""

    breadcrumbs_items = [{"url": reverse_lazy("wagtailadmin_home"), "label": gettext_lazy("Today")}]
    fallback_url_name = "wagtailadmin_home"

    @property
    def user(self) -> User:
        return cast(User, self.request.user)

    @property
    def now(self) -> dt.datetime:
        return timezone.now()

    @property
    def today(self) -> dt.date:
        return self.now.astimezone(BERLIN).date()

    @property
    def back(self) -> str:
        return back_path(self.request)

    def back_or(self, url_name: str, *args: Any) -> str:
        return self.back or reverse(url_name, args=args)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        here = {"url": "", "label": self.get_page_title()}
        return [*self.breadcrumbs_items, *self.steps_above(), here]

    def steps_above(self) -> list[dict[str, Any]]:
        """Return the breadcrumbs between the start and this page."""
        return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(**kwargs),
            "today": self.today,
            "back": self.back,
            "seen": self.stored,
        }

    def stored_forms(self) -> list[AnyForm]:
        """Return the page's forms with what is stored now."""
        return []

    @cached_property
    def stored(self) -> str:
        """Name the state of what the page's forms show; sent along with the form.

        To be asked before a form puts its answers on the objects.
        """
        return fingerprint(*self.stored_forms())

    def refuse_if_changed_meanwhile(self, form: BaseForm, *others: AnyForm) -> None:
        """Give the form an error when somebody else has saved since the page was shown.

        Who sends the same again – a double click – changes nothing and is let through.
        """
        seen = self.request.POST.get(SEEN)
        if not seen or seen == self.stored:
            return
        if any(part.has_changed() for part in (form, *others)):
            form.add_error(None, CHANGED_MEANWHILE)

    def saved(self, message: str, url: str) -> HttpResponse:
        messages.success(self.request, message)
        return redirect(url)

    def refused(self, *forms: AnyForm, **context: Any) -> HttpResponse:
        """Show the page again with everything typed and a count of what to check."""
        count = sum(error_count(form) for form in forms)
        summary = ngettext(
            "Please check %(count)s entry. What you entered is still there.",
            "Please check %(count)s entries. What you entered is still there.",
            count,
        ) % {"count": count}
        messages.error(self.request, summary)
        return self.render_to_response(self.get_context_data(**context), status=422)


def fingerprint(*forms: AnyForm) -> str:
    shown = [
        (field.html_name, str(field.initial))
        for form in forms
        for part in (form if isinstance(form, BaseFormSet) else [form])
        for field in part
    ]
    return hashlib.sha256(repr(shown).encode()).hexdigest()[:20]


def error_count(form: AnyForm) -> int:
    if isinstance(form, BaseFormSet):
        return form.total_error_count()
    return sum(len(errors) for errors in form.errors.values())
