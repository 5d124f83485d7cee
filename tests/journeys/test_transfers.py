"""Bank transfer at phone size: where to send it is told, the organiser uploads the statement, it is paid."""

import re
from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.journeys.people import DESK, PASSWORD, Guest, Person
from tests.journeys.server import SHOW, Server
from tests.journeys.test_accessibility import complaints
from tests.journeys.test_buying import buy_now, fill_in, visit

ACCOUNT = {
    "GOLMOK_PAYMENTS": "toss,bank_transfer",
    "GOLMOK_TOSS_CLIENT_KEY": "test_ck_of_nobody",
    "GOLMOK_TOSS_SECRET_KEY": "test_sk_of_nobody",
    "GOLMOK_BANK_NAME": "국민은행",
    "GOLMOK_BANK_ACCOUNT": "123456-01-123456",
    "GOLMOK_BANK_HOLDER": "난곡상인회",
}


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before the server starts."""
    for name, value in ACCOUNT.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def organiser(account: None, server: Server, browser: Browser) -> Iterator[Person]:
    with browser.new_context(**DESK) as context:
        person = Person(context, server)
        person.page.goto(f"{server.address}/accounts/login/?next=/desk/orders/deposit/")
        person.page.get_by_label("아이디나 이메일").fill("organiser")
        person.page.get_by_label("비밀번호").first.fill(PASSWORD)
        person.page.get_by_role("main").get_by_role("button", name="로그인").click()
        yield person


def statement(name: str, amount: int) -> bytes:
    """As a bank gives it out: titles first, its own encoding."""
    at = datetime.now(ZoneInfo("Asia/Seoul"))
    row = f'{at:%Y.%m.%d %H:%M:%S},{name},"{amount:,}",0,"{amount:,}"'
    rows = f"거래내역조회\n거래일시,적요,입금액,출금액,잔액\n{row}\n"
    return rows.encode("cp949")


def choose(sheet: Locator, name: str) -> None:
    sheet.get_by_role("radio", name=name).check()


def test_a_transfer_is_chosen_sent_and_found_in_the_statement(
    account: None, guest: Guest, organiser: Person
) -> None:
    page = guest.page
    guest.page.goto(f"{guest.server.address}/shows/{SHOW}/")
    guest.button(re.compile("베이글")).first.click()
    guest.button("바로 사기").click()
    sheet = page.get_by_role("dialog", name="주문하기")
    sheet.get_by_role("textbox", name="이름", exact=True).fill("김서울")
    sheet.get_by_role("textbox", name="전화번호", exact=True).fill("010-1234-5678")
    choose(sheet, "계좌로 보내기")
    expect(sheet.get_by_label("입금자명")).to_have_value("김서울")
    guest.picture_of("transfer-form-phone")
    sheet.get_by_role("checkbox").check()
    sheet.get_by_role("button", name=re.compile("결제|주문")).last.click()
    expect(sheet).to_contain_text("현금영수증을 어떻게 할지 골라 주세요.")
    guest.picture_of("transfer-refused-phone")
    choose(sheet, "개인 소득공제")
    sheet.get_by_label("현금영수증 받을 휴대폰 번호").fill("010-9876-5432")
    assert complaints(page) == []
    sheet.get_by_role("button", name=re.compile("결제|주문")).last.click()

    card = sheet.get_by_role("region", name="이 계좌로 보내 주세요")
    for told in ("국민은행", "123456-01-123456", "난곡상인회", "김서울"):
        expect(card).to_contain_text(told)
    expect(sheet.get_by_role("timer")).to_be_hidden()
    assert complaints(page) == []
    guest.picture_of("transfer-account-phone")
    amount = int(re.sub(r"\D", "", card.locator("[data-slot=transfer-amount]").inner_text()))

    page.goto(f"{guest.server.address}/orders/")
    page.get_by_role("link", name=re.compile("디라이트")).first.click()
    page.get_by_role("link", name=re.compile("결제")).first.click()
    expect(page.get_by_role("region", name="이 계좌로 보내 주세요")).to_contain_text("123456-01-123456")
    guest.picture_of("transfer-later-phone")

    desk = organiser.page
    desk.reload()
    expect(desk.get_by_role("row", name=re.compile("김서울"))).to_contain_text(f"{amount:,}원")
    desk.get_by_label("파일 (CSV, 엑셀)").set_input_files(
        {"name": "거래내역.csv", "mimeType": "text/csv", "buffer": statement("김 서울", amount)}
    )
    desk.get_by_role("button", name="거래내역 읽기").click()
    expect(desk.get_by_text("1건이 주문을 찾았어요")).to_be_visible()
    organiser.picture_of("transfer-desk")

    page.reload()
    expect(page.get_by_role("heading", name="주문이 완료됐어요")).to_be_visible()
    guest.picture_of("transfer-paid-phone")


def test_a_transfer_in_english_by_keyboard(account: None, guest: Guest) -> None:
    page, hands = guest.page, visit(guest)
    buy_now(hands)
    fill_in(hands)
    sheet = page.get_by_role("dialog", name="Your order")
    hands.reach(sheet.locator("[name=gateway][value=toss]"))
    page.keyboard.press("ArrowDown")
    expect(sheet.get_by_label("Depositor’s name")).to_have_value("김서울")
    hands.reach(sheet.get_by_role("radio", name=re.compile("For a person")))
    page.keyboard.press("ArrowUp")
    expect(sheet.get_by_role("radio", name="Not needed")).to_be_checked()
    hands.tick("I know it cannot be returned")
    guest.picture_of("transfer-form-en-phone")
    hands.press(re.compile("^Pay ₩"))
    card = sheet.get_by_role("region", name=re.compile("account"))
    expect(card).to_contain_text("123456-01-123456")
    guest.picture_of("transfer-account-en-phone")
    page.reload()
    expect(sheet).to_contain_text("123456-01-123456")
    hands.press("No thanks, put it back")
    expect(sheet).to_be_hidden()
    page.reload()
    expect(guest.button("Cart, empty").first).to_be_visible()
    expect(sheet).to_be_hidden()
