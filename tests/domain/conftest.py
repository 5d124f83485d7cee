from datetime import timedelta
from itertools import count

import pytest
from django.utils import timezone

from golmok.domain.accounts.models import User
from golmok.domain.festas.models import Festa, Offer, RundownSegment, Show
from golmok.domain.orders.actions import put_on_sale
from golmok.domain.places.models import District
from golmok.domain.shops.models import Product, Shop, ShopMember, Variant


def open_show(*, units: int = 5, cap: int | None = None, status: str = Show.Status.LIVE) -> Variant:
    """A show, its shop, its merchant `merchant`, its offer: rice cake at 9,900 instead of 12,000 won."""
    shop = make_shop("barun", "바른떡")
    now = timezone.now()
    festa = Festa.objects.create(slug="festa", name="페스타", organiser="서울시")
    show = Show.objects.create(
        id="nangok",
        festa=festa,
        district=shop.district,
        title="난곡동",
        starts_at=now,
        ends_at=now + timedelta(hours=1),
        status=status,
    )
    RundownSegment.objects.create(show=show, shop=shop, position=1)
    merchant = User.objects.create(username="merchant")
    ShopMember.objects.create(shop=shop, user=merchant)
    return offer_product(shop, show, units=units, cap=cap)


def make_shop(slug: str, name: str = "다른 가게") -> Shop:
    district, _ = District.objects.get_or_create(slug="nangok", defaults={"name": "난곡동", "gu": "관악구"})
    return Shop.objects.create(
        slug=slug, district=district, name=name, trade="떡", parcel_fee=3000, free_parcel_from=50000
    )


_numbers = count(1)


def offer_product(shop: Shop, show: Show, *, units: int, cap: int | None = None) -> Variant:
    product = Product.objects.create(
        shop=shop,
        slug=f"rice-cake-{next(_numbers)}",
        name="인절미",
        is_food=True,
        origin="국내산",
        parcel=True,
    )
    variant = Variant.objects.create(product=product, price=12000)
    Offer.objects.create(show=show, variant=variant, price=9900, per_buyer_cap=cap)
    put_on_sale(variant, units)
    return variant


def other_shop(show: Show) -> Variant:
    """Bagels, three of them, from the shop next door."""
    shop = Shop.objects.create(
        slug=f"bread-{Shop.objects.count()}",
        district=show.district,
        name="빵집",
        trade="빵",
        parcel_fee=2500,
        free_parcel_from=None,
    )
    return offer_product(shop, show, units=3)


@pytest.fixture
def variant(db: None) -> Variant:
    return open_show()


@pytest.fixture
def show(variant: Variant) -> Show:
    return Show.objects.get()


@pytest.fixture
def merchant(variant: Variant) -> User:
    return User.objects.get(username="merchant")


@pytest.fixture
def stranger(db: None) -> User:
    return User.objects.create(username="stranger")
