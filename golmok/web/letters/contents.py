"""What a letter says, apart from how it is carried: sections of words and facts in the reader's language."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from golmok.configuration import CONFIGURATION
from golmok.domain.core.bilingual import in_language
from golmok.domain.orders.models import News, Order, OrderLine
from golmok.messages import text
from golmok.web.words import say_won

Fact = tuple[str, str]
"""A label and what it is."""


@dataclass(frozen=True)
class Section:
    title: str
    words: Sequence[str] = ()
    facts: Sequence[Fact] = ()


@dataclass(frozen=True)
class Contents:
    subject: str
    lead: str
    sections: Sequence[Section]
    link: Fact
    """What it is called, and its address."""
    foot: Sequence[str]
    language: str
    reply_to: str = ""


@dataclass(frozen=True)
class Speaker:
    """Says things of orders in one language."""

    language: str

    def say(self, key: str, **values: object) -> str:
        return text(key, self.language, **values)

    def won(self, amount: int) -> str:
        return say_won(amount, self.language)

    def of(self, row: object, name: str) -> str:
        return in_language(row, name, self.language)

    def name(self, line: OrderLine) -> str:
        return " ".join(filter(None, (self.of(line, "product_name"), self.of(line, "option_name"))))

    def goods(self, order: Order) -> list[Fact]:
        """Name and quantity, and what they cost; the origin stands with the name."""
        return [(self._piece(line), self.won(line.unit_price * line.quantity)) for line in order.lines.all()]

    def title(self, orders: Sequence[Order]) -> str:
        """``인절미 500g 외 2건``"""
        lines = [line for order in orders for line in order.lines.all()]
        first = self.name(lines[0]) if lines else ""
        return self.say("mail-title", first=first, more=len(lines) - 1)

    def address(self, path: str) -> str:
        """Of a page in this language, as people type it."""
        return f"{CONFIGURATION.public_url}{'/en' if self.language == 'en' else ''}{path}"

    def operator(self) -> list[str]:
        operator = CONFIGURATION.operator
        if not operator.name:
            return [self.say("law-intermediary")]
        name = self.of(operator, "name")
        reach = " · ".join(filter(None, (name, operator.phone, operator.email)))
        return [self.say("law-intermediary-named", operator=name), reach]

    def _piece(self, line: OrderLine) -> str:
        origin = self.of(line, "origin")
        return f"{self.name(line)} × {line.quantity}" + (f" ({origin})" if origin else "")


@dataclass(frozen=True)
class NewsOfLetter:
    """What a letter has to tell, sorted by step."""

    news: Sequence[News]
    by_step: dict[str, list[Order]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        for one in sorted(self.news, key=lambda one: (one.order.shop_id, one.order.placed_at, one.order_id)):
            self.by_step.setdefault(one.step, []).append(one.order)

    def orders(self, step: str) -> list[Order]:
        return self.by_step.get(step, [])

    @cached_property
    def all_orders(self) -> list[Order]:
        """Each once."""
        found = {order.pk: order for orders in self.by_step.values() for order in orders}
        return list(found.values())


def masked_phone(phone: str) -> str:
    """``010-****-5678``"""
    return f"{phone[:3]}-****-{phone[-4:]}"
