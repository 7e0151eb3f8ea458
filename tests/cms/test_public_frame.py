"""The frame around the pages of a centre, its own site, and the pages of text."""

import datetime as dt
import re

import pytest
from wagtail.models import Site

from cms.models import (
    AccessibilityStatementPage,
    LegalNoticePage,
    StandardPage,
)
from tests.factories.cms import (
    OperatorFactory,
)
from tests.reading import main, read, words

pytestmark = pytest.mark.usefixtures("tuesday_morning")


# Frame


def test_page_carries_the_centres_name_not_the_programmes(client, alfeld):
    html = read(client, "/alfeld/hausarztpraxis/")
    header = words(html[html.index("<header") : html.index("</header>")])
    assert header.startswith("Zum Inhalt RVZ Alfeld Regionales Versorgungszentrum Menü")
    (title,) = re.findall(r"<title>(.*?)</title>", html, re.DOTALL)
    assert words(title) == (
        "Hausarztpraxis im RVZ Alfeld – RVZ Alfeld – Regionale Versorgungszentren"
    )
    assert f"Betreiber: {alfeld.centre.operator.name}" in words(html)


def test_own_site_speaks_of_no_other_centre(client, tree, alfeld, nordholz):
    Site.objects.create(hostname="alfeld.localhost", root_page=alfeld, port=80)
    for path in ("/", "/hausarztpraxis/"):
        html = read(client, path, host="alfeld.localhost")
        assert "Nordholz" not in html
        assert "Regionale Versorgungszentren" not in words(html)
        assert 'class="rvz-brand" href="/"' in html
    for path in ("/zentren/", "/nordholz/", "/alfeld/"):
        assert client.get(path, headers={"host": "alfeld.localhost"}).status_code == 404


def test_canonical_address_is_the_centres_own_host_if_it_has_one(client, tree, alfeld):
    link = '<link rel="canonical" href="http://{}">'
    assert link.format("localhost/alfeld/hausarztpraxis/") in read(
        client, "/alfeld/hausarztpraxis/"
    )
    Site.objects.create(hostname="alfeld.localhost", root_page=alfeld, port=80)
    assert link.format("alfeld.localhost/hausarztpraxis/") in read(
        client, "/alfeld/hausarztpraxis/"
    )


def test_public_page_sets_no_cookie_and_has_nothing_inline(client, alfeld):
    response = client.get("/alfeld/hausarztpraxis/")
    html = response.content.decode()
    assert not response.cookies
    assert "csrfmiddlewaretoken" not in html
    # A block of data is no script.
    html = html.replace('<script type="application/ld+json">', "")
    assert not re.search(r"\sstyle=|\son\w+=|<style|<script(?! src=)", html)


def test_demonstration_says_so_and_stays_out_of_search_engines(client, alfeld, settings):
    assert "noindex" not in read(client, "/alfeld/")
    settings.DEMO = True
    html = read(client, "/alfeld/")
    assert '<meta name="robots" content="noindex">' in html
    assert "Vorführung: Zeiten, Telefonnummern, Räume" in words(html)


def test_accent_of_the_operator_is_a_class(client, alfeld):
    alfeld.centre.operator.accent = "brick"
    alfeld.centre.operator.save()
    assert '<body class="rvz-accent-brick">' in read(client, "/alfeld/")


def test_somebody_signed_in_finds_the_way_to_the_administration(client, alfeld, administrator):
    assert "Anmelden" in words(read(client, "/alfeld/"))
    client.force_login(administrator)
    text = words(read(client, "/alfeld/"))
    assert "Verwaltung" in text
    assert "Anmelden" not in text


def test_editor_finds_the_ways_to_change_beside_the_facts(client, alfeld, administrator):
    assert "rvz-edit" not in read(client, "/alfeld/hausarztpraxis/")
    client.force_login(administrator)
    html = read(client, "/alfeld/hausarztpraxis/")
    text = words(html[html.index('class="rvz-edit"') :])
    for label in ("Zeiten ändern", "Kontakt ändern", "Text ändern"):
        assert label in text
    assert "rvz-edit" in read(client, "/alfeld/")


# Pages of text


def test_legal_notice_shows_the_operators_facts_and_what_is_missing(client, tree):
    operator = OperatorFactory.create(
        name="RVZ Leinebergland gGmbH", street="Ring 1", postcode="31061", city="Alfeld"
    )
    tree.home.add_child(
        instance=LegalNoticePage(title="Impressum", slug="impressum", operator=operator)
    )
    text = main(read(client, "/impressum/"))
    for fact in ("Betreiber RVZ Leinebergland gGmbH", "Ring 1", "31061 Alfeld"):
        assert fact in text
    for label in ("Vertreten durch", "Telefon", "E-Mail", "Register und Nummer"):
        assert f"{label} keine Angabe" in text
    assert "Umsatzsteuer" not in text


def test_accessibility_statement_says_what_the_law_asks_for(client, tree):
    tree.home.add_child(
        instance=AccessibilityStatementPage(
            title="Erklärung zur Barrierefreiheit",
            slug="barrierefreiheit",
            conformity="partial",
            assessment="self",
            made_on=dt.date(2026, 11, 1),
            reviewed_on=dt.date(2026, 11, 20),
            barriers="<p>Pläne ohne Text</p>",
            feedback_email="post@example.org",
            enforcement="<p>Sie können sich an die Schlichtungsstelle wenden.</p>",
            enforcement_url="https://www.example.org/schlichtung",
        )
    )
    html = read(client, "/barrierefreiheit/")
    text = main(html)
    assert "Erklärung erstellt am 1. November 2026" in text
    assert "Zuletzt überprüft am 20. November 2026" in text
    assert "Pläne ohne Text" in text
    assert 'href="mailto:post@example.org"' in html
    assert 'href="https://www.example.org/schlichtung"' in html


def test_text_page_below_another_leads_back_to_it(client, tree):
    about = tree.home.add_child(
        instance=StandardPage(title="Über RVZ", slug="ueber-rvz", purpose="about")
    )
    about.add_child(
        instance=StandardPage(
            title="Geschichte", slug="geschichte", source_date=dt.date(2025, 3, 1)
        )
    )
    text = main(read(client, "/ueber-rvz/geschichte/"))
    assert text.startswith("Über RVZ Geschichte")
    assert "Stand der Quelle: 1. März 2025" in text
    assert main(read(client, "/ueber-rvz/")).startswith("Über RVZ")
