"""A placed checkout in the words of the seam."""

from golmok.domain.core.bilingual import in_language
from golmok.domain.orders.gateways.gateway import Due
from golmok.domain.orders.till.receipt import Receipt
from golmok.messages import text


def due_of(shown: Receipt) -> Due:
    """What is to be paid for it. Only for a checkout that has orders."""
    checkout, to = shown.checkout, shown.orders[0]
    return Due(
        checkout=checkout.id,
        amount=checkout.total,
        title=_title(shown),
        name=to.name,
        phone=to.phone,
        email=to.email,
        language=checkout.language,
        until=checkout.expires_at,
        attempt=shown.declined + 1,
        depositor=shown.depositor,
    )


def _title(shown: Receipt) -> str:
    language = shown.checkout.language
    first = in_language(shown.lines[0][1].product, "name", language)
    more = len(shown.lines) - 1
    return text("orders-payment-title", language, first=first, more=more) if more else first
