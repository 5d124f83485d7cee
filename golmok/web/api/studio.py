"""What the people of a show do to it: the merchant's and the helper's buttons."""

from ninja import Router

from golmok.domain.festas import actions as festas
from golmok.domain.festas.models import Show
from golmok.domain.festas.queries import may_broadcast, may_sell
from golmok.domain.orders import actions as orders
from golmok.domain.orders.queries import stock_of
from golmok.domain.shops.models import Product, Variant
from golmok.problems import Problem
from golmok.web.api.limits import Limit
from golmok.web.api.presenting import show_item
from golmok.web.api.schemas import OnAir, PinOut, ProblemDocument, ProductIn, ShowItem, StockOut, VariantIn
from golmok.web.api.security import SIGNED_IN, PersonalRequest, signed_in
from golmok.web.api.shows import found_show

router = Router(auth=SIGNED_IN)
REFUSALS = dict.fromkeys((401, 403, 404, 409, 422, 429), ProblemDocument)
BUTTON = Limit("studio", times=120, seconds=60)


@router.post(
    "/shows/{show_id}/on-air",
    response={200: OnAir} | REFUSALS,
    operation_id="go_on_air",
    summary="Start the show, or take it up again: gives a new ingest key",
)
@BUTTON
def go_on_air(request: PersonalRequest, show_id: str) -> OnAir:
    show = _own_show(request, show_id)
    user = signed_in(request)
    festas.go_on_air(show, user)
    return OnAir(ingest_key=festas.issue_ingest_key(show, user), show=_item(show_id))


@router.post(
    "/shows/{show_id}/end",
    response={200: ShowItem} | REFUSALS,
    operation_id="end_show",
    summary="End the show",
)
@BUTTON
def end_show(request: PersonalRequest, show_id: str) -> ShowItem:
    festas.end_show(_own_show(request, show_id), signed_in(request))
    return _item(show_id)


@router.post(
    "/shows/{show_id}/pin", response={200: PinOut} | REFUSALS, operation_id="pin", summary="Hold a product up"
)
@BUTTON
def pin(request: PersonalRequest, show_id: str, form: ProductIn) -> PinOut:
    show = _own_show(request, show_id)
    product = Product.objects.filter(pk=form.product, variants__offers__show=show).first()
    if product is None:
        raise Problem(404, "product-unknown")
    festas.pin_product(show, product, signed_in(request))
    return PinOut(show=show.pk, pinned=product.pk)


@router.post(
    "/shows/{show_id}/unpin", response={200: PinOut} | REFUSALS, operation_id="unpin", summary="Put it down"
)
@BUTTON
def unpin(request: PersonalRequest, show_id: str) -> PinOut:
    show = _own_show(request, show_id)
    festas.unpin_product(show, signed_in(request))
    return PinOut(show=show.pk, pinned=None)


@router.post(
    "/shows/{show_id}/sold-out",
    response={200: StockOut} | REFUSALS,
    operation_id="mark_sold_out",
    summary="Sell no more of a variant",
)
@BUTTON
def mark_sold_out(request: PersonalRequest, show_id: str, form: VariantIn) -> StockOut:
    show = _own_show(request, show_id)
    orders.mark_sold_out(_own_variant(request, show, form.variant), show, signed_in(request))
    return _stock(form.variant)


@router.post(
    "/shows/{show_id}/reopen",
    response={200: StockOut} | REFUSALS,
    operation_id="reopen_sales",
    summary="Sell what is left of a variant again",
)
@BUTTON
def reopen_sales(request: PersonalRequest, show_id: str, form: VariantIn) -> StockOut:
    show = _own_show(request, show_id)
    orders.reopen_sales(_own_variant(request, show, form.variant), show, signed_in(request))
    return _stock(form.variant)


def _own_show(request: PersonalRequest, show_id: str) -> Show:
    show = found_show(show_id)
    if not may_broadcast(signed_in(request), show):
        raise Problem(403, "not-yours")
    return show


def _own_variant(request: PersonalRequest, show: Show, variant_id: int) -> Variant:
    """404 `product-unknown`; 403 `not-your-product` for another shop's."""
    sold = Variant.objects.select_related("product").filter(pk=variant_id, offers__show=show)
    variant = sold.first()
    if variant is None:
        raise Problem(404, "product-unknown")
    if not may_sell(signed_in(request), show, variant.product):
        raise Problem(403, "not-your-product")
    return variant


def _item(show_id: str) -> ShowItem:
    rows = Show.objects.select_related("district").prefetch_related("rundown__shop")
    return show_item(rows.get(pk=show_id))


def _stock(variant_id: int) -> StockOut:
    now = stock_of([variant_id])[variant_id]
    return StockOut(variant=variant_id, left=now.left, closed=now.closed)
