"""What a room needs from the world. `golmok/asgi.py` hands in the domain's answers."""

from collections.abc import Mapping, Sequence
from typing import Protocol


class Fact(Protocol):
    """Something that became true in the domain and that the room has not told yet."""

    @property
    def id(self) -> int: ...
    @property
    def kind(self) -> str:
        """The name of an event type, see events.py."""

    @property
    def fields(self) -> Mapping[str, object]: ...


class Outbox(Protocol):
    """Facts written in the same transaction as the change they tell of."""

    async def untold(self, show_id: str) -> Sequence[Fact]:
        """Facts of a show not yet marked told, in order of id."""

    async def mark_told(self, ids: Sequence[int]) -> None: ...

    async def shows_with_untold(self) -> Sequence[str]: ...


class Lease(Protocol):
    """Which process owns a room. An owner that acquires again keeps it; times are seconds."""

    async def acquire(self, show_id: str, owner: str, seconds: int) -> bool: ...

    async def renew(self, show_id: str, owner: str, seconds: int) -> bool: ...

    async def release(self, show_id: str, owner: str) -> None: ...


class StockFacts(Protocol):
    @property
    def left(self) -> int: ...
    @property
    def closed(self) -> bool: ...


class RoomFacts(Protocol):
    """What is true of a show now; a room starts from it and mends itself with it."""

    @property
    def phase(self) -> str: ...
    @property
    def pinned(self) -> int | None: ...
    @property
    def stock(self) -> Mapping[int, StockFacts]: ...
    @property
    def prices(self) -> Mapping[int, int]:
        """Current price per variant, in won."""


class ShowFacts(Protocol):
    async def load(self, show_id: str) -> RoomFacts | None:
        """None when there is no such show."""
