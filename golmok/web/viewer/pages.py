"""What the templates of the viewer need, worked out from the domain's answers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from uuid import UUID

from django.utils import timezone
from django.utils.translation import get_language

from golmok.domain.core.bilingual import in_language
from golmok.domain.festas.models import Festa, Offer, Show
from golmok.domain.festas.queries import HomePage, ShowPage, ShowProduct
from golmok.domain.orders.cancelling import cancellable_until
from golmok.domain.orders.models import Checkout, Order, PaymentEvent
from golmok.domain.orders.queries import StockNow
from golmok.domain.shops.models import Product, Shop
from golmok.web.api.presenting import product_out, variant_out
from golmok.web.viewer.replays import has_replay

NOTHING = StockNow(left=0, closed=True)


@dataclass(frozen=True)
class Unit:
    """One buyable form of a product, with its numbers of the moment (won, units)."""

    price: int
    regular: int
    left: int
    is_out: bool


@dataclass(frozen=True)
class Goods:
    """A product in one line: its cheapest form that can still be bought. The browser's twin is goods.ts."""

    product: Product
    units: list[Unit]

    @property
    def open(self) -> list[Unit]:
        return [unit for unit in self.units if not unit.is_out]

    @cached_property
    def cheapest(self) -> Unit:
        return min(self.open or self.units, key=lambda unit: unit.price)

    @property
    def price(self) -> int:
        return self.cheapest.price

    @property
    def regular(self) -> int:
        return self.cheapest.regular

    @property
    def has_range(self) -> bool:
        return any(unit.price != self.price for unit in self.open or self.units)

    @property
    def left(self) -> int:
        return sum(unit.left for unit in self.open)

    @property
    def is_out(self) -> bool:
        return not self.open


@dataclass(frozen=True)
class Turn:
    """One shop's part of the show."""

    shop: Shop
    begins: int
    """Minutes from the start of the show to the turn, and to its end; both 0 for a shop without one."""
    ends: int
    starts_at: datetime
    ends_at: datetime
    products: list[Goods]

    @property
    def has_time(self) -> bool:
        return self.ends > self.begins


@dataclass(frozen=True)
class WatchPage:
    show: Show
    turns: list[Turn]
    pinned: Goods | None
    entries: list[ShowProduct]
    stock: dict[int, StockNow]

    @property
    def begins_at(self) -> datetime:
        """When it began, or is to begin."""
        return begin_of(self.show)

    @cached_property
    def is_unrecorded(self) -> bool:
        """It is over, and cannot be watched again."""
        return is_over(self.show) and not has_replay(self.show.pk)

    @property
    def goods(self) -> list[Goods]:
        return [item for turn in self.turns for item in turn.products]

    @property
    def has_samples(self) -> bool:
        return any(turn.shop.is_sample for turn in self.turns)


@dataclass(frozen=True)
class Card:
    show: Show
    shops: list[Shop]
    is_late: bool
    """It should have begun and has not."""
    has_replay: bool
    """It is over, and can be watched again."""


@dataclass(frozen=True)
class Home:
    festa: Festa | None
    live: list[Card]
    next: Card | None
    coming: list[Card]
    past: list[Card]

    @property
    def is_empty(self) -> bool:
        return not (self.live or self.next or self.coming or self.past)


@dataclass(frozen=True)
class Purchase:
    """The orders of one checkout, which are paid and cancelled together."""

    orders: list[Order]

    @property
    def first(self) -> Order:
        return self.orders[0]

    @property
    def total(self) -> int:
        """Won, with delivery."""
        return sum(order.total for order in self.orders)

    @property
    def is_waiting(self) -> bool:
        return self.first.checkout.status == Checkout.Status.PLACED


@dataclass(frozen=True)
class OrderPage:
    order: Order

    @property
    def purchase(self) -> Purchase:
        return Purchase(by_shop(self.order.checkout.orders.all()))

    @property
    def beside(self) -> list[Order]:
        """What was ordered of other shops at the same time."""
        return [other for other in self.purchase.orders if other.pk != self.order.pk]

    @property
    def is_gone(self) -> bool:
        """It was paid, and its goods were not there any more."""
        return self._is_paid and self.order.status == Order.Status.CANCELLED

    @property
    def was_cancelled(self) -> bool:
        """It was paid, and its buyer cancelled it."""
        return self.is_gone and self.order.given_up

    @property
    def cancellable_until(self) -> datetime | None:
        """Until when its buyer may cancel it here; None when they may not (any more)."""
        events = self.order.checkout.payment_events.all()
        paid = [one.recorded_at for one in events if one.kind == PaymentEvent.Kind.APPROVED]
        if self.order.status != Order.Status.PAID or not paid:
            return None
        is_exception = self.order.withdrawal_notice_at is not None
        until = cancellable_until(max(paid), is_exception=is_exception)
        return until if timezone.now() <= until else None

    @property
    def came_late(self) -> int:
        """Won that came after the orders were off."""
        checkout = self.order.checkout
        return checkout.refund_due if checkout.status == Checkout.Status.OVER else 0

    @property
    def too_much(self) -> int:
        """Won that were paid on top of what all orders cost."""
        due = sum(order.refund_due for order in self.purchase.orders)
        return max(0, self.order.checkout.refund_due - due) if self._is_paid else 0

    @property
    def was_test(self) -> bool:
        """Money came, and it was none."""
        return self.order.checkout.gateway == "test" and (self._is_paid or self.came_late > 0)

    @property
    def _is_paid(self) -> bool:
        return self.order.checkout.status == Checkout.Status.PAID


def purchases_of(orders: list[Order]) -> list[Purchase]:
    """Latest first, as the orders are."""
    by_checkout: dict[UUID, list[Order]] = {}
    for order in orders:
        by_checkout.setdefault(order.checkout_id, []).append(order)
    return [Purchase(by_shop(together)) for together in by_checkout.values()]


def by_shop(orders: Iterable[Order]) -> list[Order]:
    """The same order on every page: numbers say nothing about it."""
    return sorted(orders, key=lambda order: order.shop_id)


def said(row: Festa | Show | Shop | Product, field: str) -> str:
    return in_language(row, field, get_language() or "")


def home_of(page: HomePage) -> Home:
    """While nothing is on the air the next show stands at the top, and only there.

    A show that has not begun by its planned end is no longer announced.
    """
    now = timezone.now()
    coming = [card_of(show) for show in page.upcoming if show.ends_at > now]
    first = 0 if page.live else 1
    return Home(
        festa=page.festa,
        live=[card_of(show) for show in page.live],
        next=next(iter(coming[:first]), None),
        coming=coming[first:],
        past=[card_of(show) for show in page.past],
    )


def card_of(show: Show) -> Card:
    is_late = show.status == Show.Status.SCHEDULED and show.starts_at <= timezone.now()
    shops = [segment.shop for segment in show.rundown.all()]
    return Card(show, shops, is_late, is_over(show) and has_replay(show.pk))


def is_over(show: Show) -> bool:
    return show.status == Show.Status.ENDED


def watch_of(page: ShowPage, stock: dict[int, StockNow]) -> WatchPage:
    """Products stand under their shop's turn; a shop that sells without a turn comes last."""
    goods = [goods_of(entry, page.show, stock) for entry in page.products]
    return WatchPage(
        show=page.show,
        turns=turns_of(page, goods),
        pinned=next((item for item in goods if item.product.pk == page.pinned), None),
        entries=page.products,
        stock=stock,
    )


def turns_of(page: ShowPage, goods: list[Goods]) -> list[Turn]:
    turns, passed = [], 0
    for segment in page.rundown:
        turns.append(turn_of(segment.shop, page.show, passed, passed + segment.minutes, goods))
        passed += segment.minutes
    placed = {turn.shop.pk for turn in turns}
    others = {item.product.shop_id: item.product.shop for item in goods if item.product.shop_id not in placed}
    return [*turns, *(turn_of(shop, page.show, 0, 0, goods) for shop in others.values())]


def turn_of(shop: Shop, show: Show, begins: int, ends: int, goods: list[Goods]) -> Turn:
    """`begins` and `ends` are minutes into the show, which may have begun at another moment than planned."""
    start_at, end_at = (begin_of(show) + timedelta(minutes=minutes) for minutes in (begins, ends))
    return Turn(shop, begins, ends, start_at, end_at, [i for i in goods if i.product.shop_id == shop.pk])


def begin_of(show: Show) -> datetime:
    return show.started_at or show.starts_at


def goods_of(entry: ShowProduct, show: Show, stock: dict[int, StockNow]) -> Goods:
    return Goods(
        entry.product, [unit_of(offer, show, stock.get(offer.variant_id, NOTHING)) for offer in entry.offers]
    )


def unit_of(offer: Offer, show: Show, now: StockNow) -> Unit:
    is_out = now.closed or now.left < 1
    return Unit(offer.price_while(show), offer.variant.price, now.left, is_out)


def data_of(page: WatchPage) -> dict[str, object]:
    """The data block of the watch page: `ShowData` in goods.ts. Moments are ms UTC."""
    show = page.show
    return {
        "id": show.pk,
        "status": show.status,
        "title": said(show, "title"),
        "starts_at": milliseconds(show.starts_at),
        "started_at": milliseconds(show.started_at) if show.started_at else None,
        "pinned": page.pinned.product.pk if page.pinned else None,
        "products": [product_data(entry, page) for entry in page.entries],
        "shops": {turn.shop.slug: seller_of(turn.shop) for turn in page.turns},
    }


def product_data(entry: ShowProduct, page: WatchPage) -> dict[str, object]:
    variants = [variant_out(offer, page.show, page.stock) for offer in entry.offers]
    # The notice stands on the page; the product's sheet copies it from there.
    return product_out(entry.product, variants).model_dump(exclude={"notice"})


def seller_of(shop: Shop) -> dict[str, str]:
    return {
        "name": said(shop, "name"),
        "district": in_language(shop.district, "name", get_language() or ""),
    }


def milliseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)
