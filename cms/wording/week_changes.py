"""What changed between two states of a week, before → after."""

from collections.abc import Iterable, Iterator
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cms.opening_hours import HOLIDAY, Kind, Rule
from cms.opening_hours.typed import Times, in_order
from cms.wording.dates import date_long, join_weekdays
from cms.wording.labels import column_label
from cms.wording.typed_times import times_in_words

Validity = tuple[date | None, date | None]


def validity_text(first: date | None, last: date | None) -> str:
    """Say "bis auf Weiteres", "ab 1. Februar 2027", "bis 31. Januar 2027"."""
    if first and last:
        return _("from %(first)s until %(last)s") % {
            "first": date_long(first),
            "last": date_long(last),
        }
    if first:
        return _("from %(first)s") % {"first": date_long(first)}
    if last:
        return _("until %(last)s") % {"last": date_long(last)}
    return _("until further notice")


def week_changes(before: Iterable[Rule], after: Iterable[Rule], service_kind: str) -> list[str]:
    """Say each change in one line: "Montag, Sprechzeit: 8:00–12:00 Uhr → 9:00–12:00 Uhr"."""
    old, new = _by_validity(before), _by_validity(after)
    lines: list[str] = []
    for was, now in _pairs(old, new):
        if was and now and was != now:
            lines.append(
                pgettext("change of hours", "Times %(before)s → %(after)s")
                % {"before": validity_text(*was), "after": validity_text(*now)}
            )
        lines += _lines(
            old.get(was, []) if was else [],
            new.get(now, []) if now else [],
            now or was or (None, None),
            service_kind,
        )
    return lines


def _by_validity(rules: Iterable[Rule]) -> dict[Validity, list[Rule]]:
    found: dict[Validity, list[Rule]] = {}
    for rule in rules:
        found.setdefault((rule.valid_from, rule.valid_to), []).append(rule)
    return found


def _pairs(
    old: dict[Validity, list[Rule]], new: dict[Validity, list[Rule]]
) -> Iterator[tuple[Validity | None, Validity | None]]:
    """Give which weeks of before and after are the same one; None where there is no other."""
    gone = [key for key in old if key not in new]
    for now in sorted(new, key=str):
        was = now if now in old else next((key for key in gone if key[0] == now[0]), None)
        if was in gone:
            gone.remove(was)
        yield was, now
    yield from ((was, None) for was in gone)


def _lines(
    old: list[Rule], new: list[Rule], validity: Validity, service_kind: str
) -> Iterator[str]:
    when = "" if validity == (None, None) else f"{validity_text(*validity)}: "
    for kind in Kind:
        days: dict[tuple[str, str], list[int]] = {}
        for day in range(HOLIDAY + 1):
            texts = _times(old, kind, day), _times(new, kind, day)
            if texts[0] != texts[1]:
                days.setdefault(texts, []).append(day)
        for (was, now), changed in days.items():
            line = pgettext("change of hours", "%(days)s, %(kind)s: %(before)s → %(after)s")
            yield (
                when[:1].upper()
                + when[1:]
                + line
                % {
                    "days": join_weekdays(changed),
                    "kind": column_label(kind, service_kind),
                    "before": was,
                    "after": now,
                }
            )


def _times(rules: list[Rule], kind: Kind, day: int) -> str:
    times = [
        Times(rule.start, rule.end, rule.note, rule.pattern)
        for rule in rules
        if (rule.kind, rule.weekday) == (kind, day)
    ]
    nothing = pgettext("change of hours", "no times")
    return times_in_words(in_order(times), day) or nothing
