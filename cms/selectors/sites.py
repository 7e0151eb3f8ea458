"""Which site answers a request: as Wagtail says, whose query Django would put together each time."""

from django.http import HttpRequest
from django.http.request import split_domain_port
from wagtail.models import Site

from cms.prepared import Prepared

_SITES = Prepared(lambda: Site.objects.select_related("root_page").order_by("pk"))


def site_of(request: HttpRequest | None) -> Site | None:
    """Return what `Site.find_for_request` does, and leave it there where that looks first."""
    if request is None:
        return None
    if "_wagtail_site" not in vars(request):
        # As Wagtail does: who asks for a host that is none of ours is refused elsewhere.
        host = split_domain_port(request._get_raw_host())[0]  # type: ignore[attr-defined]  # noqa: SLF001
        vars(request)["_wagtail_site"] = _site_at(host, str(request.get_port()))
    site: Site | None = vars(request)["_wagtail_site"]
    return site


def _site_at(host: str, port: str) -> Site | None:
    """Return the site of this host and port, else the only one of this host, else the default one."""
    sites = _SITES()
    here = [site for site in sites if site.hostname == host]
    exact = [site for site in here if str(site.port) == port] + [
        site for site in here if site.is_default_site
    ]
    if exact or len(here) == 1:
        return (exact or here)[0]
    return next((site for site in sites if site.is_default_site), None)
