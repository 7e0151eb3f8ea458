"""The entry to the bookings in Wagtail's admin; the views live in bookings.admin."""

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import URLPattern
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from bookings.admin import menu
from bookings.admin.rooms import VIEWSETS
from bookings.admin.terms import TermsViewSet
from bookings.admin.today import add_panel
from bookings.admin.urls import urlpatterns
from bookings.permissions import register_lookups

register_lookups()


def register_desk_urls() -> list[URLPattern]:
    return urlpatterns


def register_viewsets() -> list[Any]:
    return [viewset() for viewset in (*VIEWSETS, TermsViewSet)]


def add_to_menu(request: HttpRequest, items: list[MenuItem]) -> None:
    items += [item for item in menu.items() if item.is_shown(request)]


def desk_css() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("css/desk.css"))


hooks.register("register_admin_urls", register_desk_urls)
hooks.register("register_admin_viewset", register_viewsets)
# Before the order of the menu is made, after cms has replaced Wagtail's panels.
hooks.register("construct_main_menu", add_to_menu, order=900)
hooks.register("construct_homepage_panels", add_panel)
hooks.register("insert_global_admin_css", desk_css)
