"""Looking after one's own orders, and the cart."""

from typing import cast

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext

from golmok.domain.festas.models import Show
from golmok.domain.orders.models import Checkout
from tests.buying import hold, pay, place
from tests.web.api.browser import API, Browser, problem, said
from tests.web.festa_day import FestaDay, make_offer, make_shop


def placed_by(guest: Browser, day: FestaDay) -> Checkout:
    return place(hold(day.variant, 2, guest.buyer()), fulfilment="pickup")


def test_own_orders_say_what_is_to_pay(day: FestaDay, guest: Browser) -> None:
    placed = placed_by(guest, day)
    (order,) = said(guest.get("/orders"))["items"]
    assert (order["status"], order["to_pay"], order["checkout"]) == (
        "awaiting_payment",
        19800,
        str(placed.pk),
    )
    pay(placed)
    order = said(guest.get(f"/orders/{order['number']}"))
    assert (order["status"], order["to_pay"], order["refund_due"]) == ("paid", 0, 0)
    assert order["shop"]["pickup_hours"] == "매일 10:00~19:00"


def test_another_buyers_order_is_not_found(day: FestaDay, guest: Browser) -> None:
    number = placed_by(guest, day).orders.get().number
    stranger = Browser(day.viewer)
    problem(stranger.get(f"/orders/{number}"), 404, "order-unknown")
    problem(stranger.delete(f"/orders/{number}"), 404, "order-unknown")


def test_an_order_can_be_cancelled_before_and_after_paying(day: FestaDay, guest: Browser) -> None:
    number = placed_by(guest, day).orders.get().number
    assert said(guest.delete(f"/orders/{number}"))["status"] == "cancelled"
    other = Browser()
    number = pay(placed_by(other, day)).orders.get().number
    cancelled = said(other.delete(f"/orders/{number}"))
    assert (cancelled["status"], cancelled["refund_due"]) == ("cancelled", 0)
    assert said(other.delete(f"/orders/{number}"))["status"] == "cancelled"


def test_own_data_is_never_cached(day: FestaDay, guest: Browser) -> None:
    number = placed_by(guest, day).orders.get().number
    for path in ("/me", "/cart", "/orders", f"/orders/{number}"):
        assert "no-store" in guest.get(path)["Cache-Control"]
        assert "private" in guest.get(path)["Cache-Control"]


@pytest.mark.parametrize("path", ["/me/buyer", "/me/nickname", "/studio/shows/x/on-air"])
def test_a_write_without_the_csrf_token_is_refused(day: FestaDay, path: str) -> None:
    browser = Browser(day.merchant)
    response = browser.client.post(API + path, b"{}", "application/json", headers={"Accept-Language": "ko"})
    problem(cast(HttpResponse, response), 403, "page-too-old")


def test_a_body_that_is_no_json_is_refused(day: FestaDay, guest: Browser) -> None:
    token = said(guest.get("/me"))["csrf"]
    path = f"{API}/cart/{day.variant.pk}"
    response = guest.client.put(path, b"{", "application/json", headers={"X-CSRFToken": token})
    problem(cast(HttpResponse, response), 400, "not-understood")


def test_a_cart_of_two_shops(day: FestaDay, guest: Browser) -> None:
    shop = make_shop(day.show.district, "빵집", "Bakery")
    bread = make_offer(shop, day.show)
    put(guest, day.variant.pk, 2, day.show)
    cart = said(put(guest, bread.pk, 1, day.show))
    assert [(line["quantity"], line["goods_total"], line["left"]) for line in cart["lines"]] == [
        (2, 19800, 5),
        (1, 9900, 5),
    ]
    assert [(one["name"], one["goods_total"], one["free_parcel_from"]) for one in cart["shops"]] == [
        ("바른떡", 19800, 50000),
        ("빵집", 9900, 50000),
    ]
    assert (cart["goods_total"], cart["count"]) == (29700, 3)
    assert said(put(guest, bread.pk, 0, day.show))["count"] == 2
    assert said(guest.delete("/cart"))["lines"] == said(guest.get("/cart"))["lines"] == []


def test_the_live_price_ends_with_the_show(day: FestaDay, guest: Browser) -> None:
    put(guest, day.variant.pk, 1, day.show)
    Show.objects.update(status=Show.Status.ENDED)
    assert said(guest.get("/cart"))["goods_total"] == 12000


def test_what_cannot_be_in_a_cart_is_refused(day: FestaDay, guest: Browser) -> None:
    problem(put(guest, 999999, 1, day.show), 404, "product-unknown")
    problem(put(guest, day.variant.pk, 100, day.show), 422, "bad-quantity")
    problem(guest.put(f"/cart/{day.variant.pk}", {"quantity": 1, "show": "nowhere"}), 404, "show-unknown")
    assert said(guest.get("/cart"))["count"] == 0


def test_a_cart_has_sixty_lines_and_asks_as_often_as_with_one(day: FestaDay, guest: Browser) -> None:
    guest.buyer()
    with CaptureQueriesContext(connection) as few:
        put(guest, day.variant.pk, 1, day.show)
        guest.get("/cart")
    variants = [make_offer(day.shop, day.show) for _ in range(60)]
    for variant in variants[:58]:
        put(guest, variant.pk, 1, day.show)
    with CaptureQueriesContext(connection) as many:
        put(guest, variants[58].pk, 1, day.show)
        guest.get("/cart")
    assert len(many) <= len(few)
    problem(put(guest, variants[59].pk, 1, day.show), 422, "bad-cart")


def put(guest: Browser, variant: int, quantity: int, show: Show) -> HttpResponse:
    return guest.put(f"/cart/{variant}", {"quantity": quantity, "show": show.pk})
