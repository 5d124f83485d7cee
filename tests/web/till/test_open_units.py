"""So many units of one thing kept for one address; whoever pays or lets go makes room."""

import asyncio
import json
from collections.abc import Iterator
from uuid import uuid4

import pytest

from golmok.domain.orders.actions import put_on_sale
from golmok.domain.orders.models import Checkout, Hold, Stock
from golmok.domain.orders.till.writer import Writer
from golmok.web.till.asked import Answer, Asked
from golmok.web.till.counter import Counter
from golmok.web.till.passes import BuyerPass, mint
from tests.web.festa_day import FestaDay
from tests.web.till.buyer import Json

HOME, CAFE = "203.0.113.9", "2001:db8:1:2::7"
LIMIT = 3


class Counters:
    """The counter as the web server asks it, for whoever says what their address is."""

    def __init__(self, counter: Counter, day: FestaDay) -> None:
        self._counter = counter
        self._day = day

    def send(self, method: str, path: str, buyer: str, address: str, body: object = None) -> Answer:
        headers = {b"authorization": f"Bearer {mint(BuyerPass(buyer, None))}".encode()}
        asked = Asked(method, path, headers, address, json.dumps(body).encode())
        return asyncio.run(self._answer(asked))

    async def _answer(self, asked: Asked) -> Answer:
        answered: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._counter.handle(asked, answered.set_result)
        return await answered

    def start(self, address: str, units: int = 1, buyer: str = "") -> Answer:
        line = {"variant": self._day.variant.pk, "quantity": units, "show": self._day.show.pk}
        return self.send("POST", "", buyer or f"guest:{uuid4().hex}", address, {"lines": [line]})

    def keep(self, address: str, units: int = 1, buyer: str = "") -> Json:
        answer = self.start(address, units, buyer)
        assert answer.status == 201, answer.body
        return json.loads(answer.body)


@pytest.fixture
def counters(day: FestaDay, monkeypatch: pytest.MonkeyPatch) -> Iterator[Counters]:
    put_on_sale(day.variant, 12)
    writer = Writer()
    writer.start()
    counter = Counter(writer)
    monkeypatch.setattr(counter._open_units, "_least", LIMIT)
    try:
        yield Counters(counter, day)
    finally:
        writer.stop()


def code(answer: Answer) -> str:
    document = json.loads(answer.body)
    assert answer.status == 429 and document["detail"]
    return str(document["type"])


def test_many_sessions_behind_one_address_do_not_empty_the_show(counters: Counters) -> None:
    counters.keep(HOME, 2)
    counters.keep(HOME, 1)
    assert code(counters.start(HOME)) == "/problems/many-from-here"
    counters.keep(CAFE, 3)
    assert code(counters.start("2001:db8:1:2::8")) == "/problems/many-from-here"
    assert Stock.objects.get().held == 6


def test_a_buyer_may_change_what_they_keep(counters: Counters) -> None:
    for units in (3, 1, 3):
        counters.keep(HOME, units, "guest:a")
    assert Stock.objects.get().held == 3


def test_letting_go_makes_room(counters: Counters) -> None:
    kept = counters.keep(HOME, 3, "guest:a")
    assert counters.send("DELETE", kept["id"], "guest:a", HOME).status == 200
    counters.keep(HOME, 3)


def test_a_refusal_of_the_till_counts_nothing(counters: Counters) -> None:
    Stock.objects.update(total=0)
    for _ in range(5):
        assert counters.start(HOME, 3).status == 409
    Stock.objects.update(total=12)
    counters.keep(HOME, 3)


def test_time_that_is_over_makes_room(counters: Counters, monkeypatch: pytest.MonkeyPatch) -> None:
    counters.keep(HOME, 3)
    for kept in counters._counter._open_units._buyers.values():
        kept.until = 0
    counters.keep(HOME, 3)


def test_the_limit_grows_with_what_is_on_sale(day: FestaDay, counters: Counters) -> None:
    put_on_sale(day.variant, 50)
    for _ in range(10):
        counters.keep(HOME)
    assert code(counters.start(HOME)) == "/problems/many-from-here"


def test_the_machine_itself_is_not_limited(counters: Counters) -> None:
    for _ in range(5):
        counters.keep("127.0.0.1", 2)
    assert Hold.objects.count() == 5 and Checkout.objects.count() == 5
