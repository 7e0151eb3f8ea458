"""The frame of a page, for base.html."""

from typing import Any

from django import template
from django.conf import settings
from wagtail.models import Page

from cms.models import BasePage
from cms.selectors.frame import Frame, frame_of

register = template.Library()


@register.simple_tag(takes_context=True)
def page_frame(context: template.Context) -> Frame:
    """Return the frame for the page in the context, or for a plain view."""
    page = context.get("page")
    return frame_of(context.get("request"), page if isinstance(page, Page) else None)


@register.simple_tag
def is_demo() -> bool:
    return bool(settings.DEMO)


@register.simple_tag(takes_context=True)
def canonical_url(context: template.Context) -> str:
    """Return the one address of the page: on its own host if it has one, else the programme's.

    Without the request Wagtail prefers the site whose root is nearest to the page.
    """
    page: Any = context.get("page")
    return (page.get_full_url() or "") if isinstance(page, BasePage) and page.pk else ""
