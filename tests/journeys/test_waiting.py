"""Sold out on a phone: a place in the waiting list, and the turn that comes when somebody lets go."""

import re

from playwright.sync_api import Locator, expect

from tests.journeys.keyboard import Keyboard
from tests.journeys.people import Guest
from tests.journeys.server import SHOW
from tests.journeys.test_accessibility import AXE, complaints

FRAME = "손그림 고양이 액자"
FRAME_EN = "Hand-painted cat frame"
UNITS = 12


def product_of(guest: Guest) -> Locator:
    return guest.page.locator("#product")


def look(guest: Guest, name: str) -> None:
    guest.picture_of(name)
    if AXE.is_file():
        assert complaints(guest.page) == []


def keeps_all(passer_by: Guest) -> Locator:
    passer_by.visit()
    passer_by.button(FRAME).first.click()
    for _ in range(UNITS - 1):
        passer_by.button("하나 더하기").click()
    passer_by.button("바로 사기").click()
    checkout = passer_by.page.get_by_role("dialog", name="주문하기")
    expect(checkout.get_by_role("timer")).to_be_visible()
    return checkout


def test_who_waits_is_served_when_another_lets_go_and_buys(guest: Guest, passer_by: Guest) -> None:
    guest.visit()
    theirs = keeps_all(passer_by)
    card = guest.page.locator("[data-shelf] [data-product]").filter(has_text=FRAME)
    expect(card).to_contain_text("다 팔렸어요")
    guest.button(FRAME).first.click()
    product = product_of(guest)
    look(guest, "waiting-before-phone")
    product.get_by_role("button", name="하나 더하기").click()
    product.get_by_role("button", name="기다릴게요").click()
    expect(product.get_by_role("status").filter(has_text="대기 1번째")).to_contain_text(
        "2개를 기다리고 있어요"
    )
    expect(product.get_by_role("button", name="그만 기다리기")).to_be_focused()
    look(guest, "waiting-phone")

    guest.page.reload()
    guest.button(FRAME).first.click()
    expect(product).to_contain_text("대기 1번째")
    product.get_by_role("button", name="닫기").click()

    theirs.get_by_role("button", name="안 살래요").click()
    checkout = guest.page.get_by_role("dialog", name="주문하기")
    expect(checkout.get_by_role("status").filter(has_text="차례가 왔어요")).to_be_visible()
    expect(checkout).to_contain_text("2개")
    look(guest, "turn-phone")
    checkout.get_by_label("이름").fill("김서울")
    checkout.get_by_label("전화번호").fill("010-1234-5678")
    checkout.get_by_role("button", name=re.compile("결제하기")).click()
    checkout.get_by_role("button", name="결제 승인하기").click()
    expect(checkout).to_contain_text("주문이 완료됐어요")


def test_who_would_wait_for_what_came_back_unheard_buys_it(guest: Guest, passer_by: Guest) -> None:
    theirs = keeps_all(passer_by)
    guest.page.route("**/live/**", lambda route: route.abort())
    guest.visit()
    guest.button(FRAME).first.click()
    expect(product_of(guest).get_by_role("button", name="기다릴게요")).to_be_visible()
    with passer_by.page.expect_response(lambda answer: answer.request.method == "DELETE"):
        theirs.get_by_role("button", name="안 살래요").click()
    product_of(guest).get_by_role("button", name="기다릴게요").click()
    expect(guest.page.get_by_role("dialog", name="주문하기").get_by_role("timer")).to_be_visible()
    expect(product_of(guest)).to_be_hidden()


def test_a_place_is_taken_and_left_by_keyboard_in_english(guest: Guest, passer_by: Guest) -> None:
    keeps_all(passer_by)
    guest.page.goto(f"{guest.server.address}/en/shows/{SHOW}/")
    hands = Keyboard(guest.page)
    hands.press(FRAME_EN)
    hands.press("Wait for it")
    product = product_of(guest)
    expect(product.get_by_role("status").filter(has_text="No. 1 in the list")).to_be_visible()
    guest.picture_of("waiting-en-phone")
    expect(hands.button("Stop waiting")).to_be_focused()
    guest.page.keyboard.press("Enter")
    expect(hands.button("Wait for it")).to_be_focused()
    expect(product).not_to_contain_text("in the list")
