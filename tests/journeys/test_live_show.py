"""A show from its start to a sale, seen from both sides of the counter."""

from playwright.sync_api import expect

from tests.journeys.people import Guest, Merchant

BAGELS = "블루베리 베이글 5개"
UNITS = 5
AT_ONCE_MS = 5_000
"""Ample for a busy machine; a page that waits for its next look at the server takes longer."""


def test_a_guest_watches_talks_and_buys_while_the_merchant_sells(
    merchant: Merchant, guest: Guest, passer_by: Guest
) -> None:
    guest.visit()
    guest.picture_of("show-before-phone")
    merchant.log_in()
    expect(merchant.button("방송 시작")).to_be_visible()
    merchant.picture_of("studio-prepare-desk")
    merchant.button("방송 시작").click()
    merchant.is_on_air()
    guest.sees_the_picture_move()

    merchant.pin(BAGELS)
    expect(guest.pinned).to_contain_text(BAGELS)
    expect(guest.pinned).to_contain_text(f"{UNITS}개 남음")

    guest.say("베이글 아직 따뜻한가요?", nickname="느티나무")
    expect(merchant.chat).to_contain_text("느티나무")
    expect(merchant.chat).to_contain_text("베이글 아직 따뜻한가요?")
    merchant.say("네, 방금 구웠어요!")
    reply = guest.chat.get_by_text("네, 방금 구웠어요!")
    expect(reply).to_contain_text("판매자")
    guest.picture_of("show-live-phone")
    merchant.picture_of("studio-live-desk")
    passer_by.visit()
    expect(passer_by.pinned).to_contain_text(f"{UNITS}개 남음")
    passer_by.sees_the_picture_move()
    passer_by.picture_of("show-live-desk")

    guest.pinned.get_by_role("button", name="구매", exact=True).click()
    guest.picture_of("product-sheet-phone")
    guest.button("바로 사기").click()
    expect(passer_by.pinned).to_contain_text(f"{UNITS - 1}개 남음", timeout=AT_ONCE_MS)
    number = order_and_pay(guest)
    expect(passer_by.chat).to_contain_text(f"{BAGELS} 1개를 주문했어요")
    expect(merchant.chat).to_contain_text("김*울 님이")
    guest.page.get_by_role("link", name="주문 내용 보기").click()
    expect(guest.page.get_by_role("main")).to_contain_text(number)
    expect(guest.page.get_by_role("main")).to_contain_text("결제했어요")
    guest.picture_of("order-phone")

    merchant.now_pinned.get_by_role("button", name=f"{BAGELS} 다 팔렸어요").click()
    expect(passer_by.pinned).to_contain_text("다 팔렸어요", timeout=AT_ONCE_MS)
    expect(passer_by.pinned.get_by_role("button", name="구매", exact=True)).to_have_count(0)
    expect(passer_by.pinned.get_by_role("button", name="기다릴게요")).to_be_visible()
    passer_by.picture_of("show-sold-out-desk")
    merchant.picture_of("studio-sold-out-desk")


def order_and_pay(guest: Guest) -> str:
    """From the goods held to a paid order; its number."""
    checkout = guest.page.get_by_role("dialog", name="주문하기")
    checkout.get_by_label("이름").fill("김서울")
    checkout.get_by_label("전화번호").fill("010-1234-5678")
    checkout.get_by_role("checkbox").check()
    guest.picture_of("checkout-phone")
    checkout.get_by_role("button", name="결제하기").click()
    checkout.get_by_role("button", name="결제 승인하기").click()
    expect(checkout).to_contain_text("주문이 완료됐어요")
    guest.picture_of("order-done-phone")
    return checkout.locator("[data-slot=number]").inner_text()
