"""A shop that is paid through the fake of Toss Payments, with everything of ours between the two real."""

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from queue import SimpleQueue
from typing import Any, TypeVar

from django.utils import timezone

from golmok.domain.orders.gateways.asking import ask_gateway
from golmok.domain.orders.gateways.gateway import Due, Gateway
from golmok.domain.orders.gateways.rounds import Reconciler, Refunder
from golmok.domain.orders.models import Checkout, Hold, Stock
from golmok.domain.orders.till.batch import Command, run
from golmok.domain.shops.models import Variant
from tests.buying import fresh, keep, place
from tests.gateways.toss import FakeToss

T = TypeVar("T")


_calls: SimpleQueue[tuple[Callable[[], Any], Future[Any]] | None] = SimpleQueue()


def does(work: Coroutine[Any, Any, T]) -> T:
    """What `work` comes to. Its loop is in another thread; what it asks the database is done in this one,
    inside the test's transaction."""
    with ThreadPoolExecutor(1) as loop:
        done = loop.submit(asyncio.run, work)
        done.add_done_callback(lambda _: _calls.put(None))
        while (call := _calls.get()) is not None:
            question, answer = call
            try:
                answer.set_result(question())
            except BaseException as failure:
                answer.set_exception(failure)
        return done.result()


async def at_once(question: Callable[..., T], *args: Any) -> T:  # noqa: ANN401 - any function's
    answer: Future[T] = Future()
    _calls.put((lambda: question(*args), answer))
    return await asyncio.wrap_future(answer)


async def record(command: Command[T]) -> T:
    return await at_once(run, command)


class Alley:
    def __init__(self, fake: FakeToss, toss: Gateway) -> None:
        self.fake, self.toss = fake, toss
        self.restart()

    def restart(self) -> None:
        """What a process had in mind is gone; rows and the gateway stay."""
        self.reconciler = Reconciler({"toss": self.toss}, record, at_once)
        self.refunder = Refunder({"toss": self.toss}, record, at_once)

    def placed(self, *lines: tuple[Variant, int], buyer: str = "guest:a") -> Checkout:
        return place(keep(*lines, buyer=buyer), gateway="toss")

    def through_the_window(self, checkout: Checkout, method: str = "카드") -> dict[str, str]:
        """What the browser brings back."""
        key = self.fake.authenticate(checkout.pk.hex, checkout.total, method)
        return {"paymentKey": key, "orderId": checkout.pk.hex, "amount": str(checkout.total)}

    def confirm(self, checkout: Checkout, returned: dict[str, str] | None = None) -> str:
        """The gateway took the money; we have not asked yet. The payment's key."""
        returned = returned or self.through_the_window(checkout)
        does(self.toss.confirm(due_of(checkout), returned))
        return returned["paymentKey"]

    def ask(self, checkout: Checkout) -> None:
        does(ask_gateway(self.toss, checkout.pk.hex, record))

    def bought(self, *lines: tuple[Variant, int], buyer: str = "guest:a") -> Checkout:
        checkout = self.placed(*lines, buyer=buyer)
        self.confirm(checkout)
        self.ask(checkout)
        return fresh(checkout)

    def reconcile(self, later: timedelta = timedelta(0)) -> int:
        return does(self.reconciler.round(timezone.now() + later))

    def give_back(self, later: timedelta = timedelta(0)) -> int:
        return does(self.refunder.round(timezone.now() + later if later else None))


def due_of(checkout: Checkout) -> Due:
    return Due(
        checkout=checkout.pk.hex,
        amount=checkout.total,
        title="인절미",
        name="김서울",
        phone="010-1234-5678",
        email="",
        language="ko",
        until=checkout.expires_at,
    )


def stock_is_explained() -> bool:
    """Held and sold of each variant are the units of its holds."""
    return all(
        (stock.held, stock.sold)
        == tuple(
            sum(one.quantity for one in Hold.objects.filter(stock=stock) if one.status in states)
            for states in (("held", "ordered"), ("sold",))
        )
        for stock in Stock.objects.all()
    )
