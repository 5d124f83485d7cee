"""A guest who lost their phone finds the order on another one, by keyboard, with what the mail told."""

import email
import re
from collections.abc import Iterator
from email.message import EmailMessage
from email.policy import default
from typing import cast

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.keyboard import Keyboard
from tests.journeys.people import Guest, until
from tests.journeys.server import SHOW, Server
from tests.journeys.test_accessibility import complaints
from tests.web.accounts.post_office import PostOffice, post_office

BAGELS = "Plain bagels, 5"
ADDRESS = "guest@example.com"


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch) -> Iterator[PostOffice]:
    with post_office() as office:
        monkeypatch.setenv("GOLMOK_MAIL_URL", f"smtp://127.0.0.1:{office.port}")
        yield office


@pytest.fixture
def other_phone(office: PostOffice, server: Server, browser: Browser) -> Iterator[Guest]:
    with browser.new_context(**Guest.DEVICE) as context:
        yield Guest(context, server)


@pytest.mark.usefixtures("office")
def test_an_order_is_found_on_another_phone(office: PostOffice, guest: Guest, other_phone: Guest) -> None:
    buy_unpaid(guest)
    guest.page.goto(f"{guest.server.address}/en/orders/")
    guest.page.get_by_role("link", name="D'light").first.click()
    number = re.search(r"\d{6}-[a-z0-9]{8}", guest.page.get_by_role("main").inner_text())
    assert number

    page, hands = other_phone.page, Keyboard(other_phone.page)
    page.goto(f"{other_phone.server.address}/en/orders/")
    hands.reach(page.get_by_role("link", name="Find an order from another device"))
    page.keyboard.press("Enter")
    hands.write("Order number", number[0].upper().replace("-", " "))
    hands.write("Phone", "010 9999 9999")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("No order matches")
    other_phone.picture_of("find-refused-en-phone")
    assert complaints(page) == []
    hands.reach(page.get_by_role("textbox", name="Phone"))
    page.keyboard.press("Control+A")
    page.keyboard.insert_text("010 1234 5678")
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_contain_text(number[0])
    other_phone.picture_of("found-en-phone")
    hands.press(re.compile("^Pay ₩"))
    expect(page.get_by_role("main")).to_contain_text("Paid")
    assert complaints(page) == []

    until(page, lambda: bool(office.letters), lambda: "no letter came")
    letter = letter_of(office)
    assert letter["To"] == ADDRESS and "Plain bagels" in letter["Subject"]
    address = re.search(r"http://\S+/en/orders/find/\?number=\S+", body_of(letter))
    assert address and number[0] in address[0]
    other_phone.page.goto(address[0])
    expect(page).to_have_url(re.compile(f"/en/orders/{number[0]}/"))


def test_the_page_of_another_ones_order_leads_to_the_form(other_phone: Guest) -> None:
    page, hands = other_phone.page, Keyboard(other_phone.page)
    page.goto(f"{other_phone.server.address}/orders/220720-k7m4pqxw/")
    expect(page.get_by_role("heading", name="여기서는 이 주문을 볼 수 없어요")).to_be_visible()
    assert complaints(page) == []
    other_phone.picture_of("no-order-phone")
    hands.reach(page.get_by_role("main").get_by_role("link", name="주문 찾기"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("textbox", name="주문 번호")).to_have_value("220720-k7m4pqxw")
    hands.press("주문 찾기")
    expect(page.get_by_text("휴대폰 번호를 010-1234-5678처럼 적어 주세요")).to_be_visible()
    assert complaints(page) == []
    other_phone.picture_of("find-form-phone")


def buy_unpaid(guest: Guest) -> None:
    """Ordered, and the payment left for later."""
    hands = Keyboard(guest.page)
    guest.page.goto(f"{guest.server.address}/en/shows/{SHOW}/")
    hands.press(BAGELS)
    hands.press("Buy now")
    hands.write("Name", "김서울")
    hands.write("Phone", "010-1234-5678")
    hands.write("E-mail Optional", ADDRESS)
    hands.tick("I know it cannot be returned")
    guest.picture_of("checkout-mail-en-phone")
    hands.press(re.compile("^Pay ₩"))
    dialog = guest.page.get_by_role("dialog", name="Your order")
    expect(dialog.get_by_role("button", name="Approve the payment")).to_be_visible()


def letter_of(office: PostOffice) -> EmailMessage:
    return email.message_from_bytes(office.letters[0], EmailMessage, policy=default)


def body_of(letter: EmailMessage) -> str:
    words = cast(EmailMessage, letter.get_body(("plain",)))
    return cast(str, words.get_content())
