"""Buying on a phone's screen, in English, by keyboard alone: two shops at once, a refusal, lost time."""

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.journeys.keyboard import Keyboard
from tests.journeys.people import Guest
from tests.journeys.server import SHOW

BAGELS, RICE_CAKES = "Plain bagels, 5", "Soy-dusted injeolmi"
PAY = re.compile("^Pay ₩")
HOLD_SECONDS = "12"
"""Time to fill in the form by machine, on a busy one too; and soon over."""


@pytest.fixture
def short_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOLMOK_HOLD_SECONDS", HOLD_SECONDS)


def test_two_shops_in_one_payment(guest: Guest) -> None:
    hands = visit(guest)
    hands.press(BAGELS)
    hands.press("Add to cart")
    expect(guest.button("Cart, 1 piece").first).to_be_visible()
    hands.press(RICE_CAKES)
    hands.press("Add to cart")
    hands.press("Cart, 2 pieces", "Shift+Tab")

    cart = guest.page.get_by_role("dialog", name="Cart")
    expect(cart.get_by_role("listitem")).to_have_count(2)
    hands.press("One more")
    expect(cart.get_by_role("status").filter(has_text="2 × Plain bagels, 5, ₩30,000")).to_be_attached()
    expect(cart).to_contain_text("free if you add")
    hands.press(f"Remove {RICE_CAKES} 500 g")
    expect(cart).to_contain_text(f"{RICE_CAKES} 500 g removed")
    expect(hands.button("Undo")).to_be_focused()
    guest.page.keyboard.press("Enter")
    shops = cart.get_by_role("heading", level=3).locator("visible=true")
    expect(shops).to_have_text(["D'light", "Bareun Tteok"])
    expect(cart.get_by_role("listitem")).to_have_count(2)
    guest.picture_of("cart-en-phone")
    hands.press("Order")

    checkout = checkout_of(guest)
    hands.press("I need more time")
    expect(checkout).to_contain_text("You have more time now")
    expect(checkout.get_by_role("timer")).to_contain_text("19 min")
    pick_up_of_second = checkout.get_by_role("radio", name="Pick up").nth(1)
    hands.reach(pick_up_of_second)
    guest.page.keyboard.press("ArrowDown")
    expect(checkout).to_contain_text("Goods ₩42,000 + delivery ₩3,500")
    fill_in(hands)
    hands.write("Postcode", "08822")
    hands.write("Address", "12 Nangok-ro")
    hands.tick("I know it cannot be returned")
    guest.picture_of("checkout-two-en-phone")
    hands.press("Pay ₩45,500")
    hands.press("Approve the payment")
    expect(checkout.get_by_role("heading", name="Your order is complete")).to_be_focused()
    expect(checkout.get_by_text("Order number")).to_have_count(2)
    guest.picture_of("done-two-en-phone")

    hands.reach(checkout.get_by_role("link", name="See the order"))
    guest.page.keyboard.press("Enter")
    expect(guest.page.get_by_role("heading", name="My orders")).to_be_visible()
    expect(guest.page.get_by_role("main")).to_contain_text("2 shops, ₩45,500 in all")
    expect(guest.page.get_by_role("button", name="Cart", exact=True)).to_be_visible()
    guest.picture_of("orders-two-en-phone")


def test_a_refused_payment_is_tried_again_after_a_reload(guest: Guest) -> None:
    hands = visit(guest)
    buy_now(hands)
    fill_in(hands)
    hands.tick("I know it cannot be returned")
    hands.press(PAY)
    hands.press("Try a declined payment")
    checkout = checkout_of(guest)
    expect(checkout.get_by_role("alert")).to_contain_text("No money was taken")

    guest.page.reload()
    expect(checkout.get_by_role("heading", name="Test payment")).to_be_visible()
    hands.press("Approve the payment")
    expect(checkout).to_contain_text("Your order is complete")


@pytest.mark.usefixtures("short_holds")
def test_goods_whose_time_ran_out_are_taken_again(guest: Guest) -> None:
    hands = visit(guest)
    buy_now(hands)
    hands.write("Name", "김서울")
    checkout = checkout_of(guest)
    expect(checkout.get_by_role("heading", name="The time is up")).to_be_focused()
    expect(checkout).to_contain_text("No money was taken")
    guest.picture_of("over-en-phone")

    hands.press("Keep them again and order")
    hands.press("I need more time")
    expect(checkout.get_by_role("textbox", name="Name", exact=True)).to_have_value("김서울")
    hands.write("Phone", "010-1234-5678")
    hands.tick("I know it cannot be returned")
    hands.press(PAY)
    hands.press("Approve the payment")
    expect(checkout).to_contain_text("Your order is complete")


def visit(guest: Guest) -> Keyboard:
    guest.page.goto(f"{guest.server.address}/en/shows/{SHOW}/")
    expect(guest.button("Cart, empty").first).to_be_visible()
    return Keyboard(guest.page)


def buy_now(hands: Keyboard) -> None:
    hands.press(BAGELS)
    hands.press("Buy now")


def fill_in(hands: Keyboard) -> None:
    hands.write("Name", "김서울")
    hands.write("Phone", "010-1234-5678")


def checkout_of(guest: Guest) -> Locator:
    return guest.page.get_by_role("dialog", name="Your order")
