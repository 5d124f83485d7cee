"""What buyers and rooms ask about prices, stock and orders."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet, Sum
from django.utils import timezone

from golmok.domain.festas.models import Offer, Show
from golmok.domain.festas.queries import pinned_product
from golmok.domain.orders.models import Hold, Order, Stock
from golmok.domain.orders.stock import KEPT
from golmok.domain.shops.models import Shop, Variant


@dataclass(frozen=True)
class StockNow:
    """Units the next buyer may take; `closed` when the merchant said it is sold out."""

    left: int
    closed: bool


@dataclass(frozen=True)
class RoomFacts:
    """What a room must know of the sale when it opens. Stock and prices (won) are by variant id."""

    phase: str
    pinned: int | None
    stock: dict[int, StockNow]
    prices: dict[int, int]


def stock_of(variant_ids: Iterable[int]) -> dict[int, StockNow]:
    """Stock by variant; what expired counts as left. A variant that is not on sale is closed."""
    wanted = list(variant_ids)
    lapsed = Q(holds__status__in=KEPT, holds__expires_at__lte=timezone.now())
    stocks = Stock.objects.filter(pk__in=wanted).annotate(
        lapsed=Sum("holds__quantity", filter=lapsed, default=0)
    )
    known = {
        stock.pk: StockNow(0 if stock.is_closed else stock.left + stock.lapsed, stock.is_closed)
        for stock in stocks
    }
    return {variant_id: known.get(variant_id, StockNow(0, True)) for variant_id in wanted}


def room_facts(show_id: str) -> RoomFacts | None:
    """Four queries, whatever the show sells; None for an unknown show."""
    show = Show.objects.filter(pk=show_id).first()
    if show is None:
        return None
    offers = list(show.offers.select_related("variant"))
    return RoomFacts(
        phase=_phase(show),
        pinned=pinned_product(show_id),
        stock=stock_of(offer.variant_id for offer in offers),
        prices={offer.variant_id: offer.price_while(show) for offer in offers},
    )


def price_now(variant: Variant, show: Show | None) -> int:
    """Won: the live price while `show` is on the air and offers it, the regular price otherwise."""
    offer = offer_now(variant, show)
    return offer.price if offer else variant.price


def offer_now(variant: Variant, show: Show | None) -> Offer | None:
    """The show's offer of the variant, while the show is on the air."""
    if show is None:
        return None
    return Offer.objects.filter(show_id=show.pk, show__status=Show.Status.LIVE, variant=variant).first()


def delivery_fee(shop: Shop, goods_total: int, fulfilment: str) -> int:
    """Won: nothing for picking up, nor from the sum on at which the shop sends for free."""
    if fulfilment != Order.Fulfilment.PARCEL:
        return 0
    if shop.free_parcel_from is not None and goods_total >= shop.free_parcel_from:
        return 0
    return shop.parcel_fee


def own_hold(hold_id: UUID, buyer: str) -> Hold | None:
    """The buyer's hold, with product, shop and variant, whatever became of it."""
    return _whole_holds().filter(pk=hold_id, buyer=buyer).first()


def open_hold(buyer: str, show_id: str | None) -> Hold | None:
    """The buyer's latest hold in the show that is still good and not ordered yet."""
    good = _whole_holds().filter(buyer=buyer, status=Hold.Status.HELD, expires_at__gt=timezone.now())
    return good.filter(show_id=show_id).order_by("-created_at").first()


def own_orders(buyer: str) -> list[Order]:
    """The buyer's orders, latest first, with shop, show, lines and payments."""
    return list(_whole_orders().filter(buyer=buyer))


def own_order(buyer: str, number: str) -> Order | None:
    return _whole_orders().filter(buyer=buyer, number=number).first()


def masked_name(name: str) -> str:
    """A name for everybody's eyes: ``김서울`` becomes ``김*울``, ``김솔`` becomes ``김*``."""
    name = name.strip()
    if len(name) < 3:
        return name[:1] + "*"
    return name[0] + "*" * (len(name) - 2) + name[-1]


def _phase(show: Show) -> str:
    """A cancelled show is over for its room."""
    return Show.Status.ENDED.value if show.status == Show.Status.CANCELLED else show.status


def _whole_holds() -> QuerySet[Hold]:
    return Hold.objects.select_related("show", "stock__variant__product__shop")


def _whole_orders() -> QuerySet[Order]:
    orders = Order.objects.select_related("shop", "show__district", "user")
    return orders.prefetch_related("lines__product", "lines__hold", "payment_events")
