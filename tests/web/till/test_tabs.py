"""Several tabs and connections at once, at two tills of one Golmok."""

from collections import Counter as Tally
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from threading import Barrier

import httpx
import pytest

from golmok.domain.festas.models import Offer
from golmok.domain.orders.models import Checkout, Order, PaymentEvent
from golmok.domain.orders.till.writer import Writer
from golmok.web.till.app import TillApp
from golmok.web.till.counter import Counter
from tests.buying import numbers
from tests.domain import books
from tests.serving import served
from tests.web.festa_day import FestaDay
from tests.web.till.buyer import PATH, Buyer, said
from tests.web.till.conftest import door_to

pytestmark = pytest.mark.django_db(transaction=True)
TABS = 6
Act = Callable[[Buyer], httpx.Response]


@contextmanager
def open_till() -> Iterator[str]:
    writer = Writer()
    writer.start()
    till = TillApp(Counter(writer))
    try:
        with served(till, door_to(till.counter)) as address:
            yield address
    finally:
        writer.stop()


@pytest.fixture
def tills(day: FestaDay) -> Iterator[list[httpx.Client]]:
    """Six connections, to one till and the other in turn."""
    with ExitStack() as stack:
        addresses = [stack.enter_context(open_till()) for _ in range(2)]
        yield [
            stack.enter_context(httpx.Client(base_url=addresses[tab % 2], timeout=30)) for tab in range(TABS)
        ]


def tabs_of(buyer: Buyer, tills: list[httpx.Client]) -> list[Buyer]:
    """The same person at each connection."""
    tabs = []
    for till in tills:
        tab = Buyer(till)
        tab.buyer, tab.headers = buyer.buyer, buyer.headers
        tabs.append(tab)
    return tabs


def at_once(buyers: list[Buyer], act: Act) -> list[httpx.Response]:
    together = Barrier(len(buyers))

    def run(buyer: Buyer) -> httpx.Response:
        together.wait()
        return act(buyer)

    with ThreadPoolExecutor(len(buyers)) as pool:
        return list(pool.map(run, buyers))


def test_one_wish_sent_from_everywhere_is_ordered_once(day: FestaDay, tills: list[httpx.Client]) -> None:
    me = Buyer(tills[0])
    kept = me.keep(day, 2)
    answers = at_once(tabs_of(me, tills), lambda tab: tab.order(kept, key="one-wish"))
    assert {answer.status_code for answer in answers} <= {201, 409}
    for busy in (answer for answer in answers if answer.status_code == 409):
        assert busy.json()["type"] == "/problems/in-flight"
        assert busy.headers["Retry-After"]
    ordered = [said(answer, 201)["orders"] for answer in answers if answer.status_code == 201]
    assert ordered and all(one == ordered[0] for one in ordered)
    assert said(me.order(kept, key="one-wish"), 201)["orders"] == ordered[0]
    assert Order.objects.count() == 1
    assert books.wrongs() == []


def test_one_payment_sent_from_everywhere_is_paid_once(day: FestaDay, tills: list[httpx.Client]) -> None:
    me = Buyer(tills[0])
    placed = me.place(me.keep(day, 2))
    answers = [said(one) for one in at_once(tabs_of(me, tills), lambda tab: tab.pay(placed))]
    assert {(one["status"], one["refund_due"]) for one in answers} == {("paid", 0)}
    assert PaymentEvent.objects.count() == 1
    assert books.money() == (placed["total"], 0)


def test_six_tabs_of_one_buyer_keep_one_checkout_and_no_more_than_the_cap(
    day: FestaDay, tills: list[httpx.Client]
) -> None:
    Offer.objects.update(per_buyer_cap=2)
    me = Buyer(tills[0])
    answers = at_once(tabs_of(me, tills), lambda tab: tab.start(day, 2))
    assert {answer.status_code for answer in answers} == {201}
    assert Checkout.objects.filter(status=Checkout.Status.OPEN).count() == 1
    assert numbers(day.variant) == (2, 0, 3)
    assert books.wrongs() == []


def test_six_buyers_and_the_last_unit(day: FestaDay, tills: list[httpx.Client]) -> None:
    Buyer(tills[0]).keep(day, 4)
    answers = at_once([Buyer(till) for till in tills], lambda buyer: buyer.start(day, 1))
    assert Tally(answer.status_code for answer in answers) == {201: 1, 409: TABS - 1}
    assert numbers(day.variant) == (5, 0, 0)
    assert books.wrongs() == []


def test_a_tab_that_cancels_and_tabs_that_pay_agree(day: FestaDay, tills: list[httpx.Client]) -> None:
    me = Buyer(tills[0])
    placed = me.place(me.keep(day, 2))
    tabs = tabs_of(me, tills)
    cancels = tabs[0]

    def act(tab: Buyer) -> httpx.Response:
        return tab.send("DELETE", f"{PATH}/{placed['id']}") if tab is cancels else tab.pay(placed)

    cancelled, *paid = at_once(tabs, act)
    end = said(me.look(placed))
    if cancelled.status_code == 200:
        assert {one.status_code for one in paid} == {409}
        assert (end["status"], numbers(day.variant), books.money()) == ("over", (0, 0, 5), (0, 0))
    else:
        assert {said(one)["status"] for one in paid} == {"paid"}
        assert (end["status"], numbers(day.variant)) == ("paid", (0, 2, 3))
        assert books.money() == (placed["total"], 0)
    assert books.wrongs() == []
