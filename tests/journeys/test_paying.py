"""Paying in the window of a gateway outside: it fails, is tried again, succeeds, and is cancelled."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.gateways.toss import CLIENT_KEY, SECRET_KEY, FakeToss
from tests.journeys.people import Guest, until
from tests.journeys.test_buying import buy_now, fill_in, visit
from tests.serving import served

PAY = re.compile("^Pay ₩")


@pytest.fixture
def toss(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeToss]:
    """Before the server starts, so that it finds the service in its environment."""
    fake = FakeToss()
    with served(fake.app) as address:
        fake.address = address
        monkeypatch.setenv("GOLMOK_PAYMENTS", "toss")
        monkeypatch.setenv("GOLMOK_TOSS_CLIENT_KEY", CLIENT_KEY)
        monkeypatch.setenv("GOLMOK_TOSS_SECRET_KEY", SECRET_KEY)
        monkeypatch.setenv("GOLMOK_TOSS_API", address)
        monkeypatch.setenv("GOLMOK_TOSS_SCRIPT", address + "/v2/standard")
        monkeypatch.setenv("GOLMOK_TOSS_METHODS", "card,virtual_account")
        yield fake


def in_the_window(guest: Guest, button: str) -> None:
    expect(guest.page.get_by_role("heading", name="모의 결제창")).to_be_visible()
    guest.page.get_by_role("button", name=button).click()


def test_a_payment_fails_is_retried_and_cancelled(toss: FakeToss, guest: Guest) -> None:
    page, hands = guest.page, visit(guest)
    buy_now(hands)
    fill_in(hands)
    hands.tick("I know it cannot be returned")
    hands.press(PAY)
    expect(page.get_by_text("neither asks for your card number")).to_be_visible()
    guest.picture_of("pay-toss-en-phone")
    hands.press("Pay by card or simple pay")

    in_the_window(guest, "취소")
    expect(page.get_by_role("alert")).to_contain_text("You closed the payment window")
    expect(page.get_by_role("heading", name="Not paid yet")).to_be_visible()
    guest.picture_of("pay-closed-en-phone")
    guest.button("Pay by card or simple pay").click()

    in_the_window(guest, "한도 초과 카드")
    expect(page.get_by_role("alert")).to_contain_text("EXCEED_MAX_AMOUNT")
    guest.picture_of("pay-refused-en-phone")
    page.reload()
    expect(page.get_by_role("heading", name="Not paid yet")).to_be_visible()
    guest.button("Pay by card or simple pay").click()

    in_the_window(guest, "결제하기")
    expect(page.get_by_role("heading", name="Your order is complete")).to_be_focused()
    guest.picture_of("pay-done-en-phone")
    page.reload()
    expect(page.get_by_role("heading", name="Your order is complete")).to_be_visible()
    assert toss.money > 0

    page.get_by_role("link", name="See the order").click()
    page.get_by_text("Cancel the order").click()
    guest.picture_of("cancel-en-phone")
    guest.button("Cancel this order").click()
    expect(page.get_by_text("You cancelled this order")).to_be_visible()
    until(page, lambda: toss.money == 0, lambda: "the money did not go back")
    page.reload()
    expect(page.get_by_text("the money was given back")).to_be_visible()
    guest.picture_of("cancelled-en-phone")


def test_a_buyer_waits_while_nobody_knows(toss: FakeToss, guest: Guest) -> None:
    page, hands = guest.page, visit(guest)
    buy_now(hands)
    fill_in(hands)
    hands.tick("I know it cannot be returned")
    hands.press(PAY)
    hands.press("Pay by card or simple pay")
    expect(page.get_by_role("heading", name="모의 결제창")).to_be_visible()
    toss.faults.lose_answer = 2
    in_the_window(guest, "결제하기")

    expect(page.get_by_role("status")).to_contain_text("do not pay again")
    expect(page.get_by_role("heading", name="Your order is complete")).to_be_visible()


def test_a_virtual_account_says_where_to_send_the_money(toss: FakeToss, guest: Guest) -> None:
    page, hands = guest.page, visit(guest)
    buy_now(hands)
    fill_in(hands)
    hands.tick("I know it cannot be returned")
    hands.press(PAY)
    hands.press("Pay to a virtual account")
    in_the_window(guest, "결제하기")

    expect(page.get_by_role("heading", name="Waiting for your transfer")).to_be_visible()
    expect(page.get_by_text("X6505636518308")).to_be_visible()
    guest.picture_of("pay-transfer-en-phone")
    toss.send_to = f"{guest.server.address}/api/v1/payments/toss/webhook"
    toss.deposit(next(iter(toss.payments.values()))["orderId"])
    page.reload()
    expect(page.get_by_role("heading", name="Your order is complete")).to_be_visible()
