"""Which terms of use count, read along with what needs them."""

from datetime import date
from typing import Any

from django.db.models import OuterRef, Subquery, Value
from django.db.models.functions import JSONObject

from bookings.models import TermsOfUse


def terms_row(centre: str, today: date | Value) -> Subquery:
    """Return the newest version that is valid on this day as a column; `centre`: the way to it."""
    valid = TermsOfUse.objects.filter(centre=OuterRef(centre), valid_from__lte=today)
    row = JSONObject(
        id="pk", centre_id="centre", version="version", text="text", valid_from="valid_from"
    )
    return Subquery(valid.order_by("-valid_from", "-version").values(row=row)[:1])


def terms_of(row: dict[str, Any] | None) -> TermsOfUse | None:
    """Return what `terms_row` has read; None: the centre has none."""
    if row is None:
        return None
    return TermsOfUse(**{**row, "valid_from": date.fromisoformat(row["valid_from"])})
