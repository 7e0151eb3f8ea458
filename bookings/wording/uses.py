"""What a time of a room is used for, in words."""

from collections.abc import Sequence

from django.utils.translation import pgettext

from bookings.rules.week import Use
from cms.wording import join_and


def use_text(use: Use, labels: Sequence[str]) -> str:
    """Say "frei", "belegt – Gemischter Chor", "geschlossen – Reinigung"."""
    word = _WORDS[use]()
    return f"{word}\N{NO-BREAK SPACE}– {join_and(labels)}" if labels else word


_WORDS = {
    Use.FREE: lambda: pgettext("time of a room", "free"),
    Use.REQUESTED: lambda: pgettext("time of a room", "requested"),
    Use.PROMISED: lambda: pgettext("time of a room", "taken"),
    Use.CLOSED: lambda: pgettext("time of a room", "closed"),
}
