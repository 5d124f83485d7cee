from collections.abc import Iterable
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.utils import timezone

from golmok.domain.core.labels import label
from golmok.domain.core.ordered_id import ordered_uuid
from golmok.domain.core.public_id import new_public_id
from golmok.domain.festas.models import Show
from golmok.domain.orders.models.stock import Stock
from golmok.domain.shops.models import Product, Shop

SEOUL = ZoneInfo("Asia/Seoul")
SIGNS = {"approved": 1, "declined": 0, "refunded": -1}
"""What each `PaymentEvent.Kind` does to the money that is in."""


class Money(Protocol):
    """What a payment event says of money."""

    kind: str
    amount: int


def money_in(events: Iterable["Money"]) -> int:
    """Won that arrived and were not given back."""
    return sum(SIGNS[event.kind] * event.amount for event in events)


BANK_TRANSFER = "bank_transfer"
"""The gateway's name (see `golmok.domain.orders.transfer`)."""
BY_TRANSFER = (BANK_TRANSFER,)
"""Gateways where the buyer must still act once the orders are placed."""


class Checkout(models.Model):
    """One trip through the till: what a buyer keeps, orders and pays in one go, from however many shops."""

    class Status(models.TextChoices):
        OPEN = "open", label("orders-checkout-open")
        """Stock is kept while the buyer fills in the form."""
        PLACED = "placed", label("orders-checkout-placed")
        """Orders stand and wait for their money."""
        PAID = "paid", label("orders-checkout-paid")
        """The whole sum arrived once; each order tells for itself whether its goods were still there."""
        OVER = "over", label("orders-checkout-over")
        """It ran out of time or was given up before the money came."""

    id = models.UUIDField(primary_key=True, default=ordered_uuid, editable=False)
    buyer = models.CharField(max_length=64)
    """Whose it is: ``user:<id>`` or ``guest:<random>``, kept in the buyer's session."""
    status = models.CharField(max_length=10, choices=Status, default=Status.OPEN)
    started_at = models.DateTimeField(default=timezone.now)
    """Since when the buyer keeps something of it, also in checkouts that this one replaced."""
    expires_at = models.DateTimeField()
    """When its stock goes back, unless it is paid."""
    extended_at = models.DateTimeField(null=True)
    """When the buyer asked for more time; it is given once."""
    placed_at = models.DateTimeField(null=True)
    idempotency_key = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    """SHA-256 of what was asked under the key, so that the same key with another wish is noticed."""
    total = models.PositiveIntegerField(default=0)
    """Won to pay, of all its orders with their delivery."""
    gateway = models.CharField(max_length=20, blank=True)
    language = models.CharField(max_length=2, default="ko")
    """The buyer's, for mail."""
    given_up = models.BooleanField(default=False)
    """The buyer's own cancelling: money that comes after it is to be given back, not a new purchase."""
    waiting_told = models.BooleanField(db_default=False)
    """The buyer was written where to send the money."""
    owes_back = models.BooleanField(default=False)
    """Whether `refund_due` is more than nothing, so that those who give back find it."""

    class Meta:
        indexes = [
            models.Index(
                fields=["placed_at"],
                condition=models.Q(status__in=["placed", "over"]) & ~models.Q(gateway__in=["", "test"]),
                name="checkout_unpaid",
            ),
            models.Index(fields=["id"], condition=models.Q(owes_back=True), name="checkout_owes_back"),
            models.Index(fields=["buyer"], condition=models.Q(status="open"), name="checkout_open_of_buyer"),
            models.Index(
                fields=["expires_at"],
                condition=models.Q(status__in=["open", "placed"]),
                name="checkout_to_expire",
            ),
            models.Index(
                fields=["placed_at"],
                condition=models.Q(status="placed", gateway__in=BY_TRANSFER, waiting_told=False),
                name="checkout_waiting_untold",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["buyer", "idempotency_key"],
                condition=~models.Q(idempotency_key=""),
                name="checkout_placed_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.buyer} {self.status} {self.total}"

    @property
    def paid(self) -> int:
        """Won that arrived and were not given back, recalculated from every payment event."""
        return money_in(self.payment_events.all())

    @property
    def owed(self) -> int:
        """Won the goods cost that stand: of a paid checkout the orders whose goods were there."""
        if self.status == self.Status.PAID:
            return sum(order.total for order in self.orders.all() if order.status == Order.Status.PAID)
        return self.total if self.status == self.Status.PLACED else 0

    @property
    def refund_due(self) -> int:
        """Won that were paid and are not owed: of goods that were gone or given up, or paid twice."""
        return max(0, self.paid - self.owed)

    @property
    def refunds_due(self) -> dict[str, int]:
        """Of what is owed back, the part of each cancelled order, by number; no won is promised twice."""
        left = self.refund_due if self.status == self.Status.PAID else 0
        due = {}
        for order in sorted(self.orders.all(), key=lambda one: one.shop_id):
            if order.status == Order.Status.CANCELLED:
                back = -money_in(order.refunds.all())
                due[order.number] = min(max(0, order.total - back), left)
                left -= due[order.number]
        return due

    @property
    def back_by_part(self) -> dict[str | None, int]:
        """What is owed back, without zeros: by cancelled order, and under None what no order explains."""
        parts: dict[str | None, int] = {}
        parts.update(self.refunds_due)
        parts[None] = self.refund_due - sum(parts.values())
        return {part: won for part, won in parts.items() if won}


class Hold(models.Model):
    """Stock kept for a buyer until a time.

    HELD, ORDERED (an order awaits its payment) and RESERVED count in `Stock.held` and may expire; SOLD in
    `Stock.sold`. First paid, first served: WANTED is kept for nobody, and becomes RESERVED just while its
    payment is confirmed.
    """

    class Status(models.TextChoices):
        HELD = "held", label("desk-hold-held")
        ORDERED = "ordered", label("desk-hold-ordered")
        WANTED = "wanted", label("desk-hold-wanted")
        RESERVED = "reserved", label("desk-hold-reserved")
        SOLD = "sold", label("orders-hold-sold")
        RELEASED = "released", label("desk-hold-released")

    id = models.UUIDField(primary_key=True, default=ordered_uuid, editable=False)
    checkout = models.ForeignKey(Checkout, models.PROTECT, related_name="holds")
    # Found through the indexes below; one more on this table would cost each sale a page written.
    stock = models.ForeignKey(Stock, models.PROTECT, related_name="holds", db_index=False)
    show = models.ForeignKey(Show, models.PROTECT, related_name="holds", null=True, db_index=False)
    buyer = models.CharField(max_length=64)
    quantity = models.PositiveSmallIntegerField()
    unit_price = models.PositiveIntegerField()
    """Won; the price promised when the hold was taken."""
    at_live_price = models.BooleanField(default=False)
    """That price is the live one of its show, so that it counts against the offer's total cap."""
    status = models.CharField(max_length=10, choices=Status, default=Status.HELD)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(
                fields=["stock", "expires_at"],
                condition=models.Q(status__in=["held", "ordered", "reserved"]),
                name="hold_to_expire",
            ),
            models.Index(fields=["buyer", "stock"], name="hold_of_buyer"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(quantity__gt=0), name="hold_quantity_positive")
        ]

    def __str__(self) -> str:
        return f"{self.quantity} x {self.stock_id} until {self.expires_at:%T}"

    @property
    def goods_total(self) -> int:
        """Won, without delivery."""
        return self.unit_price * self.quantity


KEPT = (Hold.Status.HELD, Hold.Status.ORDERED, Hold.Status.RESERVED)
"""States that count in `Stock.held`."""
TAKEN = (*KEPT, Hold.Status.SOLD)
"""States in which nobody else can have the units."""


def new_order_number() -> str:
    """The day in Seoul and eight letters (40 bits), such as ``220720-k7m4pqxw``: sayable on the phone."""
    return f"{datetime.now(SEOUL):%y%m%d}-{new_public_id(8)}"


class Order(models.Model):
    """What a buyer asked of one shop in a checkout. Amounts in won, VAT included."""

    class Status(models.TextChoices):
        AWAITING_PAYMENT = "awaiting_payment", label("desk-order-awaiting-payment")
        PAID = "paid", label("desk-order-paid")
        CANCELLED = "cancelled", label("desk-order-cancelled")

    class Fulfilment(models.TextChoices):
        PARCEL = "parcel", label("desk-parcel")
        PICKUP = "pickup", label("desk-pickup")

    number = models.CharField(
        label("desk-order-number"), primary_key=True, max_length=16, default=new_order_number, editable=False
    )
    # Keys without Django's own indexes are found through those below. On PostgreSQL it adds to a key that is
    # text another one for LIKE, written with each sale and read by nobody.
    checkout = models.ForeignKey(Checkout, models.PROTECT, related_name="orders", db_index=False)
    shop = models.ForeignKey(Shop, models.PROTECT, related_name="orders", verbose_name=label("desk-shop"))
    show = models.ForeignKey(
        Show,
        models.PROTECT,
        related_name="orders",
        null=True,
        verbose_name=label("desk-show"),
        db_index=False,
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, related_name="orders", null=True, db_index=False
    )
    buyer = models.CharField(max_length=64)
    status = models.CharField(
        label("desk-status"), max_length=20, choices=Status, default=Status.AWAITING_PAYMENT, editable=False
    )
    name = models.CharField(label("desk-buyer-name"), max_length=40)
    phone = models.CharField(label("desk-phone"), max_length=20)
    email = models.EmailField(label("desk-email"), blank=True)
    fulfilment = models.CharField(label("desk-fulfilment"), max_length=16, choices=Fulfilment)
    postcode = models.CharField(label("desk-postcode"), max_length=5, blank=True)
    address = models.CharField(label("desk-address"), max_length=200, blank=True)
    memo = models.CharField(label("desk-memo"), max_length=200, blank=True)
    goods_total = models.PositiveIntegerField(label("desk-goods-total"))
    delivery_fee = models.PositiveIntegerField(label("desk-delivery-fee"))
    given_up = models.BooleanField(default=False)
    """Its buyer cancelled it after paying."""
    withdrawal_notice_at = models.DateTimeField(null=True)
    """When the buyer consented to an exception from the seven days (perishable, made to order)."""
    placed_at = models.DateTimeField(label("desk-placed-at"), default=timezone.now)
    told = models.CharField(max_length=20, db_default="awaiting_payment", editable=False)
    """The status that letters know of (see letters/)."""

    class Meta:
        verbose_name = label("desk-order")
        verbose_name_plural = label("desk-orders")
        ordering = ["-placed_at"]
        constraints = [models.UniqueConstraint(fields=["checkout", "shop"], name="one_order_per_shop")]
        indexes = [
            models.Index(fields=["buyer", "-placed_at"], name="orders_of_buyer"),
            models.Index(fields=["show"], name="orders_of_show"),
            models.Index(fields=["user"], condition=models.Q(user__isnull=False), name="orders_of_account"),
            models.Index(
                fields=["checkout"], condition=~models.Q(told=models.F("status")), name="order_untold"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def total(self) -> int:
        return self.goods_total + self.delivery_fee

    @property
    def refund_due(self) -> int:
        """Won of this order that were paid and are owed back. What was paid twice is the checkout's."""
        return self.checkout.refunds_due.get(self.number, 0)


class OrderLine(models.Model):
    """A product as it was when it was bought."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="lines", db_index=False)
    hold = models.OneToOneField(Hold, models.PROTECT, related_name="order_line")
    product = models.ForeignKey(Product, models.PROTECT, related_name="+", db_index=False)
    product_name = models.CharField(label("desk-product"), max_length=80)
    product_name_en = models.CharField(max_length=80, blank=True)
    option_name = models.CharField(label("desk-option"), max_length=60, blank=True)
    option_name_en = models.CharField(max_length=60, blank=True)
    origin = models.CharField(label("desk-origin"), max_length=120, blank=True)
    origin_en = models.CharField(max_length=120, blank=True)
    withdrawal = models.CharField(
        max_length=16, choices=Product.Withdrawal, default=Product.Withdrawal.SEVEN_DAYS
    )
    unit_price = models.PositiveIntegerField(label("desk-unit-price"))
    quantity = models.PositiveSmallIntegerField(label("desk-quantity"))

    class Meta:
        indexes = [models.Index(fields=["order"], name="lines_of_order")]

    def __str__(self) -> str:
        return f"{self.product_name} x {self.quantity}"


class PaymentEvent(models.Model):
    """One thing a payment gateway told us. Never changed or removed; states are recalculated from all."""

    class Kind(models.TextChoices):
        APPROVED = "approved", label("desk-payment-approved")
        DECLINED = "declined", label("desk-payment-declined")
        REFUNDED = "refunded", label("desk-payment-refunded")

    checkout = models.ForeignKey(Checkout, models.PROTECT, related_name="payment_events")
    order = models.ForeignKey(Order, models.PROTECT, related_name="refunds", null=True, db_index=False)
    """The order that a refund gives back; None when the event is about the whole sum."""
    gateway = models.CharField(max_length=20)
    reference = models.CharField(max_length=200)
    """The gateway's own name for this event; telling it twice is the same event."""
    kind = models.CharField(max_length=10, choices=Kind)
    amount = models.PositiveIntegerField()
    recorded_at = models.DateTimeField(default=timezone.now)
    is_told = models.BooleanField(db_default=False, editable=False)
    """Of a refund: letters know of it."""

    class Meta:
        indexes = [
            models.Index(
                fields=["checkout"], condition=models.Q(kind="refunded", is_told=False), name="refund_untold"
            ),
            models.Index(fields=["order"], condition=models.Q(order__isnull=False), name="refunds_of_order"),
        ]
        ordering = ["recorded_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["gateway", "reference"], name="payment_event_told_once")
        ]

    def __str__(self) -> str:
        return f"{self.checkout_id} {self.kind} {self.amount}"
