"""What may be booked and what may happen to it, as plain Python: no framework, clock or database.

Instants are aware datetimes, spans are half-open `[start, end)`, days are Berlin's.
"""
