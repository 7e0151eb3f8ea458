"""Running a constant statement.

For what every request asks: Django takes longer to put it together than PostgreSQL to answer. And for
what says in SQL more clearly what is meant.
"""

from collections.abc import Mapping
from typing import Any

from django.db import connection


def rows_of(statement: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Return the rows of a statement of ours; `values` stand in it as %(name)s."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found
