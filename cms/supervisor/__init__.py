"""`make demo`: PostgreSQL, the site, its worker and its housekeeping, from one process.

SIGINT and SIGTERM end everything in order. Whatever a kill leaves, the next start ends first.
"""
