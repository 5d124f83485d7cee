"""A cart and a checkout of sixty lines ask the database as often as those of a single line."""

from collections.abc import Callable
from uuid import UUID

import pytest
from django.utils import timezone

from golmok.domain.orders import actions
from golmok.domain.orders.adoption import adopt_guest
from golmok.domain.orders.checkout import Recipient, ShopWish
from golmok.domain.orders.models import CartLine, Checkout
from golmok.domain.orders.till.batch import run
from golmok.domain.orders.till.give_back import Extend, GiveUp
from golmok.domain.orders.till.place import Place
from golmok.domain.orders.till.receipt import Look
from golmok.domain.orders.till.reserve import Reserve
from golmok.domain.orders.till.start import MOST_LINES, Line, Start
from golmok.domain.shops.models import Variant
from golmok.web.till.presenting import checkout_out
from tests.buying import keep, let_expire, pay, place, refund, show_of
from tests.statements import asked
from tests.web.api.browser import Browser, said
from tests.web.festa_day import FestaDay, make_offer, make_shop, open_festa_day, person

pytestmark = pytest.mark.django_db
SOMEBODY = Recipient("김서울", "010-1234-5678", "08754", "서울 관악구 난곡로 1")
Steps = dict[str, Callable[[], object]]


@pytest.fixture
def goods() -> tuple[FestaDay, list[Variant]]:
    """Sixty variants of two shops."""
    day = open_festa_day(units=99)
    bread = make_shop(day.show.district, "빵집", "Bakery")
    shops = [day.shop, bread] * (MOST_LINES // 2)
    return day, [day.variant, *(make_offer(shop, day.show, 99) for shop in shops[1:])]


def counted(steps: Steps) -> dict[str, int]:
    counts = {}
    for name, step in steps.items():
        with asked() as statements:
            step()
        counts[name] = len(statements)
    return counts


def in_the_cart(day: FestaDay, variants: list[Variant]) -> dict[str, int]:
    browser = Browser()
    buyer = browser.buyer()
    CartLine.objects.bulk_create(
        CartLine(buyer=buyer, variant=one, show=day.show, quantity=2) for one in variants
    )
    return counted(
        {
            "cart": lambda: said(browser.get("/cart")),
            "one more": lambda: said(
                browser.put(f"/cart/{variants[0].pk}", {"quantity": 3, "show": day.show.pk})
            ),
            "me": lambda: said(browser.get("/me")),
            "a guest logs in": lambda: adopt_guest(buyer, person(f"member-{len(variants)}")),
            "emptied": lambda: said(browser.delete("/cart")),
        }
    )


def at_the_till(variants: list[Variant], buyer: str) -> dict[str, int]:
    kept = keep(*((one, 1) for one in variants), buyer=buyer)
    key, now = kept.pk.hex, timezone.now()
    wishes = {one.product.shop_id: ShopWish("pickup") for one in variants}
    start = Start(buyer, tuple(Line(one.pk, 1, show_of(one)) for one in variants), 600)
    late = keep(*((one, 1) for one in variants), buyer=f"{buyer}-late")
    let_expire(place(late))
    return counted(
        {
            "look": lambda: checkout_out(run(Look(buyer, key)), now, "ko"),
            "more time": lambda: run(Extend(buyer, key, 60)),
            "place": lambda: run(Place(buyer, None, key, "once", SOMEBODY, wishes, False)),
            "reserve": lambda: run(Reserve(buyer, key)),
            "pay": lambda: pay(fresh(kept.pk)),
            "a part goes back": lambda: refund(fresh(kept.pk).orders.all()[0], 1),
            "all goes back": lambda: refund(fresh(kept.pk).orders.all()[0], fresh(kept.pk).paid, whole=True),
            "the sweeper": lambda: actions.give_back_expired(timezone.now()),
            "late money": lambda: pay(fresh(late.pk)),
            "start": lambda: run(start),
            "start again": lambda: run(start),
            "give up": lambda: run(GiveUp(buyer, open_checkout_of(buyer))),
        }
    )


def on_the_pages(day: FestaDay, variants: list[Variant]) -> dict[str, int]:
    browser = Browser()
    buyer = browser.buyer()
    placed = pay(place(keep(*((one, 1) for one in variants), buyer=buyer)))
    # As many orders for few lines as for many: one of each shop.
    number = placed.orders.all()[0].number
    return counted(
        {
            "orders": lambda: browser.client.get("/orders/"),
            "an order": lambda: browser.client.get(f"/orders/{number}/"),
            "orders for programs": lambda: said(browser.get("/orders")),
            "an order for programs": lambda: said(browser.get(f"/orders/{number}")),
        }
    )


def open_checkout_of(buyer: str) -> str:
    return Checkout.objects.get(buyer=buyer, status=Checkout.Status.OPEN).pk.hex


def fresh(key: UUID) -> Checkout:
    return Checkout.objects.get(pk=key)


def test_a_cart(goods: tuple[FestaDay, list[Variant]]) -> None:
    day, variants = goods
    in_the_cart(day, variants[:2])  # what is looked up once and then known
    few, many = in_the_cart(day, variants[:1]), in_the_cart(day, variants)
    assert few == many
    assert all(few.values())


def test_a_checkout(goods: tuple[FestaDay, list[Variant]]) -> None:
    _, variants = goods
    at_the_till(variants[:2], "guest:warm")
    few, many = at_the_till(variants[:2], "guest:few"), at_the_till(variants, "guest:many")
    assert few == many
    assert all(few.values())


def test_the_pages_of_an_order(goods: tuple[FestaDay, list[Variant]]) -> None:
    day, variants = goods
    on_the_pages(day, variants[:2])
    few, many = on_the_pages(day, variants[:2]), on_the_pages(day, variants)
    assert few == many
    assert all(few.values())
