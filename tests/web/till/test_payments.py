"""Coming back from the payment window, and webhooks: HTTP on both sides, the real writer between."""

import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

import httpx
import pytest
from django.utils import timezone
from pytest_django import Settings

from golmok.configuration import Toss
from golmok.domain.orders.gateways import gateways
from golmok.domain.orders.gateways.gateway import Gateway
from golmok.domain.orders.gateways.toss import TossGateway
from golmok.domain.orders.models import Checkout, Hold, Letter, Order, PaymentEvent
from golmok.web.till import asking
from golmok.web.till.passes import BuyerPass, mint
from tests.buying import let_expire
from tests.gateways.toss import CLIENT_KEY, SECRET_KEY, FakeToss
from tests.serving import served
from tests.web.festa_day import FestaDay
from tests.web.till.buyer import PATH, Buyer, Json, problem, said
from tests.web.till.paying import paid_by

WEBHOOK = "/api/v1/payments/toss/webhook"


@pytest.fixture
def fake() -> Iterator[FakeToss]:
    fake = FakeToss()
    with served(fake.app) as address:
        fake.address = address
        yield fake


@pytest.fixture
def chosen(fake: FakeToss) -> Mapping[str, Gateway]:
    """What the operator set: Toss alone."""
    methods = ("card", "virtual_account")
    toss = TossGateway(Toss(CLIENT_KEY, SECRET_KEY, fake.address, fake.address + "/v2/standard", methods))
    return {"toss": toss}


@pytest.fixture
def till(
    day: FestaDay, chosen: Mapping[str, Gateway], monkeypatch: pytest.MonkeyPatch
) -> Iterator[httpx.Client]:
    with paid_by(chosen, monkeypatch) as client:
        yield client


@dataclass
class Payer:
    """A buyer who has ordered and goes to pay."""

    buyer: Buyer
    placed: Json
    fake: FakeToss

    @property
    def order(self) -> str:
        return str(self.placed["payment"]["window"]["request"]["orderId"])

    def through_the_window(self, method: str = "카드") -> dict[str, str]:
        key = self.fake.authenticate(self.order, self.placed["total"], method)
        return {"paymentKey": key, "orderId": self.order, "amount": str(self.placed["total"])}

    def comes_back(self, brought: object) -> httpx.Response:
        return self.buyer.send("POST", self.placed["payment"]["pay_url"], brought)

    def look(self) -> Json:
        return said(self.buyer.look(self.placed))


@pytest.fixture
def payer(till: httpx.Client, day: FestaDay, fake: FakeToss) -> Payer:
    buyer = Buyer(till)
    return Payer(buyer, buyer.place(buyer.keep(day, 2)), fake)


def eventually(is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + 10
    while not is_so():
        assert time.monotonic() < until, "it never came"
        time.sleep(0.02)


def test_a_placed_checkout_says_how_to_open_the_window(payer: Payer) -> None:
    payment = payer.placed["payment"]
    assert payment["gateway"] == "toss"
    assert payment["window"]["client_key"] == CLIENT_KEY
    assert payment["window"]["request"]["amount"] == {"currency": "KRW", "value": payer.placed["total"]}
    assert SECRET_KEY not in str(payer.placed)


def test_coming_back_takes_the_money_once(payer: Payer) -> None:
    brought = payer.through_the_window()
    first = said(payer.comes_back(brought))
    again = said(payer.comes_back(brought))

    assert (first["status"], again["status"]) == ("paid", "paid")
    assert payer.fake.money == payer.placed["total"]
    assert PaymentEvent.objects.count() == 1


def test_a_refused_card_can_be_followed_by_another(payer: Payer) -> None:
    refused = problem(payer.comes_back(payer.through_the_window("한도초과")), 402, "payment-refused")
    assert "EXCEED_MAX_AMOUNT" in refused["detail"]
    assert payer.look()["status"] == "placed"

    assert said(payer.comes_back(payer.through_the_window()))["status"] == "paid"


def test_another_sum_or_order_is_not_taken(payer: Payer) -> None:
    brought = payer.through_the_window()
    problem(payer.comes_back(brought | {"amount": "1"}), 422, "not-this-payment")
    problem(payer.comes_back(brought | {"orderId": "a" * 32}), 422, "not-this-payment")
    assert payer.fake.money == 0


def test_who_comes_back_after_the_goods_are_gone_is_not_charged(
    payer: Payer, till: httpx.Client, day: FestaDay
) -> None:
    brought = payer.through_the_window()
    let_expire(Checkout.objects.get())
    others = Buyer(till)
    others.place(others.keep(day, 5))

    problem(payer.comes_back(brought), 409, "sold-out")
    assert payer.fake.money == 0


def test_who_comes_back_late_buys_what_is_still_there(payer: Payer) -> None:
    brought = payer.through_the_window()
    let_expire(Checkout.objects.get())

    assert said(payer.comes_back(brought))["status"] == "paid"
    assert Hold.objects.get().status == "sold"


@pytest.mark.parametrize("key", ["", "tgen_invented"])
def test_who_brings_nothing_that_pays_keeps_the_goods_no_longer(payer: Payer, key: str) -> None:
    soon = timezone.now() + timedelta(seconds=20)
    Checkout.objects.update(expires_at=soon)
    Hold.objects.update(expires_at=soon)
    brought = payer.through_the_window() | {"paymentKey": key}

    assert payer.comes_back(brought).status_code in (402, 422)
    assert (Checkout.objects.get().expires_at, Hold.objects.get().expires_at) == (soon, soon)
    assert said(payer.comes_back(payer.through_the_window()))["status"] == "paid"


def test_an_answer_lost_after_the_money_moved_is_looked_up(payer: Payer) -> None:
    payer.fake.faults.lose_answer = 1
    assert said(payer.comes_back(payer.through_the_window()))["status"] == "paid"
    assert payer.fake.money == payer.placed["total"]


@pytest.mark.parametrize("fault", ["fail", "lose_answer", "busy"])
def test_while_nobody_knows_the_buyer_is_told_to_wait(payer: Payer, fault: str) -> None:
    brought = payer.through_the_window()
    setattr(payer.fake.faults, fault, 2)
    answer = payer.comes_back(brought)
    problem(answer, 503, "payment-unclear")
    assert answer.headers["Retry-After"] == "3"

    assert said(payer.comes_back(brought))["status"] == "paid"
    assert payer.fake.money == payer.placed["total"]


def test_only_its_buyer_comes_back(payer: Payer, till: httpx.Client) -> None:
    brought = payer.through_the_window()
    stranger = Buyer(till)
    problem(stranger.send("POST", payer.placed["payment"]["pay_url"], brought), 404, "checkout-unknown")
    nobody = till.post(payer.placed["payment"]["pay_url"], json=brought)
    problem(nobody, 401, "buyer-pass-missing")
    assert payer.fake.money == 0


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"[]", 400, "message-unreadable"),
        (b'{"a": 1}', 400, "message-unreadable"),
        (b"x" * 9000, 413, "message-too-large"),
    ],
)
def test_what_is_no_return_is_refused(payer: Payer, body: bytes, status: int, code: str) -> None:
    headers = payer.buyer.headers
    answer = payer.buyer.till.post(payer.placed["payment"]["pay_url"], content=body, headers=headers)
    problem(answer, status, code)


def test_a_gateway_that_was_not_chosen_does_not_exist(
    payer: Payer, till: httpx.Client, day: FestaDay
) -> None:
    path = f"{PATH}/{payer.placed['id']}/payments/"
    problem(payer.buyer.send("POST", path + "portone", {}), 404, "not-here")
    free = payer.buyer.send("POST", path + "test", {"outcome": "approve", "reference": "x"})
    problem(free, 404, "not-here")
    other = Buyer(till)
    wrong = problem(other.order(other.keep(day), gateway="test"), 422, "form-invalid")
    assert list(wrong["errors"]) == ["gateway"]


def test_a_transfer_says_where_to_send_the_money(payer: Payer) -> None:
    waiting = said(payer.comes_back(payer.through_the_window("가상계좌")))
    assert waiting["status"] == "placed"
    assert waiting["payment"]["deposit"]["bank"] == "우리은행"
    # After a reload there is nothing to bring back.
    assert said(payer.comes_back({}))["payment"]["deposit"] == waiting["payment"]["deposit"]

    payer.fake.deposit(payer.order)
    payer.buyer.till.post(WEBHOOK, json=payer.fake.webhooks[-1])
    eventually(lambda: payer.look()["status"] == "paid")


def test_a_virtual_account_is_announced_by_letter_once(payer: Payer, settings: Settings) -> None:
    settings.MAIL_KIND = "smtp"
    Order.objects.update(email="buyer@example.com")
    for brought in (payer.through_the_window("가상계좌"), {}):
        assert said(payer.comes_back(brought))["payment"]["deposit"]
    letter = Letter.objects.get()
    assert [news.step for news in letter.news.all()] == ["waiting"]


def test_who_found_the_order_pays_it_through_the_window(payer: Payer) -> None:
    token = mint(BuyerPass(payer.buyer.buyer, None, UUID(payer.placed["id"]).hex))
    finder = Payer(Buyer(payer.buyer.till, token=token), payer.placed, payer.fake)
    assert said(finder.comes_back(finder.through_the_window()))["status"] == "paid"


def test_a_webhook_finds_the_payment_whose_buyer_never_came_back(payer: Payer) -> None:
    brought = payer.through_the_window()
    payer.fake.faults.lose_answer = 2
    problem(payer.comes_back(brought), 503, "payment-unclear")
    heard = said(payer.buyer.till.post(WEBHOOK, json=payer.fake.webhooks[-1]))

    assert heard == {}
    eventually(lambda: payer.look()["status"] == "paid")


def test_webhooks_twice_and_in_any_order_are_one_payment(payer: Payer) -> None:
    brought = payer.through_the_window()
    said(payer.comes_back(brought))
    payer.fake.cancel_by_hand(brought["paymentKey"], payer.placed["total"])
    for word in [*reversed(payer.fake.webhooks), *payer.fake.webhooks]:
        said(payer.buyer.till.post(WEBHOOK, json=word))

    eventually(lambda: payer.look()["orders"][0]["status"] == "cancelled")
    assert PaymentEvent.objects.count() == 2
    assert payer.look()["refund_due"] == 0


@pytest.mark.parametrize(
    "forged",
    [
        {"eventType": "PAYMENT_STATUS_CHANGED", "data": {"status": "DONE", "totalAmount": 20000}},
        {"secret": "made up", "status": "DONE", "transactionKey": "X"},
    ],
)
def test_a_forged_webhook_moves_nothing(payer: Payer, forged: Json) -> None:
    about = forged.get("data", forged)
    about["orderId"] = payer.order
    said(payer.buyer.till.post(WEBHOOK, json=forged))

    eventually(lambda: f"GET /v1/payments/orders/{payer.order}" in payer.fake.asked)
    assert payer.look()["status"] == "placed"
    assert PaymentEvent.objects.count() == 0


def test_a_webhook_about_nothing_of_ours_asks_nobody(payer: Payer) -> None:
    for body in (b"not json", b"{}", b'{"data": {"orderId": "%s"}}' % (b"a" * 32)):
        assert payer.buyer.till.post(WEBHOOK, content=body).status_code == 200
    problem(payer.buyer.till.post(WEBHOOK, content=b"x" * 70_000), 413, "message-too-large")
    problem(payer.buyer.till.get(WEBHOOK), 405, "not-this-way")
    problem(payer.buyer.till.post("/api/v1/payments/bank/webhook", json={}), 404, "not-here")
    assert payer.fake.asked == []


def test_many_messages_about_a_checkout_are_few_questions(payer: Payer) -> None:
    began, question = time.monotonic(), f"GET /v1/payments/orders/{payer.order}"
    for _ in range(30):
        said(payer.buyer.till.post(WEBHOOK, json={"data": {"orderId": payer.order}}))
        time.sleep(0.02)
    eventually(lambda: question in payer.fake.asked)
    asked = payer.fake.asked.count(question)
    assert asked <= 1 + (time.monotonic() - began) / asking.PAUSE
    # What was told meanwhile is asked for afterwards.
    eventually(lambda: payer.fake.asked.count(question) > asked)


def test_one_network_tells_only_so_much(payer: Payer) -> None:
    told = [payer.buyer.till.post(WEBHOOK, json={"orderId": uuid4().hex}) for _ in range(1300)]
    problem(told[-1], 429, "too-fast")
    assert int(told[-1].headers["Retry-After"]) >= 1
    assert {one.status_code for one in told[:1200]} == {200}
    # Others are served meanwhile.
    assert said(payer.comes_back(payer.through_the_window()))["status"] == "paid"


def test_when_too_much_is_asked_at_once_the_gateway_tells_again_later(
    payer: Payer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "MOST", 1)
    monkeypatch.setattr(asking, "PAUSE", 60.0)
    word, other = ({"orderId": order} for order in (payer.order, "a" * 32))
    said(payer.buyer.till.post(WEBHOOK, json=word))
    busy = payer.buyer.till.post(WEBHOOK, json=other)
    problem(busy, 503, "till-busy")
    assert busy.headers["Retry-After"]


def test_ten_returns_at_once_take_the_money_once(payer: Payer) -> None:
    brought = payer.through_the_window()
    with ThreadPoolExecutor(5) as tabs:
        answers = list(tabs.map(lambda _: payer.comes_back(brought), range(10)))

    assert {answer.json()["status"] for answer in answers} == {"paid"}
    assert payer.fake.money == payer.placed["total"]


def test_the_registry_is_what_the_settings_say() -> None:
    assert list(gateways()) == ["test"]
