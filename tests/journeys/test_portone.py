"""Paying in PortOne's window, over the page on a desktop, away from it on a phone: declined, then paid."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, expect

from tests.gateways.portone import FakePortOne, portone
from tests.journeys.people import DESK, Guest
from tests.journeys.server import Server
from tests.journeys.test_buying import buy_now, fill_in, visit

BUTTON = "Pay by card or simple pay"


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakePortOne]:
    """Before the server starts, so that it finds the service in its environment."""
    with portone() as service:
        chosen = service.settings()
        monkeypatch.setenv("GOLMOK_PAYMENTS", "portone")
        for name in ("store_id", "channel_key", "api_secret", "webhook_secret", "api", "script"):
            monkeypatch.setenv(f"GOLMOK_PORTONE_{name.upper()}", getattr(chosen, name))
        yield service


def order(guest: Guest) -> None:
    hands = visit(guest)
    buy_now(hands)
    fill_in(hands)
    hands.tick("I know it cannot be returned")
    guest.page.get_by_role("dialog", name="Your order").locator("[data-pay]").click()


def decide(window: Page | FrameLocator, button: str) -> None:
    expect(window.get_by_role("heading", name="PortOne")).to_be_visible()
    window.get_by_role("button", name=button).click()


def test_on_a_phone_the_page_goes_there_and_comes_back(fake: FakePortOne, guest: Guest) -> None:
    page = guest.page
    order(guest)
    guest.button(BUTTON).click()
    decide(page, "거절")
    expect(page.get_by_role("alert")).to_contain_text("한도를 넘었어요")
    guest.picture_of("portone-declined-en-phone")
    guest.button(BUTTON).click()
    decide(page, "결제하기")
    expect(page.get_by_role("heading", name="Your order is complete")).to_be_visible()
    guest.picture_of("portone-paid-en-phone")
    assert sorted(one["status"] for one in fake.payments.values()) == ["FAILED", "PAID"]


def test_on_a_desktop_it_lies_over_the_page(fake: FakePortOne, server: Server, browser: Browser) -> None:
    with browser.new_context(**DESK) as context:
        guest = Guest(context, server)
        page, window = guest.page, guest.page.frame_locator("iframe[title=PortOne]")
        order(guest)
        guest.button(BUTTON).click()
        decide(window, "거절")
        expect(page.get_by_role("alert").filter(has_text="한도를 넘었어요")).to_be_visible()
        guest.picture_of("portone-declined-en-desk")
        guest.button(BUTTON).click()
        decide(window, "결제하기")
        expect(page.get_by_role("heading", name="Your order is complete")).to_be_visible()
        assert sorted(one["status"] for one in fake.payments.values()) == ["FAILED", "PAID"]
