"""What the home page, the show page, the studio and the room passes ask about festas and shows."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from django.contrib.auth.models import AnonymousUser
from django.db.models import Prefetch, QuerySet

from golmok.domain.accounts.models import User
from golmok.domain.festas.models import Festa, Offer, Pin, RundownSegment, Show
from golmok.domain.shops.models import Product, ShopMember
from golmok.problems import Problem

Role = Literal["viewer", "merchant", "helper", "organiser"]


@dataclass(frozen=True)
class HomePage:
    """Shows carry `district`, `festa` and `rundown` (with `shop`), already read."""

    festa: Festa | None
    live: list[Show]
    upcoming: list[Show]
    """Next first."""
    past: list[Show]
    """Latest first."""

    @property
    def calendar(self) -> list[Show]:
        """Every show of the page in the order of time."""
        return sorted([*self.live, *self.upcoming, *self.past], key=lambda show: show.starts_at)


@dataclass(frozen=True)
class ShowProduct:
    """A product with its offers in one show; each offer carries its `variant`."""

    product: Product
    offers: list[Offer]


@dataclass(frozen=True)
class ShowPage:
    """Rundown in order; products in the order of their shops' turns."""

    show: Show
    rundown: list[RundownSegment]
    products: list[ShowProduct]
    pinned: int | None
    """The id of the product held up now."""


def home_page() -> HomePage:
    """What is on the air, what comes, what was: of the current festas."""
    shows = list(list_shows())
    return HomePage(
        festa=shows[0].festa if shows else Festa.objects.filter(is_current=True).first(),
        live=[show for show in shows if show.status == Show.Status.LIVE],
        upcoming=[show for show in shows if show.status == Show.Status.SCHEDULED],
        past=[show for show in reversed(shows) if show.status == Show.Status.ENDED],
    )


def list_shows() -> QuerySet[Show]:
    """Shows of the current festas that were not cancelled, by time, with district, festa and rundown."""
    shows = Show.objects.filter(festa__is_current=True).exclude(status=Show.Status.CANCELLED)
    return _with_rundown(shows).order_by("starts_at", "pk")


def show_exists(show_id: str) -> bool:
    return Show.objects.filter(pk=show_id).exists()


def show_page(show_id: str) -> ShowPage:
    """Raises Problem 404 `show-unknown`."""
    show = _with_rundown(Show.objects.filter(pk=show_id)).first()
    if show is None:
        raise Problem(404, "show-unknown")
    rundown = list(show.rundown.all())
    offers = show.offers.select_related("variant__product__shop__district").order_by("pk")
    turn = {segment.shop_id: segment.position for segment in rundown}
    products = sorted(
        _by_product(offers),
        key=lambda entry: (turn.get(entry.product.shop_id, len(turn) + 1), entry.product.pk),
    )
    return ShowPage(show, rundown, products, pinned_product(show.pk))


def pinned_product(show_id: str) -> int | None:
    """The id of the product held up in the show now."""
    return Pin.objects.filter(show_id=show_id, unpinned_at=None).values_list("product_id", flat=True).first()


def shows_of_merchant(user: User) -> list[Show]:
    """Shows that `user` may broadcast, by time; all of them for an organiser."""
    shows = _with_rundown(Show.objects.exclude(status=Show.Status.CANCELLED)).order_by("starts_at", "pk")
    if is_organiser(user):
        return list(shows)
    return list(shows.filter(rundown__shop__members__user=user).distinct())


def may_broadcast(user: User | AnonymousUser | None, show: Show) -> bool:
    """Whether `user` may run the show: its merchants, their helpers and the organiser."""
    return role_in(user, show) != "viewer"


def may_sell(user: User, show: Show, product: Product) -> bool:
    """Whether `user` may say in the show what becomes of `product`: its shop's people and the organiser."""
    if is_organiser(user):
        return True
    own = ShopMember.objects.filter(user=user, shop=product.shop_id)
    return own.filter(shop__rundown_segments__show=show).exists()


def role_in(user: User | AnonymousUser | None, show: Show) -> Role:
    """What `user` is in the show; None and strangers are viewers."""
    if not isinstance(user, User):
        return "viewer"
    if is_organiser(user):
        return "organiser"
    members = ShopMember.objects.filter(user=user, shop__rundown_segments__show=show)
    roles = set(members.values_list("role", flat=True))
    if ShopMember.Role.MERCHANT in roles:
        return "merchant"
    return "helper" if ShopMember.Role.HELPER in roles else "viewer"


def is_organiser(user: User) -> bool:
    return user.is_active and user.is_staff and user.has_perm("festas.change_show")


def _with_rundown(shows: QuerySet[Show]) -> QuerySet[Show]:
    turns = RundownSegment.objects.select_related("shop__district").order_by("position", "pk")
    return shows.select_related("festa", "district").prefetch_related(Prefetch("rundown", queryset=turns))


def _by_product(offers: Iterable[Offer]) -> list[ShowProduct]:
    entries: dict[int, ShowProduct] = {}
    for offer in offers:
        product = offer.variant.product
        entries.setdefault(product.pk, ShowProduct(product, [])).offers.append(offer)
    return list(entries.values())
