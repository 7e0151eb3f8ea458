"""Public pages of rooms, requests and own bookings."""
