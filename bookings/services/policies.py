"""The rules for bookings of a centre and of single rooms."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from bookings.models import BookingPolicy, InstantWindow, Room
from bookings.rules.policy import NAMES, Policy, Window, contradictions, policy_from
from bookings.wording.policies import CONTRADICTIONS
from cms.models import Centre
from cms.page_cache import content_changed


@transaction.atomic
def save_policy(
    *,
    centre: Centre,
    room: Room | None = None,
    values: Mapping[str, Any],
    windows: Collection[Window] = (),
) -> BookingPolicy:
    """Set the rules of a centre, or of one of its rooms; what is not in `values` is not set.

    Dates that stand are left alone. Raises ValidationError, with the field at fault, for values
    that are wrong or contradict each other, also in a room that has rules of its own.
    """
    Centre.objects.select_for_update().get(pk=centre.pk)  # two editors at once
    policy = BookingPolicy.objects.filter(centre=centre, room=room).first()
    policy = policy or BookingPolicy(centre=centre, room=room)
    for name in NAMES:
        if name != "windows":
            setattr(policy, name, values.get(name, "" if name in TEXTS else None))
    policy.full_clean(validate_constraints=False)
    rows = [InstantWindow(**window._asdict()) for window in windows]
    for row in rows:
        row.full_clean(exclude=["policy"])
    _refuse_contradictions(policy, windows)
    policy.save()
    policy.windows.set(rows)
    policy.save()
    content_changed()
    return policy


TEXTS = frozenset(
    name
    for name in NAMES
    if name != "windows" and BookingPolicy._meta.get_field(name).get_internal_type() == "CharField"
)


def _refuse_contradictions(edited: BookingPolicy, windows: Collection[Window]) -> None:
    """Look at what would hold: in the room, or in the centre and its rooms with own rules."""
    found: dict[str, list[str]] = {}
    for place, policy in _effective(edited, windows):
        for field, fault in contradictions(policy):
            sentence = str(CONTRADICTIONS[fault])
            text = f"{place}: {sentence}" if place else sentence
            found.setdefault(field, []).append(text)
    if found:
        raise ValidationError({field: list(dict.fromkeys(texts)) for field, texts in found.items()})


def _effective(edited: BookingPolicy, windows: Collection[Window]) -> Iterator[tuple[str, Policy]]:
    """Give where which rules would hold; "" for the place that is edited."""
    own = {**edited.values(()), "windows": tuple(windows)}
    others = BookingPolicy.objects.filter(centre=edited.centre).with_windows()
    if edited.room is not None:
        centre = (row.values(row.window_rows) for row in others.filter(room__isnull=True))
        yield "", policy_from(own, *centre)
        return
    yield "", policy_from(own)
    for row in others.filter(room__isnull=False).select_related("room"):
        yield str(row.room), policy_from(row.values(row.window_rows), own)
