"""How a batch of rows travels to and from each database in one statement of fixed text, as one JSON text.

One call of C code makes the text or reads it. Arrays a column cost PostgreSQL's driver a search by regular
expression for every value; Python's driver for SQLite lets go of the interpreter's lock for each row it steps
over and must get it again from a busy event loop.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime
from typing import Any, Protocol, cast

import orjson
import psycopg
from django.db import connection, models

KEYS_ALONE = "SELECT " + ", ".join(
    f"set_config('{name}', '{value}', true)"
    for name, value in {
        "enable_seqscan": "off",
        "enable_hashjoin": "off",
        "enable_mergejoin": "off",
        "plan_cache_mode": "force_generic_plan",
        "jit": "off",
    }.items()
)
"""PostgreSQL's planner, for this transaction."""
PREPARED_AFTER = 2
"""Times a statement is planned anew before its plan is kept. Django keeps none by itself."""

Convert = Callable[[Any], Any]


class Column:
    """A column: its names in Python and in SQL, and how its values come and go."""

    def __init__(self, field: Any, dialect: "Dialect") -> None:  # noqa: ANN401 - Django's generic field
        target = field
        while target.is_relation:
            target = target.target_field
        self.attname: str = field.attname
        self.key: str = field.column
        self.name = connection.ops.quote_name(field.column)
        self.type = _type_of(field)
        self.read: Convert | None = dialect.reader(target)
        self._write: Convert | None = dialect.writer(target)

    def written(self, rows: Sequence[Any]) -> list[Any]:
        """The database's values of the column."""
        attname, write = self.attname, self._write
        found = [getattr(row, attname) for row in rows]
        return found if write is None else [None if one is None else write(one) for one in found]


class Dialect(Protocol):
    def cursor(self) -> AbstractContextManager[Any]:
        """Runs statements in the transaction of Django's connection."""

    def batch(self) -> AbstractContextManager[Any]:
        """Around the statements of a transaction: what nobody reads an answer of is sent without waiting."""

    def begin(self) -> None:
        """Prepares the transaction of a batch."""

    def lock_names(self, names: Sequence[str]) -> None:
        """Until the end of the transaction, others who lock one of the names wait."""

    def try_names(self, names: Sequence[str]) -> list[str]:
        """Those of the names that nobody else has locked; locked from now on. Waits for nobody."""

    def reader(self, field: Any) -> Convert | None:  # noqa: ANN401 - Django's generic field
        """What makes Python's value of the database's; None when it is one already."""

    def writer(self, field: Any) -> Convert | None:  # noqa: ANN401 - Django's generic field
        """The other way."""

    def moment(self, at: datetime) -> object:
        """The parameter of a comparison with a moment."""

    def given(self, column: Column) -> str:
        """A relation of the values in a parameter that `listed` makes."""

    def among(self, column: Column, relation: str) -> str:
        """A condition: the column is one of the relation's values."""

    def first_of_each(self, table: str, column: Column, by: Column, condition: str, most: int) -> str:
        """A relation: the first `most` rows for each value of a parameter that `listed` makes, read from the
        index that has this order."""

    def select(self, table: str, columns: Sequence[Column], rest: str, *, lock: bool) -> str:
        """Gives one JSON text: an array of rows, each an array of values."""

    def rows(self, columns: Sequence[Column]) -> str:
        """A relation of these columns, out of the parameter that `written` makes."""

    def written(self, columns: Sequence[Column], values: list[list[Any]]) -> str:
        """The parameter of `rows`, from values by column."""


class Postgres:
    @contextmanager
    def cursor(self) -> Iterator[Any]:
        """One whose statements are planned once and then kept; Django's writes the values into the text."""
        connection.ensure_connection()
        line = cast(Any, connection.connection)
        with connection.wrap_database_errors, psycopg.Cursor(line) as cursor:
            yield cursor

    @contextmanager
    def batch(self) -> Iterator[None]:
        connection.ensure_connection()
        line = cast(Any, connection.connection)
        line.prepare_threshold = PREPARED_AFTER
        with connection.wrap_database_errors, line.pipeline():
            yield

    def begin(self) -> None:
        """Everything is found by a key: a table that grew since it was last looked at would be read whole, or
        hashed. A statement of many parts would be compiled for longer than it runs, and planned each time."""
        with self.cursor() as cursor:
            cursor.execute(KEYS_ALONE)

    def lock_names(self, names: Sequence[str]) -> None:
        given = "json_array_elements_text(%s::json) AS name"
        with self.cursor() as cursor:
            cursor.execute(
                f"SELECT pg_advisory_xact_lock(hashtextextended(name, 0)) FROM {given}",
                [listed(sorted(names))],
            )

    def try_names(self, names: Sequence[str]) -> list[str]:
        free = "pg_try_advisory_xact_lock(hashtextextended(name, 0))"
        with self.cursor() as cursor:
            cursor.execute(
                f"SELECT name FROM unnest(%s::text[]) AS name WHERE {free}",
                [list(names)],
            )
            return [name for (name,) in cursor.fetchall()]

    def reader(self, field: Any) -> Convert | None:  # noqa: ANN401
        if isinstance(field, models.UUIDField):
            return lambda said: said.replace("-", "")
        return datetime.fromisoformat if isinstance(field, models.DateTimeField) else None

    def writer(self, field: Any) -> Convert | None:  # noqa: ANN401
        return None

    def moment(self, at: datetime) -> object:
        return at

    def given(self, column: Column) -> str:
        return f"SELECT given::{column.type} FROM json_array_elements_text(%s::json) AS given"

    def among(self, column: Column, relation: str) -> str:
        """As an array, worked out first and then looked up in the index."""
        return f"{column.name} = ANY(ARRAY({relation}))"

    def first_of_each(self, table: str, column: Column, by: Column, condition: str, most: int) -> str:
        mine = f"{column.name} = keys.one AND {condition}"
        first = f"SELECT * FROM {table} WHERE {mine} ORDER BY {by.name} LIMIT {most}"
        return f"SELECT each.* FROM ({self.given(column)}) AS keys(one) CROSS JOIN LATERAL ({first}) AS each"

    def select(self, table: str, columns: Sequence[Column], rest: str, *, lock: bool) -> str:
        names, locking = names_of(columns), "FOR UPDATE" if lock else ""
        found = f"(SELECT {names} FROM {table} {rest} {locking}) AS found"
        return f"SELECT coalesce(json_agg(json_build_array({names})), '[]')::text FROM {found}"

    def rows(self, columns: Sequence[Column]) -> str:
        kinds = ", ".join(f"{column.name} {column.type}" for column in columns)
        return f"SELECT {names_of(columns)} FROM json_to_recordset(%s::json) AS given({kinds})"

    def written(self, columns: Sequence[Column], values: list[list[Any]]) -> str:
        keys = [column.key for column in columns]
        return _json([dict(zip(keys, row, strict=True)) for row in zip(*values, strict=True)])


class Sqlite:
    def cursor(self) -> AbstractContextManager[Any]:
        return connection.cursor()

    def batch(self) -> AbstractContextManager[Any]:
        return nullcontext()

    def begin(self) -> None:
        """Nothing to prepare."""

    def lock_names(self, names: Sequence[str]) -> None:
        """`BEGIN IMMEDIATE` has locked everything."""

    def try_names(self, names: Sequence[str]) -> list[str]:
        return list(names)

    def reader(self, field: Any) -> Convert | None:  # noqa: ANN401
        if isinstance(field, models.DateTimeField):
            return lambda said: datetime.fromisoformat(f"{said}+00:00")
        return bool if isinstance(field, models.BooleanField) else None

    def writer(self, field: Any) -> Convert | None:  # noqa: ANN401
        if isinstance(field, models.DateTimeField):
            return _naive
        return _json if isinstance(field, models.JSONField) else None

    def moment(self, at: datetime) -> object:
        return _naive(at)

    def given(self, column: Column) -> str:
        return "SELECT value FROM json_each(%s)"

    def among(self, column: Column, relation: str) -> str:
        return f"{column.name} IN ({relation})"

    def first_of_each(self, table: str, column: Column, by: Column, condition: str, most: int) -> str:
        """SQLite has no LATERAL, but reads the tables of a CROSS JOIN in the order written."""
        mine = f"{column.name} = keys.value AND {condition}"
        end = f"SELECT {by.name} FROM {table} WHERE {mine} ORDER BY {by.name} LIMIT 1 OFFSET {most}"
        within = f"{mine} AND (each.{by.name} < coalesce(({end}), 9e18))"
        return f"SELECT each.* FROM ({self.given(column)}) AS keys CROSS JOIN {table} AS each WHERE {within}"

    def select(self, table: str, columns: Sequence[Column], rest: str, *, lock: bool) -> str:
        """`BEGIN IMMEDIATE` has locked everything."""
        names = names_of(columns)
        return f"SELECT json_group_array(json_array({names})) FROM (SELECT {names} FROM {table} {rest})"

    def rows(self, columns: Sequence[Column]) -> str:
        """WHERE TRUE: without it SQLite's grammar takes what follows for part of a join."""
        values = (f"json_extract(value, '$[{n}]') AS {column.name}" for n, column in enumerate(columns))
        return f"SELECT {', '.join(values)} FROM json_each(%s) WHERE TRUE"

    def written(self, columns: Sequence[Column], values: list[list[Any]]) -> str:
        return _json(list(zip(*values, strict=True)))


def dialect_of(vendor: str) -> Dialect:
    return Postgres() if vendor == "postgresql" else Sqlite()


def names_of(columns: Sequence[Column]) -> str:
    return ", ".join(column.name for column in columns)


def _type_of(field: Any) -> str:  # noqa: ANN401 - Django's generic field
    """A cast to varchar(n) would cut what is too long; text lets the column refuse it."""
    kind: str | None = field.rel_db_type(connection) if field.is_relation else field.db_type(connection)
    return "text" if kind is None or kind.startswith("varchar") else kind


def listed(values: Sequence[object]) -> str:
    """The parameter of `given`."""
    return _json(values)


def _json(value: object) -> str:
    return orjson.dumps(value).decode()


def _naive(at: datetime) -> str:
    """As Django keeps moments in SQLite: in UTC, without saying so."""
    in_utc = at if at.tzinfo is UTC else at.astimezone(UTC)
    return in_utc.isoformat(" ").removesuffix("+00:00")
