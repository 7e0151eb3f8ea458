"""The part of the public, read-only API about rooms: what they are, and when they are free."""

from bookings.api.routes import router

__all__ = ["router"]
