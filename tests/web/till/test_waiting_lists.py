"""The waiting lists over HTTP."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TypeVar

import httpx
import pytest
from django.db import connection
from starlette.applications import Starlette

from golmok.configuration import CONFIGURATION
from golmok.domain.orders.actions import give_up_checkout, mark_sold_out, put_on_sale, wait_for
from golmok.domain.orders.models import Checkout, Waiting
from golmok.domain.orders.till.start import Line
from golmok.domain.orders.till.writer import Writer
from golmok.web.till import open_places, waiting
from golmok.web.till.waiting import PATH, WaitingLists
from tests.buying import hold
from tests.serving import served
from tests.web.api.browser import Browser
from tests.web.api.browser import said as django_said
from tests.web.festa_day import FestaDay
from tests.web.till.buyer import Buyer, problem, said

T = TypeVar("T")
HOME, CAFE = "203.0.113.9", "2001:db8:1:2::7"


async def ask(question: Callable[..., T], *of: object) -> T:
    def answer() -> T:
        try:
            return question(*of)
        finally:
            connection.close()

    return await asyncio.to_thread(answer)


@pytest.fixture
def lists(day: FestaDay) -> Iterator[httpx.Client]:
    writer = Writer()
    writer.start()
    try:
        with (
            served(Starlette(routes=WaitingLists(writer, ask).routes)) as where,
            httpx.Client(base_url=where) as client,
        ):
            yield client
    finally:
        writer.stop()


class Houses:
    """Waiting lists that let two from each address wait, as guests ask them from wherever they are."""

    def __init__(self, day: FestaDay, writer: Writer) -> None:
        self._app = Starlette(routes=WaitingLists(writer, ask).routes)
        self._variant = day.variant.pk

    def send(self, method: str, guest: Buyer, address: str) -> httpx.Response:
        return asyncio.run(self._answer(method, guest, address))

    async def _answer(self, method: str, guest: Buyer, address: str) -> httpx.Response:
        way = httpx.ASGITransport(self._app, client=(address, 4711))
        async with httpx.AsyncClient(
            transport=way, base_url="http://golmok", headers=guest.headers
        ) as client:
            body = b"{}" if method == "PUT" else b""
            return await client.request(method, f"{PATH}/{self._variant}", content=body)


@pytest.fixture
def houses(day: FestaDay, monkeypatch: pytest.MonkeyPatch) -> Iterator[Houses]:
    monkeypatch.setattr(waiting, "CONFIGURATION", replace(CONFIGURATION, waiting_per_address=2))
    monkeypatch.setattr(open_places, "ASK_SECONDS", 0)
    writer = Writer()
    writer.start()
    try:
        yield Houses(day, writer)
    finally:
        writer.stop()


@pytest.fixture
def kept(day: FestaDay) -> Checkout:
    """All five, by somebody else."""
    return hold(day.variant, 5, buyer="guest:a")


def waits(buyer: Buyer, day: FestaDay, **wish: object) -> httpx.Response:
    return buyer.send("PUT", f"{PATH}/{day.variant.pk}", {"show": day.show.pk} | wish)


def test_a_place_is_taken_seen_and_left(day: FestaDay, kept: Checkout, lists: httpx.Client) -> None:
    first, second = Buyer(lists), Buyer(lists)
    said(waits(first, day))
    shown = said(waits(second, day, quantity=2))
    place = {"variant": day.variant.pk, "show": day.show.pk, "quantity": 2, "place": 2}
    assert shown == {"waiting": [place], "checkout": None}
    assert said(first.send("DELETE", f"{PATH}/{day.variant.pk}")) == {"waiting": [], "checkout": None}
    assert said(second.send("GET", PATH))["waiting"] == [place | {"place": 1}]


def test_whose_turn_came_finds_what_is_kept(day: FestaDay, kept: Checkout, lists: httpx.Client) -> None:
    guest = Buyer(lists)
    said(waits(guest, day, quantity=2))
    give_up_checkout(kept.pk, "guest:a")
    shown = said(guest.send("GET", PATH))
    assert shown["waiting"] == []
    assert [line["quantity"] for line in shown["checkout"]["lines"]] == [2]
    assert shown["checkout"]["seconds_left"] > 500


def test_a_list_is_no_way_around_the_line(day: FestaDay, lists: httpx.Client) -> None:
    guest = Buyer(lists)
    problem(waits(guest, day, quantity=2), 409, "still-left")
    assert said(guest.send("GET", PATH)) == {"waiting": [], "checkout": None}


def test_an_address_is_kept_without_what_no_database_takes(
    day: FestaDay, kept: Checkout, lists: httpx.Client
) -> None:
    said(waits(Buyer(lists), day, email=" a\u0000@example.com"))
    assert Waiting.objects.get().email == "a@example.com"


def test_the_one_request_of_a_page_knows_it_too(day: FestaDay, kept: Checkout, lists: httpx.Client) -> None:
    browser = Browser()
    me = django_said(browser.post("/me/buyer"))
    said(waits(Buyer(lists, token=me["buyer_pass"]), day))
    assert [place["place"] for place in django_said(browser.get("/me"))["waiting"]] == [1]


def test_what_the_merchant_closed_can_be_waited_for(day: FestaDay, lists: httpx.Client) -> None:
    mark_sold_out(day.variant, day.show, day.merchant)
    assert [place["place"] for place in said(waits(Buyer(lists), day))["waiting"]] == [1]


def test_what_cannot_be_waited_for_is_refused_in_words(
    day: FestaDay, kept: Checkout, lists: httpx.Client
) -> None:
    guest = Buyer(lists)
    problem(waits(guest, day, show="elsewhere"), 409, "product-not-in-show")
    errors = problem(waits(guest, day, email="nowhere"), 422, "form-invalid")["errors"]
    assert errors == {"email": "이메일을 name@example.com처럼 적어 주세요."}
    assert set(problem(waits(guest, day, quantity=0), 422, "form-invalid")["errors"]) == {"quantity"}
    problem(guest.send("PUT", f"{PATH}/{2**80}", {}), 404, "not-here")
    assert Waiting.objects.count() == 0


def test_a_list_is_not_for_one_address_alone(day: FestaDay, kept: Checkout, houses: Houses) -> None:
    guests = [Buyer(httpx.Client()) for _ in range(4)]
    for guest in guests[:2]:
        said(houses.send("PUT", guest, HOME))
    refusal = problem(houses.send("PUT", guests[2], HOME), 429, "many-wait-from-here")
    assert "2명까지" in refusal["detail"]
    said(houses.send("PUT", guests[0], HOME))
    said(houses.send("PUT", guests[2], CAFE))
    said(houses.send("DELETE", guests[0], HOME))
    said(houses.send("PUT", guests[3], HOME))


def test_whose_turn_came_makes_room_for_others_of_their_address(
    day: FestaDay, kept: Checkout, houses: Houses
) -> None:
    guests = [Buyer(httpx.Client()) for _ in range(3)]
    for guest in guests[:2]:
        said(houses.send("PUT", guest, HOME))
    put_on_sale(day.variant, 6)
    said(houses.send("PUT", guests[2], HOME))


def test_of_a_long_list_more_may_be_of_one_address(day: FestaDay, kept: Checkout, houses: Houses) -> None:
    for number in range(13):
        line = Line(day.variant.pk, 1)
        wait_for(buyer=f"guest:{number}", line=line)
    for _ in range(3):
        said(houses.send("PUT", Buyer(httpx.Client()), HOME))
    problem(houses.send("PUT", Buyer(httpx.Client()), HOME), 429, "many-wait-from-here")


def test_the_way_in_is_the_buyers_pass(day: FestaDay, kept: Checkout, lists: httpx.Client) -> None:
    problem(waits(Buyer(lists, token="forged"), day), 401, "buyer-pass-missing")
    wrong = Buyer(lists).send("POST", f"{PATH}/{day.variant.pk}", {})
    problem(wrong, 405, "not-this-way")
    assert wrong.headers["Allow"] == "PUT, DELETE"
