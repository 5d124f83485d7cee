"""Keeping stock for a buyer while they fill in the checkout."""

from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from ninja import Router, Status

from golmok.domain.orders import actions
from golmok.domain.orders.models import Hold
from golmok.domain.orders.queries import delivery_fee, own_hold
from golmok.domain.shops.models import Product, Shop, Variant
from golmok.messages import text
from golmok.problems import Problem
from golmok.web.accounts.buyers import buyer_of
from golmok.web.api.limits import Limit
from golmok.web.api.presenting import picture_of, said, shop_ref
from golmok.web.api.problems import language
from golmok.web.api.schemas import HeldProduct, HoldIn, HoldOut, ProblemDocument, Receive, Receiving
from golmok.web.api.security import CALLER, PersonalRequest
from golmok.web.api.shows import found_show
from golmok.web.words import say_won

router = Router(auth=CALLER)
REFUSALS = dict.fromkeys((403, 404, 409, 422, 429), ProblemDocument)


@router.post(
    "", response={201: HoldOut} | REFUSALS, operation_id="hold", summary="Keep stock for ten minutes"
)
@Limit("hold", times=30, seconds=60)
def hold(request: PersonalRequest, response: HttpResponse, form: HoldIn) -> Status[HoldOut]:
    add_never_cache_headers(response)
    variant = Variant.objects.select_related("product").filter(pk=form.variant).first()
    if variant is None:
        raise Problem(404, "product-unknown")
    show = found_show(form.show) if form.show else None
    kept = actions.hold_stock(buyer=buyer_of(request), variant=variant, quantity=form.quantity, show=show)
    return Status(201, hold_out(kept))


@router.get(
    "/{hold_id}",
    response={200: HoldOut, 403: ProblemDocument, 404: ProblemDocument},
    operation_id="own_hold",
    summary="A hold of mine: goods, price, ways to receive them, seconds left",
)
def show_hold(request: PersonalRequest, response: HttpResponse, hold_id: UUID) -> HoldOut:
    add_never_cache_headers(response)
    return hold_out(_own_hold(request, hold_id))


@router.delete(
    "/{hold_id}",
    response={204: None, 403: ProblemDocument, 404: ProblemDocument, 429: ProblemDocument},
    operation_id="release_hold",
    summary="Give the stock back",
)
@Limit("release", times=60, seconds=60)
def release_hold(request: PersonalRequest, hold_id: UUID) -> Status[None]:
    actions.release_hold(_own_hold(request, hold_id).pk, buyer_of(request))
    return Status(204, None)


def hold_out(kept: Hold) -> HoldOut:
    variant = kept.stock.variant
    product = variant.product
    goods_total = kept.goods_total
    return HoldOut(
        id=kept.pk,
        variant=variant.pk,
        quantity=kept.quantity,
        unit_price=kept.unit_price,
        goods_total=goods_total,
        expires_at=kept.expires_at,
        seconds_left=max(0, int((kept.expires_at - timezone.now()).total_seconds())),
        show=kept.show_id,
        product=_held_product(variant),
        shop=shop_ref(product.shop),
        receive=_ways_to_receive(product, goods_total),
        needs_consent=product.needs_consent,
    )


def _own_hold(request: PersonalRequest, hold_id: UUID) -> Hold:
    """The caller's hold while it can become an order. Raises Problem 404 `hold-gone`."""
    buyer = request.auth.buyer
    kept = own_hold(hold_id, buyer) if buyer else None
    if kept is None or kept.status != Hold.Status.HELD or kept.expires_at <= timezone.now():
        raise Problem(404, "hold-gone")
    return kept


def _held_product(variant: Variant) -> HeldProduct:
    product = variant.product
    return HeldProduct(
        id=product.pk,
        name=said(product, "name"),
        option=said(variant, "name"),
        origin=said(product, "origin"),
        picture=picture_of(product),
    )


def _ways_to_receive(product: Product, goods_total: int) -> list[Receive]:
    kinds: list[tuple[Receiving, bool, str]] = [
        ("pickup", product.pickup, said(product.shop, "pickup_hours")),
        ("parcel", product.parcel, _parcel_note(product.shop)),
    ]
    return [_way(product.shop, kind, goods_total, note) for kind, offered, note in kinds if offered]


def _way(shop: Shop, kind: Receiving, goods_total: int, note: str) -> Receive:
    fee = delivery_fee(shop, goods_total, kind)
    return Receive(kind=kind, fee=fee, total=goods_total + fee, note=note)


def _parcel_note(shop: Shop) -> str:
    if not shop.free_parcel_from:
        return ""
    return text("api-parcel-free-from", language(), amount=say_won(shop.free_parcel_from, language()))
