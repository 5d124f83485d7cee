"""Looking after one's own orders. Placing and paying them is the till's (golmok/web/till)."""

from typing import cast

from django.http import HttpResponse
from django.utils.cache import add_never_cache_headers
from ninja import Router

from golmok.domain.orders import actions, queries
from golmok.domain.orders.models import Checkout, Order, OrderLine
from golmok.domain.shops.models import Shop
from golmok.problems import Problem
from golmok.web.accounts import finding
from golmok.web.api import addresses
from golmok.web.api.limits import Limit
from golmok.web.api.presenting import said
from golmok.web.api.schemas import (
    FindIn,
    FoundOut,
    LineOut,
    OrderList,
    OrderOut,
    OrderShop,
    ProblemDocument,
)
from golmok.web.api.security import CALLER, PersonalRequest
from golmok.web.till.shapes import OrderStatus, Receiving

router = Router(auth=CALLER)
MISSING = {403: ProblemDocument, 404: ProblemDocument}
REFUSALS = MISSING | {409: ProblemDocument, 422: ProblemDocument, 429: ProblemDocument}


@router.get(
    "",
    response={200: OrderList, 403: ProblemDocument},
    operation_id="own_orders",
    summary="My orders, newest first",
)
def own_orders(request: PersonalRequest, response: HttpResponse) -> OrderList:
    add_never_cache_headers(response)
    mine = queries.own_orders(request.auth.buyer, request.auth.found)
    return OrderList(items=[order_out(row) for row in mine])


@router.post(
    "/find",
    response={200: FoundOut} | REFUSALS,
    operation_id="find_order",
    summary="Find a guest's order by number and phone; it stays open to this session for a day",
)
def find_order(request: PersonalRequest, response: HttpResponse, form: FindIn) -> FoundOut:
    add_never_cache_headers(response)
    order = finding.find(request, form.number, form.phone)
    lent = finding.lent_pass(order, request.auth)
    return FoundOut(**order_out(order).model_dump(), buyer_pass=lent or None)


@router.get(
    "/{number}", response={200: OrderOut} | MISSING, operation_id="own_order", summary="One order of mine"
)
def own_order(request: PersonalRequest, response: HttpResponse, number: str) -> OrderOut:
    add_never_cache_headers(response)
    return order_out(_own(request, number))


@router.delete(
    "/{number}",
    response={200: OrderOut} | REFUSALS,
    operation_id="cancel_order",
    summary="Cancel: a paid order alone, one that waits for payment with those beside it",
)
@Limit("cancel", times=20, seconds=60)
def cancel_order(request: PersonalRequest, response: HttpResponse, number: str) -> OrderOut:
    add_never_cache_headers(response)
    order = _own(request, number)
    actions.cancel_order(order, order.buyer)
    return order_out(_own(request, number))


def order_out(row: Order) -> OrderOut:
    return OrderOut(
        number=row.number,
        status=cast(OrderStatus, row.status),
        placed_at=row.placed_at,
        show=row.show_id,
        goods_total=row.goods_total,
        delivery_fee=row.delivery_fee,
        total=row.total,
        fulfilment=cast(Receiving, row.fulfilment),
        name=row.name,
        phone=row.phone,
        postcode=row.postcode,
        address=row.address,
        memo=row.memo,
        lines=[_line(line) for line in row.lines.all()],
        shop=_shop(row.shop),
        checkout=row.checkout_id,
        to_pay=row.checkout.total if row.checkout.status == Checkout.Status.PLACED else 0,
        refund_due=row.refund_due,
        url=addresses.order_page(row.number),
    )


def _own(request: PersonalRequest, number: str) -> Order:
    """The caller's own, or one they found by number and phone. Raises Problem 404."""
    order = queries.own_order(request.auth.buyer, number, request.auth.found)
    if order is None:
        raise Problem(404, "order-unknown")
    return order


def _line(line: OrderLine) -> LineOut:
    return LineOut(
        product=line.product_id,
        name=said(line, "product_name"),
        option=said(line, "option_name"),
        origin=said(line, "origin"),
        unit_price=line.unit_price,
        quantity=line.quantity,
    )


def _shop(shop: Shop) -> OrderShop:
    return OrderShop(
        slug=shop.slug,
        name=said(shop, "name"),
        address=said(shop, "address"),
        phone=shop.phone,
        pickup_hours=said(shop, "pickup_hours"),
    )
