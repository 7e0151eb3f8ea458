"""Wagtail's sites: which page answers under which address."""

from urllib.parse import urlsplit

from wagtail.models import Page, Site

from home.models import HomePage

PORTS = {"http": 80, "https": 443}
WELCOME_SLUG = "home"  # of the page that Wagtail's migrations create


class StartPageTakenError(Exception):
    """The default site starts with a page that is not ours to replace."""


def ensure_start_page(*, start_page: HomePage, site_name: str) -> HomePage:
    """Return the start page of the default site; put `start_page` there in a new installation.

    Wagtail's welcome page is removed, but only as its migrations left it.
    Raises StartPageTakenError when the default site starts with anything else.
    """
    root = Page.get_first_root_node()
    site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
    welcome = site.root_page if site and is_untouched_welcome_page(site.root_page) else None
    home: HomePage | None = HomePage.objects.child_of(root).first()
    if home is None:
        if site and not welcome:
            msg = "The default site has a start page of its own; the demo needs a new installation."
            raise StartPageTakenError(msg)
        home = root.add_child(instance=start_page)
        home.save_revision().publish()
    if site is None:
        Site.objects.create(
            hostname="localhost", root_page=home, is_default_site=True, site_name=site_name
        )
    elif welcome:
        site.root_page, site.site_name = home, site_name
        site.save()
        welcome.delete()
    return home


def is_untouched_welcome_page(page: Page) -> bool:
    return (
        page.specific_class is Page
        and page.slug == WELCOME_SLUG
        and not page.numchild
        and not page.revisions.exists()
    )


def write_address(*, site: Site, base_url: str, hostname: str = "") -> None:
    """Give a site the port of `base_url`, and its host name unless another is given."""
    parts = urlsplit(base_url)
    hostname = hostname or parts.hostname or site.hostname
    port = parts.port or PORTS[parts.scheme]
    if (site.hostname, site.port) != (hostname, port):
        site.hostname, site.port = hostname, port
        site.save()
