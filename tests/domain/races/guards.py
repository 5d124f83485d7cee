"""Taking away what a race is guarded by, one guard at a time, to see that it is what guards."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from unittest.mock import patch

from django.db import connection, models
from django.db.models import QuerySet

from golmok.domain.orders import refunds
from golmok.domain.orders.models import PaymentEvent, Stock
from golmok.domain.orders.till import batch, loading, writer
from golmok.domain.orders.till.dialects import Postgres
from golmok.domain.orders.till.give_back import GiveBackExpired
from golmok.domain.orders.till.ledger import Ledger
from golmok.domain.orders.till.rows import StockRow
from golmok.domain.orders.till.start import Start, give_up

Guard = Callable[[], AbstractContextManager[None]]


def locks(*names: str) -> Guard:
    """PostgreSQL's locks of `stock`, `checkouts` and `buyers`; on SQLite BEGIN IMMEDIATE is all of them.

    Without a name it is SQLite's alone, of which another guard stands behind.
    """
    postgres = {"stock": _no_stock_lock, "checkouts": _no_checkout_lock, "buyers": _no_buyer_lock}

    @contextmanager
    def without() -> Iterator[None]:
        with ExitStack() as gone:
            if connection.vendor == "sqlite":
                gone.enter_context(_no_transaction())
            else:
                for name in names:
                    gone.enter_context(postgres[name]())
            yield

    return without


def both(*guards: Guard) -> Guard:
    """Belt and braces: what still holds when one of them is gone."""

    @contextmanager
    def without() -> Iterator[None]:
        with ExitStack() as gone:
            for guard in guards:
                gone.enter_context(guard())
            yield

    return without


@contextmanager
def _no_transaction() -> Iterator[None]:
    """Each statement on its own."""
    bare = batch.decide.__wrapped__  # type: ignore[attr-defined]  # what transaction.atomic wraps
    with patch.object(batch, "decide", bare), patch.object(writer, "decide", bare):
        yield


@contextmanager
def _no_stock_lock() -> Iterator[None]:
    def unlocked(variants: Iterable[int], checkouts: Iterable[str] = ()) -> list[StockRow]:
        return loading._stock(variants, checkouts)

    with patch.object(loading, "locked_stock", unlocked):
        yield


@contextmanager
def _no_checkout_lock() -> Iterator[None]:
    original = loading._checkouts

    def unlocked(wanted: list[loading.Wants], now: object, *, lock: bool) -> object:
        return original(wanted, now, lock=False)  # type: ignore[arg-type]

    with patch.object(loading, "_checkouts", unlocked):
        yield


@contextmanager
def _no_buyer_lock() -> Iterator[None]:
    with patch.object(Postgres, "lock_names", lambda _self, _names: None):
        yield


@contextmanager
def refunders_lock() -> Iterator[None]:
    """Of the checkout whose debt the refunder looks up."""
    if connection.vendor == "sqlite":
        bare = refunds.ask_back.__wrapped__  # type: ignore[attr-defined]  # what transaction.atomic wraps
        with patch.object(refunds, "ask_back", bare), patch.object(QuerySet, "select_for_update", _unlocked):
            yield
    else:
        with patch.object(QuerySet, "select_for_update", _unlocked):
            yield


def _unlocked(rows: QuerySet[models.Model], **_how: object) -> QuerySet[models.Model]:
    return rows


def constraint(model: type[models.Model], name: str) -> Guard:
    """Of the database. Its rows are gone when it comes back: they may not fit under it."""
    (found,) = (one for one in model._meta.constraints if one.name == name)
    others = [one for one in model._meta.constraints if one.name != name]

    @contextmanager
    def without() -> Iterator[None]:
        # SQLite's table is made anew, after what the model says.
        with patch.object(model._meta, "constraints", others), connection.schema_editor() as editor:
            editor.remove_constraint(model, found)
        try:
            yield
        finally:
            PaymentEvent.objects.all().delete()
            Stock.objects.update(held=0, sold=0)
            with connection.schema_editor() as editor:
                editor.add_constraint(model, found)

    return without


told_once = constraint(PaymentEvent, "payment_event_told_once")
never_oversold = constraint(Stock, "stock_never_oversold")


@contextmanager
def known_events() -> Iterator[None]:
    """That an event is looked for before it is kept."""
    with patch.object(Ledger, "event", lambda *_: None):
        yield


@contextmanager
def known_keys() -> Iterator[None]:
    """That a key is looked for before it orders."""
    with patch.object(Ledger, "placed_with", lambda *_: None):
        yield


@contextmanager
def counted_units() -> Iterator[None]:
    """That a buyer's units of a capped offer are counted."""
    with patch.object(Ledger, "units", lambda *_: 0):
        yield


@contextmanager
def one_line_of_a_variant() -> Iterator[None]:
    """That a checkout has each variant once."""
    with patch.object(Start, "_refuse_nonsense", lambda _self: None):
        yield


@contextmanager
def second_look() -> Iterator[None]:
    """That who closes what ran out looks again whether it did."""

    def close_all(_self: GiveBackExpired, ledger: Ledger) -> int:
        for checkout in ledger.checkouts.values():
            give_up(ledger, checkout)
        return len(ledger.checkouts)

    with patch.object(GiveBackExpired, "decide", close_all):
        yield
