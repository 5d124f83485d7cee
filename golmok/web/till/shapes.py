"""The shapes of the till's part of the API. Amounts are whole won, moments ISO 8601 with offset."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, RootModel

CheckoutStatus = Literal["open", "placed", "paid", "over"]
OrderStatus = Literal["awaiting_payment", "paid", "cancelled"]
Receiving = Literal["pickup", "parcel"]


class Shape(BaseModel):
    model_config = ConfigDict(extra="ignore")


class LineIn(Shape):
    variant: int = Field(ge=1, le=2**62)
    quantity: int = Field(ge=1, le=999)
    show: str | None = Field(default=None, max_length=32)


class CheckoutIn(Shape):
    """What to keep: every line, or none of them."""

    lines: list[LineIn] = Field(min_length=1, max_length=60)


class ShopWishIn(Shape):
    shop: int
    fulfilment: str = Field(max_length=16, description="`pickup` or `parcel`.")
    memo: str = Field(default="", max_length=500)


class OrdersIn(Shape):
    """The checkout form. `errors` of a 422 `form-invalid` names the fields to mend; those of a shop end in
    its id, such as `fulfilment-7`."""

    name: str = Field(max_length=500)
    phone: str = Field(max_length=50)
    email: str = Field(default="", max_length=500)
    postcode: str = Field(default="", max_length=50)
    address: str = Field(default="", max_length=500)
    shops: list[ShopWishIn] = Field(min_length=1, max_length=60)
    consent: bool = False
    gateway: str = Field(
        default="", max_length=20, description="How it will be paid; needed when there is a choice."
    )
    depositor: str = Field(
        default="", max_length=500, description="By bank transfer: under which name the money will come."
    )
    receipt: str = Field(
        default="",
        max_length=16,
        description="By bank transfer, the cash receipt: `personal`, `business` or `none`.",
    )
    receipt_id: str = Field(
        default="", max_length=50, description="Mobile number or business number for the cash receipt."
    )


class ReturnedIn(RootModel[dict[str, str]]):
    """What the payment window gave the browser, as it is; empty to look again."""


class WaitIn(Shape):
    """What to wait for."""

    quantity: int = Field(default=1, ge=1, le=99)
    show: str | None = Field(default=None, max_length=32)
    email: str = Field(
        default="", max_length=254, description="Told there when the turn comes; may be empty."
    )


class WaitingPlace(Shape):
    """A place in the waiting list of a variant."""

    variant: int
    show: str | None
    quantity: int
    place: int = Field(description="1 is the next to be served.")


class PaymentIn(Shape):
    outcome: Literal["approve", "decline"]
    reference: str = Field(min_length=1, max_length=40, pattern=r"^[A-Za-z0-9_-]+$")


class ProductRef(Shape):
    id: int
    name: str
    option: str
    origin: str
    picture: str | None


class LineOut(Shape):
    variant: int
    product: ProductRef
    shop: int
    show: str | None = Field(description="Where it was chosen.")
    quantity: int
    first_paid: bool = Field(
        description="Not kept, except while its payment is confirmed: who pays first gets it."
    )
    unit_price: int = Field(description="The price promised when the stock was kept.")
    goods_total: int


class Receive(Shape):
    """A way to get the goods of a shop, and what they cost that way."""

    kind: Receiving
    fee: int
    remote_fee: int = Field(description="What Jeju and the islands add to the fee.")
    total: int = Field(description="Goods and fee, without what a remote place adds.")
    note: str


class ShopPart(Shape):
    """What is bought of one shop."""

    id: int
    slug: str
    name: str
    goods_total: int
    receive: list[Receive]


class OrderRef(Shape):
    number: str
    shop: int
    status: OrderStatus
    fulfilment: Receiving
    goods_total: int
    delivery_fee: int
    total: int
    url: str


class DepositOut(Shape):
    """Where a transfer is awaited, and until when."""

    bank: str
    account: str
    holder: str
    amount: int | None = Field(description="None: all of `total`.")
    until: datetime | None = Field(description="None: as long as the goods are kept.")


class PaymentOut(Shape):
    """How to pay. The test gateway moves no money."""

    gateway: str
    reference: str
    pay_url: str
    window: dict[str, Any] | None = Field(
        default=None, description="What the gateway's own script needs to open its window."
    )
    deposit: DepositOut | None = Field(
        default=None, description="Where to send the money; only in the answer to a return."
    )


class CheckoutOut(Shape):
    """One trip through the till: kept for this buyer until `expires_at`, ordered and paid together."""

    id: UUID
    status: CheckoutStatus
    expires_at: datetime
    seconds_left: int
    can_extend: bool = Field(description="More time can still be asked for, once.")
    lines: list[LineOut]
    shops: list[ShopPart]
    goods_total: int
    total: int = Field(description="Won to pay once it is placed; 0 before.")
    needs_consent: bool = Field(description="No return within seven days; the buyer must agree to that.")
    orders: list[OrderRef]
    payment: PaymentOut | None = Field(description="Only while the orders wait for their money.")
    refund_due: int = Field(description="Won that came and are owed back.")


class PlaceOut(Shape):
    """A place in the line before the till; the wish waits there by itself."""

    place: int = Field(description="The number on the slip; nobody else has it.")
    ahead: int = Field(description="How many are answered before.")
    seconds: int = Field(description="About how long, rather said longer.")
    ask_again: int = Field(description="Seconds after which to look again, as `Retry-After`.")


class WaitingOut(Shape):
    """Where I wait, and what is kept for me: whose turn came finds it there."""

    waiting: list[WaitingPlace]
    checkout: CheckoutOut | None
