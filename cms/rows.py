"""Writing many new rows of one model by one statement."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Field, Model
from django.utils import timezone

Row = TypeVar("Row", bound=Model)
LENGTH = re.compile(r"\([\d, ]+\)")  # of a type: varchar(60), varchar(60)[], numeric(5, 2)


class _Column(NamedTuple):
    name: str
    kind: str
    cells: list[Any]  # one for all rows, or one for each


def insert_rows(rows: Iterable[Row], *, skip_known: bool = False) -> list[Row]:
    """Insert new rows of one model, give them their keys, and return them in order.

    `bulk_create` sends every value of every row; here what all rows have in common goes once, which
    is most of what the dates of a series are. It sends no signals either: the caller tells the page
    cache. An ArrayField has to be the same in all rows. `skip_known`: rows that break a constraint
    are left out, and none get their keys.
    """
    rows = list(rows)
    if not rows:
        return rows
    meta, now = type(rows[0])._meta, timezone.now()
    fields = [field for field in meta.local_concrete_fields if not field.primary_key]
    # Not Django's `connection`, which looks up the thread's own for each cell.
    connection = connections[DEFAULT_DB_ALIAS]
    columns = [_column(field, rows, now, connection) for field in fields]
    own = [column for column in columns if len(column.cells) > 1]
    common = [column for column in columns if len(column.cells) == 1]
    arrays = ", ".join(f"%s::{column.kind}[]" for column in own)
    source = (
        f"unnest({arrays}) AS own ({_names(own)})" if own else f"generate_series(1, {len(rows)})"
    )
    ending = "ON CONFLICT DO NOTHING" if skip_known else f"RETURNING {meta.pk.column}"
    selected = [*(column.name for column in own), *(f"%s::{column.kind}" for column in common)]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {meta.db_table} ({_names([*own, *common])})"  # noqa: S608 - names of ours
            f" SELECT {', '.join(selected)} FROM {source} {ending}",
            [*(column.cells[0] for column in common), *(column.cells for column in own)],
        )
        if skip_known:
            return rows
        for row, (key,) in zip(rows, cursor.fetchall(), strict=True):
            row.pk = key
            # As Django leaves a row that it has stored.
            row._state.adding, row._state.db = False, connection.alias  # noqa: SLF001
    return rows


def _names(columns: Sequence[_Column]) -> str:
    return ", ".join(column.name for column in columns)


def _column(
    field: "Field[Any, Any]", rows: Sequence[Model], now: datetime, connection: BaseDatabaseWrapper
) -> _Column:
    if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
        for row in rows:
            setattr(row, field.attname, now)
    values = [getattr(row, field.attname) for row in rows]
    if all(value == values[0] for value in values):
        del values[1:]
    # Without the length: a cast to it would cut what is too long and say nothing.
    kind = LENGTH.sub("", str(field.db_type(connection)))
    cells = [field.get_db_prep_save(value, connection) for value in values]
    return _Column(connection.ops.quote_name(str(field.column)), kind, cells)
