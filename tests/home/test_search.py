"""People find what they look for, however they write it."""

import pytest
from django.test import Client
from wagtail.models import Site

from cms.models import Centre, HoursException, Person, ServiceKind, StandardPage
from home.search_words import WordIndex, fold, stem, terms_of
from tests.factories.bookings import add_room
from tests.factories.cms import ServiceFactory, closed


@pytest.fixture
def alfeld_services(alfeld) -> Centre:
    centre = alfeld.centre
    for name, kind in [
        ("Tagespflege am Markt", ServiceKind.DAY_CARE),
        ("Praxis Bewegt", ServiceKind.THERAPY),
        ("Bürgerbüro", ServiceKind.OFFICE),
        ("Café Sieben", ServiceKind.CAFE),
        ("Sozialpsychiatrischer Dienst", ServiceKind.ADVICE),
    ]:
        ServiceFactory.create(centre=centre, name=name, kind=kind)
    Person.objects.create(
        service=centre.services.get(kind=ServiceKind.GP), name="Dr. Jörg Müßig", role="Arzt"
    )
    return centre


def names(client: Client, query: str, **headers) -> list[str]:
    response = client.get("/suche/", {"q": query}, headers=headers)
    assert response.status_code == 200
    results = response.context["results"]
    return [(hit.service or hit.centre or hit.page).name for hit in results.hits]


PRACTICE = "Hausarztpraxis (MVZ)"
FIRST = {
    "Hausarzt": PRACTICE,
    "hausärztin": PRACTICE,
    "Arzt": PRACTICE,
    "Ärzte": PRACTICE,
    "Aerzte": PRACTICE,
    "Arzte": PRACTICE,
    "Doktor": PRACTICE,
    "Arztpraxis": PRACTICE,
    "Hausärztepraxis": PRACTICE,
    "Allgemeinmedizin": PRACTICE,
    "Müßig": PRACTICE,
    "muessig": PRACTICE,
    "Dr. Mussig": PRACTICE,
    "Tagespflege": "Tagespflege am Markt",
    "Pflege": "Tagespflege am Markt",
    "Pflegeplatz Senioren": "",
    "Senioren": "Tagespflege am Markt",
    "Physio": "Praxis Bewegt",
    "Physiotherapeutin": "Praxis Bewegt",
    "Krankengymnastik": "Praxis Bewegt",
    "Buergerbuero": "Bürgerbüro",
    "Amt": "Bürgerbüro",
    "cafe": "Café Sieben",
    "Kaffee": "Café Sieben",
    "sozialpsych": "Sozialpsychiatrischer Dienst",
    "Alfeld": "RVZ Alfeld",
    "alf": "RVZ Alfeld",
    "Öffnungszeiten Alfeld": "RVZ Alfeld",
    "Wann hat der Arzt in Alfeld offen?": PRACTICE,
    "Arzt Alfeld": PRACTICE,
}


@pytest.mark.parametrize(("query", "first"), FIRST.items(), ids=FIRST)
def test_first_hit_is_what_was_meant(visitor, alfeld_services, query, first):
    assert (names(visitor, query) or [""])[0] == first


def test_care_finds_day_care_and_not_every_kind_of_advice(visitor, alfeld_services):
    assert names(visitor, "Pflege") == ["Tagespflege am Markt"]


def test_place_finds_the_centre_and_all_it_offers(visitor, alfeld_services, nordholz):
    found = names(visitor, "Alfeld")
    assert found[0] == "RVZ Alfeld"
    assert {PRACTICE, "Café Sieben", "Bürgerbüro"} <= set(found)
    assert "RVZ Nordholz" not in found


def test_rooms_are_found_by_name_purpose_and_place(visitor, alfeld):
    add_room(alfeld.centre, "Saal")
    add_room(alfeld.centre, "Lager", is_public=False)
    for query in ("Saal", "Raum mieten", "Vereinsraum Alfeld"):
        assert "Saal" in names(visitor, query), query
        assert "Lager" not in names(visitor, query), query
    body = visitor.get("/suche/", {"q": "Saal"}).content.decode()
    assert "/raeume/alfeld/saal/" in body
    assert "Raum · Alfeld · höchstens 60 Personen" in body


def test_every_word_has_to_fit(visitor, alfeld_services, nordholz):
    assert names(visitor, "Café Nordholz") == []
    assert names(visitor, "Arzt Nordholz") == [PRACTICE]


def test_text_of_pages_is_searched_with_german_stems(visitor, tree):
    page = StandardPage(
        title="Über uns", slug="ueber", body=[("text", "<p>Wir impfen gegen Masern.</p>")]
    )
    tree.home.add_child(instance=page)
    assert "Über uns" in names(visitor, "Masern")
    assert "Über uns" in names(visitor, "ueber")


def test_drafts_and_protected_pages_stay_hidden(visitor, tree):
    tree.home.add_child(instance=StandardPage(title="Geheimplan", slug="g", live=False))
    protected = tree.home.add_child(instance=StandardPage(title="Geheimfach", slug="h"))
    protected.view_restrictions.create(restriction_type="login")
    assert names(visitor, "Geheim") == []
    assert names(visitor, "Geheimplan") == []


def test_row_shows_kind_place_state_and_phone(visitor, alfeld):
    text = visitor.get("/suche/?q=Hausarzt").text
    assert "Hausarztpraxis · Alfeld" in text
    assert 'href="/alfeld/hausarztpraxis/"' in text
    assert "rvz-state" in text
    assert "030 23125 410" in text


def test_closure_is_told_in_the_row(visitor, alfeld):
    service = alfeld.centre.services.get()
    closed(service, "2020-01-01", "2099-12-31", reason=HoursException.Reason.LEAVE)
    assert "geschlossen" in visitor.get("/suche/?q=Hausarzt").text.lower()


def test_number_of_hits_is_announced(visitor, alfeld):
    text = visitor.get("/suche/?q=Hausarzt").text
    assert 'role="status"' in text
    assert "Treffer für „Hausarzt“" in text


def test_nothing_found_suggests_the_closest_word(visitor, alfeld_services):
    text = " ".join(visitor.get("/suche/?q=Tagespfelge").text.split())
    assert "Nichts gefunden für „Tagespfelge“." in text
    assert "Meinten Sie" in text
    assert "?q=Tagespflege" in text


def test_nothing_close_suggests_nothing(visitor, alfeld):
    text = visitor.get("/suche/?q=Xylophon").text
    assert "Nichts gefunden" in text
    assert "Meinten Sie" not in text


def test_empty_query_gives_a_hint(visitor, alfeld):
    text = visitor.get("/suche/").text
    assert "Zum Beispiel" in text
    assert 'role="status"' not in text
    assert "results" not in visitor.get("/suche/?q=%20%20").context


def test_endless_query_is_refused_in_words(visitor, alfeld, django_assert_max_num_queries):
    query = "Arzt " * 2000
    response = visitor.get("/suche/", {"q": query})
    assert response.status_code == 200
    assert "mit höchstens 200 Zeichen" in response.text
    assert "results" not in response.context


def test_markup_in_the_query_is_text(visitor, alfeld):
    text = visitor.get("/suche/", {"q": '"><script>alert(1)</script>'}).text
    assert "<script>alert" not in text


def test_own_site_of_a_centre_finds_this_centre_only(visitor, alfeld, nordholz):
    Site.objects.create(hostname="alfeld.localhost", root_page=alfeld)
    host = {"host": "alfeld.localhost"}
    assert names(visitor, "Hausarzt", **host) == [PRACTICE]
    assert names(visitor, "Nordholz", **host) == []
    text = visitor.get("/suche/?q=Hausarzt", headers=host).text
    assert 'href="/hausarztpraxis/"' in text


@pytest.mark.parametrize("centres", [6, 20])
def test_queries_do_not_grow_with_the_centres(
    visitor, tree, centres, django_assert_max_num_queries
):
    for number in range(centres):
        tree.add_centre(f"Dorf {number}")
    visitor.get("/suche/?q=Hausarzt")
    with django_assert_max_num_queries(15):
        response = visitor.get("/suche/?q=Hausarzt")
    assert response.context["results"].count == centres


def test_many_hits_are_cut_and_said(visitor, tree):
    for number in range(42):
        tree.add_centre(f"Dorf {number}")
    response = visitor.get("/suche/?q=Hausarzt")
    assert len(response.context["results"].hits) == 40
    assert "42 Treffer" in response.text
    assert "Hier stehen die ersten 40" in response.text


def test_search_is_a_plain_form(visitor, alfeld):
    text = visitor.get("/suche/?q=Arzt").text
    assert 'action="/suche/"' in text
    assert 'method="post"' not in text
    assert 'value="Arzt"' in text
    assert visitor.post("/suche/").status_code == 405


@pytest.mark.parametrize(
    ("text", "folded"),
    [("Müller", "muller"), ("Mueller", "muller"), ("Straße", "strasse"), ("CAFÉ", "cafe")],
)
def test_folding(text, folded):
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("word", "stemmed"),
    [("arztinnen", "arzt"), ("zeiten", "zeit"), ("amt", "amt"), ("haus", "haus")],
)
def test_stems(word, stemmed):
    assert stem(word) == stemmed


def test_words_of_a_question_are_left_out():
    assert terms_of("Wo ist die Apotheke?") == ["apothek"]
    assert terms_of("wo ist der") == ["wo", "ist", "der"]


def test_compound_needs_both_parts_in_one_entry():
    index = WordIndex()
    index.add(0, "Arzt", 1)
    index.add(1, "Praxis", 1)
    index.add(2, "Praxis für den Arzt", 1)
    assert index.find("Arztpraxis") == [2]
