"""As much of HTTP/1.1 as a crowd of viewers needs, with as little work as possible for each request."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

LARGEST_HEAD = 64 * 1024
PATIENCE = 15.0
"""Seconds an answer may take; a playlist may rightly wait six."""
LENGTH = re.compile(rb"\r\ncontent-length: *([0-9]+)", re.IGNORECASE)


class Refused(Exception):
    """An answer other than 200."""


@dataclass
class Traffic:
    """What went over all connections."""

    requests: int = 0
    received: int = 0
    """Bytes, heads included."""


@dataclass
class Connection:
    """One kept-alive connection. After any exception it is closed and the next request opens a new one."""

    port: int
    traffic: Traffic
    _streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = field(default=None, init=False)

    async def get(self, path: str) -> bytes:
        """The body of a 200. Raises Refused, OSError, EOFError or TimeoutError."""
        try:
            async with asyncio.timeout(PATIENCE):
                reader = await self._ask(path)
                head = await self._head(reader)
                length = LENGTH.search(head)
                body = await reader.readexactly(int(length[1]) if length else 0)
        except BaseException:
            self.close()
            raise
        self.traffic.received += len(body)
        if not head.startswith(b"HTTP/1.1 200"):
            raise Refused(head[9:12].decode())
        return body

    async def lines(self, path: str) -> AsyncIterator[bytes]:
        """The lines of an endless answer. Raises as `get` does."""
        try:
            reader = await self._ask(path)
            head = await self._head(reader)
            if not head.startswith(b"HTTP/1.1 200"):
                raise Refused(head[9:12].decode())
            while line := await reader.readline():
                self.traffic.received += len(line)
                yield line
            raise EOFError
        finally:
            self.close()

    def close(self) -> None:
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None

    async def _ask(self, path: str) -> asyncio.StreamReader:
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self.port, limit=1024 * 1024)
        reader, writer = self._streams
        writer.write(
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nAccept-Encoding: gzip\r\n\r\n".encode()
        )
        self.traffic.requests += 1
        return reader

    async def _head(self, reader: asyncio.StreamReader) -> bytes:
        head = await reader.readuntil(b"\r\n\r\n")
        self.traffic.received += len(head)
        return head
