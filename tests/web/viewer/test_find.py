"""A guest's order is found again by number and phone, and by nothing less."""

from datetime import timedelta
from typing import cast
from unittest.mock import patch

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from golmok.domain.accounts.models import User
from golmok.domain.orders.adoption import adopt_guest
from golmok.domain.orders.finding import normal_number
from golmok.domain.orders.models import Checkout, Order
from golmok.problems import Problem
from golmok.web.till import passes
from tests.buying import hold, keep, pay, place
from tests.web.api.browser import Browser, problem, said
from tests.web.festa_day import FestaDay, make_offer, make_shop, open_festa_day
from tests.web.viewer.reading import Page

FIND = "/orders/find/"
PHONE = "010-1234-5678"
NOTHING = "맞는 주문이 없어요"


@pytest.fixture
def day(db: None) -> FestaDay:
    cache.clear()
    return open_festa_day()


@pytest.fixture
def checkout(day: FestaDay) -> Checkout:
    """Ordered by a guest in some other browser, and not paid yet."""
    return place(hold(day.variant, 2, "guest:elsewhere"), fulfilment="pickup")


@pytest.fixture
def order(checkout: Checkout) -> Order:
    return checkout.orders.get()


def find(client: Client, number: str, phone: str = PHONE, language: str = "") -> HttpResponse:
    answer = client.post(language + FIND, {"number": number, "phone": phone}, follow=True)
    return cast(HttpResponse, answer)


def text_of(answer: HttpResponse) -> str:
    return Page(answer.content.decode()).text


def test_number_and_phone_lead_to_the_order(order: Order) -> None:
    client = Client()
    assert client.get(f"/orders/{order.number}/").status_code == 404
    page = find(client, order.number)
    assert page["Cache-Control"] == "private, no-store"
    assert order.number in text_of(page) and "결제를 기다려요" in text_of(page)
    assert order.number in client.get("/orders/").content.decode()
    assert said(cast(HttpResponse, client.get("/api/v1/me")))["orders"] == 1


@pytest.mark.parametrize(
    "typed",
    ["{n}", " {n} ", "{N}", "{d} {r}", "{d}{r}", "{d}–{r}", "{wide}"],
    ids=["plain", "spaces", "capitals", "a space", "no dash", "another dash", "wide letters"],
)
@pytest.mark.parametrize("phone", [PHONE, "01012345678", "+82 10 1234 5678", "０１０-１２３４-５６７８"])
def test_people_type_as_they_like(order: Order, typed: str, phone: str) -> None:
    day, rest = order.number.split("-")
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in order.number)
    number = typed.format(n=order.number, N=order.number.upper(), d=day, r=rest, wide=wide)
    assert order.number in text_of(find(Client(), number, phone))


def test_what_is_no_number_says_how_one_looks(day: FestaDay) -> None:
    page = find(Client(), "12345", "02-123-4567")
    assert page.status_code == 422
    assert "주문 번호를 220720-k7m4pqxw처럼 적어 주세요" in text_of(page)
    assert "휴대폰 번호를 010-1234-5678처럼" in text_of(page)
    assert 'value="12345"' in page.content.decode()
    assert normal_number("") is None and normal_number("220720-k7m4pqx") is None


def test_wrong_number_and_wrong_phone_get_the_same_answer(order: Order) -> None:
    wrong_phone = find(Client(), order.number, "010-9999-9999")
    wrong_number = find(Client(), order.number[:-1] + ("a" if order.number[-1] != "a" else "b"))
    assert wrong_phone.status_code == wrong_number.status_code == 404
    assert NOTHING in text_of(wrong_phone)
    assert text_of(wrong_phone) == text_of(wrong_number)
    assert "found_orders" not in Client().session


def test_an_accounts_order_is_behind_its_log_in(day: FestaDay, order: Order) -> None:
    client = Client()
    find(client, order.number)
    adopt_guest("guest:elsewhere", User.objects.get(username="viewer"))
    assert client.get(f"/orders/{order.number}/").status_code == 404
    assert NOTHING in text_of(find(Client(), order.number))


def test_a_number_is_not_guessed_from_many_browsers(order: Order) -> None:
    for guess in range(10):
        assert find(Client(), order.number, f"010-0000-{guess:04}").status_code == 404
    refused = find(Client(), order.number)
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) <= 3600
    assert "너무 빠르게" in text_of(refused)


def test_one_browser_does_not_try_one_number_after_the_other(day: FestaDay) -> None:
    client = Client()
    client.get("/api/v1/me")
    Browser.buyer(browser := Browser())
    answers = [
        browser.post("/orders/find", {"number": f"220720-aaaaaaa{n}", "phone": PHONE}) for n in range(2, 9)
    ]
    answers += [
        browser.post("/orders/find", {"number": f"220720-bbbbbbb{n}", "phone": PHONE}) for n in range(2, 6)
    ]
    assert [answer.status_code for answer in answers] == [404] * 10 + [429]


def test_a_found_order_is_forgotten_after_a_day(order: Order) -> None:
    client = Client()
    find(client, order.number)
    later = (timezone.now() + timedelta(hours=24, minutes=1)).timestamp()
    with patch("golmok.web.accounts.found.time.time", lambda: later):
        assert client.get(f"/orders/{order.number}/").status_code == 404
        assert order.number not in client.get("/orders/").content.decode()
    assert client.get(f"/orders/{order.number}/").status_code == 200


def test_what_was_ordered_of_other_shops_stays_shut(day: FestaDay) -> None:
    bread = make_offer(make_shop(day.show.district, "빵집"), day.show)
    both = place(keep((day.variant, 1), (bread, 1), buyer="guest:elsewhere"), fulfilment="pickup")
    one, other = both.orders.all()
    client = Client()
    find(client, one.number)
    assert other.number not in client.get(f"/orders/{one.number}/").content.decode()
    assert client.get(f"/orders/{other.number}/").status_code == 404


def test_other_orders_of_the_same_guest_stay_shut(day: FestaDay, order: Order) -> None:
    other = place(hold(day.variant, 1, "guest:elsewhere"), fulfilment="pickup").orders.get()
    client = Client()
    find(client, order.number)
    assert client.get(f"/orders/{other.number}/").status_code == 404


def test_the_letters_address_fills_in_the_number_or_leads_on(order: Order) -> None:
    client, address = Client(), f"{FIND}?number={order.number}"
    form = client.get(address).content.decode()
    assert f'value="{order.number}"' in form
    find(client, order.number)
    assert client.get(address)["Location"] == f"/orders/{order.number}/"


def test_the_page_of_an_order_that_is_not_here_leads_to_finding_it(order: Order) -> None:
    page = Client().get(f"/en/orders/{order.number}/")
    assert page.status_code == 404
    assert f"/en/orders/find/?number={order.number}" in page.content.decode()
    assert "/orders/find/" in Client().get("/orders/").content.decode()


def test_a_found_order_can_be_cancelled(order: Order) -> None:
    browser = Browser()
    problem(browser.delete(f"/orders/{order.number}"), 404, "order-unknown")
    assert said(browser.post("/orders/find", {"number": order.number, "phone": PHONE}))["status"] == (
        "awaiting_payment"
    )
    assert said(browser.delete(f"/orders/{order.number}"))["status"] == "cancelled"


def test_a_found_order_lends_a_pass_for_its_checkout_alone(order: Order) -> None:
    browser = Browser()
    form = {"number": order.number, "phone": PHONE}
    token = said(browser.post("/orders/find", form))["buyer_pass"]
    assert passes.check(token, order.checkout_id.hex).buyer == "guest:elsewhere"
    for elsewhere in ("", "0" * 32):
        with pytest.raises(Problem) as refusal:
            passes.check(token, elsewhere)
        assert refusal.value.code == "buyer-pass-missing"


def test_there_is_no_pass_once_it_is_paid(order: Order) -> None:
    pay(order)
    form = {"number": order.number, "phone": PHONE}
    assert said(Browser().post("/orders/find", form))["buyer_pass"] is None


def test_a_form_of_another_page_is_refused(order: Order) -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.post(FIND, {"number": order.number, "phone": PHONE})
    assert answer.status_code == 403
