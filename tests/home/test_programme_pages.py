"""“Über RVZ” and “Für Kommunen” say what the texts of the programme say."""

import re
from typing import Any

import pytest
from django.utils.html import strip_tags

from home.demo import about, municipalities


def words(value: Any) -> str:
    """Return all text inside of blocks."""
    if isinstance(value, dict):
        return " ".join(words(part) for part in value.values())
    if isinstance(value, list | tuple):
        return " ".join(words(part) for part in value)
    return strip_tags(re.sub(r"<[^>]+>", " ", str(value)))


ABOUT = about.LEAD + " " + words(about.BODY)
MUNICIPALITIES = municipalities.LEAD + " " + words(municipalities.BODY)
BOTH = ABOUT + " " + MUNICIPALITIES

IDEA = ["ältere Menschen", "Daseinsvorsorge", "hausärztlich", "MVZ", "gehört den Kommunen"]
CONCEPT = [
    "in einem Haus oder in mehreren Gebäuden",
    "Tagespflege",
    "Beratung",
    "Physiotherapie",
    "Ergotherapie",
    "Logopädie",
    "rund um den Haushalt",
    "Café",
    "Vereine",
    "Bedarf am Ort",
    "Bus und Bahn",
]
AIMS = [
    "Hausärztliche Versorgung erhalten und verbessern",
    "demografischen Wandel",
    "Neues ausprobieren",
    "Ortskerne beleben",
    "leere Gebäude wieder nutzen",
    "Zusammenhalt",
    "zum Leben und zum Arbeiten",
    "Lebensqualität",
]
PARTNERS = [
    "Landkreise",
    "Gemeinden vor Ort",
    "Ministerium für Regionale Entwicklung",
    "Lenkungskreis",
    "Regionalministerium",
    "Gesundheitsministerium",
    "KVN",
    "Krankenkassen",
    "Bundesagentur für Arbeit",
    "NLT",
    "NST",
    "NSGB",
    "beteiligten Kommunen",
]
PHASES = [
    "Erste Phase",
    "Nordenham im Landkreis Wesermarsch",
    "Gemeinde Wurster Nordseeküste, Landkreis Cuxhaven",
    "Alfeld für die Gemeinden im Leinebergland",
    "Zweite Phase",
    "Baddeckenstedt im Landkreis Wolfenbüttel",
    "Auetal im Landkreis Schaumburg",
    "sechste Zentrum",
    "Gemeinde Südheide im Landkreis Celle",
    "Im Jahr 2024",
    "Förderbescheid",
    "Frühjahr 2025",
    "Ende 2026",
    "Evaluierung",
    "überdauern",
]
EXPERIENCE = [
    "hatte es am schwersten",
    "einarbeiten",
    "kommunales MVZ gründen",
    "Fachkräfte",
    "Ärztinnen und Ärzte aus dem Ort",
    "neue aus anderen Gegenden",
    "weiteres Personal",
    "weitere Angebote",
    "Interesse",
    "Evaluierung",
    "verschieden zugeschnitten",
]
FUNDING = ["Konzepte", "Kommunen", "ZILE", "30. September", "Stand der Quelle", "Leitfaden"]


@pytest.mark.parametrize("marker", IDEA + CONCEPT + AIMS + PARTNERS + PHASES)
def test_the_programme_is_told(marker):
    assert marker in BOTH


@pytest.mark.parametrize("marker", EXPERIENCE + FUNDING)
def test_municipalities_read_what_they_need(marker):
    assert marker in MUNICIPALITIES


def question_blocks() -> list[dict[str, Any]]:
    blocks = [*about.BODY, *municipalities.BODY]
    return [block["value"] for block in blocks if block["type"] == "questions"]


def test_at_least_eight_different_questions_have_an_answer():
    pairs = [pair for block in question_blocks() for pair in block["questions"]]

    assert len({pair["question"] for pair in pairs}) == len(pairs) >= 8
    assert all(len(words(pair["answer"])) > 20 for pair in pairs)
    assert all(pair["question"].endswith("?") for pair in pairs)


def test_the_office_has_a_mailbox_and_no_number():
    (office,) = [b["value"] for b in municipalities.BODY if b["type"] == "contact"]

    assert office["email"] == "versorgungszentren@mb.niedersachsen.de"
    assert office["phone"] == ""


def test_no_person_of_the_office_is_named():
    assert not re.search(r"Sidortschuk|Greve|Ilse?emann", BOTH)


def test_the_guide_has_no_dead_link():
    assert "href" not in str(municipalities.BODY)
    assert not [b for b in municipalities.BODY if b["type"] in {"documents", "links"}]
