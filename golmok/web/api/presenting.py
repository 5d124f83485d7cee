"""Rows of the domain as the shapes of the API, in the caller's language."""

from collections.abc import Mapping
from typing import cast

from django.db import models

from golmok.domain.core.bilingual import in_language
from golmok.domain.festas.models import Festa, Offer, RundownSegment, Show
from golmok.domain.festas.queries import ShowPage
from golmok.domain.orders.queries import StockNow, stock_in
from golmok.domain.places.models import District
from golmok.domain.shops.models import Product, Shop
from golmok.web.api import addresses
from golmok.web.api.problems import language
from golmok.web.api.schemas import (
    DistrictOut,
    FestaRef,
    NoticeRow,
    OfferKind,
    ProductOut,
    RundownOut,
    ShopOut,
    ShopRef,
    ShowItem,
    Status,
    VariantOut,
    Withdrawal,
)
from golmok.web.notices import notice_rows


def said(row: models.Model, field: str) -> str:
    return in_language(row, field, language())


def show_item(show: Show) -> ShowItem:
    """Reads the show's district and rundown with shops; have them prefetched."""
    return ShowItem(
        id=show.pk,
        status=cast(Status, show.status),
        title=said(show, "title"),
        district=district_out(show.district),
        starts_at=show.starts_at,
        ends_at=show.ends_at,
        started_at=show.started_at,
        ended_at=show.ended_at,
        shops=[shop_ref(turn.shop) for turn in show.rundown.all()],
        folder=addresses.folder(show.pk),
        url=addresses.show_page(show.pk),
    )


def district_out(district: District) -> DistrictOut:
    return DistrictOut(slug=district.slug, name=said(district, "name"), gu=said(district, "gu"))


def festa_ref(festa: Festa) -> FestaRef:
    return FestaRef(slug=festa.slug, name=said(festa, "name"), organiser=said(festa, "organiser"))


def shop_ref(shop: Shop) -> ShopRef:
    return ShopRef(slug=shop.slug, name=said(shop, "name"))


def shop_out(shop: Shop) -> ShopOut:
    return ShopOut(
        slug=shop.slug,
        name=said(shop, "name"),
        trade=said(shop, "trade"),
        about=said(shop, "about"),
        address=said(shop, "address"),
        phone=shop.phone,
        email=shop.email,
        representative=shop.representative,
        business_number=shop.business_number,
        mail_order_number=shop.mail_order_number,
        pickup_hours=said(shop, "pickup_hours"),
        parcel_fee=shop.parcel_fee,
        free_parcel_from=shop.free_parcel_from,
        is_sample=shop.is_sample,
    )


def rundown_out(turn: RundownSegment) -> RundownOut:
    return RundownOut(position=turn.position, minutes=turn.minutes, shop=shop_out(turn.shop))


def products_out(page: ShowPage) -> list[ProductOut]:
    """The products of the show, each with the variants that the show sells."""
    offers = [offer for entry in page.products for offer in entry.offers]
    stock = stock_in(page.show, offers)
    return [
        product_out(entry.product, [variant_out(offer, page.show, stock) for offer in entry.offers])
        for entry in page.products
    ]


def product_out(product: Product, variants: list[VariantOut]) -> ProductOut:
    return ProductOut(
        id=product.pk,
        slug=product.slug,
        shop=product.shop.slug,
        name=said(product, "name"),
        about=said(product, "about"),
        origin=said(product, "origin"),
        is_food=product.is_food,
        picture=picture_of(product),
        picture_alt=said(product, "picture_alt"),
        parcel=product.parcel,
        pickup=product.pickup,
        withdrawal=cast(Withdrawal, product.withdrawal),
        notice=[NoticeRow(**row) for row in notice_rows(product, language())],
        variants=variants,
    )


def variant_out(offer: Offer, show: Show, stock: Mapping[int, StockNow]) -> VariantOut:
    now = stock[offer.variant_id]
    return VariantOut(
        id=offer.variant_id,
        name=said(offer.variant, "name"),
        regular_price=offer.variant.price,
        price=offer.price_while(show),
        kind=cast(OfferKind, offer.kind_while(show)),
        per_buyer_cap=offer.per_buyer_cap,
        left=now.left,
        closed=now.closed,
    )


def picture_of(product: Product) -> str | None:
    return product.picture.url if product.picture else None
