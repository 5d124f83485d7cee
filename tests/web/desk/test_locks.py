"""The desk and the till at the same time: neither waits for the other in a ring."""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.test import Client, RequestFactory

from golmok.domain.festas.actions import set_offer
from golmok.domain.festas.models import Show
from golmok.domain.orders.adoption import adopt_guest
from golmok.domain.orders.models import CartLine, Checkout, Stock
from golmok.domain.orders.till import loading
from golmok.domain.orders.till.rows import StockRow
from golmok.domain.shops.models import Variant
from golmok.web.desk.festas import ShowPage
from golmok.web.desk.site import desk
from tests.buying import hold
from tests.web.desk.test_desk import product_form, show_form
from tests.web.desk.test_selling import save_show
from tests.web.festa_day import FestaDay, make_offer, open_festa_day

rows_are_locked = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite has one writer at a time and no locks on rows"
)
SECONDS = 10
"""Longer than anything here takes, and than PostgreSQL needs to notice a deadlock (1 s)."""


def beside(action: Callable[[], object]) -> Future[object]:
    """`action` on a connection of its own, under way."""

    def run() -> object:
        try:
            return action()
        finally:
            connection.close()

    pool = ThreadPoolExecutor(1)
    try:
        return pool.submit(run)
    finally:
        pool.shutdown(wait=False)


def change_offer(day: FestaDay) -> object:
    return set_offer(day.show, day.variant, 8800, None)


def open_form(day: FestaDay) -> object:
    return ShowPage(Show, desk).get_object(RequestFactory().post("/"), day.show.pk)


@rows_are_locked
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("change", [change_offer, open_form])
def test_a_sale_does_not_wait_for_a_show_that_is_being_changed(change: Callable[[FestaDay], object]) -> None:
    day = open_festa_day()
    with transaction.atomic():
        change(day)
        sale = beside(lambda: hold(day.variant))
        assert isinstance(sale.result(SECONDS), Checkout)


def until_somebody_waits() -> None:
    deadline = time.monotonic() + SECONDS
    with connection.cursor() as cursor:
        while time.monotonic() < deadline:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
            time.sleep(0.01)
    raise AssertionError("nobody waited")


@rows_are_locked
@pytest.mark.django_db(transaction=True)
def test_a_guest_who_signs_in_waits_for_the_till_holding_nothing() -> None:
    day = open_festa_day()
    checkout = hold(day.variant)
    CartLine.objects.create(buyer=checkout.buyer, variant=day.variant, quantity=1)
    with transaction.atomic():
        Checkout.objects.select_for_update().get(pk=checkout.pk)
        signing_in = beside(lambda: adopt_guest(checkout.buyer, day.viewer))
        until_somebody_waits()
        CartLine.objects.filter(buyer=checkout.buyer).delete()
    signing_in.result(SECONDS)
    checkout.refresh_from_db()
    assert checkout.buyer == f"user:{day.viewer.pk}"
    assert checkout.holds.get().buyer == checkout.buyer


def test_an_offer_added_leaves_the_stock_as_others_set_it_meanwhile(
    day: FestaDay, organiser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    day.show.offers.all().delete()
    lock = loading.locked_stock

    def late(variants: set[int], checkouts: dict[str, object]) -> list[StockRow]:
        Stock.objects.update(total=50)
        return lock(variants, checkouts)

    monkeypatch.setattr(loading, "locked_stock", late)
    cells = {
        "TOTAL_FORMS": 1,
        "0-variant": day.variant.pk,
        "0-price": 7000,
        "0-kind": "hold",
        "0-show": day.show.pk,
    }
    row: dict[str, object] = {f"offers-{name}": cell for name, cell in cells.items()}
    save_show(organiser, day, show_form(day) | row)
    assert Stock.objects.get().total == 50


@pytest.fixture
def locked(monkeypatch: pytest.MonkeyPatch) -> list[list[int]]:
    """The stock that each locking query locked, in its order."""
    asked: list[list[int]] = []
    lock = loading.locked_stock

    def listening(variants: set[int], checkouts: dict[str, object]) -> list[StockRow]:
        rows = lock(variants, checkouts)
        asked.append([row.variant_id for row in rows])
        return rows

    monkeypatch.setattr(loading, "locked_stock", listening)
    return asked


def test_a_product_form_locks_stock_in_the_order_of_keys(
    day: FestaDay, organiser: Client, locked: list[list[int]]
) -> None:
    first, second = day.variant, Variant.objects.create(product=day.variant.product, name="1kg", price=20000)
    row = {"id": first.pk, "name": "500g", "name_en": "", "price": 12000, "units": 8}
    row["product"] = first.product_id
    cells = {f"variants-1-{name}": str(value) for name, value in row.items()}
    cells |= {"variants-0-id": str(second.pk), "variants-0-name": "1kg", "variants-0-price": "20000"}
    cells |= {"variants-TOTAL_FORMS": "2", "variants-INITIAL_FORMS": "2"}
    form = product_form(day, units="9", **cells)
    locked.clear()
    assert organiser.post(f"/desk/shops/product/{first.product_id}/change/", form).status_code == 302
    # A stock that is new has no row to lock yet.
    assert locked == [[first.pk], []]
    assert second.stock.total == 9


def test_offers_added_together_are_told_under_one_lock_of_their_stock(
    day: FestaDay, organiser: Client, locked: list[list[int]]
) -> None:
    new = [make_offer(day.shop, day.show), make_offer(day.shop, day.show)]
    day.show.offers.filter(variant__in=new).delete()
    form = show_form(day) | {"offers-TOTAL_FORMS": "2"}
    for at, variant in enumerate(reversed(new)):
        form |= {
            f"offers-{at}-variant": str(variant.pk),
            f"offers-{at}-price": "7000",
            f"offers-{at}-kind": "hold",
        }
        form |= {f"offers-{at}-show": str(day.show.pk)}
    locked.clear()
    save_show(organiser, day, dict(form))
    assert locked == [[variant.pk for variant in new]]
