"""The frame of a page, for base.html."""

from typing import Any

from django import template
from django.conf import settings
from wagtail.models import Page

from cms.models import BasePage
from cms.selectors.frame import Frame, frame_of

register = template.Library()

ROOT_PATHS = "_wagtail_cached_site_root_paths"  # where Wagtail keeps them


@register.simple_tag(takes_context=True)
def page_frame(context: template.Context) -> Frame:
    """Return the frame for the page in the context, or for a plain view.

    A view about something of a centre gives the centre's page as `frame_page`.
    """
    page = context.get("page") or context.get("frame_page")
    return frame_of(context.get("request"), page if isinstance(page, Page) else None)


@register.simple_tag
def is_demo() -> bool:
    return bool(settings.DEMO)


@register.simple_tag(takes_context=True)
def canonical_url(context: template.Context) -> str:
    """Return the one address of the page: on its own host if it has one, else the programme's.

    The same for a view about something of a centre: the address without its query, on the host of
    the centre's page; or that of the page that says the same (`canonical_page`). Without the
    request Wagtail prefers the site whose root is nearest to it.
    """
    page: Any = context.get("canonical_page") or context.get("page")
    if isinstance(page, Page) and page.pk:
        share_root_paths(context.get("request"), page)
        return page.get_full_url() or ""
    frame_page: Any = context.get("frame_page")
    if not isinstance(frame_page, BasePage):
        return ""
    share_root_paths(context["request"], frame_page)
    parts = frame_page.get_url_parts()
    return f"{parts[1]}{context['request'].path}" if parts else ""


def share_root_paths(request: Any, page: Any) -> None:
    """Spare a query: Wagtail looks the roots of all sites up for the request and for the page."""
    known = getattr(request, ROOT_PATHS, None)
    if known is not None:
        setattr(page, ROOT_PATHS, known)
