"""What the desk says of money that came and money that is owed back."""

import pytest
from django.contrib.auth.models import Permission
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from golmok.domain.orders.actions import give_up_checkout, put_on_sale
from golmok.domain.orders.models import Checkout, Order, Refund
from golmok.domain.shops.models import Variant
from tests.buying import keep, let_expire, numbers, pay, place, refund
from tests.web.desk.test_desk import page
from tests.web.festa_day import FestaDay, make_offer, make_shop, person

LIST = "/desk/orders/order/"


@pytest.fixture
def other(day: FestaDay) -> Variant:
    return make_offer(make_shop(day.show.district, "가"), day.show)


def paid_too_late(gone: Variant, *others: Variant, buyer: str = "guest:late") -> Checkout:
    """A checkout of one unit each, paid after somebody else had bought the first away."""
    kept = place(keep(*((variant, 1) for variant in (gone, *others)), buyer=buyer), fulfilment="parcel")
    let_expire(kept)
    put_on_sale(gone, numbers(gone)[1])
    return pay(kept)


def listed(organiser: Client, choice: str) -> set[str]:
    html = page(organiser, f"{LIST}?refund={choice}")
    return {number for number in Order.objects.values_list("number", flat=True) if number in html}


def test_an_order_shows_the_payment_that_came_for_all_orders_paid_together(
    day: FestaDay, organiser: Client, other: Variant
) -> None:
    checkout = pay(place(keep((day.variant, 1), (other, 1))), reference="paid-in-one")
    sum_paid = f"{checkout.total:,}"
    for order in checkout.orders.all():
        html = page(organiser, f"{LIST}{order.number}/change/")
        assert "paid-in-one" in html and sum_paid in html and "승인" in html
        assert "함께 결제한 주문 모두" in html
    order = checkout.orders.latest("pk")
    refund(order, 1000)
    html = page(organiser, f"{LIST}{order.number}/change/")
    assert "1,000" in html and html.count("환불") > 1
    assert str(order.checkout_id) not in html
    assert f"{timezone.localtime():%Y년}" in html and "+00:00" not in html


def test_an_order_shows_no_payment_of_another_checkout(day: FestaDay, organiser: Client) -> None:
    pay(place(keep((day.variant, 1))), reference="of-another")
    mine = place(keep((day.variant, 1), buyer="guest:b")).orders.get()
    assert "of-another" not in page(organiser, f"{LIST}{mine.number}/change/")


def test_what_is_owed_back_is_in_the_list_and_on_the_page(
    day: FestaDay, organiser: Client, other: Variant
) -> None:
    checkout = paid_too_late(day.variant, other)
    gone = checkout.orders.get(status="cancelled")
    due = f"{gone.total:,}"
    assert gone.refund_due == gone.total
    assert due in page(organiser, LIST)
    assert due in page(organiser, f"{LIST}{gone.number}/change/")
    assert listed(organiser, "order") == {gone.number}
    assert listed(organiser, "checkout") == set(checkout.orders.values_list("number", flat=True))
    refund(gone, gone.total)
    assert listed(organiser, "order") == listed(organiser, "checkout") == set()


def test_the_filter_finds_what_the_orders_say_themselves(
    day: FestaDay, organiser: Client, other: Variant
) -> None:
    third = make_offer(make_shop(day.show.district, "나"), day.show)
    place(keep((other, 1), buyer="guest:unpaid"))
    part = place(keep((other, 1), buyer="guest:part"))
    pay(part, part.total - 1)
    pay(pay(place(keep((other, 1), buyer="guest:twice"))))
    given_up = place(keep((other, 1), buyer="guest:gone"))
    give_up_checkout(given_up.pk, given_up.buyer)
    pay(given_up)
    late = paid_too_late(day.variant, third)
    refund(late.orders.get(status="cancelled"), 100, whole=True)
    orders = list(Order.objects.all())
    assert listed(organiser, "order") == {one.number for one in orders if one.refund_due}
    by_checkout = {one.number for one in orders if one.checkout.refund_due}
    assert listed(organiser, "checkout") == by_checkout
    assert len(by_checkout) == 4


@pytest.mark.parametrize("choice", ["", "order", "checkout"])
def test_money_in_the_list_costs_no_query_for_each_order(
    day: FestaDay, organiser: Client, other: Variant, choice: str
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            page(organiser, f"{LIST}?refund={choice}" if choice else LIST)
        return len(asked)

    paid_too_late(day.variant, other)
    page(organiser, LIST)
    before = queries()
    for name in ("다", "라", "마"):
        gone = make_offer(make_shop(day.show.district, name), day.show)
        paid_too_late(gone, other, buyer=f"guest:{name}")
    assert queries() == before


def test_payments_on_the_page_cost_no_query_for_each(day: FestaDay, organiser: Client) -> None:
    order = place(keep((day.variant, 1))).orders.get()
    path = f"{LIST}{order.number}/change/"

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            page(organiser, path)
        return len(asked)

    pay(order)
    page(organiser, path)
    before = queries()
    for _ in range(3):
        refund(order, 100)
    assert queries() == before


def test_what_a_gateway_would_not_give_back_is_listed(day: FestaDay, organiser: Client) -> None:
    owing, other = (pay(place(keep((day.variant, 1), buyer=buyer))) for buyer in ("guest:a", "guest:b"))
    order = owing.orders.get()
    Checkout.objects.filter(pk=owing.pk).update(owes_back=True)
    Refund.objects.create(
        checkout=owing,
        order=order,
        gateway="toss",
        payment="tgen_1",
        amount=order.total,
        status=Refund.Status.REFUSED,
        refused_as="EXCEED_MAX_REFUND_DUE",
    )
    assert listed(organiser, "by-hand") == {order.number}
    assert "EXCEED_MAX_REFUND_DUE" in page(organiser, f"{LIST}{order.number}/change/")
    assert "EXCEED_MAX_REFUND_DUE" not in page(organiser, f"{LIST}{other.orders.get().number}/change/")


def refused(day: FestaDay) -> Refund:
    """A cancelled order whose money its gateway would not give back."""
    order = pay(place(keep((day.variant, 1)))).orders.get()
    Order.objects.filter(pk=order.pk).update(status=Order.Status.CANCELLED)
    Checkout.objects.filter(pk=order.checkout_id).update(owes_back=True)
    return Refund.objects.create(
        checkout=order.checkout,
        order=order,
        gateway="toss",
        payment="p",
        amount=order.total,
        status=Refund.Status.REFUSED,
        refused_as="INVALID_REFUND_ACCOUNT_INFO",
    )


def do(client: Client, refund: Refund, what: str) -> list[str]:
    """What the next page says."""
    response = client.post(refused_page(refund), {"do": what, "refund": refund.pk})
    assert response.status_code == 302
    return [str(message) for message in get_messages(response.wsgi_request)]


def refused_page(refund: Refund) -> str:
    return f"{LIST}{refund.order_id}/refused_refunds/"


def test_a_refused_refund_is_asked_for_again(day: FestaDay, organiser: Client) -> None:
    row = refused(day)
    assert refused_page(row) in page(organiser, f"{LIST}{row.order_id}/change/")
    html = page(organiser, refused_page(row))
    assert "INVALID_REFUND_ACCOUNT_INFO" in html and f"{row.amount:,}원" in html

    assert "다시 요청했어요" in do(organiser, row, "again")[0]
    asked = Refund.objects.get()
    assert (asked.status, asked.key) == (Refund.Status.ASKED, f"refund-{row.pk.hex}-2")
    assert refused_page(row) not in page(organiser, f"{LIST}{row.order_id}/change/")
    assert "이미 다시 요청했거나" in do(organiser, row, "again")[0]


def test_what_no_gateway_gives_back_is_sent_by_hand_and_noted(day: FestaDay, organiser: Client) -> None:
    row = refused(day)
    assert do(organiser, row, "sent") == [f"직접 돌려준 {row.amount:,}원을 적었어요."]
    checkout = Checkout.objects.get()
    assert (checkout.refund_due, checkout.owes_back) == (0, False)
    assert listed(organiser, "by-hand") == set()
    do(organiser, row, "sent")
    assert Checkout.objects.get().paid == 0


def test_only_who_has_the_right_settles_refunds(day: FestaDay) -> None:
    row = refused(day)
    client, user = Client(), person("reader", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_order"))
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    assert refused_page(row) not in page(client, f"{LIST}{row.order_id}/change/")
    assert client.post(refused_page(row), {"do": "sent", "refund": row.pk}).status_code == 403
    assert Refund.objects.get().status == Refund.Status.REFUSED
