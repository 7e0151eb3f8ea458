"""The site that answers a request is the one that Wagtail names; it costs one query."""

from itertools import combinations, product

import pytest
from django.test import RequestFactory
from wagtail.models import Page, Site

from cms.selectors.sites import site_of

pytestmark = pytest.mark.django_db
PLACES = [*product(("a.example", "b.example"), (80, 8000))]
ASKED = [*product(("a.example", "b.example", "c.example", "A.example"), ("80", "8000", "443"))]


def asked_at(host: str, port: str):
    return RequestFactory().get("/", headers={"host": f"{host}:{port}"}, SERVER_PORT=port)


@pytest.mark.parametrize("count", range(len(PLACES) + 1))
def test_the_site_is_the_one_that_wagtail_names(count):
    root = Page.objects.get(depth=1)
    for places in combinations(PLACES, count):
        for default in (None, *places):
            Site.objects.all().delete()
            for place in places:
                host, port = place
                Site.objects.create(
                    hostname=host, port=port, root_page=root, is_default_site=place == default
                )
            for host, port in ASKED:
                wagtails = Site.find_for_request(asked_at(host, port))
                assert site_of(asked_at(host, port)) == wagtails, (places, default, host, port)


def test_the_site_is_asked_for_once(django_assert_num_queries):
    request = asked_at("localhost", "80")
    with django_assert_num_queries(1):
        assert site_of(request) == Site.find_for_request(request) == site_of(request)
    assert site_of(None) is None
