"""Which terms of use count."""

from datetime import date

from bookings.models import TermsOfUse


def terms_in_force(centre_id: int, today: date) -> TermsOfUse | None:
    """Return the newest version that is valid on this day; None: the centre has none."""
    valid = TermsOfUse.objects.filter(centre=centre_id, valid_from__lte=today)
    return valid.order_by("-valid_from", "-version").first()
