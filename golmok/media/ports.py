"""What the picture needs from the rest of Golmok. `asgi.py` hands in the domain's answers."""

from collections.abc import Callable
from typing import Literal, Protocol

Picture = Literal["flowing", "stalled", "none"]
"""flowing: chunks arrive; stalled: an epoch is open but nothing came for 4 s; none: no epoch is open."""

OnPicture = Callable[[str, Picture], None]


class IngestKeys(Protocol):
    async def admits(self, show_id: str, key: str) -> bool:
        """Whether `key` may send picture to that show. Compares in constant time."""

    async def outlived(self, show_id: str, key: str) -> bool:
        """Whether `key` was the show's, and the show is over."""


class Shows(Protocol):
    async def exists(self, show_id: str) -> bool:
        """Whether there is a show of that id, begun or not."""
