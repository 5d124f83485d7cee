"""Paying by PortOne from the order to the paid goods: HTTP on both sides, the real writer between."""

import time
from collections.abc import Iterator

import httpx
import pytest
from django.utils import timezone

from golmok.domain.orders.actions import give_back_expired, put_on_sale
from golmok.domain.orders.gateways.portone import PortOneGateway
from golmok.domain.orders.models import Checkout, Order, PaymentEvent
from tests.buying import let_expire
from tests.gateways.portone import FakePortOne, portone
from tests.web.festa_day import FestaDay
from tests.web.till.buyer import PATH, Buyer, Json, problem, said
from tests.web.till.paying import paid_by

WEBHOOK = "/api/v1/payments/portone/webhook"


@pytest.fixture
def fake() -> Iterator[FakePortOne]:
    with portone() as service:
        yield service


@pytest.fixture
def till(day: FestaDay, fake: FakePortOne, monkeypatch: pytest.MonkeyPatch) -> Iterator[httpx.Client]:
    with paid_by({"portone": PortOneGateway(fake.settings())}, monkeypatch) as client:
        yield client


@pytest.fixture
def guest(till: httpx.Client) -> Buyer:
    return Buyer(till)


def name_of(placed: Json) -> str:
    name: str = placed["payment"]["window"]["request"]["paymentId"]
    return name


def returned(guest: Buyer, placed: Json, **brought: str) -> httpx.Response:
    return guest.send("POST", f"{PATH}/{placed['id']}/payments/portone", brought)


def tell(till: httpx.Client, message: tuple[dict[str, str], bytes]) -> httpx.Response:
    headers, body = message
    return till.post(WEBHOOK, content=body, headers=headers)


def until_paid(guest: Buyer, placed: Json) -> Json:
    """A webhook is answered first and followed up after that."""
    deadline = time.monotonic() + 20
    while (now := said(guest.look(placed)))["status"] != "paid":
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return now


def test_back_from_the_window_it_is_paid(day: FestaDay, fake: FakePortOne, guest: Buyer) -> None:
    placed = guest.place(guest.keep(day))
    fake.pay(name_of(placed), placed["total"])
    paid = said(returned(guest, placed, paymentId=name_of(placed)))
    assert (paid["status"], paid["payment"], paid["refund_due"]) == ("paid", None, 0)


def test_a_webhook_alone_pays_however_often_it_comes(
    day: FestaDay, fake: FakePortOne, till: httpx.Client, guest: Buyer
) -> None:
    placed = guest.place(guest.keep(day))
    fake.pay(name_of(placed), placed["total"])
    message = fake.webhook(name_of(placed))
    for _ in range(3):
        assert tell(till, message).status_code == 200
    until_paid(guest, placed)
    assert said(returned(guest, placed, paymentId=name_of(placed)))["status"] == "paid"
    assert PaymentEvent.objects.count() == 1


def test_forged_and_old_webhooks_wake_nobody(
    day: FestaDay, fake: FakePortOne, till: httpx.Client, guest: Buyer
) -> None:
    placed = guest.place(guest.keep(day))
    fake.pay(name_of(placed), placed["total"])
    for message in (
        fake.webhook(name_of(placed), key=b"of somebody else"),
        fake.webhook(name_of(placed), age=3600),
        ({}, b"{}"),
    ):
        problem(tell(till, message), 401, "webhook-forged")
    assert said(guest.look(placed))["status"] == "placed"


def test_a_declined_payment_is_tried_again_under_another_name(
    day: FestaDay, fake: FakePortOne, guest: Buyer
) -> None:
    placed = guest.place(guest.keep(day))
    fake.decline(name_of(placed), placed["total"])
    refused = problem(returned(guest, placed, paymentId=name_of(placed), code="x"), 402, "payment-refused")
    assert refused["reason"] == "한도를 넘었어요"
    again = said(guest.look(placed))
    assert name_of(again) == name_of(placed).replace("-1", "-2")
    fake.pay(name_of(again), again["total"])
    assert said(returned(guest, again, paymentId=name_of(again)))["status"] == "paid"


def test_an_answer_that_was_lost_is_asked_for_again(day: FestaDay, fake: FakePortOne, guest: Buyer) -> None:
    placed = guest.place(guest.keep(day))
    fake.pay(name_of(placed), placed["total"])
    fake.faults = ["lost", "500"]
    problem(returned(guest, placed, paymentId=name_of(placed)), 503, "payment-unclear")
    assert said(returned(guest, placed, paymentId=name_of(placed)))["status"] == "paid"


def test_too_little_money_is_kept_and_shown_and_buys_nothing(
    day: FestaDay, fake: FakePortOne, guest: Buyer
) -> None:
    placed = guest.place(guest.keep(day))
    fake.pay(name_of(placed), 100)
    said(returned(guest, placed, paymentId=name_of(placed)))
    checkout = Checkout.objects.get()
    assert (checkout.status, checkout.paid) == ("placed", 100)


def test_a_payment_of_another_order_pays_nothing_here(
    day: FestaDay, fake: FakePortOne, till: httpx.Client, guest: Buyer
) -> None:
    mine, other = guest.place(guest.keep(day)), Buyer(till)
    theirs = other.place(other.keep(day))
    fake.pay(name_of(theirs), theirs["total"])
    problem(returned(guest, mine, paymentId=name_of(theirs)), 422, "not-this-payment")
    assert said(guest.look(mine))["status"] == "placed"


def test_money_for_what_is_gone_is_owed_back(day: FestaDay, fake: FakePortOne, guest: Buyer) -> None:
    """PortOne takes the money in its window, so it cannot be asked not to."""
    placed = guest.place(guest.keep(day))
    let_expire(Checkout.objects.get())
    give_back_expired(timezone.now())
    put_on_sale(day.variant, 0)
    fake.pay(name_of(placed), placed["total"])
    late = said(returned(guest, placed, paymentId=name_of(placed)))
    assert (late["status"], late["refund_due"]) == ("paid", placed["total"])
    assert Order.objects.get().status == "cancelled"
