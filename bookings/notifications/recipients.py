"""Who gets mail on a request, at most once each."""

from bookings.models import Booking, Membership
from cms.models import Centre, User


def group_address(booking: Booking) -> str:
    """Return the address of who asked, of the main contact if that person is gone, or ""."""
    requester = booking.requester
    if requester is not None and requester.is_active:
        return requester.email
    contacts = User.objects.filter(
        is_active=True,
        memberships__association=booking.association_id,
        memberships__role=Membership.Role.MAIN_CONTACT,
    )
    return contacts.order_by("pk").values_list("email", flat=True).first() or ""


def team_addresses(centre: Centre) -> list[str]:
    """Return the addresses of the centre's managers, or its own where there are none."""
    managers = User.objects.filter(is_active=True, groups__centre=centre.pk)
    found = list(managers.order_by("pk").values_list("email", flat=True).distinct())
    return found or [address for address in [centre.email] if address]
