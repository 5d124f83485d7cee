"""Looking for the address on a phone by keyboard; and typing it when nobody answers."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.journeys.keyboard import Keyboard
from tests.journeys.people import Guest
from tests.journeys.server import SHOW
from tests.journeys.test_accessibility import complaints
from tests.serving import served
from tests.web.address_search.juso import KEY, FakeJuso

BAGELS = "플레인 베이글 5개"


@pytest.fixture
def juso(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeJuso]:
    service = FakeJuso()
    with served(service.app) as address:
        monkeypatch.setenv("GOLMOK_JUSO_KEY", KEY)
        monkeypatch.setenv("GOLMOK_JUSO_API", address)
        yield service


@pytest.mark.usefixtures("juso")
def test_an_address_is_looked_up_and_completed(juso: FakeJuso, guest: Guest) -> None:
    hands, page = Keyboard(guest.page), guest.page
    order_a_parcel(guest, hands)
    hands.press("주소 찾기")
    words = page.get_by_role("combobox", name="도로 이름과 번호, 건물 이름이나 번지")
    expect(words).to_be_focused()
    page.keyboard.insert_text("난곡로")
    expect(page.get_by_role("option")).to_have_count(2)
    expect(page.get_by_text("2곳을 찾았어요")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("option", name="08822 서울특별시 관악구 난곡로 120")).to_have_attribute(
        "aria-selected", "true"
    )
    guest.picture_of("address-list-phone")
    assert complaints(page) == []
    page.keyboard.press("Enter")
    address = page.get_by_role("textbox", name="주소", exact=True)
    expect(address).to_be_focused()
    page.keyboard.insert_text("101동 202호")
    expect(address).to_have_value("서울특별시 관악구 난곡로 120 (신림동) 101동 202호")
    expect(page.get_by_role("textbox", name="우편번호")).to_have_value("08822")
    guest.picture_of("address-filled-phone")
    assert complaints(page) == []
    hands.tick("마음이 바뀌어도 반품할 수 없다는 점을 확인했어요")
    hands.press(re.compile("결제하기$"))
    expect(page.get_by_role("button", name="결제 승인하기")).to_be_visible()


@pytest.mark.usefixtures("juso")
def test_the_keys_close_the_list_and_never_the_sheet(juso: FakeJuso, guest: Guest) -> None:
    hands, page = Keyboard(guest.page), guest.page
    order_a_parcel(guest, hands)
    hands.press("주소 찾기")
    page.keyboard.insert_text("첨단로")
    expect(page.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.get_by_role("option")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(hands.button("주소 찾기")).to_be_focused()
    expect(page.get_by_role("dialog", name="주문하기")).to_be_visible()


@pytest.mark.usefixtures("juso")
def test_without_an_answer_it_is_typed_by_hand(juso: FakeJuso, guest: Guest) -> None:
    juso.fault = "500"
    hands, page = Keyboard(guest.page), guest.page
    order_a_parcel(guest, hands)
    hands.press("주소 찾기")
    page.keyboard.insert_text("난곡로 12")
    expect(page.get_by_text("우편번호와 주소를 직접 입력해 주세요")).to_be_in_viewport()
    guest.picture_of("address-down-phone")
    hands.write("우편번호", "08754")
    hands.write("주소", "서울 관악구 난곡로 12")
    hands.tick("마음이 바뀌어도 반품할 수 없다는 점을 확인했어요")
    hands.press(re.compile("결제하기$"))
    expect(page.get_by_role("button", name="결제 승인하기")).to_be_visible()


def order_a_parcel(guest: Guest, hands: Keyboard) -> None:
    guest.page.goto(f"{guest.server.address}/shows/{SHOW}/")
    hands.press(BAGELS)
    hands.press("바로 사기")
    hands.reach(guest.page.get_by_role("radio", name="가게에서 찾기"))
    guest.page.keyboard.press("ArrowDown")
    hands.write("이름", "김서울")
    hands.write("전화번호", "010-1234-5678")
