"""A guest's order, found again by its number and phone when the session that bought it is gone.

Only guests' orders: an account's are behind its log-in, and this door is weaker.
"""

import re
from secrets import compare_digest
from unicodedata import normalize
from uuid import UUID

from golmok.domain.orders.models import Order

NUMBER = re.compile(r"([0-9]{6})([0-9a-z]{8})")
NOBODY = "---"


def normal_number(typed: str) -> str | None:
    """``220720-k7m4pqxw`` however it was typed: capitals, spaces, wide digits, any dash or none."""
    kept = re.sub(r"[^0-9a-z]", "", normalize("NFKC", typed).casefold())
    number = NUMBER.fullmatch(kept)
    return "-".join(number.groups()) if number else None


def find_order(number: str, phone: str) -> UUID | None:
    """The checkout of the guest's order, both in our writing; None alike for a wrong number or phone.

    Both cost one query and one comparison, so that the time of the answer does not tell them apart either.
    """
    found = Order.objects.filter(pk=number, user=None).values_list("phone", "checkout_id").first()
    known = found[0] if found else NOBODY
    is_same = compare_digest(phone.encode(), known.encode())
    return found[1] if found and is_same else None
