"""Queries that Django puts together once.

Putting a large query together takes Django longer than PostgreSQL takes to answer it. So what every
visit asks is put together with its first use; after that only other values are sent.
"""

from collections.abc import Callable
from copy import copy
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.db import connection
from django.db.models import Field, QuerySet, Value
from django.db.models.sql.compiler import SQLCompiler

Row = TypeVar("Row")


class Given(Value):
    """What comes with each call, as a value in a filter or an expression."""

    def __init__(self, name: str, output_field: "Field[Any, Any]") -> None:
        super().__init__(name, output_field)

    def as_sql(self, _compiler: object, _connection: object) -> tuple[str, tuple[Any, ...]]:
        return "%s", (self,)

    def bound(self, value: object) -> object:
        return self.output_field.get_db_prep_value(value, connection)


class OneOf(Given):
    """One of the values that come with each call: `filter(pk=OneOf("keys", BigIntegerField()))`."""

    def as_sql(self, _compiler: object, _connection: object) -> tuple[str, tuple[Any, ...]]:
        return "ANY(%s)", (self,)

    def bound(self, value: Any) -> object:
        return [super(OneOf, self).bound(one) for one in value]


class Prepared(Generic[Row]):
    """A query to be called with its values: `build` makes the queryset, with `Given` in it.

    The queryset may depend on nothing else that changes, the language of a request for example.
    Each call reads anew and returns a list; what is to be prefetched is asked for as usual.
    """

    def __init__(self, build: Callable[[], "QuerySet[Any, Row]"]) -> None:
        self._build = build

    @cached_property
    def _known(self) -> "tuple[QuerySet[Any, Row], SQLCompiler, str, tuple[Any, ...]]":
        queryset = self._build()
        compiler = queryset.query.get_compiler(connection=connection)  # each thread's own
        statement, params = compiler.as_sql()
        converters = compiler.get_converters([column for column, *_ in compiler.select])
        vars(compiler)["get_converters"] = lambda _columns: converters
        return queryset, compiler, statement, tuple(params)

    def __call__(self, **values: Any) -> list[Row]:
        queryset, compiler, statement, params = self._known
        bound = (one.bound(values[one.value]) if isinstance(one, Given) else one for one in params)
        sent = (statement, tuple(bound))
        # A copy that knows the statement already; everything else is as with any queryset.
        compiler = copy(compiler)
        vars(compiler)["as_sql"] = lambda *_args, **_options: sent
        asked = queryset.all()
        vars(asked.query)["get_compiler"] = lambda *_args, **_options: compiler
        return list(asked)

    def first(self, **values: Any) -> Row | None:
        """Return the first row of such a call, None if there is none."""
        return next(iter(self(**values)), None)
