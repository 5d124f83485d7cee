"""The cart: what somebody means to buy, of however many shops. Nothing is kept for them yet."""

from typing import Annotated

from django.http import HttpResponse
from django.utils.cache import add_never_cache_headers
from ninja import Path, Router

from golmok.domain.orders import actions, queries
from golmok.domain.orders.queries import CartEntry
from golmok.domain.shops.models import Shop, Variant
from golmok.problems import Problem
from golmok.web.accounts.buyers import buyer_of
from golmok.web.api.limits import Limit
from golmok.web.api.presenting import said
from golmok.web.api.problems import language
from golmok.web.api.schemas import CartIn, CartLineOut, CartOut, CartShop, ProblemDocument
from golmok.web.api.security import CALLER, PersonalRequest
from golmok.web.api.shows import found_show
from golmok.web.till.presenting import product_ref
from golmok.web.till.shapes import ProductRef

router = Router(auth=CALLER)
REFUSALS = dict.fromkeys((403, 404, 422, 429), ProblemDocument)
CHANGE = Limit("cart", times=120, seconds=60)
VariantId = Annotated[int, Path(ge=1, le=2**62)]


@router.get("", response={200: CartOut, 403: ProblemDocument}, operation_id="cart", summary="My cart")
def cart(request: PersonalRequest, response: HttpResponse) -> CartOut:
    add_never_cache_headers(response)
    buyer = request.auth.buyer
    return cart_out(queries.cart_of(buyer) if buyer else [])


@router.put(
    "/{variant}",
    response={200: CartOut} | REFUSALS,
    operation_id="put_in_cart",
    summary="Have so many of a variant in the cart; 0 takes it out",
)
@CHANGE
def put_in_cart(
    request: PersonalRequest, response: HttpResponse, variant: VariantId, form: CartIn
) -> CartOut:
    add_never_cache_headers(response)
    wanted = Variant.objects.filter(pk=variant).first()
    if wanted is None:
        raise Problem(404, "product-unknown")
    show = found_show(form.show) if form.show else None
    buyer = buyer_of(request)
    actions.put_in_cart(buyer=buyer, variant=wanted, quantity=form.quantity, show=show)
    return cart_out(queries.cart_of(buyer))


@router.delete(
    "", response={200: CartOut} | REFUSALS, operation_id="empty_cart", summary="Take everything out"
)
@CHANGE
def empty_cart(request: PersonalRequest, response: HttpResponse) -> CartOut:
    add_never_cache_headers(response)
    if request.auth.buyer:
        actions.empty_cart(request.auth.buyer)
    return cart_out([])


def cart_out(entries: list[CartEntry]) -> CartOut:
    lines = [_line(entry) for entry in entries]
    shops = {entry.line.variant.product.shop_id: entry.line.variant.product.shop for entry in entries}
    return CartOut(
        lines=lines,
        shops=[_shop(shop, lines) for shop in shops.values()],
        goods_total=sum(line.goods_total for line in lines),
        count=sum(line.quantity for line in lines),
    )


def _line(entry: CartEntry) -> CartLineOut:
    line = entry.line
    return CartLineOut(
        variant=line.variant_id,
        quantity=line.quantity,
        show=line.show_id,
        shop=line.variant.product.shop_id,
        product=ProductRef(**product_ref(line.variant, language())),
        unit_price=entry.unit_price,
        goods_total=entry.unit_price * line.quantity,
        left=entry.stock.left,
        closed=entry.stock.closed,
        per_buyer_cap=entry.cap,
    )


def _shop(shop: Shop, lines: list[CartLineOut]) -> CartShop:
    return CartShop(
        id=shop.pk,
        slug=shop.slug,
        name=said(shop, "name"),
        goods_total=sum(line.goods_total for line in lines if line.shop == shop.pk),
        parcel_fee=shop.parcel_fee,
        free_parcel_from=shop.free_parcel_from,
    )
