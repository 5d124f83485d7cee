"""How a batch of rows travels to and from each database in one statement of fixed text.

PostgreSQL takes one array per column. SQLite takes one JSON text and gives one back: Python's driver lets go
of the interpreter's lock for each row it steps over and must get it again from a busy event loop; this way
it does so once for a statement.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from typing import Any, Protocol, cast

import orjson
import psycopg
from django.db import connection, models

Convert = Callable[[Any], Any]


class Column:
    """A column: its names in Python and in SQL, and how its values come and go."""

    def __init__(self, field: Any, dialect: "Dialect") -> None:  # noqa: ANN401 - Django's generic field
        target = field
        while target.is_relation:
            target = target.target_field
        self.attname: str = field.attname
        self.name = connection.ops.quote_name(field.column or field.attname)
        self.type = _array_type(field)
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

    def begin(self) -> None:
        """Prepares the transaction of a batch."""

    def lock_names(self, names: Sequence[str]) -> None:
        """Until the end of the transaction, others who lock one of the names wait."""

    def reader(self, field: Any) -> Convert | None:  # noqa: ANN401 - Django's generic field
        """What makes Python's value of the database's; None when it is one already."""

    def writer(self, field: Any) -> Convert | None:  # noqa: ANN401 - Django's generic field
        """The other way."""

    def listed(self, values: Sequence[object]) -> object:
        """The parameter of `any_of`."""

    def moment(self, at: datetime) -> object:
        """The parameter of a comparison with a moment."""

    def any_of(self, column: Column) -> str:
        """A condition: the column is one of a list."""

    def select(self, table: str, columns: Sequence[Column], rest: str, *, lock: bool) -> str: ...

    def columns_of(self, found: list[tuple[Any, ...]]) -> list[Sequence[Any]]:
        """What `select` found, by column."""

    def insert(self, table: str, columns: Sequence[Column]) -> str: ...

    def update(self, table: str, key: Column, columns: Sequence[Column]) -> str: ...

    def parameters(self, values: list[list[Any]]) -> list[Any]:
        """Of `insert` and `update` (the key first), from values by column."""


class Postgres:
    @contextmanager
    def cursor(self) -> Iterator[Any]:
        """One whose statements are planned once and then kept; Django's writes the values into the text."""
        connection.ensure_connection()
        line = cast(Any, connection.connection)
        with connection.wrap_database_errors, psycopg.Cursor(line) as cursor:
            yield cursor

    def begin(self) -> None:
        """Everything is found by a key. A table that grew since it was last looked at would be read whole."""
        with self.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")

    def lock_names(self, names: Sequence[str]) -> None:
        statement = "SELECT pg_advisory_xact_lock(hashtextextended(name, 0)) FROM unnest(%s::text[]) AS name"
        with self.cursor() as cursor:
            cursor.execute(statement, [sorted(names)])

    def reader(self, field: Any) -> Convert | None:  # noqa: ANN401
        return (lambda key: key.hex) if isinstance(field, models.UUIDField) else None

    def writer(self, field: Any) -> Convert | None:  # noqa: ANN401
        return _json if isinstance(field, models.JSONField) else None

    def listed(self, values: Sequence[object]) -> object:
        return list(values)

    def moment(self, at: datetime) -> object:
        return at

    def any_of(self, column: Column) -> str:
        return f"{column.name} = ANY(%s::{column.type}[])"

    def select(self, table: str, columns: Sequence[Column], rest: str, *, lock: bool) -> str:
        statement = f"SELECT {_names(columns)} FROM {table} {rest}"  # noqa: S608 - names of ours
        return statement + " FOR UPDATE" if lock else statement

    def columns_of(self, found: list[tuple[Any, ...]]) -> list[Sequence[Any]]:
        return list(zip(*found, strict=True))

    def insert(self, table: str, columns: Sequence[Column]) -> str:
        return f"INSERT INTO {table} ({_names(columns)}) SELECT * FROM {self._arrays(columns)}"  # noqa: S608

    def update(self, table: str, key: Column, columns: Sequence[Column]) -> str:
        new = f"{self._arrays([key, *columns])} AS new({_names([key, *columns])})"
        return f"UPDATE {table} SET {_new(columns)} FROM {new} WHERE {table}.{key.name} = new.{key.name}"  # noqa: S608

    def parameters(self, values: list[list[Any]]) -> list[Any]:
        return list(values)

    @staticmethod
    def _arrays(columns: Sequence[Column]) -> str:
        return f"unnest({', '.join(f'%s::{column.type}[]' for column in columns)})"


class Sqlite:
    def cursor(self) -> AbstractContextManager[Any]:
        return connection.cursor()

    def begin(self) -> None:
        """Nothing to prepare."""

    def lock_names(self, names: Sequence[str]) -> None:
        """`BEGIN IMMEDIATE` has locked everything."""

    def reader(self, field: Any) -> Convert | None:  # noqa: ANN401
        if isinstance(field, models.DateTimeField):
            return lambda said: datetime.fromisoformat(said).replace(tzinfo=UTC)
        return bool if isinstance(field, models.BooleanField) else None

    def writer(self, field: Any) -> Convert | None:  # noqa: ANN401
        if isinstance(field, models.DateTimeField):
            return _naive
        return _json if isinstance(field, models.JSONField) else None

    def listed(self, values: Sequence[object]) -> object:
        return _json(values)

    def moment(self, at: datetime) -> object:
        return _naive(at)

    def any_of(self, column: Column) -> str:
        return f"{column.name} IN (SELECT value FROM json_each(%s))"  # noqa: S608 - a name of ours

    def select(self, table: str, columns: Sequence[Column], rest: str, *, lock: bool) -> str:
        """`BEGIN IMMEDIATE` has locked everything."""
        names = _names(columns)
        return f"SELECT json_group_array(json_array({names})) FROM (SELECT {names} FROM {table} {rest})"  # noqa: S608

    def columns_of(self, found: list[tuple[Any, ...]]) -> list[Sequence[Any]]:
        return list(zip(*orjson.loads(found[0][0]), strict=True))

    def insert(self, table: str, columns: Sequence[Column]) -> str:
        return f"INSERT INTO {table} ({_names(columns)}) {self._rows(columns)}"

    def update(self, table: str, key: Column, columns: Sequence[Column]) -> str:
        new = f"({self._rows([key, *columns])}) AS new"
        return f"UPDATE {table} SET {_new(columns)} FROM {new} WHERE {table}.{key.name} = new.{key.name}"  # noqa: S608

    def parameters(self, values: list[list[Any]]) -> list[Any]:
        return [_json(list(zip(*values, strict=True)))]

    @staticmethod
    def _rows(columns: Sequence[Column]) -> str:
        """WHERE TRUE: without it SQLite's grammar takes what follows for part of a join."""
        values = (f"json_extract(value, '$[{n}]') AS {column.name}" for n, column in enumerate(columns))
        return f"SELECT {', '.join(values)} FROM json_each(%s) WHERE TRUE"  # noqa: S608 - names of ours


def dialect_of(vendor: str) -> Dialect:
    return Postgres() if vendor == "postgresql" else Sqlite()


def _names(columns: Sequence[Column]) -> str:
    return ", ".join(column.name for column in columns)


def _new(columns: Sequence[Column]) -> str:
    return ", ".join(f"{column.name} = new.{column.name}" for column in columns)


def _array_type(field: Any) -> str:  # noqa: ANN401 - Django's generic field
    """A cast to varchar(n) would cut what is too long; text lets the column refuse it."""
    kind: str | None = field.rel_db_type(connection) if field.is_relation else field.db_type(connection)
    return "text" if kind is None or kind.startswith("varchar") else kind


def _json(value: object) -> str:
    return orjson.dumps(value).decode()


def _naive(at: datetime) -> str:
    """As Django keeps moments in SQLite: in UTC, without saying so."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(" ")
