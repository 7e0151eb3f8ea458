"""The entry to everything of ours in Wagtail's admin; the views live in cms.admin."""

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import URLPattern
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import LogActionRegistry
from wagtail.models import Page

from cms.admin import menu
from cms.admin.api import use_own_endpoints
from cms.admin.guards import refuse_bulk_delete, refuse_page_delete
from cms.admin.today import TodayPanel
from cms.admin.urls import urlpatterns
from cms.admin.viewsets import VIEWSETS
from cms.models import CentrePage
from cms.permissions import is_administration, register_policies
from cms.services.centres import set_up_centre
from cms.services.contacts import CHANGE_CONTACT
from cms.services.hours import CHANGE_CLOSURE, CHANGE_HOURS, DELETE_CLOSURE

register_policies()


# Views and menu ----------------------------------------------------------------------------------


def register_desk_urls() -> list[URLPattern]:
    return urlpatterns


def register_viewsets() -> list[Any]:
    return [viewset() for viewset in VIEWSETS]


def arrange_menu(request: HttpRequest, items: list[MenuItem]) -> None:
    items += [item for item in menu.own_items() if item.is_shown(request)]
    menu.arrange(request, items)


def replace_panels(request: HttpRequest, panels: list[Any]) -> None:
    panels[:] = [TodayPanel()]


def drop_summary(request: HttpRequest, items: list[Any]) -> None:
    items.clear()


def admin_css() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("css/admin.css"))


# Pages -------------------------------------------------------------------------------------------


def hide_drafts_of_others(pages: Any, request: HttpRequest) -> Any:
    """Links may lead to every public page; drafts are shown to those who work on them."""
    if is_administration(request.user):
        return pages
    own = menu.own_pages(request.user)
    return pages.filter(pk__in=Page.objects.live().public() | own)


def publish_first(items: list[Any], request: HttpRequest, context: dict[str, Any]) -> None:
    """Make “publish” the button that stands there, for those who may."""
    items.sort(key=lambda item: item.name != "action-publish")


def grant_new_centre_page(request: HttpRequest, page: Page) -> None:
    _grant(page)


def grant_copied_centre_page(request: HttpRequest, page: Page, new_page: Page) -> None:
    _grant(new_page)


def _grant(page: Page) -> None:
    page = page.specific
    if isinstance(page, CentrePage):
        set_up_centre(centre=page.centre, pages=[page])


# History -----------------------------------------------------------------------------------------


def register_log_actions(actions: LogActionRegistry) -> None:
    actions.register_action(CHANGE_HOURS, _("Change hours"), _("Hours changed"))
    actions.register_action(CHANGE_CLOSURE, _("Enter a closure"), _("Closure entered or changed"))
    actions.register_action(DELETE_CLOSURE, _("Delete a closure"), _("Closure deleted"))
    actions.register_action(CHANGE_CONTACT, _("Change contact"), _("Contact changed"))


# Registered by calls: Wagtail has no types, and decorators without types spread.
hooks.register("register_admin_urls", register_desk_urls)
hooks.register("register_admin_viewset", register_viewsets)
hooks.register("construct_main_menu", arrange_menu, order=1000)
hooks.register("construct_homepage_panels", replace_panels, order=-1000)
hooks.register("construct_homepage_summary_items", drop_summary, order=1000)
hooks.register("construct_admin_api", use_own_endpoints, order=1000)
hooks.register("insert_global_admin_css", admin_css)
hooks.register("construct_page_chooser_queryset", hide_drafts_of_others)
hooks.register("before_delete_page", refuse_page_delete)
hooks.register("before_bulk_action", refuse_bulk_delete)
hooks.register("construct_page_action_menu", publish_first)
hooks.register("after_create_page", grant_new_centre_page)
hooks.register("after_copy_page", grant_copied_centre_page)
hooks.register("after_copy_for_translation_page", grant_copied_centre_page)
hooks.register("register_log_actions", register_log_actions)
