"""The till's tables: a hundred rows are read or written in one statement, at about the price of one.

Names and types come from the Django models; the texts of the statements are made once per process.
"""

from collections.abc import Callable, Sequence
from dataclasses import fields
from datetime import datetime
from functools import cache
from typing import Any, Generic, TypeVar, cast

from django.db import connection, models

from golmok.domain.accounts.models import User
from golmok.domain.core.models import OutboxFact
from golmok.domain.festas.models import Offer, Show
from golmok.domain.orders.models import (
    CartLine,
    Checkout,
    ExpectedDeposit,
    Hold,
    Order,
    OrderLine,
    PaymentEvent,
    Stock,
)
from golmok.domain.orders.till.dialects import Column, Dialect, dialect_of
from golmok.domain.orders.till.rows import (
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
        key = model._meta.pk
        # What is only ever added has a key that the database makes.
        self._key = self._columns.get(key.attname) or Column(key, dialect)
        self._insert = dialect.insert(self._name, list(self._columns.values()))
        self._updates: dict[tuple[str, ...], str] = {}

    def select(self, condition: str, *values: object, lock: bool = False, most: int | None = None) -> list[R]:
        """Rows in the order of their keys. `condition` speaks of columns; see `any_of`."""
        columns = list(self._columns.values())
        rest = f"WHERE {condition} ORDER BY {self._key.name}" + (f" LIMIT {most}" if most else "")
        statement = self._dialect.select(self._name, columns, rest, lock=lock)
        with self._dialect.cursor() as cursor:
            cursor.execute(statement, values)
            found = self._dialect.columns_of(cursor.fetchall())
        read = [_read(column, column_values) for column, column_values in zip(columns, found, strict=False)]
        return [self._row(*row) for row in zip(*read, strict=True)]

    def insert(self, rows: Sequence[R]) -> None:
        if rows:
            self._write(self._insert, list(self._columns.values()), rows)

    def update(self, rows: Sequence[R], names: tuple[str, ...]) -> None:
        """Write the named columns of rows, found by their keys."""
        if not rows:
            return
        columns = [self._columns[name] for name in names]
        if names not in self._updates:
            self._updates[names] = self._dialect.update(self._name, self._key, columns)
        self._write(self._updates[names], [self._key, *columns], rows)

    def delete(self, keys: Sequence[object]) -> None:
        if keys:
            condition = self._dialect.any_of(self._key)
            with self._dialect.cursor() as cursor:
                cursor.execute(
                    f"DELETE FROM {self._name} WHERE {condition}",  # noqa: S608 - names of ours
                    [self._dialect.listed(keys)],
                )

    def any_of(self, name: str) -> str:
        """A condition: the column is one of a list, to be given as `listed(...)`."""
        return self._dialect.any_of(self._columns[name])

    def _write(self, statement: str, columns: Sequence[Column], rows: Sequence[R]) -> None:
        values = [column.written(rows) for column in columns]
        with self._dialect.cursor() as cursor:
            cursor.execute(statement, self._dialect.parameters(values))


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


def listed(values: Sequence[object]) -> object:
    """The parameter of `any_of`."""
    return tables().dialect.listed(values)


def moment(at: datetime) -> object:
    """The parameter of a comparison with a moment."""
    return tables().dialect.moment(at)


def _read(column: Column, values: Sequence[Any]) -> Sequence[Any]:
    read = column.read
    return values if read is None else [None if value is None else read(value) for value in values]
