"""Letters to a buyer: what was ordered, what it costs, who sells it, and how it goes back.

After paying the law wants it in a form that lasts (E-Commerce Act, art. 13(2)): the seller's particulars, the
goods, the price and delivery, the right of withdrawal with its exceptions.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.utils import timezone

from golmok.domain.orders.gateways.gateway import Deposit
from golmok.domain.orders.letters.channels import Outdated
from golmok.domain.orders.models import Audience, Checkout, Letter, Order, PaymentEvent, Step
from golmok.domain.orders.till.pay import TEST_GATEWAY
from golmok.domain.shops.models import Product
from golmok.web.letters.contents import Contents, Fact, NewsOfLetter, Section, Speaker, masked_phone
from golmok.web.words import say_date

WITHDRAWAL = {
    Product.Withdrawal.SEVEN_DAYS.value: "viewer-withdrawal-seven-days",
    Product.Withdrawal.PERISHABLE.value: "viewer-withdrawal-perishable",
    Product.Withdrawal.MADE_TO_ORDER.value: "viewer-withdrawal-made-to-order",
}
SELLER = (
    ("viewer-seller-representative", "representative"),
    ("viewer-seller-phone", "phone"),
    ("viewer-seller-email", "email"),
    ("viewer-seller-business-number", "business_number"),
    ("viewer-seller-mail-order-number", "mail_order_number"),
)


def buyer_contents(letter: Letter, checkout: Checkout, deposit: Deposit | None) -> Contents:
    """Raises Outdated when it was to ask for money that is not awaited any more."""
    news = NewsOfLetter(list(letter.news.all()))
    refunds = [one.refund for one in letter.news.all() if one.refund]
    return _BuyerLetter(Speaker(letter.language), checkout, news, refunds, deposit).contents()


@dataclass(frozen=True)
class _BuyerLetter:
    speaker: Speaker
    checkout: Checkout
    news: NewsOfLetter
    refunds: Sequence[PaymentEvent]
    deposit: Deposit | None

    def contents(self) -> Contents:
        step, orders = self._main()
        say = self.speaker.say
        title = self.speaker.title(orders)
        bought = orders if step in (Step.PAID, Step.WAITING) else []
        sections = [
            *self._deposit(step),
            *(self._bought(order) for order in bought),
            *self._sum(bought),
            *(self._cancelled(order) for order in self.news.orders(Step.CANCELLED)),
            *self._refunded(),
            *(self._seller(order) for order in bought or self.news.all_orders),
        ]
        return Contents(
            subject=say(f"mail-subject-{step}", title=title),
            lead=self._lead(step),
            sections=sections,
            link=self._link(orders[0]),
            foot=[say("mail-foot-buyer"), *self.speaker.operator()],
            language=self.speaker.language,
            reply_to=orders[0].shop.email if len({order.shop_id for order in orders}) == 1 else "",
        )

    def _lead(self, step: Step) -> str:
        """Of a test it is said at once that no money moved."""
        lead = self.speaker.say(f"mail-lead-{step}")
        is_test = self.checkout.gateway == TEST_GATEWAY and step != Step.WAITING
        return f"{lead} {self.speaker.say('viewer-order-test')}" if is_test else lead

    def _main(self) -> tuple[Step, list[Order]]:
        """What the letter is about above all, and the orders it is so of."""
        for step in (Step.PAID, Step.CANCELLED, Step.REFUNDED):
            if orders := self.news.orders(step):
                return step, orders
        if self.checkout.status != Checkout.Status.PLACED:
            raise Outdated
        return Step.WAITING, self.news.orders(Step.WAITING)

    def _deposit(self, step: Step) -> list[Section]:
        if step != Step.WAITING:
            return []
        say, amount = self.speaker.say, self.speaker.won(self.checkout.total)
        facts = [(say("mail-amount"), amount), (say("mail-until"), self._moment(self.checkout.expires_at))]
        expected = getattr(self.checkout, "expected_deposit", None)
        if expected:
            facts.append((say("transfer-depositor"), expected.depositor))
        if self.deposit:
            account = f"{self.deposit.bank} {self.deposit.account}"
            facts = [(say("mail-account"), account), (say("mail-holder"), self.deposit.holder), *facts]
        return [Section(say("mail-transfer"), [say("mail-transfer-words")], facts)]

    def _bought(self, order: Order) -> Section:
        say, won = self.speaker.say, self.speaker.won
        facts = [
            (say("viewer-order-number"), order.number),
            *self.speaker.goods(order),
            (say("viewer-delivery-fee"), won(order.delivery_fee)),
            (say("viewer-total"), won(order.total)),
            *self._receiving(order),
        ]
        return Section(self.speaker.of(order.shop, "name"), (), facts)

    def _receiving(self, order: Order) -> list[Fact]:
        who = f"{order.name} · {masked_phone(order.phone)}"
        if order.fulfilment == Order.Fulfilment.PARCEL:
            where = f"({order.postcode}) {order.address}"
            return [(self.speaker.say("viewer-parcel"), where), (self.speaker.say("mail-receiver"), who)]
        shop = order.shop
        where = " · ".join(
            filter(None, (self.speaker.of(shop, "address"), self.speaker.of(shop, "pickup_hours")))
        )
        return [(self.speaker.say("viewer-pickup-long"), where), (self.speaker.say("mail-receiver"), who)]

    def _sum(self, orders: Sequence[Order]) -> list[Section]:
        if len(orders) < 2:
            return []
        total = self.speaker.won(sum(order.total for order in orders))
        return [Section(self.speaker.say("mail-all-orders"), (), [(self.speaker.say("viewer-total"), total)])]

    def _cancelled(self, order: Order) -> Section:
        say = self.speaker.say
        due = order.refund_due
        words = [say(self._reason(order))]
        if due:
            words.append(say("mail-refund-due", amount=self.speaker.won(due)))
        facts = [(say("viewer-order-number"), order.number), *self.speaker.goods(order)]
        shop = self.speaker.of(order.shop, "name")
        return Section(say("mail-cancelled-at", shop=shop), words, facts)

    def _reason(self, order: Order) -> str:
        if order.given_up or self.checkout.given_up:
            return "mail-cancelled-asked"
        if self.checkout.status == Checkout.Status.PAID:
            was_told = any(
                one.step == Step.PAID and one.audience == Audience.BUYER for one in order.news.all()
            )
            return "mail-cancelled-later" if was_told else "mail-cancelled-paid"
        return "mail-cancelled-late"

    def _refunded(self) -> list[Section]:
        say = self.speaker.say
        return [
            Section(
                say("mail-refunded", amount=self.speaker.won(event.amount)),
                [say("mail-refunded-words")],
                [
                    (say("viewer-order-number"), event.order_id or ", ".join(self._numbers())),
                    (say("mail-refunded-at"), self._moment(event.recorded_at)),
                ],
            )
            for event in self.refunds
        ]

    def _numbers(self) -> list[str]:
        return [order.number for order in self.checkout.orders.all()]

    def _seller(self, order: Order) -> Section:
        say, shop = self.speaker.say, order.shop
        facts = [
            (say("viewer-seller-name"), self.speaker.of(shop, "name")),
            (say("viewer-seller-address"), self.speaker.of(shop, "address")),
            *((say(key), getattr(shop, name)) for key, name in SELLER if getattr(shop, name)),
        ]
        returns = [
            f"{self.speaker.name(line)}: {say(WITHDRAWAL[line.withdrawal])}" for line in order.lines.all()
        ]
        return Section(say("viewer-seller-and-returns"), [*returns, say("viewer-law")], facts)

    def _link(self, order: Order) -> Fact:
        """An account's order is behind its log-in; a guest's is found by number and phone, on any device."""
        path = f"/orders/find/?{urlencode({'number': order.number})}"
        return self.speaker.say("viewer-see-order"), self.speaker.address(path)

    def _moment(self, moment: datetime) -> str:
        return say_date(timezone.localtime(moment), self.speaker.language)
