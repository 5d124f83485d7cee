"""Where races are run: a show with two shops, and what was done there before the race."""

from dataclasses import dataclass, field
from itertools import count
from uuid import uuid4

from golmok.domain.accounts.models import User
from golmok.domain.festas.models import Offer, Show
from golmok.domain.orders import actions
from golmok.domain.orders.checkout import Recipient, ShopWish
from golmok.domain.orders.models import Checkout, PaymentEvent
from golmok.domain.orders.till.pay import PayTest, Record
from golmok.domain.orders.till.place import Place
from golmok.domain.orders.till.start import Line, Start
from golmok.domain.shops.models import Shop, Variant
from tests.buying import hold, let_expire, place
from tests.domain.conftest import offer_product, open_show

SOMEBODY = Recipient("김서울", "010-1234-5678", "08754", "서울 관악구 난곡로 1")
_numbers = count(1)


def buyer() -> str:
    return f"guest:{next(_numbers)}"


@dataclass
class Market:
    shop: Shop = field(init=False)
    show: Show = field(init=False)

    def __post_init__(self) -> None:
        self.shop = open_show().product.shop
        self.show = Show.objects.get()

    def goods(self, units: int = 1, cap: int | None = None) -> Variant:
        return offer_product(self.shop, self.show, units=units, cap=cap)

    def rushed(self, units: int) -> Variant:
        """For who pays first."""
        variant = self.goods(units)
        Offer.objects.filter(variant=variant).update(kind=Offer.Kind.FIRST_PAID)
        return variant

    def kept(self, units: int = 1, who: str = "", of: Variant | None = None) -> Checkout:
        return hold(of or self.goods(units), units, who or buyer())

    def placed(self, units: int = 1, who: str = "", of: Variant | None = None) -> Checkout:
        return place(self.kept(units, who, of), fulfilment="pickup")

    def late(self, units: int = 1, who: str = "", of: Variant | None = None) -> Checkout:
        """Ordered, not paid in time, and nobody has noticed yet."""
        placed = self.placed(units, who, of)
        let_expire(placed)
        placed.refresh_from_db()
        return placed

    def given_up(self) -> Checkout:
        return actions.give_up_checkout((placed := self.placed()).pk, placed.buyer)

    def start(self, who: str, *lines: tuple[Variant, int]) -> Start:
        return Start(who, tuple(Line(variant.pk, units, self.show.pk) for variant, units in lines), 600)

    def place(self, kept: Checkout, key: str) -> Place:
        wishes = {self.shop.pk: ShopWish("pickup")}
        return Place(kept.buyer, None, kept.pk.hex, key, SOMEBODY, wishes, False)


def money(checkout: Checkout, reference: str = "") -> Record:
    """The whole sum came."""
    approved = PaymentEvent.Kind.APPROVED
    return Record(checkout.pk.hex, "bank", reference or uuid4().hex, approved, checkout.total)


def trial_money(checkout: Checkout) -> PayTest:
    """The test gateway approved; it asks for the goods first."""
    return PayTest(checkout.buyer, checkout.pk.hex, uuid4().hex, PaymentEvent.Kind.APPROVED)


def back(checkout: Checkout, reference: str = "") -> Record:
    """The whole sum of its one order went back."""
    refunded, one = PaymentEvent.Kind.REFUNDED, checkout.orders.get()
    return Record(checkout.pk.hex, "bank", reference or uuid4().hex, refunded, one.total, one.number)


def account() -> User:
    return User.objects.create(username=f"member-{next(_numbers)}")
