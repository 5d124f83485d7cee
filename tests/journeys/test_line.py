"""Waiting in the line before the till: a number, a reload, a closed sheet, and the goods in the end."""

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.journeys.keyboard import Keyboard
from tests.journeys.people import Guest
from tests.journeys.rush import Rush
from tests.journeys.server import SHOW, Server
from tests.journeys.test_accessibility import complaints

BAGELS = {"ko": "플레인 베이글 5개", "en": "Plain bagels, 5"}
BUY = {"ko": "바로 사기", "en": "Buy now"}
NOT_NOW = {"ko": "안 살래요. 상품 돌려놓기", "en": "No thanks, put it back"}


@pytest.fixture(autouse=True)
def one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOLMOK_TILL_AT_ONCE", "1")


def test_who_waits_may_reload_and_goes_on_to_the_checkout(guest: Guest, server: Server) -> None:
    guest.visit()
    hands = known_to_the_till(guest, "ko")
    line = guest.page.get_by_role("dialog", name="순서를 기다리고 있어요")
    with Rush(server).lasts():
        hands.press(BAGELS["ko"])
        hands.press(BUY["ko"])
        expect(line).to_contain_text("앞에 1명")
        expect(line).to_contain_text(re.compile("약 [0-9]+초"))
        expect(line).to_contain_text("내 번호 1번")
        guest.picture_of("line-ko-phone")
        assert complaints(guest.page) == []

        guest.page.reload()
        expect(line).to_contain_text("내 번호 1번")
        guest.page.keyboard.press("Escape")
        expect(line).to_be_hidden()
        guest.picture_of("line-closed-ko-phone")
        hands.press(re.compile("^앞에 1명 · 약"))
        expect(line).to_be_visible()
    checkout = guest.page.get_by_role("dialog", name="주문하기")
    expect(checkout.get_by_role("textbox", name="이름")).to_be_visible()
    expect(line).to_be_hidden()
    guest.page.reload()
    expect(checkout).to_be_visible()
    expect(line).to_be_hidden()


def test_who_leaves_waits_no_more(passer_by: Guest, server: Server) -> None:
    hands = english(passer_by)
    line = line_of(passer_by)
    with Rush(server).lasts():
        hands.press(BAGELS["en"])
        hands.press(BUY["en"])
        expect(line).to_contain_text("1 person ahead of you")
        passer_by.picture_of("line-en-desk")
        hands.press("Leave the line")
        expect(line).to_be_hidden()
        passer_by.page.reload()
        expect(hands.button(BAGELS["en"])).to_be_visible()
    expect(line).to_be_hidden()
    expect(passer_by.page.get_by_role("dialog", name="Your order")).to_be_hidden()


def test_who_waited_in_vain_is_told_so(guest: Guest, server: Server) -> None:
    hands = english(guest)
    rush = Rush(server)
    with rush.lasts():
        hands.press(BAGELS["en"])
        hands.press(BUY["en"])
        expect(line_of(guest)).to_contain_text("1 person ahead of you")
        rush.everything_sells = True
    expect(guest.page.get_by_role("dialog", name="Sold out").get_by_role("heading")).to_be_focused()
    guest.picture_of("line-sold-out-en-phone")
    assert complaints(guest.page) == []
    guest.page.keyboard.press("Escape")
    guest.page.reload()
    expect(hands.button(BAGELS["en"])).to_be_visible()
    expect(line_of(guest)).to_be_hidden()


def test_a_server_that_starts_again_gives_a_new_place_by_itself(guest: Guest, server: Server) -> None:
    hands = english(guest)
    with Rush(server).lasts():
        hands.press(BAGELS["en"])
        hands.press(BUY["en"])
        expect(line_of(guest)).to_contain_text("1 person ahead of you")
        server.kill()
    server.start()
    expect(guest.page.get_by_role("dialog", name="Your order")).to_be_visible()


def line_of(guest: Guest) -> Locator:
    return guest.page.get_by_role("dialog", name="You are in line")


def english(guest: Guest) -> Keyboard:
    guest.page.goto(f"{guest.server.address}/en/shows/{SHOW}/")
    return known_to_the_till(guest, "en")


def known_to_the_till(guest: Guest, language: str) -> Keyboard:
    """A guest who took something before and gave it back, and has a pass."""
    hands = Keyboard(guest.page)
    hands.press(BAGELS[language])
    hands.press(BUY[language])
    hands.press(NOT_NOW[language])
    expect(guest.page.locator("dialog[open]")).to_have_count(0)
    return hands
