"""The adapter of Toss Payments against its documented protocol, with the faults of a real network."""

import asyncio
import logging
from collections.abc import Coroutine
from datetime import UTC, datetime
from typing import Any, TypeVar

import pytest

from golmok.configuration import Toss
from golmok.domain.orders.gateways.gateway import (
    Due,
    RefundAsked,
    Refused,
    Told,
    Unreachable,
    WrongPayments,
)
from golmok.domain.orders.gateways.toss import TossGateway
from golmok.domain.orders.models import PaymentEvent
from tests.gateways.toss import CLIENT_KEY, SECRET_KEY, FakeToss

T = TypeVar("T")
ORDER = "0191c2d4a5b67c8d9e0f1a2b3c4d5e6f"
NUMBER = "220720-k7m4pqxw"
DUE = Due(
    checkout=ORDER,
    amount=12900,
    title="통밀 베이글 외 2건",
    name="김서울",
    phone="010-1234-5678",
    email="",
    language="ko",
    until=datetime(2022, 7, 20, 12, 30, tzinfo=UTC),
)


def does(work: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(work)


def returned(fake: FakeToss, method: str = "카드", amount: int = DUE.amount) -> dict[str, str]:
    """What the browser brings back from the window."""
    key = fake.authenticate(ORDER, amount, method)
    return {"paymentKey": key, "orderId": ORDER, "amount": str(amount), "paymentType": "NORMAL"}


def asking(payment: str, amount: int = 2900, key: str = "refund-1") -> RefundAsked:
    return RefundAsked(key, ORDER, payment, amount, NUMBER, f"주문 취소 {NUMBER}")


def test_a_confirmed_payment_is_told_with_its_amount(fake: FakeToss, toss: TossGateway) -> None:
    back = returned(fake)
    assert does(toss.told(ORDER)) == []

    does(toss.confirm(DUE, back))

    assert does(toss.told(ORDER)) == [Told(back["paymentKey"], PaymentEvent.Kind.APPROVED, 12900)]


def test_confirming_again_takes_nothing_more(fake: FakeToss, toss: TossGateway) -> None:
    back = returned(fake)
    does(toss.confirm(DUE, back))
    does(toss.confirm(DUE, back))
    # Another tab went through the window too.
    does(toss.confirm(DUE, returned(fake)))

    assert fake.money == 12900
    assert len(does(toss.told(ORDER))) == 1


@pytest.mark.parametrize(
    "changed",
    [{"amount": "100"}, {"orderId": "f" * 32}, {"paymentKey": ""}, {"paymentKey": "../x"}],
)
def test_what_is_not_this_payment_or_amount_is_not_confirmed(
    fake: FakeToss, toss: TossGateway, changed: dict[str, str]
) -> None:
    with pytest.raises(Refused, match="not-this-payment"):
        does(toss.confirm(DUE, returned(fake) | changed))
    assert fake.asked == []


def test_an_amount_that_was_changed_in_the_window_is_refused(fake: FakeToss, toss: TossGateway) -> None:
    back = returned(fake, amount=100) | {"amount": str(DUE.amount)}
    with pytest.raises(Refused, match="INVALID_REQUEST"):
        does(toss.confirm(DUE, back))
    assert fake.money == 0


def test_a_lost_answer_is_found_by_asking(fake: FakeToss, toss: TossGateway) -> None:
    back = returned(fake)
    fake.faults.lose_answer = 1
    with pytest.raises(Unreachable):
        does(toss.confirm(DUE, back))

    assert [told.amount for told in does(toss.told(ORDER))] == [12900]
    does(toss.confirm(DUE, back))
    assert fake.money == 12900


@pytest.mark.parametrize("fault", ["fail", "busy"])
def test_a_failing_service_leaves_it_open(fake: FakeToss, toss: TossGateway, fault: str) -> None:
    back = returned(fake)
    setattr(fake.faults, fault, 1)
    with pytest.raises(Unreachable):
        does(toss.confirm(DUE, back))

    does(toss.confirm(DUE, back))
    assert fake.money == 12900


def test_a_refused_card_is_told_as_declined(fake: FakeToss, toss: TossGateway) -> None:
    with pytest.raises(Refused) as refusal:
        does(toss.confirm(DUE, returned(fake, "한도초과")))

    assert refusal.value.code == "EXCEED_MAX_AMOUNT"
    assert "1234" not in refusal.value.words
    assert [told.kind for told in does(toss.told(ORDER))] == [PaymentEvent.Kind.DECLINED]
    does(toss.confirm(DUE, returned(fake)))
    assert [told.kind for told in does(toss.told(ORDER))] == [PaymentEvent.Kind.APPROVED]


def test_a_wrong_key_is_no_refusal_of_the_buyer(fake: FakeToss) -> None:
    wrong = TossGateway(Toss(CLIENT_KEY, "test_sk_other", fake.address))
    with pytest.raises(Unreachable):
        does(wrong.confirm(DUE, returned(fake)))
    with pytest.raises(Unreachable):
        does(wrong.told(ORDER))


def test_a_part_is_given_back_once_and_says_of_which_order(fake: FakeToss, toss: TossGateway) -> None:
    back = returned(fake)
    does(toss.confirm(DUE, back))
    fake.faults.lose_answer = 1
    with pytest.raises(Unreachable):
        does(toss.refund(asking(back["paymentKey"])))
    does(toss.refund(asking(back["paymentKey"])))

    assert fake.money == 10000
    told = does(toss.told(ORDER))
    assert [(one.kind, one.amount, one.order) for one in told] == [
        (PaymentEvent.Kind.APPROVED, 12900, None),
        (PaymentEvent.Kind.REFUNDED, 2900, NUMBER),
    ]


def test_what_was_given_back_by_hand_is_told_too(fake: FakeToss, toss: TossGateway) -> None:
    back = returned(fake)
    does(toss.confirm(DUE, back))
    fake.cancel_by_hand(back["paymentKey"], 12900)

    assert [(one.amount, one.order) for one in does(toss.told(ORDER))] == [(12900, None), (12900, None)]
    does(toss.refund(asking(back["paymentKey"])))
    assert fake.money == 0


def test_a_bank_outside_its_hours_may_be_asked_again_under_another_key(
    fake: FakeToss, toss: TossGateway
) -> None:
    back = returned(fake)
    does(toss.confirm(DUE, back))
    fake.faults.refuse.append((403, "NOT_AVAILABLE_BANK"))
    with pytest.raises(Refused) as refusal:
        does(toss.refund(asking(back["paymentKey"])))
    assert refusal.value.for_now

    does(toss.refund(asking(back["paymentKey"], key="refund-2")))
    assert fake.money == 10000


def test_a_virtual_account_waits_for_its_money(fake: FakeToss, toss: TossGateway) -> None:
    back = returned(fake, "가상계좌")
    does(toss.confirm(DUE, back))
    waiting = does(toss.deposit(ORDER))

    assert waiting is not None
    assert (waiting.bank, waiting.account, waiting.amount) == ("우리은행", "X6505636518308", 12900)
    assert does(toss.told(ORDER)) == []
    fake.deposit(ORDER)
    assert [one.amount for one in does(toss.told(ORDER))] == [12900]
    assert does(toss.deposit(ORDER)) is None
    # There is no card to give it back to: somebody must ask the buyer for an account.
    with pytest.raises(Refused, match="INVALID_REFUND_ACCOUNT_INFO"):
        does(toss.refund(asking(back["paymentKey"])))


def test_a_virtual_account_that_was_cancelled_never_had_money(fake: FakeToss, toss: TossGateway) -> None:
    back = returned(fake, "가상계좌")
    does(toss.confirm(DUE, back))
    fake.cancel_by_hand(back["paymentKey"], 12900)

    assert does(toss.told(ORDER)) == []


def test_a_webhook_only_says_which_checkout_to_ask_about(fake: FakeToss, toss: TossGateway) -> None:
    does(toss.confirm(DUE, returned(fake)))
    flat = b'{"createdAt":"2022-01-01T00:00:00.000000","secret":"x","status":"DONE","orderId":"%s"}'
    assert toss.heard({}, flat % ORDER.encode()) == ORDER
    assert toss.heard({}, b'{"eventType":"PAYMENT_STATUS_CHANGED","data":{"orderId":"mine-7"}}') is None
    assert toss.heard({}, b'{"data": 7}') is None
    assert toss.heard({}, b"not json") is None


def test_the_window_gets_public_data_alone(toss: TossGateway) -> None:
    window = toss.window(DUE)
    assert window["methods"] == ["CARD", "VIRTUAL_ACCOUNT"]
    assert window["request"]["orderId"] == ORDER
    assert window["request"]["customerMobilePhone"] == "01012345678"
    # The account closes when the goods go back: 12:30 UTC in Seoul.
    assert window["deposit_until"] == "2022-07-20T21:30:00"
    assert SECRET_KEY not in repr(window)


def test_secrets_are_not_logged(fake: FakeToss, caplog: pytest.LogCaptureFixture, toss: TossGateway) -> None:
    with caplog.at_level(logging.DEBUG):
        does(toss.confirm(DUE, returned(fake)))
    assert SECRET_KEY not in caplog.text
    assert SECRET_KEY not in repr(Toss(CLIENT_KEY, SECRET_KEY))


@pytest.mark.parametrize(
    ("contract", "what"),
    [
        (Toss(CLIENT_KEY), "GOLMOK_TOSS_SECRET_KEY"),
        (Toss("", SECRET_KEY), "GOLMOK_TOSS_CLIENT_KEY"),
        (Toss(CLIENT_KEY, SECRET_KEY, methods=("cards",)), "GOLMOK_TOSS_METHODS"),
    ],
)
def test_a_contract_that_cannot_be_used_says_what_to_set(contract: Toss, what: str) -> None:
    with pytest.raises(WrongPayments, match=what):
        TossGateway(contract)
