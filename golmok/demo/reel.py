"""The chunks of an epoch between the camera and the server."""

import asyncio

MOST_WAITING = 1200
"""Chunks kept for a server that is away: five minutes; then the programme itself waits."""
KEPT = 120
"""Chunks kept after they were sent, half a minute: a server may have lost what was not yet on its disk."""


class Reel:
    """Chunks in the order they were cut, each to be had again for a while."""

    def __init__(self) -> None:
        self._chunks: dict[int, bytes] = {}
        self._cut = 0
        self._asked = 0
        self._over = False
        self._changed = asyncio.Condition()

    async def add(self, data: bytes) -> None:
        """Returns when there is room for one more."""
        async with self._changed:
            await self._changed.wait_for(lambda: self._cut - self._asked < MOST_WAITING)
            self._chunks[self._cut] = data
            self._cut += 1
            self._changed.notify_all()

    async def end(self) -> None:
        async with self._changed:
            self._over = True
            self._changed.notify_all()

    async def chunk(self, number: int) -> bytes | None:
        """Waits for that chunk; None after the last one. LookupError when it is kept no longer."""
        async with self._changed:
            self._asked = number
            self._drop_old()
            self._changed.notify_all()
            await self._changed.wait_for(lambda: number < self._cut or self._over)
            return self._chunks[number] if number < self._cut else None

    def _drop_old(self) -> None:
        for old in [number for number in self._chunks if number < self._asked - KEPT]:
            del self._chunks[old]
