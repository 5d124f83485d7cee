"""What gateways are told in words, and what they say."""

import re

ORDER_NUMBER = re.compile(r"\b\d{6}-[a-z0-9]{8}\b")
LONG_NUMBER = re.compile(r"\d[\d -]{3,}\d")


def order_in(reason: str) -> str | None:
    """The number of the order that a refund's reason names."""
    found = ORDER_NUMBER.search(reason)
    return found.group() if found else None


def masked(words: str) -> str:
    """Without numbers of cards and accounts."""
    return LONG_NUMBER.sub("****", words)
