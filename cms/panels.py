"""Panels of our own in Wagtail's editor."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import Panel


class FactsPanel(Panel):
    """Times, phone and address of what the page is about: to read here, changed in one click.

    The page's model says what its facts are (`facts_subject`); the panel only shows them.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"heading": _("Times, phone, address"), **kwargs})

    class BoundPanel(Panel.BoundPanel):
        template_name = "cms/admin/facts_panel.html"

        def is_shown(self) -> bool:
            return bool(super().is_shown() and self.instance.pk and self.instance.facts_subject)

        def get_context_data(self, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
            return {
                **super().get_context_data(parent_context),
                "subject": self.instance.facts_subject,
                "page": self.instance,
                "request": self.request,
            }
