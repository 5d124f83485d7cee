"""How long buyers may cancel a paid order by themselves."""

from datetime import datetime, timedelta

CANCEL_WITHIN = timedelta(hours=1)
"""Nobody tells yet when goods left the shop, and within an hour hardly any did. Afterwards the buyer asks the
shop; the right to withdraw within seven days of receiving them stays."""
CANCEL_EXCEPTION_WITHIN = timedelta(minutes=10)
"""Where the buyer agreed that it does not go back (perishable, made to order): enough to take back a slip of
the finger, before the shop begins. E-Commerce Act, Article 17 (2)."""


def cancellable_until(paid_at: datetime, *, is_exception: bool) -> datetime:
    return paid_at + (CANCEL_EXCEPTION_WITHIN if is_exception else CANCEL_WITHIN)
