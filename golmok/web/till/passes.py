"""Buyer passes: who buys, signed by a page of Django, believed at the till without a query.

A header, unlike a cookie, is never sent by a foreign page, so the till needs no CSRF token.
"""

from dataclasses import asdict, dataclass

from django.conf import settings

from golmok.problems import Problem
from golmok.signing import BEARER, Forged, TooOld, sign, signed

KIND = "buyer-pass"
KEY: str = settings.BUYER_PASS_KEY
GOOD_FOR = 12 * 60 * 60
"""Seconds."""


@dataclass(frozen=True)
class BuyerPass:
    buyer: str
    """``user:<id>`` or ``guest:<random>``."""
    user: int | None
    """The account's key."""
    checkout: str = ""
    """Good for this checkout alone (32 hex digits), lent to who found an order of it; empty: for all."""


def mint(buyer_pass: BuyerPass) -> str:
    return sign(asdict(buyer_pass), KEY, KIND)


def check(token: str, checkout: str = "") -> BuyerPass:
    """The pass behind `token`. Raises Problem 401: missing, forged, too old or lent for another checkout."""
    try:
        known = BuyerPass(**signed(token, KEY, KIND, GOOD_FOR))
        if known.checkout not in ("", checkout):
            raise Forged
    except TooOld as old:
        raise Problem(401, "buyer-pass-expired", headers=BEARER) from old
    except (Forged, TypeError) as forged:
        raise Problem(401, "buyer-pass-missing", headers=BEARER) from forged
    return known
