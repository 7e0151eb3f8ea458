"""In which weeks a time holds, as people type it: "1. und 3. Dienstag im Monat", "in geraden Wochen".

German only, like cms.opening_hours.typed.
"""

import re
from collections.abc import Sequence

from cms.opening_hours.values import Pattern

_DAYS = (
    ("Montag", "mo"),
    ("Dienstag", "di"),
    ("Mittwoch", "mi"),
    ("Donnerstag", "do"),
    ("Freitag", "fr"),
    ("Samstag", "sa", "sonnabend"),
    ("Sonntag", "so"),
    ("Feiertag",),
)
_COUNTED = (
    ("1.", "erste", Pattern.FIRST),
    ("2.", "zweite", Pattern.SECOND),
    ("3.", "dritte", Pattern.THIRD),
    ("4.", "vierte", Pattern.FOURTH),
    ("5.", "fünfte", Pattern.FIFTH),
    ("letzter", "letzte", Pattern.LAST),
)
COUNTED = frozenset(pattern for _, _, pattern in _COUNTED)
_WORDS = {
    Pattern.EVERY: "",
    Pattern.ODD: "in ungeraden Wochen",
    Pattern.EVEN: "in geraden Wochen",
    Pattern.SCHOOL_HOLIDAYS: "nur in den Schulferien",
    Pattern.SCHOOL_WEEKS: "nicht in den Schulferien",
}
_HOLIDAYS = r"(?:schul)?ferien(?:zeit)?"
_PHRASES = (
    (r"(?:immer )?(?:jede woche|wöchentlich)", Pattern.EVERY),
    (r"(?:nur )?(?:in )?(?:den |allen )?ungeraden? (?:kalenderwochen?|wochen?|kw)", Pattern.ODD),
    (r"(?:nur )?(?:in )?(?:den |allen )?geraden? (?:kalenderwochen?|wochen?|kw)", Pattern.EVEN),
    (rf"(?:nur )?(?:in |während )?(?:den |der )?{_HOLIDAYS}", Pattern.SCHOOL_HOLIDAYS),
    (
        r"(?:nur )?(?:(?:nicht|außer|ausser) (?:in den |während der )?|außerhalb der )" + _HOLIDAYS,
        Pattern.SCHOOL_WEEKS,
    ),
    (
        r"(?:nur )?(?:(?:in|während) der schulzeit|an schultagen|in (?:den )?schulwochen)",
        Pattern.SCHOOL_WEEKS,
    ),
)
_ORDINAL = r"(?:[1-5]\.|(?:erste|zweite|dritte|vierte|fünfte|letzte)[nrms]?)"
_COUNTED_DAYS = re.compile(
    r"(?:nur )?(?:immer )?(?:an |am )?(?:jede[nmrs]? |den |dem |der )?"
    rf"(?P<numbers>{_ORDINAL}(?:(?:,| und| u\.|, und) (?:den |dem )?{_ORDINAL})*)"
    r"(?: (?P<day>[a-zäöü]+)\.?)??"
    r"(?P<month> (?:im|des|eines|jeden|in jedem|jedes) monate?s?)?"
)


def read_weeks(phrase: str, weekday: int) -> tuple[Pattern, ...] | None:
    """Return the patterns the phrase names, None if it speaks of something else.

    Raises ValueError if it names another day than `weekday`.
    """
    text = phrase.lower().strip(" .:")
    for expression, pattern in _PHRASES:
        if re.fullmatch(expression, text):
            return (pattern,)
    match = _COUNTED_DAYS.fullmatch(text)
    if match is None or not (match["day"] or match["month"]):
        return None
    if match["day"] and not _is_day(match["day"], weekday):
        return None
    numbers = re.findall(_ORDINAL, match["numbers"])
    return tuple(
        pattern
        for number, word, pattern in _COUNTED
        if any(found == number or found.startswith(word) for found in numbers)
    )


def weeks_in_words(patterns: Sequence[Pattern], weekday: int) -> str:
    """Return the phrase for one pattern, or for several that count the weekday."""
    if patterns[0] in _WORDS:
        return _WORDS[patterns[0]]
    numbers = [number for number, _, pattern in _COUNTED if pattern in patterns]
    named = " und ".join([", ".join(numbers[:-1]), numbers[-1]] if numbers[1:] else numbers)
    return f"{named} {_DAYS[weekday][0]} im Monat"


def _is_day(word: str, weekday: int) -> bool:
    """Tell whether the word is this weekday, False for no weekday at all; ValueError for another."""
    named = next(
        (number for number, names in enumerate(_DAYS) if word in map(str.lower, names)), None
    )
    if named is None:
        return False
    if named != weekday:
        raise ValueError(word)
    return True
