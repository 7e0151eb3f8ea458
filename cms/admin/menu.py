"""The menu in task words, by role."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import Menu, MenuItem, SubmenuMenuItem
from wagtail.admin.ui.sidebar import LinkMenuItem
from wagtail.models import Locale, Page, Site

from cms.models import CentrePage
from cms.permissions import centres_of, is_administration, is_manager

# Wagtail's entries that managers need, under our own names; all others are for the administration.
IMAGES, DOCUMENTS = "images", "documents"


class ManagerItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return is_administration(request.user) or is_manager(request.user)


class PagesItem(ManagerItem):
    """Leads to one's own pages, not to the root of the tree."""

    def render_component(self, request: HttpRequest) -> LinkMenuItem:
        start = start_page_for(request.user)
        url = reverse("wagtailadmin_explore", args=[start.pk]) if start else self.url
        return LinkMenuItem(self.name, self.label, url, icon_name=self.icon_name)


def start_page_for(user: Any) -> Page | None:
    """Return the page one works below: one's centre's, for the administration the start page."""
    if is_administration(user):
        site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
        return site.root_page if site else None
    pages = CentrePage.objects.filter(centre__in=centres_of(user), alias_of__isnull=True)
    return pages.filter(locale=Locale.get_default()).first() or pages.first()


def own_pages(user: Any) -> QuerySet[Page]:
    """Return all pages of the user's centres, drafts included."""
    found: QuerySet[Page] = Page.objects.none()
    for page in CentrePage.objects.filter(centre__in=centres_of(user)):
        found |= Page.objects.descendant_of(page, inclusive=True)
    return found


class MoreItem(SubmenuMenuItem):
    """Everything of Wagtail that is not daily work; for the administration only."""

    def is_shown(self, request: HttpRequest) -> bool:
        return is_administration(request.user)


def own_items() -> list[MenuItem]:
    return [
        MenuItem(_("Today"), reverse("wagtailadmin_home"), name="today", icon_name="date", order=1),
        MenuItem(
            _("Opening hours"), reverse("hours_list"), name="hours", icon_name="time", order=30
        ),
        PagesItem(
            _("Pages"),
            reverse("wagtailadmin_explore_root"),
            name="pages",
            icon_name="doc-empty",
            order=40,
        ),
        ManagerItem(
            _("Address & getting here"),
            reverse("centre_overview"),
            name="centre",
            icon_name="home",
            order=60,
        ),
    ]


OWN = {"today", "hours", "pages", "centre"}
# Replaced by our own entry; links to other hosts, in English.
DROPPED = {"explorer", "help"}


def arrange(request: HttpRequest, items: list[MenuItem]) -> None:
    """Keep our entries, join the files, and put the rest under “More”.

    Entries of upper apps stay where they are: they name themselves with `keep_in_menu`.
    """
    files = [item for item in items if item.name in {IMAGES, DOCUMENTS}]
    kept = [item for item in items if item.name in OWN or getattr(item, "keep_in_menu", False)]
    gone = [item for item in items if item.name in DROPPED]
    rest = [item for item in items if item not in [*files, *kept, *gone]]
    items[:] = kept
    if files:
        label = _("Pictures & documents")
        menu = Menu(items=files)
        items.append(SubmenuMenuItem(label, menu, name="files", icon_name="image", order=50))
    if rest and is_administration(request.user):
        menu = Menu(items=rest)
        items.append(MoreItem(_("More"), menu, name="more", icon_name="cogs", order=10_000))
