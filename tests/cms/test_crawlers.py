"""What search engines are told."""

import pytest


def test_the_demo_keeps_crawlers_out(client, settings, tree):
    settings.DEMO = True
    assert "Disallow: /\n" in client.get("/robots.txt").content.decode()


def test_a_real_site_names_its_sitemap(client, settings, tree):
    settings.DEMO = False
    body = client.get("/robots.txt").content.decode()
    assert "Disallow: /\n" not in body
    assert "Sitemap: http://testserver/sitemap.xml" in body


@pytest.mark.parametrize("live", [True, False])
def test_the_sitemap_lists_public_pages_only(client, alfeld, live):
    if not live:
        alfeld.unpublish()
    found = "/alfeld/</loc>" in client.get("/sitemap.xml").content.decode()
    assert found is live
