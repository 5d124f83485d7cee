"""axe finds nothing to complain of on any page, as people meet them on their way."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.people import AT_REST, DESK, PHONE, Guest, Merchant, Person
from tests.journeys.server import SHOW, Server

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
RUN = """async () => {
  const { violations } = await axe.run(document);
  return violations.flatMap(({ id, help, nodes }) => nodes.map(({ target }) => `${id} (${help}): ${target}`));
}"""
RICE_CAKES = "콩고물 인절미"


class Inspection:
    """Gathers what is wrong, so that one walk shows all of it."""

    def __init__(self) -> None:
        self.complaints: list[str] = []

    def of(self, person: Person, name: str) -> None:
        person.picture_of(f"axe-{name}")
        self.complaints += [f"{name}: {complaint}" for complaint in complaints(person.page)]

    def of_both_sizes(self, person: Person, name: str) -> None:
        for where, device in (("phone", PHONE), ("desk", DESK)):
            person.page.set_viewport_size(device["viewport"])
            self.of(person, f"{name}-{where}")


def complaints(page: Page) -> list[str]:
    page.evaluate(f"{AXE.read_text()};0")
    page.evaluate(AT_REST)
    found: list[str] = page.evaluate(RUN)
    return found


@pytest.mark.skipif(not AXE.is_file(), reason="axe comes with the packages of the browser code: npm ci")
def test_nothing_shuts_anybody_out(
    merchant: Merchant, guest: Guest, passer_by: Guest, server: Server
) -> None:
    seen = Inspection()
    show = f"/shows/{SHOW}/"
    for person, where in ((guest, "phone"), (passer_by, "desk")):
        for language in ("", "/en"):
            person.page.goto(f"{server.address}{language}/")
            seen.of(person, f"home{language.replace('/', '-')}-{where}")
            person.page.goto(f"{server.address}{language}{show}")
            seen.of(person, f"before{language.replace('/', '-')}-{where}")
    guest.page.goto(f"{server.address}/accounts/login/")
    seen.of(guest, "login-phone")

    merchant.log_in()
    expect(merchant.button("방송 시작")).to_be_visible()
    seen.of_both_sizes(merchant, "studio-prepare")
    merchant.button("방송 시작").click()
    merchant.is_on_air()
    merchant.pin(RICE_CAKES)
    merchant.say("어서 오세요")
    seen.of_both_sizes(merchant, "studio-live")

    guest.visit()
    guest.sees_the_picture_move()
    seen.of(guest, "live-phone")
    passer_by.page.goto(f"{server.address}/")
    expect(passer_by.page.get_by_role("main")).to_contain_text("명 보는 중")
    seen.of(passer_by, "home-live-desk")
    passer_by.page.goto(f"{server.address}/en{show}")
    passer_by.sees_the_picture_move()
    seen.of(passer_by, "live-en-desk")
    buy(guest, seen)

    merchant.end()
    seen.of(merchant, "studio-over")
    expect(passer_by.page.locator("[data-stage]")).to_have_attribute("data-scene", "over")
    seen.of(passer_by, "over-en-desk")
    guest.visit()
    guest.sees_the_picture_move()
    seen.of(guest, "replay-phone")
    passer_by.page.goto(f"{server.address}/")
    seen.of(passer_by, "home-after-desk")
    assert not seen.complaints, "\n".join(seen.complaints)


def buy(guest: Guest, seen: Inspection) -> None:
    guest.pinned.get_by_role("button", name="구매", exact=True).click()
    expect(guest.button("바로 사기")).to_be_visible()
    seen.of(guest, "product-sheet-phone")
    guest.button("장바구니에 담기").click()
    guest.button("장바구니, 1개 담았어요").first.click()
    expect(guest.button("주문하기")).to_be_visible()
    seen.of(guest, "cart-phone")
    guest.button("주문하기").click()
    checkout = guest.page.get_by_role("dialog", name="주문하기")
    expect(checkout).to_be_visible()
    seen.of(guest, "checkout-phone")
    checkout.get_by_role("button", name="결제하기").click()
    expect(checkout.get_by_text("받는 분 이름을 적어 주세요")).to_be_visible()
    seen.of(guest, "checkout-refused-phone")
    checkout.get_by_label("이름").fill("김서울")
    checkout.get_by_label("전화번호").fill("010-1234-5678")
    checkout.get_by_role("checkbox").check()
    checkout.get_by_role("button", name="결제하기").click()
    expect(checkout.get_by_role("button", name="결제 승인하기")).to_be_visible()
    seen.of(guest, "payment-phone")
    checkout.get_by_role("button", name="결제 승인하기").click()
    guest.page.get_by_role("link", name="주문 내용 보기").click()
    expect(guest.page.get_by_role("main")).to_contain_text("결제했어요")
    seen.of(guest, "order-phone")
    guest.page.goto(f"{guest.server.address}/orders/")
    seen.of(guest, "orders-phone")
