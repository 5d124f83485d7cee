"""Own orders, and nobody else's."""

from uuid import uuid4

import pytest
from django.test import Client

from golmok.domain.festas.models import Offer, Show
from golmok.domain.orders.actions import hold_stock, place_order, record_payment
from golmok.domain.orders.models import Order, PaymentEvent
from golmok.web.accounts.buyers import BUYER
from tests.web.viewer.reading import Page


@pytest.fixture
def order(live: Show, client: Client) -> Order:
    """An unpaid order of the guest who is looking."""
    session = client.session
    session[BUYER] = "guest:me"
    session.save()
    variant = Offer.objects.select_related("variant").filter(show=live)[0].variant
    hold = hold_stock(buyer="guest:me", variant=variant, quantity=2, show=live)
    return place_order(
        buyer="guest:me",
        user=None,
        hold_ids=[hold.pk],
        name="김서울",
        phone="010-1234-5678",
        fulfilment=Order.Fulfilment.PICKUP,
        postcode="",
        address="",
        memo="",
        language="ko",
        idempotency_key=uuid4().hex,
        consent_to_exception=True,
    )


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
    record_payment(order, gateway="test", reference="r1", kind=PaymentEvent.Kind.APPROVED, amount=order.total)
    text = Page(client.get(f"/orders/{order.number}/").content.decode()).text
    assert "결제했어요" in text
    assert "시험 결제" not in text


def test_nobody_else_sees_it(order: Order) -> None:
    assert Client().get(f"/orders/{order.number}/").status_code == 404
    assert Client().get(f"/en/orders/{order.number}/").status_code == 404
