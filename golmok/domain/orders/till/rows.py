"""The rows of the till: plain and slotted. Model instances cost a drop too much
(docs/decisions/0043).

Keys of checkouts and holds are UUIDs in 32 hex digits. States are the values of the models' choices.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from golmok.domain.festas.models import Show
from golmok.domain.orders.models import Checkout, Hold, Order
from golmok.domain.shops.models import Product


@dataclass(slots=True)
class ShopRow:
    id: int
    slug: str
    name: str
    name_en: str
    pickup_hours: str
    pickup_hours_en: str
    parcel_fee: int
    free_parcel_from: int | None
    remote_parcel_fee: int


@dataclass(slots=True)
class ProductRow:
    id: int
    shop_id: int
    name: str
    name_en: str
    origin: str
    origin_en: str
    picture: str
    parcel: bool
    pickup: bool
    withdrawal: str
    shop: ShopRow = field(init=False)

    @property
    def needs_consent(self) -> bool:
        """As `Product.needs_consent`."""
        return self.withdrawal != Product.Withdrawal.SEVEN_DAYS


@dataclass(slots=True)
class VariantRow:
    id: int
    product_id: int
    name: str
    name_en: str
    price: int
    product: ProductRow = field(init=False)
    shown: dict[str, dict[str, object]] = field(init=False, default_factory=dict)
    """How it is shown, by language: worked out once for all buyers of a batch."""
    on_sale: int = field(init=False, default=0)
    """Units in all, those kept and sold among them."""


@dataclass(slots=True)
class ShowRow:
    id: str
    status: str


@dataclass(slots=True)
class OfferRow:
    show_id: str
    variant_id: int
    price: int
    kind: str
    per_buyer_cap: int | None
    total_cap: int | None
    show: ShowRow = field(init=False)

    @property
    def key(self) -> tuple[str, int]:
        return self.show_id, self.variant_id

    @property
    def is_live(self) -> bool:
        """Its price holds."""
        return self.show.status == Show.Status.LIVE


@dataclass(slots=True)
class StockRow:
    variant_id: int
    total: int
    held: int = 0
    sold: int = 0
    is_closed: bool = False
    waiting: int = 0
    last_place: int = 0

    @property
    def left(self) -> int:
        """Units the next buyer may take."""
        return 0 if self.is_closed else self.total - self.held - self.sold


@dataclass(slots=True)
class CapCountRow:
    id: str
    stock_id: int
    show_id: str
    units: int


@dataclass(slots=True)
class WaitingRow:
    id: str
    stock_id: int
    show_id: str | None
    number: int
    buyer: str
    quantity: int
    email: str
    language: str
    joined_at: datetime
    left_at: datetime | None = None
    served_id: str | None = None


@dataclass(slots=True)
class CheckoutRow:
    id: str
    buyer: str
    expires_at: datetime
    started_at: datetime
    status: str = Checkout.Status.OPEN.value
    extended_at: datetime | None = None
    placed_at: datetime | None = None
    idempotency_key: str = ""
    digest: str = ""
    total: int = 0
    gateway: str = ""
    language: str = "ko"
    given_up: bool = False
    owes_back: bool = False


@dataclass(slots=True)
class HoldRow:
    id: str
    checkout_id: str
    stock_id: int
    show_id: str | None
    buyer: str
    quantity: int
    unit_price: int
    created_at: datetime
    expires_at: datetime
    at_live_price: bool = False
    status: str = Hold.Status.HELD.value

    @property
    def goods_total(self) -> int:
        """Won, without delivery."""
        return self.unit_price * self.quantity


@dataclass(slots=True)
class OrderRow:
    number: str
    checkout_id: str
    shop_id: int
    show_id: str | None
    user_id: int | None
    buyer: str
    name: str
    phone: str
    email: str
    postcode: str
    address: str
    fulfilment: str
    memo: str
    placed_at: datetime
    goods_total: int = 0
    delivery_fee: int = 0
    status: str = Order.Status.AWAITING_PAYMENT.value
    withdrawal_notice_at: datetime | None = None
    given_up: bool = False

    @property
    def total(self) -> int:
        """Won."""
        return self.goods_total + self.delivery_fee


@dataclass(slots=True)
class LineRow:
    order_id: str
    hold_id: str
    product_id: int
    product_name: str
    product_name_en: str
    option_name: str
    option_name_en: str
    origin: str
    origin_en: str
    withdrawal: str
    unit_price: int
    quantity: int


@dataclass(slots=True)
class EventRow:
    checkout_id: str
    order_id: str | None
    gateway: str
    reference: str
    kind: str
    amount: int
    recorded_at: datetime


@dataclass(slots=True)
class ExpectedRow:
    checkout_id: str
    depositor: str
    receipt_type: str
    receipt_id: str
    receipt_issued_no: str = ""


@dataclass(slots=True)
class UserRow:
    id: int


@dataclass(slots=True)
class CartRow:
    buyer: str
    variant_id: int


@dataclass(slots=True)
class FactRow:
    show_id: str
    kind: str
    fields: Mapping[str, object]
    created_at: datetime


Row = (
    StockRow | CapCountRow | WaitingRow | CheckoutRow | HoldRow | OrderRow | LineRow | EventRow | ExpectedRow
)
