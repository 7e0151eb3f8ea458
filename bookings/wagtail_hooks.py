"""The entry to the bookings in Wagtail's admin; the views live in bookings.admin."""

from bookings.permissions import register_lookups

register_lookups()
