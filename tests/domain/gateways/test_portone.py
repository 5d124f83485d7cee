"""Payments by PortOne: the real adapter against the fake service, over HTTP."""

import asyncio
import base64
import hmac
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from golmok.domain.orders.gateways import gateways
from golmok.domain.orders.gateways.asking import ask_gateway
from golmok.domain.orders.gateways.gateway import (
    Due,
    RefundAsked,
    Refused,
    Told,
    Unreachable,
    WrongPayments,
)
from golmok.domain.orders.gateways.portone import PortOneGateway
from golmok.domain.orders.models import Checkout, Order, PaymentEvent
from golmok.domain.orders.till.batch import run
from golmok.domain.orders.till.pay import Record
from golmok.domain.orders.till.receipt import Receipt
from golmok.domain.shops.models import Variant
from golmok.problems import Problem
from tests.buying import hold, place
from tests.gateways.portone import STORE, WEBHOOK_KEY, FakePortOne, portone, signed

APPROVED, DECLINED, REFUNDED = PaymentEvent.Kind
CHECKOUT = "0123456789abcdef" * 2
ORDER = "220720-k7m4pqxw"


@pytest.fixture
def fake() -> Iterator[FakePortOne]:
    with portone() as service:
        yield service


@pytest.fixture
def gateway(fake: FakePortOne) -> PortOneGateway:
    return PortOneGateway(fake.settings())


def due(amount: int = 12900, checkout: str = CHECKOUT, attempt: int = 1) -> Due:
    until = timezone.now() + timedelta(minutes=10)
    return Due(checkout, amount, "인절미 외 1건", "김서울", "010-1234-5678", "", "ko", until, attempt)


def refund(payment: str, amount: int, key: str = "refund-1") -> RefundAsked:
    return RefundAsked(key, CHECKOUT, payment, amount, ORDER, f"order {ORDER}")


def told(gateway: PortOneGateway, checkout: str = CHECKOUT) -> list[Told]:
    return asyncio.run(gateway.told(checkout))


def confirm(gateway: PortOneGateway, of: Due, **returned: str) -> None:
    asyncio.run(gateway.confirm(of, returned))


# --- paying


def test_the_window_gets_what_it_needs_and_no_secret(fake: FakePortOne, gateway: PortOneGateway) -> None:
    window = gateway.window(due())
    asked = window["request"]
    assert asked["paymentId"] == f"{CHECKOUT}-1"
    assert (asked["totalAmount"], asked["currency"]) == (12900, "CURRENCY_KRW")
    assert asked["customer"] == {"fullName": "김서울", "phoneNumber": "010-1234-5678"}
    for secret in (fake.settings().api_secret, fake.settings().webhook_secret):
        assert secret not in repr(window)
        assert secret not in repr(fake.settings())


def test_a_payment_is_confirmed_and_told(fake: FakePortOne, gateway: PortOneGateway) -> None:
    paid = fake.pay(f"{CHECKOUT}-1", 12900)
    confirm(gateway, due(), paymentId=paid["id"])
    assert told(gateway) == [Told(paid["transactionId"], APPROVED, 12900)]


def test_nothing_is_told_before_anything_is_paid(fake: FakePortOne, gateway: PortOneGateway) -> None:
    assert told(gateway) == []
    fake.open(f"{CHECKOUT}-1", 12900)
    assert told(gateway) == []


def test_what_a_window_brings_back_is_not_believed(fake: FakePortOne, gateway: PortOneGateway) -> None:
    fake.open(f"{CHECKOUT}-1", 12900)
    with pytest.raises(Refused, match="NOT_PAID"):
        confirm(gateway, due(), paymentId=f"{CHECKOUT}-1")
    of_another = fake.pay(f"{'f' * 32}-1", 12900)
    for name in (of_another["id"], "", f"{CHECKOUT}-1/../x", CHECKOUT):
        with pytest.raises(Refused, match="not-this-payment"):
            confirm(gateway, due(), paymentId=name)


def test_another_amount_is_refused_and_told_as_what_came(fake: FakePortOne, gateway: PortOneGateway) -> None:
    paid = fake.pay(f"{CHECKOUT}-1", 100)
    with pytest.raises(Refused, match="not-this-payment"):
        confirm(gateway, due(), paymentId=paid["id"])
    assert told(gateway) == [Told(paid["transactionId"], APPROVED, 100)]


def test_a_declined_payment_says_why_in_the_payment_companys_words(
    fake: FakePortOne, gateway: PortOneGateway
) -> None:
    fake.decline(f"{CHECKOUT}-1", 12900)
    with pytest.raises(Refused) as refused:
        confirm(gateway, due(), paymentId=f"{CHECKOUT}-1", code="FAILURE_TYPE_PG", message="?")
    assert (refused.value.code, refused.value.words) == ("8001", "한도를 넘었어요")
    assert told(gateway) == [Told(f"{CHECKOUT}-1/failed", DECLINED, 12900)]


def test_who_closes_the_window_hears_what_it_said(fake: FakePortOne, gateway: PortOneGateway) -> None:
    with pytest.raises(Refused) as refused:
        confirm(gateway, due(), paymentId=f"{CHECKOUT}-1", code="PAY_PROCESS_CANCELED", message="취소")
    assert (refused.value.code, refused.value.words) == ("PAY_PROCESS_CANCELED", "취소")


def test_a_later_try_has_a_name_of_its_own_that_leads_back(
    fake: FakePortOne, gateway: PortOneGateway
) -> None:
    fake.decline(f"{CHECKOUT}-1", 12900)
    second = gateway.window(due(attempt=2))["request"]["paymentId"]
    paid = fake.pay(second, 12900)
    confirm(gateway, due(attempt=2), paymentId=second)
    assert told(gateway) == [
        Told(f"{CHECKOUT}-1/failed", DECLINED, 12900),
        Told(paid["transactionId"], APPROVED, 12900),
    ]
    assert gateway.heard(*fake.webhook(second)) == CHECKOUT


def test_an_old_window_paid_after_all_is_told_beside_the_later_one(
    fake: FakePortOne, gateway: PortOneGateway
) -> None:
    fake.decline(f"{CHECKOUT}-1", 12900)
    fake.pay(f"{CHECKOUT}-2", 12900)
    fake.pay(f"{CHECKOUT}-1", 12900)
    assert [(one.kind, one.amount) for one in told(gateway)] == [(APPROVED, 12900)] * 2


@pytest.mark.parametrize("fault", ["500", "lost", "garbled"])
def test_a_broken_answer_means_nobody_knows(fake: FakePortOne, gateway: PortOneGateway, fault: str) -> None:
    paid = fake.pay(f"{CHECKOUT}-1", 12900)
    fake.faults = [fault, fault]
    with pytest.raises(Unreachable):
        confirm(gateway, due(), paymentId=paid["id"])
    with pytest.raises(Unreachable):
        told(gateway)
    assert told(gateway) == [Told(paid["transactionId"], APPROVED, 12900)]


@pytest.mark.parametrize(
    "wrong",
    [{"storeId": "store-of-another"}, {"currency": "USD"}, {"amount": {}}, {"id": "another"}],
    ids=lambda wrong: next(iter(wrong)),
)
def test_an_answer_about_something_else_is_no_answer(
    fake: FakePortOne, gateway: PortOneGateway, wrong: dict[str, object]
) -> None:
    fake.pay(f"{CHECKOUT}-1", 12900)
    fake.payments[f"{CHECKOUT}-1"] |= wrong
    with pytest.raises(Unreachable):
        told(gateway)


def test_a_wrong_secret_is_no_answer_and_is_not_said(fake: FakePortOne) -> None:
    secret = "a-wrong-secret-of-the-operator"
    with pytest.raises(Unreachable) as unreachable:
        told(PortOneGateway(replace(fake.settings(), api_secret=secret)))
    assert secret not in str(unreachable.value)


def test_nobody_there_is_no_answer(fake: FakePortOne) -> None:
    settings = replace(fake.settings(), api="http://127.0.0.1:9")
    with pytest.raises(Unreachable):
        told(PortOneGateway(settings))


# --- giving back


def test_a_part_is_given_back_for_its_order(fake: FakePortOne, gateway: PortOneGateway) -> None:
    paid = fake.pay(f"{CHECKOUT}-1", 12900)
    asyncio.run(gateway.refund(refund(paid["transactionId"], 5000)))
    approved, back = told(gateway)
    assert approved == Told(paid["transactionId"], APPROVED, 12900)
    assert (back.kind, back.amount, back.order) == (REFUNDED, 5000, ORDER)


@pytest.mark.parametrize("forgotten", [False, True], ids=["within 3 hours", "after 3 hours"])
def test_a_refund_whose_answer_was_lost_is_given_once(
    fake: FakePortOne, gateway: PortOneGateway, *, forgotten: bool
) -> None:
    paid = fake.pay(f"{CHECKOUT}-1", 12900)
    asked = refund(paid["transactionId"], 5000)
    fake.faults = ["", "", "lost"]
    with pytest.raises(Unreachable):
        asyncio.run(gateway.refund(asked))
    if forgotten:
        fake._answers.clear()
    asyncio.run(gateway.refund(asked))
    assert [one.amount for one in told(gateway) if one.kind == REFUNDED] == [5000]


def test_a_refund_that_never_arrived_is_given_by_the_next_try(
    fake: FakePortOne, gateway: PortOneGateway
) -> None:
    paid = fake.pay(f"{CHECKOUT}-1", 12900)
    asked = refund(paid["transactionId"], 5000)
    fake.faults = ["", "", "500"]
    with pytest.raises(Unreachable):
        asyncio.run(gateway.refund(asked))
    assert [one.kind for one in told(gateway)] == [APPROVED]
    asyncio.run(gateway.refund(asked))
    assert [one.amount for one in told(gateway)] == [12900, 5000]


def test_two_refunds_at_once_cannot_give_back_the_same_won(
    fake: FakePortOne, gateway: PortOneGateway
) -> None:
    paid = fake.pay(f"{CHECKOUT}-1", 12900)

    async def both() -> list[object]:
        asked = [refund(paid["transactionId"], 12900, key) for key in ("refund-1", "refund-2")]
        return await asyncio.gather(*map(gateway.refund, asked), return_exceptions=True)

    outcomes = asyncio.run(both())
    assert sorted(type(one).__name__ for one in outcomes) in (
        ["NoneType", "Unreachable"],
        ["NoneType", "Refused"],
    )
    assert sum(one.amount for one in told(gateway) if one.kind == REFUNDED) == 12900


def test_what_portone_will_not_give_back_is_somebodys_business(
    fake: FakePortOne, gateway: PortOneGateway
) -> None:
    paid = fake.pay(f"{CHECKOUT}-1", 12900)
    with pytest.raises(Refused) as refused:
        asyncio.run(gateway.refund(refund(paid["transactionId"], 99999)))
    assert refused.value.code == "CANCEL_AMOUNT_EXCEEDS_CANCELLABLE_AMOUNT"
    with pytest.raises(Refused, match="PAYMENT_NOT_FOUND"):
        asyncio.run(gateway.refund(refund("tx-of-nobody", 100)))


def test_a_cancellation_under_way_is_not_asked_for_again_and_not_told_yet(
    fake: FakePortOne, gateway: PortOneGateway
) -> None:
    paid = fake.pay(f"{CHECKOUT}-1", 12900)
    asked = refund(paid["transactionId"], 5000)
    under_way = fake.cancel(paid["id"], 5000, f"{asked.reason} ({asked.key})", "REQUESTED")
    asyncio.run(gateway.refund(asked))
    assert fake.cancel_calls == []
    assert [one.kind for one in told(gateway)] == [APPROVED]
    under_way["status"] = "FAILED"
    asyncio.run(gateway.refund(asked))
    assert [one.kind for one in told(gateway)] == [APPROVED, REFUNDED]


def test_what_the_operator_cancels_in_the_console_is_told_too(
    fake: FakePortOne, gateway: PortOneGateway
) -> None:
    paid = fake.pay(f"{CHECKOUT}-1", 12900)
    fake.cancel(paid["id"], 12900, "고객 요청")
    assert [(one.kind, one.amount, one.order) for one in told(gateway)] == [
        (APPROVED, 12900, None),
        (REFUNDED, 12900, None),
    ]


# --- webhooks


def test_a_signed_webhook_names_the_checkout(fake: FakePortOne, gateway: PortOneGateway) -> None:
    assert gateway.heard(*fake.webhook(f"{CHECKOUT}-1")) == CHECKOUT
    assert gateway.heard(*fake.webhook(f"{CHECKOUT}-12", "Transaction.Cancelled")) == CHECKOUT


def test_one_of_several_signatures_is_enough(fake: FakePortOne, gateway: PortOneGateway) -> None:
    headers, body = fake.webhook(f"{CHECKOUT}-1")
    headers["webhook-signature"] = f"v1a,AAAA v1,AAAA v1,!! {headers['webhook-signature']} v1"
    assert gateway.heard(headers, body) == CHECKOUT


def forged(fake: FakePortOne) -> list[tuple[dict[str, str], bytes]]:
    headers, body = fake.webhook(f"{CHECKOUT}-1")
    other = body.replace(b"Paid", b"Gone")
    unsigned = {name: value for name, value in headers.items() if name != "webhook-signature"}
    plain = base64.b64encode(hmac.digest(WEBHOOK_KEY, body, "sha256")).decode()
    return [
        (headers, other),
        (headers | {"webhook-id": "msg-another"}, body),
        (headers | {"webhook-timestamp": str(int(headers["webhook-timestamp"]) + 1)}, body),
        (headers | {"webhook-timestamp": "soon"}, body),
        (headers | {"webhook-signature": f"v1,{plain}"}, body),
        (headers | {"webhook-signature": headers["webhook-signature"].replace("v1,", "v2,")}, body),
        (headers | {"webhook-signature": "v1,한글"}, body),
        (unsigned, body),
        ({}, body),
        fake.webhook(f"{CHECKOUT}-1", key=b"the key of somebody else"),
        fake.webhook(f"{CHECKOUT}-1", age=6 * 60),
        fake.webhook(f"{CHECKOUT}-1", age=-6 * 60),
    ]


def test_forged_and_old_webhooks_are_refused(fake: FakePortOne, gateway: PortOneGateway) -> None:
    for headers, body in forged(fake):
        with pytest.raises(Problem) as refused:
            gateway.heard(headers, body)
        assert refused.value.status == 401


def test_webhooks_about_other_things_are_nothing_of_ours(gateway: PortOneGateway) -> None:
    ours = {"paymentId": f"{CHECKOUT}-1", "storeId": STORE}
    for body in (
        {"type": "BillingKey.Issued", "data": {"billingKey": "b", "storeId": STORE}},
        {"type": "Transaction.Paid", "data": ours | {"paymentId": "of-another-shop-system"}},
        {"type": "Transaction.Paid", "data": ours | {"paymentId": 7}},
        {"type": "Transaction.Paid", "data": ours | {"storeId": "store-of-another"}},
        {"type": "Transaction.Paid", "data": []},
        {"type": "Something.New"},
    ):
        assert gateway.heard(*signed(body, key=WEBHOOK_KEY)) is None


# --- all the way to the order


def asked(gateway: PortOneGateway, checkout: Checkout) -> None:
    """As a webhook, a return or the reconciler does it."""

    async def keep(word: Record) -> Receipt:
        return await asyncio.to_thread(run, word)

    asyncio.run(ask_gateway(gateway, checkout.pk.hex, keep))


@pytest.mark.django_db(transaction=True)
def test_replayed_and_reordered_webhooks_end_the_same(
    fake: FakePortOne, gateway: PortOneGateway, variant: Variant
) -> None:
    placed = place(hold(variant))
    name = f"{placed.pk.hex}-1"
    paid = fake.pay(name, placed.total)
    replayed = fake.webhook(name)
    for _ in range(3):
        assert gateway.heard(*replayed) == placed.pk.hex
        asked(gateway, placed)
    assert Checkout.objects.get().paid == placed.total
    order = Order.objects.get()
    fake.cancel(name, placed.total, f"order {order.number}")
    for _ in range(2):
        asked(gateway, placed)
    checkout = Checkout.objects.get()
    assert (checkout.paid, checkout.orders.get().status) == (0, Order.Status.CANCELLED)
    assert PaymentEvent.objects.all()[0].reference == paid["transactionId"]
    assert PaymentEvent.objects.count() == 2


def test_what_is_missing_is_said_at_the_start(fake: FakePortOne, monkeypatch: pytest.MonkeyPatch) -> None:
    class Chosen:
        payments = ("portone",)
        portone = replace(fake.settings(), channel_key="", api_secret="")

    monkeypatch.setattr("golmok.domain.orders.gateways.CONFIGURATION", Chosen)
    gateways.cache_clear()
    try:
        with pytest.raises(WrongPayments, match="GOLMOK_PORTONE_CHANNEL_KEY, GOLMOK_PORTONE_API_SECRET"):
            gateways()
        Chosen.portone = replace(fake.settings(), webhook_secret="whsec_no base64")
        with pytest.raises(WrongPayments, match="GOLMOK_PORTONE_WEBHOOK_SECRET"):
            gateways()
    finally:
        gateways.cache_clear()
