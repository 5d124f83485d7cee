"""What sending costs. Jeju and the islands cost the shop more, so they may cost the buyer more."""

from functools import lru_cache
from typing import Protocol

from golmok.domain.orders.models import Order

ISLANDS: tuple[tuple[int, int], ...] = (
    (23004, 23010),
    (23100, 23136),
    (31708, 31708),
    (32133, 32133),
    (33411, 33411),
    (40200, 40240),  # Ulleung
    (46768, 46771),
    (52570, 52571),
    (53031, 53033),
    (53088, 53104),
    (54000, 54000),
    (56347, 56349),
    (57068, 57069),
    (58760, 58762),
    (58800, 58810),
    (58816, 58818),
    (58826, 58832),
    (58839, 58841),
    (58843, 58866),
    (58953, 58958),
    (59102, 59103),
    (59106, 59106),
    (59127, 59127),
    (59129, 59129),
    (59137, 59166),
    (59650, 59650),
    (59766, 59766),
    (59781, 59790),
    (63000, 63644),  # Jeju
)
"""Postcodes, both ends, where the big carriers add to the price. A shop's carrier may differ in a village or
two: that is the shop's to bear, never the buyer's after paying."""


class Sender(Protocol):
    """What a shop asks for sending, in won."""

    @property
    def parcel_fee(self) -> int: ...
    @property
    def free_parcel_from(self) -> int | None: ...
    @property
    def remote_parcel_fee(self) -> int: ...


@lru_cache(10_000)
def is_remote(postcode: str) -> bool:
    """Whether the carriers add to the price of a parcel to this postcode."""
    return postcode.isdigit() and any(first <= int(postcode) <= last for first, last in ISLANDS)


def delivery_fee(shop: Sender, goods_total: int, fulfilment: str, postcode: str = "") -> int:
    """Won: nothing for picking up; free from the shop's sum on, but for what a remote place costs more."""
    if fulfilment != Order.Fulfilment.PARCEL:
        return 0
    is_free = shop.free_parcel_from is not None and goods_total >= shop.free_parcel_from
    return (0 if is_free else shop.parcel_fee) + (shop.remote_parcel_fee if is_remote(postcode) else 0)
