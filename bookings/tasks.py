"""What the worker does for bookings. A task carries keys only; the rows say what is to be done."""

from django.utils import timezone
from django_tasks import task

from bookings.notifications.guests import notify_links
from bookings.selectors.guests import with_their_dates


@task()
def send_links(booking_ids: list[int]) -> None:
    """Send guests the links of these requests, if there are any."""
    if found := with_their_dates(booking_ids):
        notify_links(found, now=timezone.now())
