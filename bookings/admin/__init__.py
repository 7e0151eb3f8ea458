"""The manager's desk for requests, rooms and associations."""
