"""What a gateway knows of a checkout ends up in the till, once, however often it is asked."""

import asyncio

import pytest

from golmok.domain.orders.gateways import asking, gateways
from golmok.domain.orders.gateways.gateway import RefundAsked, Told, WrongPayments
from golmok.domain.orders.gateways.trial import TrialGateway
from golmok.domain.orders.models import Checkout, PaymentEvent
from golmok.domain.orders.till.batch import run
from golmok.domain.orders.till.pay import Record
from golmok.domain.orders.till.receipt import Receipt
from golmok.domain.shops.models import Variant
from tests.buying import hold, place

APPROVED = PaymentEvent.Kind.APPROVED


class Saying(TrialGateway):
    """Knows what the test tells it."""

    def __init__(self, *told: Told) -> None:
        super().__init__()
        self.knows = list(told)

    async def told(self, checkout: str) -> list[Told]:
        return self.knows


def ask(gateway: TrialGateway, checkout: Checkout) -> Receipt | None:
    words: list[Record] = []

    async def keep(word: Record) -> Receipt:
        words.append(word)
        return run(words[-1])

    # The till is asked in this thread, in the test's own transaction.
    coroutine = asking.ask_gateway(gateway, checkout.pk.hex, keep)
    try:
        coroutine.send(None)
    except StopIteration as end:
        return end.value  # type: ignore[no-any-return]  # what a coroutine returns is untyped here
    raise AssertionError("it waited for something")


def test_everything_told_is_recorded_once(variant: Variant) -> None:
    placed = place(hold(variant))
    gateway = Saying(Told("card-1", APPROVED, placed.total))

    shown = ask(gateway, placed)
    ask(gateway, placed)

    assert shown is not None
    assert (shown.checkout.status, shown.paid) == ("paid", placed.total)
    assert PaymentEvent.objects.count() == 1


def test_nothing_told_is_nothing_recorded(variant: Variant) -> None:
    assert ask(Saying(), place(hold(variant))) is None
    assert not PaymentEvent.objects.exists()


def test_a_payment_of_another_checkout_keeps_the_rest_from_nobody(variant: Variant) -> None:
    first, second = place(hold(variant)), place(hold(variant, buyer="guest:b"))
    ask(Saying(Told("card-1", APPROVED, first.total)), first)

    shown = ask(Saying(Told("card-1", APPROVED, 1), Told("card-2", APPROVED, second.total)), second)

    assert shown is not None
    assert shown.paid == second.total


def test_the_test_gateway_gives_back_once_for_each_key() -> None:
    async def asked_twice() -> list[Told]:
        gateway = TrialGateway()
        asked = RefundAsked("refund-1", "a" * 32, "card-1", 500, None, "cancelled")
        await gateway.refund(asked)
        await gateway.refund(asked)
        return await gateway.told("a" * 32)

    assert asyncio.run(asked_twice()) == [Told("refund-1", PaymentEvent.Kind.REFUNDED, 500)]


@pytest.mark.parametrize(
    ("chosen", "wrong"),
    [(("test", "tosss"), "tosss"), (("test", "toss"), "take it out"), ((), "one or more")],
)
def test_payments_that_cannot_be_meant_are_refused_at_the_start(
    monkeypatch: pytest.MonkeyPatch, chosen: tuple[str, ...], wrong: str
) -> None:
    class Chosen:
        payments = chosen

    monkeypatch.setattr("golmok.domain.orders.gateways.CONFIGURATION", Chosen)
    gateways.cache_clear()
    try:
        with pytest.raises(WrongPayments, match=wrong):
            gateways()
    finally:
        gateways.cache_clear()
