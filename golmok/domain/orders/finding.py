"""A guest's order, found again by its number and phone when the session that bought it is gone.

Only guests' orders: an account's are behind its log-in, and this door is weaker.
"""

import re
from secrets import compare_digest
from unicodedata import normalize

from golmok.domain.orders.models import Order

NUMBER = re.compile(r"([0-9]{6})([0-9a-z]{8})")
NOBODY = "---"


def normal_number(typed: str) -> str | None:
    """``220720-k7m4pqxw`` however it was typed: capitals, spaces, wide digits, any dash or none."""
    kept = re.sub(r"[^0-9a-z]", "", normalize("NFKC", typed).casefold())
    number = NUMBER.fullmatch(kept)
    return "-".join(number.groups()) if number else None


def finds_order(number: str, phone: str) -> bool:
    """Whether a guest ordered under this number with this phone, both in our writing.

    Whichever is wrong costs one query and one comparison: the time of the answer does not tell which.
    """
    known = Order.objects.filter(pk=number, user=None).values_list("phone", flat=True).first()
    is_same = compare_digest(phone.encode(), (known or NOBODY).encode())
    return known is not None and is_same
