"""The shapes of the API. Amounts are whole won, moments ISO 8601 with offset."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from ninja import Field, Schema
from pydantic import ConfigDict

from golmok.web.till.shapes import CheckoutOut, OrderStatus, ProductRef, Receiving, WaitingPlace

Status = Literal["scheduled", "live", "ended", "cancelled"]
OfferKind = Literal["hold", "first_paid"]
Withdrawal = Literal["seven_days", "perishable", "made_to_order"]
Role = Literal["viewer", "merchant", "helper", "organiser"]


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
    kind: OfferKind = Field(
        description="How it is sold now: `hold` is kept for who starts a checkout, `first_paid` goes to who "
        "pays first."
    )
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
    notice: list[NoticeRow] = Field(description="What buyers must be told, as far as it is.")
    variants: list[VariantOut]


class ShowDetail(ShowItem):
    festa: FestaRef
    rundown: list[RundownOut]
    products: list[ProductOut]
    pinned: int | None


class AccountName(Schema):
    name: str


class RecipientOut(Schema):
    """What the account knows of who receives its orders; parts may be empty."""

    name: str
    phone: str
    email: str


class Me(Schema):
    user: AccountName | None
    recipient: RecipientOut | None
    nickname: str | None
    role: Role
    room_pass: str | None
    csrf: str
    buyer_pass: str | None = Field(
        description="The bearer token of the till, `/checkouts`; null until `POST /me/buyer`."
    )
    open_checkout: CheckoutOut | None
    waiting: list[WaitingPlace]
    cart: int = Field(description="Units in the cart.")
    orders: int


class CartIn(Schema):
    quantity: int = Field(ge=0, le=999)
    show: str | None = Field(default=None, max_length=32)


class CartLineOut(Schema):
    variant: int
    quantity: int
    show: str | None
    shop: int
    product: ProductRef
    unit_price: int = Field(description="What it costs now; the checkout promises it.")
    goods_total: int
    left: int
    closed: bool
    per_buyer_cap: int | None


class CartShop(ShopRef):
    id: int
    goods_total: int
    parcel_fee: int
    free_parcel_from: int | None


class CartOut(Schema):
    """Nothing of it is kept; start a checkout for that."""

    lines: list[CartLineOut]
    shops: list[CartShop]
    goods_total: int
    count: int


class NicknameIn(Schema):
    nickname: str = Field(max_length=60)
    show: str | None = Field(default=None, max_length=32)


class FindIn(Schema):
    """As people type them: capitals, spaces and wide digits are understood."""

    number: str = Field(max_length=60)
    phone: str = Field(max_length=40)


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
    checkout: UUID = Field(description="What it is paid with, together with the orders beside it.")
    to_pay: int = Field(description="Won to pay for the whole checkout; 0 unless it waits for its money.")
    refund_due: int = Field(description="Won of this order that are owed back.")
    url: str


class FoundOut(OrderOut):
    """An order found by number and phone."""

    buyer_pass: str | None = Field(
        description="Opens the till for this checkout alone, while it waits for its money."
    )


class OrderList(Schema):
    items: list[OrderOut]


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
