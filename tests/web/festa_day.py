"""A small festa for HTTP tests: a live show of two shops, and the people around it."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from itertools import count

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from golmok.domain.accounts.models import User
from golmok.domain.festas.models import Festa, Offer, RundownSegment, Show
from golmok.domain.orders.actions import put_on_sale
from golmok.domain.places.models import District
from golmok.domain.shops.models import Product, Shop, ShopMember, Variant

PASSWORD = "저녁의골목2026"
_numbers = count(1)


@dataclass(frozen=True)
class FestaDay:
    show: Show
    shop: Shop
    variant: Variant
    """바른떡's rice cake: 9,900 instead of 12,000 won, five on sale."""
    merchant: User
    helper: User
    viewer: User
    organiser: User


def open_festa_day(units: int = 5) -> FestaDay:
    district = District.objects.create(
        slug="nangok", name="난곡동", name_en="Nangok", gu="관악구", gu_en="Gwanak-gu"
    )
    shop = make_shop(district, "바른떡", "Barun Rice Cake")
    show = make_show(make_festa(), district, shop)
    return FestaDay(
        show=show,
        shop=shop,
        variant=make_offer(shop, show, units),
        merchant=member(shop, "merchant", ShopMember.Role.MERCHANT),
        helper=member(shop, "helper", ShopMember.Role.HELPER),
        viewer=person("viewer", name="느티나무"),
        organiser=person("organiser", is_staff=True, is_superuser=True),
    )


def make_festa() -> Festa:
    return Festa.objects.create(slug="festa", name="페스타", name_en="Festa", organiser="서울시")


def make_shop(district: District, name: str, name_en: str = "") -> Shop:
    return Shop.objects.create(
        slug=f"shop-{next(_numbers)}",
        district=district,
        name=name,
        name_en=name_en,
        trade="떡",
        address="서울 관악구 난곡로 1",
        phone="02-123-4567",
        representative="김바른",
        business_number="123-45-67890",
        pickup_hours="매일 10:00~19:00",
        parcel_fee=3000,
        free_parcel_from=50000,
    )


def make_show(festa: Festa, district: District, shop: Shop, status: str = Show.Status.LIVE) -> Show:
    now = timezone.now()
    show = Show.objects.create(
        festa=festa,
        district=district,
        title="난곡동 저녁 떡",
        title_en="Evening rice cakes",
        starts_at=now,
        ends_at=now + timedelta(hours=1),
        started_at=now,
        status=status,
    )
    RundownSegment.objects.create(show=show, shop=shop, position=1)
    return show


def make_offer(shop: Shop, show: Show, units: int = 5) -> Variant:
    product = Product.objects.create(
        shop=shop,
        slug=f"rice-cake-{next(_numbers)}",
        name="인절미",
        name_en="Injeolmi",
        is_food=True,
        origin="쌀(국내산)",
        parcel=True,
    )
    variant = Variant.objects.create(product=product, name="500g", price=12000)
    Offer.objects.create(show=show, variant=variant, price=9900)
    put_on_sale(variant, units)
    return variant


@cache
def _hash() -> str:
    """Hashed once: argon2 is slow on purpose."""
    return make_password(PASSWORD)


def person(username: str, **fields: object) -> User:
    email = f"{username}@example.com"
    return User.objects.create(username=username, email=email, password=_hash(), **fields)


def member(shop: Shop, username: str, role: ShopMember.Role) -> User:
    user = person(username)
    ShopMember.objects.create(shop=shop, user=user, role=role)
    return user
