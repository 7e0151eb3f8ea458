"""How residents write what they look for, and what they mean. Plain Python, German words.

PostgreSQL's German stemming knows neither parts of compounds ("Pflege" in "Tagespflege") nor that
"Doktor" is a GP practice. The list of names, places and kinds is small, so Python does it.
"""

import difflib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator

SHORTEST_PREFIX = 3
SHORTEST_PART = 4
SHORTEST_STEM = 4
EXACT, PREFIX, PART = 4, 3, 2
CLOSE_ENOUGH = 0.72

# Longest first: "innen" before "en".
ENDINGS = ("innen", "ern", "in", "en", "er", "es", "e", "n", "s")
# What joins the parts of a compound: "Pflege-s-tation" has none, "Behandlung-s-zeit" has one.
JOINTS = ("", "s", "es", "n", "en", "er")

# Words of a question that name nothing.
FILLERS = """ab am an auf bei beim bis das dem den der des die ein eine einen einer es fuer gibt haben
    hat heute hier ich ihr im in ist jetzt kann man mein meine mich mir mit morgen nach naechste
    naechster naehe nahe noch offen geoeffnet oder sie sind suche uhr uhrzeit um und uns unser vom
    von vor wann was welche wer wie wieder wir wird wo zu zum zur"""

# Kind of service → words people use for it.
KIND_WORDS = {
    "gp": """Hausarzt Hausärztin Arzt Ärztin Ärzte Doktor Doc Allgemeinmedizin Allgemeinarzt
        Landarzt Arztpraxis Praxis Hausarztpraxis MVZ Medizin Sprechstunde Sprechzeiten Öffnungszeiten
        Impfung Rezept Überweisung Krankschreibung krank""",
    "specialist": """Facharzt Fachärztin Arzt Ärztin Doktor Facharztpraxis Praxis Medizin
        Sprechstunde Sprechzeiten Überweisung""",
    "psychotherapy": """Psychotherapie Psychotherapeut Psychotherapeutin Psychologe Psychologin
        Therapie Seele Depression Praxis""",
    "midwife": "Hebamme Geburt Schwangerschaft Schwanger Baby Wochenbett Geburtshilfe",
    "pharmacy": "Apotheke Medikamente Medizin Tabletten Arznei Notdienst",
    "day_care": """Tagespflege Pflege Senioren Seniorenbetreuung Betreuung Betreuungszeiten
        Tagesbetreuung Altenpflege Demenz""",
    "therapy": """Therapie Physiotherapie Physiotherapeut Physio Krankengymnastik Ergotherapie
        Ergotherapeut Logopädie Logopäde Sprachtherapie Massage Behandlung""",
    # No compounds here that name one kind of advice: "Pflege" would find all of it.
    "advice": "Beratung Beratungsstelle Beratungszeiten Hilfe Sozialdienst",
    "office": "Amt Behörde Bürgerbüro Rathaus Gemeinde Verwaltung Sprechzeiten",
    "household": """Haushaltshilfe Haushalt Einkaufshilfe Putzhilfe Nachbarschaftshilfe Hilfe
        Alltagshilfe""",
    "cafe": "Café Kaffee Kuchen Treffpunkt Begegnung Mittagstisch Essen Bistro",
    "house": "Haus Gebäude Treffpunkt",
    "other": "",
}
CENTRE_WORDS = """RVZ Zentrum Versorgungszentrum Gesundheitszentrum Standort Anfahrt Adresse Telefon
    Öffnungszeiten Kontakt"""

ROOM_WORDS = """Raum Räume Saal Vereinsraum Gruppenraum Multifunktionsraum Veranstaltungsraum
    Versammlung Veranstaltung Feier Probe mieten Miete buchen Buchung reservieren Reservierung
    Belegung Verein"""


def fold(text: str) -> str:
    """Write ä, ae and a alike, drop accents and case: Müller, Mueller and Muller are one name."""
    lower = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(letter for letter in lower if not unicodedata.combining(letter))
    for two, one in (("ae", "a"), ("oe", "o"), ("ue", "u")):
        plain = plain.replace(two, one)
    return plain


FOLDED_FILLERS = frozenset(fold(word) for word in FILLERS.split())


def stem(word: str) -> str:
    """Cut the ending of a folded word: "arztinnen" and "arzte" become "arzt"."""
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST_STEM:
            return word[: -len(ending)]
    return word


def words_of(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def terms_of(query: str) -> list[str]:
    """Return the stems a query asks for, without the words of a question."""
    folded = [fold(word) for word in words_of(query)]
    named = [word for word in folded if word not in FOLDED_FILLERS]
    return [stem(word) for word in dict.fromkeys(named or folded)]


class WordIndex:
    """Which entries have which words, and how much a word says about its entry."""

    def __init__(self) -> None:
        self._entries: dict[str, dict[int, int]] = defaultdict(dict)
        self._spelling: dict[str, str] = {}

    def add(self, entry: int, text: str, weight: int) -> None:
        for word in words_of(text):
            folded = fold(word)
            key = stem(folded)
            self._spelling.setdefault(folded, word)
            known = self._entries[key]
            known[entry] = max(weight, known.get(entry, 0))

    def find(self, query: str) -> list[int]:
        """Return the entries that have every term of the query, best first."""
        scores: dict[int, int] | None = None
        for term in terms_of(query):
            found = self._find_term(term)
            if scores is None:
                scores = found
            else:
                scores = {
                    entry: score + found[entry] for entry, score in scores.items() if entry in found
                }
        return [entry for entry, _score in sorted((scores or {}).items(), key=rank)]

    def _find_term(self, term: str) -> dict[int, int]:
        scores: dict[int, int] = {}
        for word, quality in self._similar_words(term):
            for entry, weight in self._entries[word].items():
                scores[entry] = max(quality * weight, scores.get(entry, 0))
        return scores or self._find_parts(term)

    def _similar_words(self, term: str) -> Iterator[tuple[str, int]]:
        for word in self._entries:
            if word == term:
                yield word, EXACT
            elif len(term) >= SHORTEST_PREFIX and word.startswith(term):
                yield word, PREFIX
            elif len(term) >= SHORTEST_PART and term in word:
                yield word, PART

    def _find_parts(self, term: str) -> dict[int, int]:
        """Take a compound apart: "arztpraxis" finds what has both "arzt" and "praxis"."""
        scores: dict[int, int] = {}
        for first, second in self._splits(term):
            both = self._entries[first].keys() & self._entries[second].keys()
            scores.update({entry: PART * self._entries[first][entry] for entry in both})
        return scores

    def _splits(self, term: str) -> Iterator[tuple[str, str]]:
        for cut in range(SHORTEST_PART, len(term) - SHORTEST_PART + 1):
            second = stem(term[cut:])
            if second not in self._entries:
                continue
            for joint in JOINTS:
                first = stem(term[:cut].removesuffix(joint)) if joint else stem(term[:cut])
                if len(first) >= SHORTEST_PART and first in self._entries:
                    yield first, second

    def suggestion(self, query: str) -> str:
        """Return the query with its unknown words replaced by the closest known ones, or ""."""
        replaced = []
        for word in words_of(query):
            folded = fold(word)
            if folded in FOLDED_FILLERS or self._find_term(stem(folded)):
                replaced.append(word)
                continue
            close = difflib.get_close_matches(folded, self._spelling, n=1, cutoff=CLOSE_ENOUGH)
            if not close:
                return ""
            replaced.append(self._spelling[close[0]])
        suggestion = " ".join(replaced)
        return suggestion if suggestion != query and self.find(suggestion) else ""


def rank(item: tuple[int, int]) -> tuple[int, int]:
    """Sort by score; equal ones stay in the order in which they were added."""
    entry, score = item
    return -score, entry


def synonyms(kinds: Iterable[str]) -> str:
    return " ".join(KIND_WORDS.get(kind, "") for kind in kinds)
