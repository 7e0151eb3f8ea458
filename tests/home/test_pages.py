"""The start page, the list of the centres, and the municipalities' page."""

import datetime as dt
import re

import pytest
import time_machine
from django.core.files.base import ContentFile
from wagtail.documents import get_document_model

from cms.models import Centre, CentrePage, StandardPage
from tests import reading
from tests.factories.cms import CentreFactory


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel("2026-11-24T10:14:00+01:00", tick=False):
        yield


def read(client, path: str) -> tuple[str, str]:
    """Return the page and the words of its main part."""
    html = reading.read(client, path)
    return html, reading.main(html)


def test_start_leads_with_search_then_the_centres(client, tree, alfeld, nordholz):
    html, text = read(client, "/")
    assert text.startswith("Gut versorgt in Ihrer Nähe Ort, Angebot oder Name Suchen Alfeld")
    assert (
        "Alfeld RVZ Alfeld Hausarztpraxis: Jetzt geöffnet – bis 12:00 Uhr, "
        "dann wieder ab 15:00 Uhr 030 23125 410 Nordholz"
    ) in text
    assert "Stand: Di., 24. November 2026, 10:14 Uhr" in text
    assert html.count("kern-btn--primary") == 1
    assert '<form class="rvz-search" role="search" action="/suche/">' in html


def test_start_without_centres_stands(client, tree):
    assert "Zentren: keine Angabe" in read(client, "/")[1]
    assert "Zentren: keine Angabe" in read(client, "/zentren/")[1]


def test_start_links_to_pages_that_exist_only(client, tree, alfeld):
    tree.home.about = "<p>Ein Haus.</p>"
    tree.home.save()
    assert "Mehr über die Zentren" not in read(client, "/")[1]
    tree.home.add_child(instance=StandardPage(title="Ü", slug="ueber-rvz", purpose="about"))
    html, text = read(client, "/")
    assert "Mehr über die Zentren" in text
    assert "Für Kommunen" not in text
    assert html.count('href="/ueber-rvz/"') == 2


def test_drawing_stands_in_for_a_picture_where_one_was_drawn(client, tree, alfeld):
    tree.add_centre("Ohnebild")
    html, _ = read(client, "/")
    assert "img/houses/alfeld.svg#d" in html
    assert "ohnebild.svg" not in html
    assert html.count("rvz-card--plain") == 1


def test_centre_without_practice_says_so_and_gives_its_own_number(client, tree):
    centre = CentreFactory.create(place="Neustadt", phone="030 23125 900")
    tree.home.add_child(instance=CentrePage(title="RVZ Neustadt", centre=centre))
    text = read(client, "/")[1]
    assert "Hausarztpraxis: keine Angabe 030 23125 900" in text


def test_list_has_phones_of_practice_and_centre(client, tree):
    tree.add_centre("Alfeld", phone="030 23125 400")
    text = read(client, "/zentren/")[1]
    assert "Hausarztpraxis 030 23125 410 Zentrum 030 23125 400" in text


def test_help_line_leads_to_the_phone_numbers(client, tree):
    html, _ = read(client, "/")
    help_line = html[html.index('class="rvz-help"') :]
    assert re.search(r'href="/zentren/"\s*>Telefonnummern der Zentren</a>', help_line)


def test_municipalities_read_the_status_of_all_centres(client, tree, alfeld):
    tree.add_centre(
        "Südheide",
        slug="suedheide",
        status=Centre.Status.PLANNED,
        expected_opening="Ende 2026",
        status_date=dt.date(2024, 11, 29),
    )
    tree.home.add_child(
        instance=StandardPage(title="Für Kommunen", slug="kommunen", purpose="municipalities")
    )
    html, text = read(client, "/kommunen/")
    assert "RVZ Südheide Südheide geplant Ende 2026 29. November 2024" in text
    assert "Den Leitfaden erhalten Sie bei der Geschäftsstelle." in text
    assert 'href="/suedheide/"' in html


def test_guide_is_linked_with_kind_and_size(client, tree):
    guide = get_document_model().objects.create(
        title="Leitfaden", file=ContentFile(b"x" * 2048, name="leitfaden.pdf"), file_size=2048
    )
    tree.home.add_child(
        instance=StandardPage(
            title="Für Kommunen", slug="kommunen", purpose="municipalities", guide=guide
        )
    )
    html, text = read(client, "/kommunen/")
    assert guide.url in html
    assert re.search(r"Leitfaden \(PDF, 2,0 KB\)", text)


def test_centre_with_a_text_page_for_municipalities_shows_no_other_centre(
    client, tree, alfeld, nordholz
):
    alfeld.add_child(
        instance=StandardPage(title="Für Kommunen", slug="kommunen", purpose="municipalities")
    )
    assert "Nordholz" not in read(client, "/alfeld/kommunen/")[1]
