"""The seam to whoever knows the country's addresses."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Address:
    postcode: str
    """Five digits."""
    road: str
    """``서울특별시 관악구 난곡로 12 (신림동)``"""
    lot: str
    """The same place by its lot number, which many people still know."""


class TooVague(Exception):
    """The words do not say enough to look for, or hold what cannot be looked for."""


class SearchDown(Exception):
    """Nobody answered, or not us. The words are safe to log."""


class AddressSearch(Protocol):
    async def search(self, words: str) -> Sequence[Address]:
        """A handful of addresses, best first; [] when there is none. Raises TooVague, SearchDown."""
