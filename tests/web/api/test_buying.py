"""From the hold to the paid order, and everything that can go wrong on the way."""

from datetime import timedelta
from typing import cast

import pytest
from django.http import HttpResponse
from django.utils import timezone

from golmok.domain.orders.models import Hold, Order, PaymentEvent
from golmok.domain.shops.models import Product
from tests.web.api.browser import API, FORM, Browser, Json, problem, said
from tests.web.festa_day import FestaDay


def test_a_guest_holds_orders_and_pays(day: FestaDay, guest: Browser) -> None:
    kept = guest.hold(day, 2)
    assert (kept["unit_price"], kept["goods_total"]) == (9900, 19800)
    assert 590 <= kept["seconds_left"] <= 600
    assert [(way["kind"], way["fee"], way["total"]) for way in kept["receive"]] == [
        ("pickup", 0, 19800),
        ("parcel", 3000, 22800),
    ]
    order = said(guest.order(kept["id"]), 201)
    assert (order["status"], order["total"]) == ("awaiting_payment", 22800)
    assert order["phone"] == "010-1234-5678"
    assert order["url"] == f"/orders/{order['number']}/"
    paid = said(_pay(guest, order, "approve"))
    assert (paid["status"], paid["payment"]) == ("paid", None)
    assert [row["number"] for row in said(guest.get("/orders"))["items"]] == [order["number"]]
    assert PaymentEvent.objects.get().gateway == "test"


def test_a_declined_payment_may_be_tried_again(day: FestaDay, guest: Browser) -> None:
    order = said(guest.order(guest.hold(day)["id"]), 201)
    declined = said(_pay(guest, order, "decline"))
    assert declined["status"] == "awaiting_payment"
    assert said(_pay(guest, declined, "approve"))["status"] == "paid"


def test_paying_twice_with_one_reference_is_paying_once(day: FestaDay, guest: Browser) -> None:
    order = said(guest.order(guest.hold(day)["id"]), 201)
    said(_pay(guest, order, "approve"))
    said(_pay(guest, order, "approve"))
    assert PaymentEvent.objects.count() == 1


def test_more_than_is_left_is_refused_naming_what_is_left(day: FestaDay, guest: Browser) -> None:
    response = guest.post("/holds", {"variant": day.variant.pk, "quantity": 6, "show": day.show.pk})
    document = problem(response, 409, "not-enough-left")
    assert document["left"] == 5
    assert "5" in document["title"] + document["detail"]


def test_nothing_left_is_sold_out(day: FestaDay, guest: Browser) -> None:
    Browser().hold(day, 5)
    body = {"variant": day.variant.pk, "quantity": 1, "show": day.show.pk}
    problem(guest.post("/holds", body), 409, "sold-out")


@pytest.mark.parametrize("quantity", [0, -1, 100000, "many", None])
def test_a_senseless_quantity_is_refused_at_its_field(
    day: FestaDay, guest: Browser, quantity: object
) -> None:
    response = guest.post("/holds", {"variant": day.variant.pk, "quantity": quantity, "show": day.show.pk})
    assert set(problem(response, 422, "form-invalid")["errors"]) == {"quantity"}


@pytest.mark.parametrize(
    ("body", "code"),
    [({"variant": 999999, "quantity": 1}, "product-unknown"), ({"show": "nowhere"}, "show-unknown")],
)
def test_unknown_goods_and_shows_are_not_found(
    day: FestaDay, guest: Browser, body: dict[str, object], code: str
) -> None:
    problem(guest.post("/holds", {"variant": day.variant.pk, "quantity": 1} | body), 404, code)


def test_a_hold_given_back_is_gone(day: FestaDay, guest: Browser) -> None:
    kept = guest.hold(day, 5)
    assert guest.delete(f"/holds/{kept['id']}").status_code == 204
    problem(guest.get(f"/holds/{kept['id']}"), 404, "hold-gone")
    Browser().hold(day, 5)


def test_another_buyers_hold_and_order_are_not_found(day: FestaDay, guest: Browser) -> None:
    kept = guest.hold(day)
    stranger = Browser(day.viewer)
    problem(stranger.get(f"/holds/{kept['id']}"), 404, "hold-gone")
    problem(stranger.delete(f"/holds/{kept['id']}"), 404, "hold-gone")
    problem(stranger.order(kept["id"]), 409, "hold-gone")
    number = said(guest.order(kept["id"]), 201)["number"]
    problem(stranger.get(f"/orders/{number}"), 404, "order-unknown")
    problem(stranger.delete(f"/orders/{number}"), 404, "order-unknown")
    payment = {"outcome": "approve", "reference": "r1"}
    problem(stranger.post(f"/orders/{number}/payments/test", payment), 404, "order-unknown")


def test_an_expired_hold_cannot_be_ordered(day: FestaDay, guest: Browser) -> None:
    kept = guest.hold(day)
    Hold.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    problem(guest.order(kept["id"]), 409, "hold-gone")


def test_the_checkout_says_at_each_field_what_to_mend(day: FestaDay, guest: Browser) -> None:
    typed = {"name": " ", "phone": "123", "postcode": "1", "address": ""}
    errors = problem(guest.order(guest.hold(day)["id"], **typed), 422, "form-invalid")["errors"]
    assert set(errors) == {"name", "phone", "postcode", "address"}
    assert errors["postcode"] == "우편번호 다섯 자리를 적어 주세요."


def test_the_checkout_speaks_english_too(day: FestaDay) -> None:
    guest = Browser(language="en")
    errors = problem(guest.order(guest.hold(day)["id"], phone="1"), 422, "form-invalid")["errors"]
    assert "010-1234-5678" in errors["phone"] and errors["phone"].isascii()


def test_picking_up_needs_no_address(day: FestaDay, guest: Browser) -> None:
    order = said(guest.order(guest.hold(day)["id"], fulfilment="pickup", postcode="", address=""), 201)
    assert (order["delivery_fee"], order["shop"]["pickup_hours"]) == (0, "매일 10:00~19:00")


def test_fresh_food_needs_the_buyers_consent(day: FestaDay, guest: Browser) -> None:
    Product.objects.update(withdrawal=Product.Withdrawal.PERISHABLE)
    kept = guest.hold(day)
    assert kept["needs_consent"] is True
    assert set(problem(guest.order(kept["id"]), 422, "form-invalid")["errors"]) == {"consent"}
    said(guest.order(kept["id"], consent=True), 201)


def test_the_same_idempotency_key_is_the_same_order(day: FestaDay, guest: Browser) -> None:
    kept = guest.hold(day)
    first, second = (said(guest.order(kept["id"], key="same-key-1"), 201) for _ in range(2))
    assert first["number"] == second["number"]
    assert Order.objects.count() == 1


def test_an_order_without_idempotency_key_is_refused(day: FestaDay, guest: Browser) -> None:
    response = guest.post("/orders", FORM | {"hold": guest.hold(day)["id"]})
    assert set(problem(response, 422, "form-invalid")["errors"]) == {"idempotency_key"}


def test_an_unpaid_order_can_be_cancelled_and_a_paid_one_not(day: FestaDay, guest: Browser) -> None:
    unpaid = said(guest.order(guest.hold(day)["id"]), 201)
    assert said(guest.delete(f"/orders/{unpaid['number']}"))["status"] == "cancelled"
    paid = said(guest.order(guest.hold(day)["id"]), 201)
    _pay(guest, paid, "approve")
    problem(guest.delete(f"/orders/{paid['number']}"), 409, "order-not-cancellable")


def test_own_data_is_never_cached(day: FestaDay, guest: Browser) -> None:
    kept = guest.hold(day)
    number = said(guest.order(kept["id"]), 201)["number"]
    for path in ("/me", "/orders", f"/orders/{number}"):
        assert "no-store" in guest.get(path)["Cache-Control"]
        assert "private" in guest.get(path)["Cache-Control"]


@pytest.mark.parametrize("path", ["/holds", "/orders", "/me/nickname", "/studio/shows/x/on-air"])
def test_a_write_without_the_csrf_token_is_refused(day: FestaDay, path: str) -> None:
    browser = Browser(day.merchant)
    response = browser.client.post(API + path, b"{}", "application/json", headers={"Accept-Language": "ko"})
    problem(cast(HttpResponse, response), 403, "page-too-old")


def test_a_body_that_is_no_json_is_refused(day: FestaDay, guest: Browser) -> None:
    token = said(guest.get("/me"))["csrf"]
    response = guest.client.post(API + "/holds", b"{", "application/json", headers={"X-CSRFToken": token})
    problem(cast(HttpResponse, response), 400, "not-understood")


def _pay(guest: Browser, order: Json, outcome: str) -> HttpResponse:
    payment = order["payment"]
    path = payment["pay_url"].removeprefix(API)
    return guest.post(path, {"outcome": outcome, "reference": payment["reference"]})
