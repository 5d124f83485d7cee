"""Buying on a phone's screen, in Korean, by keyboard alone: as in English, with words of its own."""

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.journeys.keyboard import Keyboard
from tests.journeys.people import Guest
from tests.journeys.test_buying import short_holds

__all__ = ["short_holds"]

BAGELS, RICE_CAKES = "플레인 베이글 5개", "콩고물 인절미"
PAY = re.compile("원 결제하기$")
PICK_UP = re.compile("찾아가기|가게에서 찾기")


def test_two_shops_in_one_payment(guest: Guest) -> None:
    hands = visit(guest)
    for product in (BAGELS, RICE_CAKES):
        hands.press(product)
        hands.press("장바구니에 담기")
    hands.press("장바구니, 2개 담았어요", "Shift+Tab")
    cart = guest.page.get_by_role("dialog", name="장바구니")
    expect(cart.get_by_role("listitem")).to_have_count(2)
    hands.press("주문하기")

    checkout = checkout_of(guest)
    hands.reach(checkout.get_by_role("radio", name=PICK_UP).nth(1))
    guest.page.keyboard.press("ArrowDown")
    fill_in(hands)
    hands.write("우편번호", "08822")
    hands.write("주소", "서울 관악구 난곡로 12")
    agree(hands)
    guest.picture_of("checkout-two-ko-phone")
    hands.press(PAY)
    hands.press("결제 승인하기")
    expect(checkout.get_by_role("heading", name="주문이 완료됐어요")).to_be_focused()
    expect(checkout.get_by_text("주문 번호")).to_have_count(2)
    hands.reach(checkout.get_by_role("link", name="주문 내용 보기"))
    guest.page.keyboard.press("Enter")
    expect(guest.page.get_by_role("heading", name="내 주문")).to_be_visible()
    expect(guest.page.get_by_role("main")).to_contain_text("가게 2곳, 모두")


def test_a_refused_payment_is_tried_again_after_a_reload(guest: Guest) -> None:
    hands = visit(guest)
    buy_now(hands)
    fill_in(hands)
    agree(hands)
    hands.press(PAY)
    hands.press("결제 거절해 보기")
    checkout = checkout_of(guest)
    expect(checkout.get_by_role("alert")).to_contain_text("돈은 나가지 않았고 상품은 아직 맡아 두고")

    guest.page.reload()
    expect(checkout.get_by_role("heading", name="시험 결제")).to_be_visible()
    hands.press("결제 승인하기")
    expect(checkout).to_contain_text("주문이 완료됐어요")


@pytest.mark.usefixtures("short_holds")
def test_goods_whose_time_ran_out_are_taken_again(guest: Guest) -> None:
    hands = visit(guest)
    buy_now(hands)
    hands.write("이름", "김서울")
    checkout = checkout_of(guest)
    expect(checkout.get_by_role("heading", name="맡아 둔 시간이 끝났어요")).to_be_focused()
    expect(checkout).to_contain_text("돈은 나가지 않았고")
    guest.picture_of("over-ko-phone")

    hands.press("다시 맡아 두고 주문하기")
    hands.press("시간이 더 필요해요")
    expect(checkout.get_by_role("textbox", name="이름", exact=True)).to_have_value("김서울")
    hands.write("전화번호", "010-1234-5678")
    agree(hands)
    hands.press(PAY)
    hands.press("결제 승인하기")
    expect(checkout).to_contain_text("주문이 완료됐어요")


def visit(guest: Guest) -> Keyboard:
    guest.visit()
    expect(guest.button("장바구니, 비어 있어요").first).to_be_visible()
    return Keyboard(guest.page)


def buy_now(hands: Keyboard) -> None:
    hands.press(BAGELS)
    hands.press("바로 사기")


def fill_in(hands: Keyboard) -> None:
    hands.write("이름", "김서울")
    hands.write("전화번호", "010-1234-5678")


def agree(hands: Keyboard) -> None:
    hands.tick("마음이 바뀌어도 반품할 수 없다는 점을 확인했어요")


def checkout_of(guest: Guest) -> Locator:
    return guest.page.get_by_role("dialog", name="주문하기")
