"""Questions to the facts and pages. They read, never write, and take `now` as an argument.

Each answers with a number of queries that does not depend on the number of rows.
"""
