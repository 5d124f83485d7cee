"""The till's tables: a hundred rows are read or written in one statement, at about the price of one.

Names and types come from the Django models; the texts of the statements are made once per process.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cache
from typing import Any, Generic, TypeVar, cast

import orjson
from django.db import connection, models

from golmok.domain.accounts.models import User
from golmok.domain.core.models import OutboxFact
from golmok.domain.festas.models import Offer, Show
from golmok.domain.orders.models import (
    CapCount,
    CartLine,
    Checkout,
    ExpectedDeposit,
    Hold,
    Order,
    OrderLine,
    PaymentEvent,
    Stock,
    Waiting,
)
from golmok.domain.orders.till.dialects import Column, Dialect, dialect_of, names_of
from golmok.domain.orders.till.rows import (
    CapCountRow,
    CartRow,
    CheckoutRow,
    EventRow,
    ExpectedRow,
    FactRow,
    HoldRow,
    LineRow,
    OfferRow,
    OrderRow,
    ProductRow,
    ShopRow,
    ShowRow,
    StockRow,
    UserRow,
    VariantRow,
    WaitingRow,
)
from golmok.domain.shops.models import Product, Shop, Variant

R = TypeVar("R")


class Table(Generic[R]):
    """The rows of one model, on one kind of database."""

    def __init__(self, model: type[models.Model], row: type[R], dialect: Dialect) -> None:
        known = {field.attname: field for field in model._meta.concrete_fields}
        self._row: Callable[..., R] = row
        self._name = connection.ops.quote_name(model._meta.db_table)
        self._dialect = dialect
        self._columns = {
            one.name: Column(known[one.name], dialect) for one in fields(cast(Any, row)) if one.init
        }
        self._all = list(self._columns.values())
        key = model._meta.pk
        # What is only ever added has a key that the database makes.
        self._key = self._columns.get(key.attname) or Column(key, dialect)
        self._insert = f"INSERT INTO {self._name} ({names_of(self._all)}) {dialect.rows(self._all)}"
        self._updates: dict[tuple[str, ...], str] = {}

    def select(self, condition: str, *values: object, lock: bool = False) -> list[R]:
        """Rows in the order of their keys. `condition` speaks of columns; see `any_of`."""
        with self._dialect.cursor() as cursor:
            cursor.execute(self.asking(condition, lock=lock), values)
            return self.read(cursor.fetchone()[0])

    def first(self, most: int, by: str, condition: str, *values: object) -> list[R]:
        """As `select`, the first in the order of a column."""
        rest = f"WHERE {condition} ORDER BY {self._columns[by].name} LIMIT {most}"
        with self._dialect.cursor() as cursor:
            cursor.execute(self._dialect.select(self._name, self._all, rest, lock=False), values)
            return self.read(cursor.fetchone()[0])

    def asking(self, condition: str, *, lock: bool = False) -> str:
        """The statement of `select`; what it gives is for `read`."""
        rest = f"WHERE {condition} ORDER BY {self._key.name}"
        return self._dialect.select(self._name, self._all, rest, lock=lock)

    def read(self, found: str) -> list[R]:
        """The rows of a JSON text that the database made of them."""
        by_column = zip(self._all, zip(*orjson.loads(found), strict=True), strict=False)
        columns = [_read(column, values) for column, values in by_column]
        return [self._row(*row) for row in zip(*columns, strict=True)]

    def insert(self, rows: Sequence[R]) -> None:
        if rows:
            self._write(self._insert, self._all, rows)

    def update(self, rows: Sequence[R], names: tuple[str, ...]) -> None:
        """Write the named columns of rows, found by their keys."""
        if not rows:
            return
        columns = [self._columns[name] for name in names]
        if names not in self._updates:
            self._updates[names] = self._update(columns)
        self._write(self._updates[names], [self._key, *columns], rows)

    def delete(self, rows: Sequence[R], names: tuple[str, ...]) -> None:
        """Delete what is like one of the rows in the named columns."""
        if not rows:
            return
        columns = [self._columns[name] for name in names]
        self._write(f"DELETE FROM {self._name} WHERE {self.alike(names)}", columns, rows)

    def any_of(self, name: str) -> str:
        """A condition: the column is one of a list, to be given as `listed(...)`."""
        return self.among(name, self.given(name))

    def alike(self, names: tuple[str, ...]) -> str:
        """A condition: the columns together are like one of the rows that `listed` gives."""
        columns = [self._columns[name] for name in names]
        return f"({names_of(columns)}) IN ({self._dialect.rows(columns)})"

    def listed(self, names: tuple[str, ...], rows: Sequence[Sequence[object]]) -> str:
        """The parameter of `alike`."""
        columns = [self._columns[name] for name in names]
        return self._dialect.written(columns, [[row[n] for row in rows] for n in range(len(names))])

    def given(self, name: str) -> str:
        """A relation: the values of a list, to be given as `listed(...)`."""
        return self._dialect.given(self._columns[name])

    def among(self, name: str, relation: str) -> str:
        """A condition: the column is one of the relation's values."""
        return self._dialect.among(self._columns[name], relation)

    def values_of(self, name: str, condition: str) -> str:
        """A relation: the column's values in rows where `condition` holds."""
        return f"SELECT {self._columns[name].name} FROM {self._name} WHERE {condition}"

    def first_of_each(self, name: str, by: str, condition: str, most: int) -> str:
        """A relation: the first rows in the order of a column, for each of a list of values of another."""
        return self._dialect.first_of_each(
            self._name, self._columns[name], self._columns[by], condition, most
        )

    def _update(self, columns: Sequence[Column]) -> str:
        new = f"({self._dialect.rows([self._key, *columns])}) AS new"
        set_to = ", ".join(f"{column.name} = new.{column.name}" for column in columns)
        key = self._key.name
        return f"UPDATE {self._name} SET {set_to} FROM {new} WHERE {self._name}.{key} = new.{key}"

    def _write(self, statement: str, columns: Sequence[Column], rows: Sequence[R]) -> None:
        values = [column.written(rows) for column in columns]
        with self._dialect.cursor() as cursor:
            cursor.execute(statement, [self._dialect.written(columns, values)])


@dataclass(frozen=True)
class Part:
    """Rows wanted of one table."""

    table: Table[Any]
    condition: str
    values: tuple[object, ...]


def read_together(*parts: Part) -> list[list[Any]]:
    """The rows of each part, as of one moment, in one statement: each way to the database takes the
    interpreter's lock from the web server and must get it back."""
    statement = ", ".join(f"({part.table.asking(part.condition)})" for part in parts)
    with tables().dialect.cursor() as cursor:
        cursor.execute(f"SELECT {statement}", [value for part in parts for value in part.values])
        found = cursor.fetchone()
    return [part.table.read(one) for part, one in zip(parts, found, strict=True)]


class Tables:
    """The till's tables on one kind of database."""

    def __init__(self, vendor: str) -> None:
        self.dialect = dialect_of(vendor)
        self.shops = Table(Shop, ShopRow, self.dialect)
        self.products = Table(Product, ProductRow, self.dialect)
        self.variants = Table(Variant, VariantRow, self.dialect)
        self.shows = Table(Show, ShowRow, self.dialect)
        self.offers = Table(Offer, OfferRow, self.dialect)
        self.stocks = Table(Stock, StockRow, self.dialect)
        self.cap_counts = Table(CapCount, CapCountRow, self.dialect)
        self.waiters = Table(Waiting, WaitingRow, self.dialect)
        self.checkouts = Table(Checkout, CheckoutRow, self.dialect)
        self.holds = Table(Hold, HoldRow, self.dialect)
        self.orders = Table(Order, OrderRow, self.dialect)
        self.lines = Table(OrderLine, LineRow, self.dialect)
        self.expected = Table(ExpectedDeposit, ExpectedRow, self.dialect)
        self.events = Table(PaymentEvent, EventRow, self.dialect)
        self.users = Table(User, UserRow, self.dialect)
        self.carts = Table(CartLine, CartRow, self.dialect)
        self.facts = Table(OutboxFact, FactRow, self.dialect)


@cache
def _tables_of(vendor: str) -> Tables:
    return Tables(vendor)


def tables() -> Tables:
    """Of the database that Django uses."""
    return _tables_of(connection.vendor)


def moment(at: datetime) -> object:
    """The parameter of a comparison with a moment."""
    return tables().dialect.moment(at)


def _read(column: Column, values: Sequence[Any]) -> Sequence[Any]:
    read = column.read
    return values if read is None else [None if value is None else read(value) for value in values]
