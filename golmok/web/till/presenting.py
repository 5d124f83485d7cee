"""A receipt as the shape of the API, in the caller's language. Plain dictionaries: every buyer comes by."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.core.files.storage import default_storage

from golmok.domain.core.bilingual import in_language
from golmok.domain.orders.delivery import delivery_fee
from golmok.domain.orders.gateways import gateways
from golmok.domain.orders.gateways.due import due_of
from golmok.domain.orders.models import BANK_TRANSFER, Checkout, Hold, Order
from golmok.domain.orders.queries import Place
from golmok.domain.orders.till.pay import TEST_GATEWAY
from golmok.domain.orders.till.receipt import Receipt
from golmok.domain.orders.till.rows import HoldRow, OrderRow, ProductRow, ShopRow, VariantRow
from golmok.domain.shops.models import Variant
from golmok.messages import text
from golmok.web.words import say_won

Json = dict[str, Any]
FIRST_PAID = (Hold.Status.WANTED, Hold.Status.RESERVED)


def checkout_out(shown: Receipt, now: datetime, language: str) -> Json:
    """As `shapes.CheckoutOut`."""
    checkout = shown.checkout
    is_waiting = checkout.status in (Checkout.Status.OPEN, Checkout.Status.PLACED)
    return {
        "id": _dashed(checkout.id),
        "status": checkout.status,
        "expires_at": checkout.expires_at,
        "seconds_left": max(0, int((checkout.expires_at - now).total_seconds())) if is_waiting else 0,
        "can_extend": is_waiting and checkout.extended_at is None and checkout.gateway != BANK_TRANSFER,
        "lines": [_line(hold, variant, language) for hold, variant in shown.lines],
        "shops": _shops(shown.lines, language),
        "goods_total": sum(hold.goods_total for hold, _ in shown.lines),
        "total": checkout.total,
        "needs_consent": any(variant.product.needs_consent for _, variant in shown.lines),
        "orders": [_order(order, language) for order in shown.orders],
        "payment": _payment(shown),
        "refund_due": shown.refund_due,
    }


def place_out(place: Place) -> Json:
    """As `shapes.WaitingPlace`."""
    return {
        "variant": place.variant,
        "show": place.show,
        "quantity": place.quantity,
        "place": place.number,
    }


def order_address(number: str, language: str) -> str:
    return f"/en/orders/{number}/" if language == "en" else f"/orders/{number}/"


def product_ref(variant: VariantRow | Variant, language: str) -> Json:
    """As `shapes.ProductRef`."""
    product = variant.product
    picture = str(product.picture)
    return {
        "id": product.id,
        "name": in_language(product, "name", language),
        "option": in_language(variant, "name", language),
        "origin": in_language(product, "origin", language),
        "picture": default_storage.url(picture) if picture else None,
    }


def _shown(variant: VariantRow, language: str) -> Json:
    if language not in variant.shown:
        variant.shown[language] = product_ref(variant, language)
    return variant.shown[language]


def _line(hold: HoldRow, variant: VariantRow, language: str) -> Json:
    return {
        "variant": variant.id,
        "product": _shown(variant, language),
        "shop": variant.product.shop_id,
        "show": hold.show_id,
        "quantity": hold.quantity,
        "first_paid": hold.status in FIRST_PAID,
        "unit_price": hold.unit_price,
        "goods_total": hold.goods_total,
    }


def _shops(lines: Sequence[tuple[HoldRow, VariantRow]], language: str) -> list[Json]:
    shops = {variant.product.shop_id: variant.product.shop for _, variant in lines}
    return [
        _shop(shop, [one for one in lines if one[1].product.shop_id == key], language)
        for key, shop in shops.items()
    ]


def _shop(shop: ShopRow, lines: Sequence[tuple[HoldRow, VariantRow]], language: str) -> Json:
    goods_total = sum(hold.goods_total for hold, _ in lines)
    products = [variant.product for _, variant in lines]
    return {
        "id": shop.id,
        "slug": shop.slug,
        "name": in_language(shop, "name", language),
        "goods_total": goods_total,
        "receive": _ways(shop, products, goods_total, language),
    }


def _ways(shop: ShopRow, products: Sequence[ProductRow], goods_total: int, language: str) -> list[Json]:
    ways = []
    if all(product.pickup for product in products):
        note = in_language(shop, "pickup_hours", language)
        ways.append(_way("pickup", 0, 0, goods_total, note))
    if all(product.parcel for product in products):
        fee = delivery_fee(shop, goods_total, Order.Fulfilment.PARCEL)
        ways.append(
            _way(
                "parcel",
                fee,
                shop.remote_parcel_fee,
                goods_total,
                _parcel_note(shop.free_parcel_from, language),
            )
        )
    return ways


def _way(kind: str, fee: int, remote_fee: int, goods_total: int, note: str) -> Json:
    return {"kind": kind, "fee": fee, "remote_fee": remote_fee, "total": goods_total + fee, "note": note}


@lru_cache
def _parcel_note(free_from: int | None, language: str) -> str:
    if not free_from:
        return ""
    return text("api-parcel-free-from", language, amount=say_won(free_from, language))


def _order(order: OrderRow, language: str) -> Json:
    return {
        "number": order.number,
        "shop": order.shop_id,
        "status": order.status,
        "fulfilment": order.fulfilment,
        "goods_total": order.goods_total,
        "delivery_fee": order.delivery_fee,
        "total": order.total,
        "url": order_address(order.number, language),
    }


def _payment(shown: Receipt) -> Json | None:
    """Each look gives a new reference: a second try is a new event, a resent request is not."""
    checkout = shown.checkout
    if checkout.status != Checkout.Status.PLACED:
        return None
    return {
        "gateway": checkout.gateway,
        "reference": secrets.token_urlsafe(12),
        "pay_url": f"/api/v1/checkouts/{_dashed(checkout.id)}/payments/{checkout.gateway}",
        "window": _window(shown) if checkout.gateway != TEST_GATEWAY else None,
        "deposit": None,
    }


def _window(shown: Receipt) -> Json | None:
    gateway = gateways().get(shown.checkout.gateway)
    return gateway.window(due_of(shown)) if gateway is not None else None


def _dashed(key: str) -> str:
    """A checkout's key as the world writes a UUID."""
    return f"{key[:8]}-{key[8:12]}-{key[12:16]}-{key[16:20]}-{key[20:]}"
