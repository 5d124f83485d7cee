"""Letters to a shop: what it has to pack and for whom, and what it must not send.

Of the buyer it holds what delivery needs and nothing else: who picks up is known by name and four digits.
"""

from dataclasses import dataclass

from golmok.domain.orders.models import Letter, Order, Step
from golmok.domain.shops.models import Shop
from golmok.web.letters.contents import Contents, Fact, NewsOfLetter, Section, Speaker, masked_phone

MOST = 50
"""Orders written out; the rest stand at the desk."""


def shop_contents(letter: Letter, shop: Shop) -> Contents:
    return _ShopLetter(Speaker(letter.language), shop, NewsOfLetter(list(letter.news.all()))).contents()


@dataclass(frozen=True)
class _ShopLetter:
    speaker: Speaker
    shop: Shop
    news: NewsOfLetter

    def contents(self) -> Contents:
        say = self.speaker.say
        paid = [order for order in self.news.orders(Step.PAID) if order.status == Order.Status.PAID]
        off = [order for order in self.news.all_orders if order.status == Order.Status.CANCELLED]
        left_out = max(0, len(paid) - MOST)
        return Contents(
            subject=say("mail-subject-shop", paid=len(paid), cancelled=len(off)),
            lead=say("mail-lead-shop", shop=self.speaker.of(self.shop, "name")),
            sections=[
                *(self._to_pack(order) for order in paid[:MOST]),
                *([Section(say("mail-shop-more", count=left_out))] if left_out else []),
                *(self._off(order) for order in off),
            ],
            link=(
                say("mail-desk"),
                self.speaker.address(f"/desk/orders/order/?shop__id__exact={self.shop.pk}"),
            ),
            foot=[say("mail-foot-shop")],
            language=self.speaker.language,
        )

    def _to_pack(self, order: Order) -> Section:
        say = self.speaker.say
        facts: list[Fact] = [
            *self.speaker.goods(order),
            (say("viewer-delivery-fee"), self.speaker.won(order.delivery_fee)),
            (say("viewer-total"), self.speaker.won(order.total)),
            *self._receiver(order),
        ]
        if order.memo:
            facts.append((say("viewer-memo"), order.memo))
        return Section(say("mail-shop-order", number=order.number), (), facts)

    def _receiver(self, order: Order) -> list[Fact]:
        say = self.speaker.say
        if order.fulfilment == Order.Fulfilment.PARCEL:
            where = f"({order.postcode}) {order.address}"
            return [(say("viewer-parcel"), where), (say("mail-receiver"), f"{order.name} · {order.phone}")]
        return [(say("viewer-pickup-long"), f"{order.name} · {masked_phone(order.phone)}")]

    def _off(self, order: Order) -> Section:
        title = self.speaker.say("mail-shop-cancelled", number=order.number)
        return Section(title, [self.speaker.say("mail-shop-cancelled-words")], self.speaker.goods(order))
