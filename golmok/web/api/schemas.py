"""The shapes of the API. Amounts are whole won, moments ISO 8601 with offset."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from ninja import Field, Schema
from pydantic import ConfigDict

Status = Literal["scheduled", "live", "ended", "cancelled"]
Withdrawal = Literal["seven_days", "perishable", "made_to_order"]
OrderStatus = Literal["awaiting_payment", "paid", "cancelled"]
Role = Literal["viewer", "merchant", "helper", "organiser"]
Receiving = Literal["pickup", "parcel"]


class ProblemDocument(Schema):
    """RFC 9457. The end of `type` is the code for programs; some add members (`left`, `errors` …)."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(examples=["/problems/not-enough-left"])
    title: str
    status: int
    detail: str


class DistrictOut(Schema):
    slug: str
    name: str
    gu: str


class ShopRef(Schema):
    slug: str
    name: str


class ShopOut(ShopRef):
    """A seller, with what the law wants buyers to know."""

    trade: str
    about: str
    address: str
    phone: str
    email: str
    representative: str
    business_number: str
    mail_order_number: str
    pickup_hours: str
    parcel_fee: int
    free_parcel_from: int | None
    is_sample: bool


class ShowItem(Schema):
    id: str
    status: Status
    title: str
    district: DistrictOut
    starts_at: datetime
    ends_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    shops: list[ShopRef]
    folder: str = Field(description="Where the picture and the feed of the show live.")
    url: str = Field(description="The page for people, in the caller's language.")


class ShowList(Schema):
    items: list[ShowItem]


class FestaRef(Schema):
    slug: str
    name: str
    organiser: str


class RundownOut(Schema):
    position: int
    minutes: int
    shop: ShopOut


class VariantOut(Schema):
    id: int
    name: str
    regular_price: int
    price: int = Field(description="What it costs now: the live price while the show is on the air.")
    per_buyer_cap: int | None
    left: int
    closed: bool


class NoticeRow(Schema):
    label: str
    value: str


class ProductOut(Schema):
    id: int
    slug: str
    shop: str
    name: str
    about: str
    origin: str
    is_food: bool
    picture: str | None
    picture_alt: str
    parcel: bool
    pickup: bool
    withdrawal: Withdrawal
    notice: list[NoticeRow] = Field(
        description="What buyers must be told, as far as it is."
    )
    variants: list[VariantOut]


class ShowDetail(ShowItem):
    festa: FestaRef
    rundown: list[RundownOut]
    products: list[ProductOut]
    pinned: int | None


class AccountName(Schema):
    name: str


class HeldProduct(Schema):
    id: int
    name: str
    option: str
    origin: str
    picture: str | None


class Receive(Schema):
    """A way to get the goods, and what everything costs that way."""

    kind: Receiving
    fee: int
    total: int
    note: str


class HoldIn(Schema):
    variant: int
    quantity: int = Field(ge=1, le=999)
    show: str | None = Field(default=None, max_length=32)


class HoldOut(Schema):
    """Stock kept for this buyer, at the price promised, until `expires_at`."""

    id: UUID
    variant: int
    quantity: int
    unit_price: int
    goods_total: int
    expires_at: datetime
    seconds_left: int
    show: str | None
    product: HeldProduct
    shop: ShopRef
    receive: list[Receive]
    needs_consent: bool = Field(description="No return within seven days; the buyer must agree to that.")


class Me(Schema):
    user: AccountName | None
    nickname: str | None
    role: Role
    room_pass: str | None
    csrf: str
    open_hold: HoldOut | None
    orders: int


class NicknameIn(Schema):
    nickname: str = Field(max_length=60)
    show: str | None = Field(default=None, max_length=32)


class OrderIn(Schema):
    """The checkout form. `errors` of a 422 `form-invalid` names the fields to mend."""

    hold: UUID
    name: str = Field(max_length=500)
    phone: str = Field(max_length=50)
    fulfilment: Receiving
    postcode: str = Field(default="", max_length=50)
    address: str = Field(default="", max_length=500)
    memo: str = Field(default="", max_length=500)
    consent: bool = False


class LineOut(Schema):
    product: int
    name: str
    option: str
    origin: str
    unit_price: int
    quantity: int


class OrderShop(ShopRef):
    address: str
    phone: str
    pickup_hours: str


class PaymentOut(Schema):
    """How to pay. The test gateway moves no money."""

    gateway: Literal["test"]
    reference: str
    pay_url: str


class OrderOut(Schema):
    """One's own order. Addresses and phone numbers are shown to nobody else."""

    number: str
    status: OrderStatus
    placed_at: datetime
    show: str | None
    goods_total: int
    delivery_fee: int
    total: int
    fulfilment: Receiving
    name: str
    phone: str
    postcode: str
    address: str
    memo: str
    lines: list[LineOut]
    shop: OrderShop
    payment: PaymentOut | None = Field(description="Only while the order waits for its payment.")
    url: str


class OrderList(Schema):
    items: list[OrderOut]


class PaymentIn(Schema):
    outcome: Literal["approve", "decline"]
    reference: str = Field(min_length=1, max_length=40, pattern=r"^[A-Za-z0-9_-]+$")


class ProductIn(Schema):
    product: int


class VariantIn(Schema):
    variant: int


class OnAir(Schema):
    ingest_key: str = Field(description="Lets one device send this show's picture. Shown once.")
    show: ShowItem


class StockOut(Schema):
    variant: int
    left: int
    closed: bool


class PinOut(Schema):
    show: str
    pinned: int | None
