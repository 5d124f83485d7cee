"""Placing: what a checkout keeps becomes one order for each shop, all paid together."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from golmok.domain.orders.checkout import Recipient, ShopWish, checked
from golmok.domain.orders.delivery import delivery_fee
from golmok.domain.orders.models import BANK_TRANSFER, Checkout, Order, new_order_number
from golmok.domain.orders.till.ledger import HELD, OPEN, ORDERED, Ledger
from golmok.domain.orders.till.loading import Wants
from golmok.domain.orders.till.pay import recalculate
from golmok.domain.orders.till.receipt import Receipt, receipt
from golmok.domain.orders.till.rows import CheckoutRow, HoldRow, LineRow, OrderRow, ShopRow
from golmok.domain.orders.till.start import NOT_ORDERED
from golmok.domain.orders.till.wait import await_transfer
from golmok.domain.orders.transfer import Transfer, errors_in, tidy
from golmok.problems import Problem

MOST_TRANSFERS = 2
"""Awaited at a time of one buyer: their goods are kept for a day without a won."""
KEY = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True)
class Place:
    """Order what the buyer's checkout keeps; the same `key` again is the same orders.

    422 `form-invalid` {errors: field to catalogue key}, `key-missing`, `key-reused`; 409 `hold-gone`,
    `transfers-awaited` {most}.
    """

    buyer: str
    user_id: int | None
    checkout: str
    key: str
    recipient: Recipient
    shops: Mapping[int, ShopWish]
    """By shop id: how its goods are received, and a word to it."""
    consent: bool
    """The buyer read that some of it cannot be sent back, and agreed."""
    language: str = "ko"
    gateway: str = "test"
    transfer: Transfer | None = None
    """How the buyer will send the money, when that is the gateway."""

    def wants(self) -> Wants:
        return Wants(
            checkouts=[self.checkout],
            buyer=self.buyer,
            key=self.key,
            user=self.user_id,
            transfers=self.gateway == BANK_TRANSFER,
        )

    def decide(self, ledger: Ledger) -> Receipt:
        if not KEY.fullmatch(self.key):
            raise Problem(422, "key-missing")
        checkout = ledger.checkout_of(self.buyer, self.checkout)
        earlier = ledger.placed_with(self.buyer, self.key)
        if earlier is not None:
            if earlier.digest != self.digest():
                raise Problem(422, "key-reused")
            return receipt(ledger, checkout)
        holds = ledger.holds_of(checkout)
        if checkout.status != OPEN or any(hold.status not in NOT_ORDERED for hold in holds):
            raise Problem(409, "hold-gone")
        if self.gateway == BANK_TRANSFER and len(ledger.awaited_transfers(self.buyer)) >= MOST_TRANSFERS:
            raise Problem(409, "transfers-awaited", {"most": MOST_TRANSFERS})
        products = [ledger.variants[hold.stock_id].product for hold in holds]
        transfer = tidy(self.transfer or Transfer("")) if self.gateway == BANK_TRANSFER else None
        errors = errors_in(transfer) if transfer else {}
        recipient, wishes = checked(self.recipient, self.shops, products, consent=self.consent, errors=errors)
        self._place(ledger, checkout)
        for shop in {product.shop_id: product.shop for product in products}.values():
            self._order(ledger, checkout, shop, recipient, wishes[shop.id])
        if transfer:
            await_transfer(ledger, checkout, transfer)
        # Money may have come before the orders: a doubled tab, a hurried transfer.
        recalculate(ledger, checkout)
        return receipt(ledger, checkout)

    def digest(self) -> str:
        """What was asked, so that the same key with another wish is noticed."""
        how = (self.gateway, self.transfer)
        asked = (self.checkout, self.recipient, sorted(self.shops.items()), self.consent, how)
        return sha256(repr(asked).encode()).hexdigest()

    def _place(self, ledger: Ledger, checkout: CheckoutRow) -> None:
        checkout.status = Checkout.Status.PLACED.value
        checkout.placed_at = ledger.now
        checkout.idempotency_key, checkout.digest = self.key, self.digest()
        checkout.language, checkout.gateway = self.language, self.gateway
        checkout.total = 0
        ledger.change(checkout)

    def _order(
        self, ledger: Ledger, checkout: CheckoutRow, shop: ShopRow, to: Recipient, wish: ShopWish
    ) -> None:
        holds = [hold for hold in ledger.holds_of(checkout) if ledger.shop_of(hold) == shop.id]
        order = self._new_order(ledger, checkout, shop, to, wish)
        order.show_id = next((hold.show_id for hold in holds if hold.show_id), None)
        order.goods_total = sum(hold.goods_total for hold in holds)
        order.delivery_fee = delivery_fee(shop, order.goods_total, wish.fulfilment, order.postcode)
        if any(ledger.variants[hold.stock_id].product.needs_consent for hold in holds):
            order.withdrawal_notice_at = ledger.now
        checkout.total += order.total
        ledger.add(order)
        for hold in holds:
            if hold.status == HELD:
                hold.status = ORDERED
                ledger.change(hold)
            ledger.ordered.append(hold)
            ledger.add(_line(ledger, order, hold))

    def _new_order(
        self, ledger: Ledger, checkout: CheckoutRow, shop: ShopRow, to: Recipient, wish: ShopWish
    ) -> OrderRow:
        is_sent = wish.fulfilment == Order.Fulfilment.PARCEL
        return OrderRow(
            number=new_order_number(),
            checkout_id=checkout.id,
            shop_id=shop.id,
            show_id=None,
            user_id=self.user_id if self.user_id in ledger.users else None,
            buyer=self.buyer,
            name=to.name,
            phone=to.phone,
            email=to.email,
            postcode=to.postcode if is_sent else "",
            address=to.address if is_sent else "",
            fulfilment=wish.fulfilment,
            memo=wish.memo,
            placed_at=ledger.now,
        )


def _line(ledger: Ledger, order: OrderRow, hold: HoldRow) -> LineRow:
    variant = ledger.variants[hold.stock_id]
    product = variant.product
    return LineRow(
        order_id=order.number,
        hold_id=hold.id,
        product_id=product.id,
        product_name=product.name,
        product_name_en=product.name_en,
        option_name=variant.name,
        option_name_en=variant.name_en,
        origin=product.origin,
        origin_en=product.origin_en,
        withdrawal=product.withdrawal,
        unit_price=hold.unit_price,
        quantity=hold.quantity,
    )
