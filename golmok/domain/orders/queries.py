"""What buyers and rooms ask about prices, stock and orders."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, Least
from django.utils import timezone

from golmok.domain.festas.models import Offer, Show
from golmok.domain.festas.queries import pinned_product
from golmok.domain.orders.models import KEPT, CapCount, CartLine, Checkout, Hold, Order, Stock, Waiting
from golmok.domain.orders.till.receipt import Receipt, look
from golmok.domain.shops.models import Variant


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
    lapsed = _lapsed(wanted)
    known = {
        stock.pk: StockNow(0 if stock.is_closed else stock.left + lapsed.get(stock.pk, 0), stock.is_closed)
        for stock in Stock.objects.filter(pk__in=wanted)
    }
    return {variant_id: known.get(variant_id, StockNow(0, True)) for variant_id in wanted}


def stock_in(show: Show, offers: Sequence[Offer]) -> dict[int, StockNow]:
    """As `stock_of` for what the show offers; while it is on the air no more than total caps allow."""
    stock = stock_of(offer.variant_id for offer in offers)
    if show.status == Show.Status.LIVE:
        stock |= _within_caps(stock, {(show.pk, offer.variant_id): offer for offer in offers})
    return stock


def _within_caps(
    stock: Mapping[int, StockNow], offers: Mapping[tuple[str, int], Offer]
) -> dict[int, StockNow]:
    """What total caps of live offers leave, by variant; one query when there are caps."""
    caps = {key: offer.total_cap for key, offer in offers.items() if offer.total_cap is not None}
    if not caps:
        return {}
    found = CapCount.objects.filter(show__in={show for show, _ in caps}, stock__in={one for _, one in caps})
    units = {(count.show_id, count.stock_id): count.units for count in found}
    return {
        key[1]: replace(stock[key[1]], left=max(0, min(stock[key[1]].left, cap - units.get(key, 0))))
        for key, cap in caps.items()
    }


def _lapsed(variant_ids: list[int]) -> dict[int, int]:
    """Units by variant that are kept for nobody any more and not given back yet."""
    over = Hold.objects.filter(stock__in=variant_ids, status__in=KEPT, expires_at__lte=timezone.now())
    units = over.order_by().values_list("stock_id").annotate(units=Sum("quantity"))
    return dict(units)


def room_facts(show_id: str) -> RoomFacts | None:
    """As many queries for one offer as for sixty; None for an unknown show."""
    show = Show.objects.filter(pk=show_id).first()
    if show is None:
        return None
    offers = list(show.offers.select_related("variant"))
    return RoomFacts(
        phase=_phase(show),
        pinned=pinned_product(show_id),
        stock=stock_in(show, offers),
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


def open_checkout(buyer: str) -> Receipt | None:
    """What the buyer keeps and has not ordered yet; the same queries for one line and for sixty."""
    now = timezone.now()
    good = Checkout.objects.filter(buyer=buyer, status=Checkout.Status.OPEN, expires_at__gt=now)
    found = good.order_by("-started_at").first()
    return look(buyer, found.pk.hex, now) if found else None


@dataclass(frozen=True)
class Place:
    """Where a buyer stands in the waiting list of a variant."""

    variant: int
    show: str | None
    quantity: int
    number: int
    """1 is the next to be served; rather more than less beyond `MOST_COUNTED`."""


MOST_COUNTED = 500
"""In front of somebody in a waiting list, one by one. Everybody asks again and again."""


def places_of(buyer: str) -> list[Place]:
    """The buyer's places in waiting lists; one query, however many."""
    same_list = Waiting.objects.filter(stock=OuterRef("stock"), left_at=None).order_by("number")
    last_counted = same_list.values("number")[MOST_COUNTED - 1 : MOST_COUNTED]
    mine = Waiting.objects.filter(buyer=buyer, left_at=None)
    mine = mine.annotate(far=Least("number", Coalesce(Subquery(last_counted), "number")))
    nearer = same_list.filter(number__lte=OuterRef("far")).order_by().values("stock")
    mine = mine.annotate(counted=Subquery(nearer.annotate(many=Count("pk")).values("many")))
    return [
        Place(one.stock_id, one.show_id, one.quantity, one.counted + one.number - one.far)
        for one in mine.order_by("joined_at")
    ]


@dataclass(frozen=True)
class Open:
    """Who of some has an open place in a waiting list, and how many have in all."""

    buyers: frozenset[str]
    all: int


def still_waiting(variant: int, buyers: Collection[str]) -> Open:
    mine = Waiting.objects.filter(stock=variant, buyer__in=buyers, left_at=None)
    stock = Stock.objects.filter(pk=variant).values_list("waiting", flat=True).first()
    return Open(frozenset(mine.values_list("buyer", flat=True)), stock or 0)


@dataclass(frozen=True)
class CartEntry:
    """A line of the cart with what is true of it now."""

    line: CartLine
    """With variant, product, shop and show."""
    unit_price: int
    """Won."""
    cap: int | None
    stock: StockNow


def cart_of(buyer: str) -> list[CartEntry]:
    """The cart in the order it was filled in; as many queries for one line as for sixty."""
    lines = list(
        CartLine.objects.filter(buyer=buyer)
        .select_related("variant__product__shop", "show")
        .order_by("added_at", "pk")
    )
    variants = [line.variant_id for line in lines]
    live = Offer.objects.filter(variant__in=variants, show__status=Show.Status.LIVE)
    offers = {(offer.show_id, offer.variant_id): offer for offer in live}
    stock = stock_of(variants)
    chosen = {key: offers[key] for line in lines if (key := (line.show_id or "", line.variant_id)) in offers}
    stock |= _within_caps(stock, chosen)
    return [_entry(line, offers.get((line.show_id or "", line.variant_id)), stock) for line in lines]


def units_in_cart(buyer: str) -> int:
    units: int = CartLine.objects.filter(buyer=buyer).aggregate(units=Sum("quantity", default=0))["units"]
    return units


def _entry(line: CartLine, offer: Offer | None, stock: Mapping[int, StockNow]) -> CartEntry:
    price = offer.price if offer else line.variant.price
    return CartEntry(line, price, offer.per_buyer_cap if offer else None, stock[line.variant_id])


def orders_of(buyer: str | None, found: Collection[str] = ()) -> int:
    """How many orders the buyer has, with those found by number and phone."""
    return _open_to(Order.objects.all(), buyer, found).count()


def own_orders(buyer: str | None, found: Collection[str] = ()) -> list[Order]:
    """The buyer's orders and those they found, latest first, with shop, show, lines and payments."""
    return list(_open_to(_whole_orders(), buyer, found))


def own_order(buyer: str | None, number: str, found: Collection[str] = ()) -> Order | None:
    return _open_to(_whole_orders(), buyer, found).filter(number=number).first()


def _open_to(orders: QuerySet[Order], buyer: str | None, found: Collection[str]) -> QuerySet[Order]:
    """Without a buyer only what was found; what an account took over since is behind its log-in."""
    theirs = Q(pk__in=list(found), user=None) if found else Q(pk__in=[])
    return orders.filter(Q(buyer=buyer) | theirs if buyer else theirs)


def _phase(show: Show) -> str:
    """A cancelled show is over for its room."""
    return Show.Status.ENDED.value if show.status == Show.Status.CANCELLED else show.status


def _whole_orders() -> QuerySet[Order]:
    orders = Order.objects.select_related("checkout", "shop", "show__district", "user")
    return orders.prefetch_related(
        "lines",
        "refunds",
        "checkout__payment_events",
        "checkout__orders__shop",
        "checkout__orders__refunds",
    )
