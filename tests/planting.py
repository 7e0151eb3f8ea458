"""What fixtures write, built once in a process and then put back row by row.

A centre with its pages takes two hundred queries, and a thousand tests want one. So the rows that a
fixture adds, changes and removes are noted, and the next test gets them by one statement. What a
test is given is read from the database anew: none sees what another did with it.

Rows are put back only where they would come out alike: in a transaction that is rolled back, after
the same plants, at the same time if the clock is set. Where the rows they replace are not as they
were, or their place is taken, they are built as the first time; test_planting.py shows that they fit
where they should.

The limits: no signal is sent and no `save` runs when rows are put back, so what is not a row (a file,
a cache) is not there, and without a set clock they bear the time at which they were noted.
"""

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import time_machine
from django.db import IntegrityError, connection, transaction
from django.db.models import Model
from django.utils import timezone
from psycopg import sql

Rows = dict[str, set[str]]  # of each table, as PostgreSQL writes them


@dataclass(frozen=True)
class Plant:
    script: str
    objects: tuple[tuple[type[Model], Any], ...]  # models and keys of what the fixture gives

    def put_back(self) -> Any:
        """Raise IntegrityError, with nothing written, where the rows do not fit."""
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(self.script)
        found = tuple(model._default_manager.get(pk=key) for model, key in self.objects)
        return found[0] if len(found) == 1 else found


plants: dict[tuple[Any, ...], Plant] = {}  # of this process
asked: Counter[tuple[Any, ...]] = Counter()


class Garden:
    """The plants of one test, in the order they were asked for."""

    def __init__(self) -> None:
        self.done: tuple[Any, ...] = ()

    def plant(
        self, name: str, build: Callable[[], Any], *after: Model, at_once: bool = False
    ) -> Any:
        """Return the object, or the tuple of objects, that `build` makes of those it comes after.

        The rows are noted when they are asked for a second time, or `at_once`.
        """
        self.done += (name, *(each.pk for each in after))
        moment = timezone.now() if time_machine.escape_hatch.is_travelling() else None
        key = (*self.done, moment)
        asked[key] += 1
        if not connection.in_atomic_block or (asked[key] == 1 and not at_once):
            return build()
        if key in plants:
            try:
                return plants[key].put_back()
            except IntegrityError:  # this test has something else there
                return build()
        made, plants[key] = noted(build)
        return made


def noted(build: Callable[[], Any]) -> tuple[Any, Plant]:
    before = all_rows()
    made = build()
    objects = made if isinstance(made, tuple) else (made,) if made else ()
    return made, Plant(script(before, all_rows()), tuple((type(each), each.pk) for each in objects))


def all_rows() -> Rows:
    every = sql.SQL(" UNION ALL ").join(
        sql.SQL("SELECT {}, row::text FROM {} row").format(sql.Literal(name), sql.Identifier(name))
        for name in connection.introspection.table_names()
    )
    found: Rows = defaultdict(set)
    with connection.cursor() as cursor:
        cursor.execute(every.as_string(connection.connection))
        for name, row in cursor.fetchall():
            found[name].add(row)
    return found


REMOVE = """
DELETE FROM {table} row WHERE row::text = ANY({rows});
GET DIAGNOSTICS removed = ROW_COUNT;
IF removed <> {count} THEN
    RAISE integrity_constraint_violation USING MESSAGE = 'rows are not as they were';
END IF;"""
ADD = "\nINSERT INTO {table} SELECT * FROM unnest({rows}::{table}[]);"


def script(before: Rows, after: Rows) -> str:
    """Return the one statement that makes the rows before those after.

    Constraints between tables are checked at the end of a transaction, so their order is free.
    """
    steps = []
    for name in sorted(before.keys() | after.keys()):
        table = sql.Identifier(name)
        if gone := sorted(before[name] - after[name]):
            steps.append(sql.SQL(REMOVE).format(table=table, rows=gone, count=len(gone)))
        if new := sorted(after[name] - before[name]):
            steps.append(sql.SQL(ADD).format(table=table, rows=new))
    body = sql.SQL("DECLARE removed integer; BEGIN {} END").format(sql.SQL("").join(steps))
    whole = sql.SQL("DO {}").format(body.as_string(connection.connection))
    return whole.as_string(connection.connection)
