"""The sample festa: the nine shows of 2022 with their dates moved around today, and invented goods.

Everything here is fixed by `sample.json`; loading it again adds what a first loading left out, moves
the shows that the clock has overtaken, and fills up what is nearly sold out.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
from django.contrib.auth.models import Group, Permission
from django.core.files.base import ContentFile
from django.db import transaction

from golmok.demo.crowd import LEAVE
from golmok.demo.dates import put_on_today, show_times
from golmok.demo.pictures import picture
from golmok.domain.accounts.models import User
from golmok.domain.festas.models import Festa, Offer, RundownSegment, Show
from golmok.domain.orders.actions import put_on_sale
from golmok.domain.orders.models import Stock
from golmok.domain.places.models import District
from golmok.domain.shops.models import Product, Shop, ShopMember, Variant

SAMPLE = Path(__file__).with_name("sample.json")
PASSWORD = "golmok-demo"  # noqa: S105 - printed by the demo for everyone to read; made by `load` alone
TURN_MINUTES = 20
DESK_APPS = ("accounts", "places", "shops", "festas", "orders")

Entry = dict[str, Any]


@dataclass(frozen=True)
class SampleLogins:
    """User names of the demo; all of them enter with `password`."""

    viewer: str
    merchant: str
    organiser: str
    password: str
    show_id: str
    """The show to put on the air."""


@transaction.atomic
def load(now: datetime) -> SampleLogins:
    """Load the sample around `now`; rows that are there already stay as people made them."""
    sample = orjson.loads(SAMPLE.read_bytes())
    festa, _ = Festa.objects.get_or_create(
        slug=sample["festa"]["slug"], defaults=_rest(sample["festa"], "slug")
    )
    shows = [
        _load_show(sample, entry, festa, starts_at, now)
        for entry, starts_at in zip(sample["shows"], show_times(now, len(sample["shows"])), strict=True)
    ]
    first = sample["shows"][0]
    _person("viewer", "김난곡", nickname="난곡주민")
    _employ(_person("merchant", "바른떡 사장님"), [shop["slug"] for shop in first["shops"]])
    organiser = _person("organiser", "페스타 담당")
    _give_the_desk(organiser)
    on_air = put_on_today(shows[0], shows[1:], now, organiser)
    _fill_up(first)
    return SampleLogins("viewer", "merchant", "organiser", PASSWORD, on_air.pk)


def _load_show(sample: Entry, entry: Entry, festa: Festa, starts_at: datetime, now: datetime) -> Show:
    district, _ = District.objects.get_or_create(
        slug=entry["id"],
        defaults={
            "name": entry["district"],
            "name_en": entry["district_en"],
            "gu": entry["gu"],
            "gu_en": entry["gu_en"],
        },
    )
    show, is_new = Show.objects.get_or_create(
        pk=entry["id"], defaults=_show_fields(entry, festa, district, starts_at, now)
    )
    for position, shop_entry in enumerate(entry["shops"], 1):
        shop, _ = Shop.objects.get_or_create(
            slug=shop_entry["slug"], defaults=_shop_fields(shop_entry, district)
        )
        if is_new:
            RundownSegment.objects.create(show=show, shop=shop, position=position, minutes=TURN_MINUTES)
        for product_entry in shop_entry["products"]:
            _load_product(sample, product_entry, shop, show)
    return show


def _show_fields(entry: Entry, festa: Festa, district: District, starts_at: datetime, now: datetime) -> Entry:
    ends_at = starts_at + timedelta(minutes=TURN_MINUTES * len(entry["shops"]))
    fields = {
        "festa": festa,
        "district": district,
        "title": entry["title"],
        "title_en": entry["title_en"],
        "starts_at": starts_at,
        "ends_at": ends_at,
    }
    if ends_at < now:
        fields |= {"status": Show.Status.ENDED, "started_at": starts_at, "ended_at": ends_at}
    return fields


def _shop_fields(entry: Entry, district: District) -> Entry:
    return _rest(entry, "slug", "products") | {"district": district, "is_sample": True}


def _load_product(sample: Entry, entry: Entry, shop: Shop, show: Show) -> None:
    about, drawing = sample["product_about"], sample["pictures"][entry["kind"]]
    texts = {
        "about": about["ko"],
        "about_en": about["en"],
        "picture_alt": drawing["alt"],
        "picture_alt_en": drawing["alt_en"],
    }
    fields = _rest(entry, "slug", "kind", "variants", "notice") | texts | _notice(sample, entry, shop)
    product, is_new = Product.objects.get_or_create(slug=entry["slug"], defaults=fields | {"shop": shop})
    if not product.picture:
        product.picture.save(f"{entry['slug']}.jpg", ContentFile(picture(entry["kind"])))
    if is_new:
        for variant_entry in entry["variants"]:
            _load_variant(variant_entry, product, show)


def _notice(sample: Entry, entry: Entry, shop: Shop) -> Entry:
    """The invented notice of its kind of goods, with what differs in this one. The shop is the maker."""
    maker = {"maker": f"{shop.name}, {shop.address}", "maker_en": f"{shop.name_en}, {shop.address_en}"}
    usual, own = sample["notices"][entry["kind"]], entry.get("notice", {})
    return {**usual, **maker, **own}


def _load_variant(entry: Entry, product: Product, show: Show) -> None:
    variant = Variant.objects.create(
        product=product, name=entry["name"], name_en=entry["name_en"], price=entry["price"]
    )
    cap = entry["per_buyer_cap"]
    Offer.objects.create(show=show, variant=variant, price=entry["live_price"], per_buyer_cap=cap)
    if not Stock.objects.filter(variant=variant).exists():
        put_on_sale(variant, entry["units"])


def _fill_up(entry: Entry) -> None:
    """Puts the first units on sale again of what the sample viewers buy no more, there being so little."""
    units = {
        (product["slug"], variant["name"]): variant["units"]
        for shop in entry["shops"]
        for product in shop["products"]
        for variant in product["variants"]
    }
    slugs = [slug for slug, _name in units]
    stocks = Stock.objects.filter(variant__product__slug__in=slugs, variant__product__shop__is_sample=True)
    for stock in stocks.select_related("variant__product"):
        taken, first = stock.held + stock.sold, units.get((stock.variant.product.slug, stock.variant.name))
        if first is not None and stock.total - taken <= min(LEAVE, first - 1):
            put_on_sale(stock.variant, taken + first)


def _person(username: str, name: str, nickname: str = "") -> User:
    person, is_new = User.objects.get_or_create(
        username=username,
        defaults={"name": name, "nickname": nickname, "email": f"{username}@example.com"},
    )
    if is_new:
        person.set_password(PASSWORD)
        person.save()
    return person


def _employ(person: User, slugs: list[str]) -> None:
    for shop in Shop.objects.filter(slug__in=slugs):
        ShopMember.objects.get_or_create(shop=shop, user=person)


def _give_the_desk(person: User) -> None:
    """The organiser works at the desk with the rights of a group, not as a superuser."""
    group, _ = Group.objects.get_or_create(name="organiser")
    group.permissions.set(Permission.objects.filter(content_type__app_label__in=DESK_APPS))
    person.groups.add(group)
    person.is_staff = True
    person.save(update_fields=["is_staff"])


def _rest(entry: Entry, *without: str) -> Entry:
    return {key: value for key, value in entry.items() if key not in without}
