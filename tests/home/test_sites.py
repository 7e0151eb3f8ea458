"""The default site's address comes from RVZ_BASE_URL."""

import pytest
from wagtail.models import Site

from home.apps import write_base_url


@pytest.mark.parametrize(
    ("base_url", "hostname", "port"),
    [
        ("https://rvz.example.org", "rvz.example.org", 443),
        ("http://rvz.example.org:8080", "rvz.example.org", 8080),
    ],
)
def test_production_writes_its_address_when_it_migrates(tree, settings, base_url, hostname, port):
    settings.ENVIRONMENT = "production"
    settings.BASE_URL = base_url
    write_base_url()
    site = Site.objects.get(is_default_site=True)
    assert (site.hostname, site.port) == (hostname, port)


def test_elsewhere_the_site_stays_as_it_is(tree, settings):
    settings.BASE_URL = "https://rvz.example.org"
    write_base_url()
    assert Site.objects.get(is_default_site=True).hostname == "localhost"
