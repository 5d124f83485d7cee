"""Own orders, and nobody else's."""

import pytest
from django.test import Client
from django.utils import timezone

from golmok.domain.festas.models import Offer, Show
from golmok.domain.orders.actions import give_back_expired, give_up_checkout
from golmok.domain.orders.models import Checkout, Order, Stock
from golmok.web.accounts.buyers import BUYER
from tests.buying import hold, keep, let_expire, pay, place, refund
from tests.web.viewer.reading import Page


@pytest.fixture
def order(live: Show, client: Client) -> Order:
    """An unpaid order of the guest who is looking."""
    session = client.session
    session[BUYER] = "guest:me"
    session.save()
    variant = Offer.objects.select_related("variant").filter(show=live)[0].variant
    return place(hold(variant, 2, "guest:me"), consent=True, fulfilment="pickup", name="김서울").orders.get()


def test_list_is_empty_for_a_newcomer(db: None) -> None:
    client = Client()
    response = client.get("/orders/")
    assert "아직 주문이 없어요" in response.content.decode()
    assert response.headers["Cache-Control"] == "private, no-store"
    assert not response.cookies


def test_list_leads_to_the_order(client: Client, order: Order) -> None:
    source = client.get("/orders/").content.decode()
    assert f'href="/orders/{order.number}/"' in source
    assert "결제를 기다려요" in Page(source).text


def test_order_says_what_was_bought_from_whom_and_how_it_goes_back(client: Client, order: Order) -> None:
    response = client.get(f"/orders/{order.number}/")
    text = Page(response.content.decode()).text
    line = order.lines.get()
    for fact in (
        line.product_name,
        line.origin,
        order.shop.business_number,
        order.name,
        f"{order.total:,}원",
    ):
        assert fact in text
    assert "시험 결제예요. 실제 돈은 나가지 않아요." in text
    assert response.headers["Cache-Control"] == "private, no-store"


def test_paid_order_cannot_be_paid_again(client: Client, order: Order) -> None:
    pay(order)
    text = Page(client.get(f"/orders/{order.number}/").content.decode()).text
    assert "결제했어요" in text
    assert "시험 결제" not in text


def test_paid_order_says_that_no_money_moved(client: Client, order: Order) -> None:
    page = f"/orders/{order.number}/"
    words = "시험으로 결제한 주문이에요. 돈은 나가지 않았어요."
    assert words not in Page(client.get(page).content.decode()).text
    pay(order)
    assert words in Page(client.get(page).content.decode()).text
    assert "This order was paid as a test." in Page(client.get(f"/en{page}").content.decode()).text


@pytest.fixture
def two_shops(live: Show, client: Client, order: Order) -> Checkout:
    """Orders of two shops in one unpaid checkout of the same guest."""
    offers = Offer.objects.select_related("variant__product").filter(show=live)
    by_shop = {offer.variant.product.shop_id: offer.variant for offer in offers}
    first, second = list(by_shop.values())[:2]
    return place(keep((first, 1), (second, 1), buyer="guest:me"), consent=True, fulfilment="pickup")


def test_orders_of_one_checkout_stand_together_and_are_paid_together(
    client: Client, two_shops: Checkout
) -> None:
    source = client.get("/orders/").content.decode()
    assert f"가게 2곳, 모두 {two_shops.total:,}원" in Page(source).text
    assert f"{two_shops.total:,}원 결제하기" in Page(source).text
    one, other = two_shops.orders.all()
    page = client.get(f"/orders/{one.number}/").content.decode()
    assert f'href="/orders/{other.number}/"' in page
    assert f'data-checkout="{two_shops.pk}"' in page
    assert f"{two_shops.total:,}원 결제하기" in Page(page).text
    assert "주문 2건 모두 취소하기" in Page(page).text


def test_goods_that_were_gone_say_what_comes_back(client: Client, two_shops: Checkout) -> None:
    """The money came after the time was over, and somebody else had bought the goods of one shop."""
    gone, kept = two_shops.orders.all()
    let_expire(two_shops)
    give_back_expired(timezone.now())
    Stock.objects.filter(pk=gone.lines.get().hold.stock_id).update(is_closed=True)
    pay(two_shops)
    text = Page(client.get(f"/orders/{gone.number}/").content.decode()).text
    assert f"낸 돈 {gone.total:,}원을 돌려드려요" in text
    assert "취소했어요" in text
    assert "거절" not in text
    assert "다 팔려서" not in Page(client.get(f"/orders/{kept.number}/").content.decode()).text
    assert f"{gone.total:,}원을 돌려드려요" in Page(client.get("/orders/").content.decode()).text
    refund(gone, gone.total)
    text = Page(client.get(f"/orders/{gone.number}/").content.decode()).text
    assert "낸 돈은 돌려드렸어요" in text


def test_money_after_giving_up_comes_back_whole(client: Client, order: Order) -> None:
    give_up_checkout(order.checkout_id, "guest:me")
    pay(order)
    text = Page(client.get(f"/orders/{order.number}/").content.decode()).text
    assert f"주문이 취소된 뒤에 돈이 들어왔어요. 낸 돈 {order.total:,}원을 모두 돌려드려요" in text


def test_what_was_paid_twice_comes_back(client: Client, order: Order) -> None:
    pay(order)
    pay(order)
    text = Page(client.get(f"/orders/{order.number}/").content.decode()).text
    assert f"더 낸 돈 {order.total:,}원을 돌려드려요" in text


def test_nobody_else_sees_it(order: Order) -> None:
    assert Client().get(f"/orders/{order.number}/").status_code == 404
    assert Client().get(f"/en/orders/{order.number}/").status_code == 404
