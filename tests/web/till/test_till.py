"""From choosing to the paid orders, and everything that can go wrong on the way."""

from datetime import timedelta

import httpx
import pytest
from django.utils import timezone

from golmok.domain.orders.models import CartLine, Checkout, Hold, Order, PaymentEvent
from golmok.domain.shops.models import Product, Variant
from golmok.web.till.passes import BuyerPass, mint
from tests.web.api.browser import Browser
from tests.web.api.browser import said as django_said
from tests.web.festa_day import FestaDay, make_offer, make_shop
from tests.web.till.buyer import PATH, Buyer, problem, said

pytestmark = pytest.mark.django_db(transaction=True)


def second_shop(day: FestaDay, units: int = 5) -> Variant:
    return make_offer(make_shop(day.show.district, "빵집", "Bakery"), day.show, units)


def test_a_guest_buys_from_two_shops_in_one_payment(day: FestaDay, guest: Buyer) -> None:
    kept = guest.keep(day, 2, (second_shop(day), 1))
    assert [line["unit_price"] for line in kept["lines"]] == [9900, 9900]
    assert (kept["status"], kept["goods_total"], kept["total"]) == ("open", 29700, 0)
    assert 590 <= kept["seconds_left"] <= 600
    assert [(way["kind"], way["fee"], way["total"]) for way in kept["shops"][0]["receive"]] == [
        ("pickup", 0, 19800),
        ("parcel", 3000, 22800),
    ]
    placed = said(guest.order(kept, memo="문 앞에 놓아 주세요"), 201)
    assert (placed["status"], placed["total"]) == ("placed", 22800 + 12900)
    assert sorted(order["total"] for order in placed["orders"]) == [12900, 22800]
    paid = said(guest.pay(placed))
    assert (paid["status"], paid["payment"], paid["refund_due"]) == ("paid", None, 0)
    assert {order["status"] for order in paid["orders"]} == {"paid"}
    assert Order.objects.filter(memo="문 앞에 놓아 주세요", phone="010-1234-5678").count() == 2
    assert PaymentEvent.objects.get().gateway == "test"


def test_a_declined_payment_may_be_tried_again(day: FestaDay, guest: Buyer) -> None:
    declined = said(guest.pay(guest.place(guest.keep(day)), "decline"))
    assert declined["status"] == "placed"
    assert said(guest.pay(declined))["status"] == "paid"


def test_paying_twice_with_one_reference_is_paying_once(day: FestaDay, guest: Buyer) -> None:
    placed = guest.place(guest.keep(day))
    assert said(guest.pay(placed)) == said(guest.pay(placed)) | {"seconds_left": 0}
    assert PaymentEvent.objects.count() == 1


def test_there_is_nothing_to_pay_before_there_are_orders(day: FestaDay, guest: Buyer) -> None:
    kept = guest.keep(day)
    payment = {"pay_url": f"{PATH}/{kept['id']}/payments/test", "reference": "r1"}
    problem(guest.pay({"payment": payment}), 409, "nothing-to-pay")


def test_more_than_is_left_is_refused_naming_what_is_left(day: FestaDay, guest: Buyer) -> None:
    document = problem(guest.start(day, 6), 409, "not-enough-left")
    assert document["left"] == 5
    assert "5" in document["title"] + document["detail"]


def test_of_several_lines_every_refused_one_is_named_and_nothing_is_kept(day: FestaDay, guest: Buyer) -> None:
    bread = second_shop(day, units=1)
    document = problem(guest.start(day, 1, (bread, 2)), 409, "not-enough-left")
    assert document["lines"] == [{"variant": bread.pk, "code": "not-enough-left", "left": 1}]
    assert not Hold.objects.exists()


def test_nothing_left_is_sold_out(day: FestaDay, counter: httpx.Client, guest: Buyer) -> None:
    Buyer(counter).keep(day, 5)
    problem(guest.start(day), 409, "sold-out")


@pytest.mark.parametrize("quantity", [0, -1, 100000, "many", None])
def test_a_senseless_quantity_is_refused_at_its_field(day: FestaDay, guest: Buyer, quantity: object) -> None:
    assert set(problem(guest.start(day, quantity), 422, "form-invalid")["errors"]) == {"quantity"}


@pytest.mark.parametrize(
    ("line", "status", "code"),
    [
        ({"variant": 999999}, 409, "sold-out"),
        ({"show": "nowhere"}, 409, "product-not-in-show"),
    ],
)
def test_goods_that_are_not_sold_there_are_refused(
    day: FestaDay, guest: Buyer, line: dict[str, object], status: int, code: str
) -> None:
    wanted = {"variant": day.variant.pk, "quantity": 1} | line
    problem(guest.send("POST", PATH, {"lines": [wanted]}), status, code)


@pytest.mark.parametrize("count", [0, 61])
def test_a_cart_is_neither_empty_nor_endless(day: FestaDay, guest: Buyer, count: int) -> None:
    lines = [{"variant": number + 1, "quantity": 1} for number in range(count)]
    assert set(problem(guest.send("POST", PATH, {"lines": lines}), 422, "form-invalid")["errors"]) == {
        "lines"
    }


def test_what_is_given_back_is_anybodys(day: FestaDay, counter: httpx.Client, guest: Buyer) -> None:
    kept = guest.keep(day, 5)
    assert said(guest.send("DELETE", f"{PATH}/{kept['id']}"))["status"] == "over"
    problem(guest.order(kept), 409, "hold-gone")
    Buyer(counter).keep(day, 5)


def test_a_new_checkout_takes_the_place_of_the_old_one(day: FestaDay, guest: Buyer) -> None:
    first = guest.keep(day, 5)
    second = guest.keep(day, 4)
    assert said(guest.look(first))["status"] == "over"
    assert said(guest.look(second))["status"] == "open"
    assert Checkout.objects.filter(status=Checkout.Status.OPEN).count() == 1


def test_more_time_is_given_once(day: FestaDay, guest: Buyer) -> None:
    kept = guest.keep(day)
    longer = said(guest.send("POST", f"{PATH}/{kept['id']}/more-time"))
    assert longer["seconds_left"] > 1100
    assert (kept["can_extend"], longer["can_extend"]) == (True, False)
    problem(guest.send("POST", f"{PATH}/{kept['id']}/more-time"), 409, "extended-before")


def test_another_buyers_checkout_is_not_found(day: FestaDay, counter: httpx.Client, guest: Buyer) -> None:
    kept = guest.keep(day)
    stranger = Buyer(counter)
    problem(stranger.look(kept), 404, "checkout-unknown")
    problem(stranger.order(kept), 404, "checkout-unknown")
    problem(stranger.send("DELETE", f"{PATH}/{kept['id']}"), 404, "checkout-unknown")
    problem(stranger.pay(guest.place(kept)), 404, "checkout-unknown")


def test_a_checkout_that_ran_out_cannot_be_ordered(day: FestaDay, guest: Buyer) -> None:
    kept = guest.keep(day)
    run_out()
    problem(guest.order(kept), 409, "hold-gone")


def test_nobody_pays_for_goods_that_are_gone(day: FestaDay, counter: httpx.Client, guest: Buyer) -> None:
    placed = guest.place(guest.keep(day, 5))
    run_out()
    Buyer(counter).keep(day, 1)
    refused = problem(guest.pay(placed), 409, "sold-out")
    assert refused["lines"] == [{"variant": day.variant.pk, "code": "not-enough-left", "left": 4}]
    assert PaymentEvent.objects.count() == 0


def test_the_form_says_at_each_field_what_to_mend(day: FestaDay, guest: Buyer) -> None:
    typed = {"name": " ", "phone": "123", "postcode": "1", "address": ""}
    errors = problem(guest.order(guest.keep(day), **typed), 422, "form-invalid")["errors"]
    assert set(errors) == {"name", "phone", "postcode", "address"}
    assert errors["postcode"] == "우편번호 다섯 자리를 적어 주세요."


def test_the_form_speaks_english_too(day: FestaDay, counter: httpx.Client) -> None:
    guest = Buyer(counter, language="en")
    errors = problem(guest.order(guest.keep(day), phone="1"), 422, "form-invalid")["errors"]
    assert "010-1234-5678" in errors["phone"] and errors["phone"].isascii()


def test_picking_up_needs_no_address(day: FestaDay, guest: Buyer) -> None:
    placed = said(guest.order(guest.keep(day), fulfilment="pickup", postcode="", address=""), 201)
    assert placed["orders"][0]["delivery_fee"] == 0


def test_fresh_food_needs_the_buyers_consent(day: FestaDay, guest: Buyer) -> None:
    Product.objects.update(withdrawal=Product.Withdrawal.PERISHABLE)
    kept = guest.keep(day)
    assert kept["needs_consent"] is True
    assert set(problem(guest.order(kept), 422, "form-invalid")["errors"]) == {"consent"}
    said(guest.order(kept, consent=True), 201)


def test_the_same_key_and_wish_are_the_same_orders(day: FestaDay, guest: Buyer) -> None:
    kept = guest.keep(day)
    first, second = (said(guest.order(kept, key="same-key-1"), 201) for _ in range(2))
    assert first["orders"] == second["orders"]
    assert Order.objects.count() == 1
    problem(guest.order(kept, key="same-key-1", name="다른 이름"), 422, "key-reused")


def test_an_order_without_key_is_refused(day: FestaDay, guest: Buyer) -> None:
    kept = guest.keep(day)
    path = f"{PATH}/{kept['id']}/orders"
    form = {"name": "김", "phone": "01012345678", "shops": [{"shop": 1, "fulfilment": "pickup"}]}
    problem(guest.send("POST", path, form), 422, "key-missing")


def test_what_was_ordered_leaves_the_cart(day: FestaDay, counter: httpx.Client) -> None:
    browser = Browser()
    cart = django_said(browser.put(f"/cart/{day.variant.pk}", {"quantity": 2, "show": day.show.pk}))
    other = second_shop(day)
    browser.put(f"/cart/{other.pk}", {"quantity": 1, "show": day.show.pk})
    me = django_said(browser.get("/me"))
    assert (cart["count"], me["cart"]) == (2, 3)
    buyer = Buyer(counter, token=me["buyer_pass"])
    buyer.place(buyer.keep(day, 2))
    assert [line.variant_id for line in CartLine.objects.all()] == [other.pk]


@pytest.mark.parametrize("token", ["-", "nonsense", "expired"])
def test_without_a_good_pass_nobody_buys(
    day: FestaDay, counter: httpx.Client, monkeypatch: pytest.MonkeyPatch, token: str
) -> None:
    if token == "expired":
        token = mint(BuyerPass("guest:late", None))
        monkeypatch.setattr("golmok.web.till.passes.GOOD_FOR", -1)
        problem(Buyer(counter, token=token).start(day), 401, "buyer-pass-expired")
    else:
        problem(Buyer(counter, token=token).start(day), 401, "buyer-pass-missing")


def test_a_room_pass_buys_nothing(day: FestaDay, counter: httpx.Client) -> None:
    me = django_said(Browser(day.merchant).get(f"/me?show={day.show.pk}"))
    problem(Buyer(counter, token=me["room_pass"]).start(day), 401, "buyer-pass-missing")


def test_bodies_that_make_no_sense_are_refused(day: FestaDay, guest: Buyer) -> None:
    headers = guest.headers | {"Content-Type": "application/json"}

    def send(body: bytes) -> httpx.Response:
        return guest.till.post(PATH, content=body, headers=headers)

    problem(send(b"{"), 422, "form-invalid")
    problem(send(b"[]"), 422, "form-invalid")
    problem(send(b" " * 40_000), 413, "message-too-large")


def test_one_buyer_starts_only_so_often(day: FestaDay, guest: Buyer) -> None:
    answers = [guest.start(day).status_code for _ in range(31)]
    assert (answers[:30], answers[30]) == ([201] * 30, 429)


def run_out() -> None:
    past = timezone.now() - timedelta(seconds=1)
    Checkout.objects.update(expires_at=past)
    Hold.objects.update(expires_at=past)
