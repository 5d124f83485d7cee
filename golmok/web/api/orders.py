"""Turning a hold into an order, paying it, and looking after one's own orders."""

import secrets
from typing import Annotated, cast

from django.http import HttpResponse
from django.utils.cache import add_never_cache_headers
from ninja import Header, Router, Status

from golmok.domain.orders import actions, queries
from golmok.domain.orders.models import Order, OrderLine, PaymentEvent
from golmok.domain.shops.models import Shop
from golmok.problems import Problem
from golmok.web.accounts.buyers import buyer_of
from golmok.web.api import addresses
from golmok.web.api.limits import Limit
from golmok.web.api.presenting import said
from golmok.web.api.problems import language
from golmok.web.api.schemas import (
    LineOut,
    OrderIn,
    OrderList,
    OrderOut,
    OrderShop,
    OrderStatus,
    PaymentIn,
    PaymentOut,
    ProblemDocument,
    Receiving,
)
from golmok.web.api.security import CALLER, PersonalRequest

router = Router(auth=CALLER)
MISSING = {403: ProblemDocument, 404: ProblemDocument}
REFUSALS = MISSING | {409: ProblemDocument, 422: ProblemDocument, 429: ProblemDocument}
KINDS = {"approve": PaymentEvent.Kind.APPROVED, "decline": PaymentEvent.Kind.DECLINED}
IdempotencyKey = Annotated[str, Header(alias="Idempotency-Key", min_length=8, max_length=64)]


@router.post("", response={201: OrderOut} | REFUSALS, operation_id="order", summary="Order what a hold keeps")
@Limit("order", times=20, seconds=60)
def order(
    request: PersonalRequest, response: HttpResponse, form: OrderIn, idempotency_key: IdempotencyKey
) -> Status[OrderOut]:
    add_never_cache_headers(response)
    buyer = buyer_of(request)
    placed = actions.place_order(
        buyer=buyer,
        user=request.auth.user,
        hold_ids=[form.hold],
        name=form.name,
        phone=form.phone,
        fulfilment=form.fulfilment,
        postcode=form.postcode,
        address=form.address,
        memo=form.memo,
        language=language(),
        idempotency_key=idempotency_key,
        consent_to_exception=form.consent,
    )
    return Status(201, order_out(_found(buyer, placed.number)))


@router.get(
    "",
    response={200: OrderList, 403: ProblemDocument},
    operation_id="own_orders",
    summary="My orders, newest first",
)
def own_orders(request: PersonalRequest, response: HttpResponse) -> OrderList:
    add_never_cache_headers(response)
    buyer = request.auth.buyer
    return OrderList(items=[order_out(row) for row in queries.own_orders(buyer)] if buyer else [])


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
    summary="Cancel while it waits for payment",
)
@Limit("cancel", times=20, seconds=60)
def cancel_order(request: PersonalRequest, response: HttpResponse, number: str) -> OrderOut:
    add_never_cache_headers(response)
    actions.cancel_order(_own(request, number), buyer_of(request))
    return order_out(_own(request, number))


@router.post(
    "/{number}/payments/test",
    response={200: OrderOut} | REFUSALS,
    operation_id="pay_by_test_gateway",
    summary="Approve or decline at the test gateway; no money moves",
)
@Limit("payment", times=20, seconds=60)
def pay_by_test_gateway(
    request: PersonalRequest, response: HttpResponse, number: str, form: PaymentIn
) -> OrderOut:
    add_never_cache_headers(response)
    wanted = _own(request, number)
    actions.record_payment(
        wanted,
        gateway="test",
        reference=f"{wanted.number}/{form.reference}",
        kind=KINDS[form.outcome],
        amount=wanted.total,
    )
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
        payment=_payment(row),
        url=addresses.order_page(row.number),
    )


def _own(request: PersonalRequest, number: str) -> Order:
    return _found(request.auth.buyer, number)


def _found(buyer: str | None, number: str) -> Order:
    found = queries.own_order(buyer, number) if buyer else None
    if found is None:
        raise Problem(404, "order-unknown")
    return found


def _line(line: OrderLine) -> LineOut:
    return LineOut(
        product=line.product_id,
        name=line.product_name,
        option=line.option_name,
        origin=line.origin,
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


def _payment(row: Order) -> PaymentOut | None:
    """Each look gives a new reference: a second try is a new event, a resent request is not."""
    if row.status != Order.Status.AWAITING_PAYMENT:
        return None
    return PaymentOut(
        gateway="test",
        reference=secrets.token_urlsafe(12),
        pay_url=f"/api/v1/orders/{row.number}/payments/test",
    )
