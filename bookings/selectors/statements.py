"""Running a constant statement: what every request asks.

Django takes longer to put such a statement together than PostgreSQL takes to answer it.
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
