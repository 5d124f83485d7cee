"""A real web server in front of an application, and clients slower than any library lets one be."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import uvicorn
from starlette.types import ASGIApp

HOST = "127.0.0.1"


@dataclass(frozen=True)
class Door:
    """Where the application is served."""

    port: int
    lines: list["Line"] = field(default_factory=list)

    async def says(self, head: str, body: bytes = b"") -> "Line":
        """A connection on which that was said so far."""
        reader, writer = await asyncio.open_connection(HOST, self.port, limit=2048)
        method, path, *headers = head.split("\n")
        lines = [f"{method} {path} HTTP/1.1", f"Host: {HOST}", *headers, "", ""]
        writer.write("\r\n".join(lines).encode() + body)
        await writer.drain()
        self.lines.append(Line(reader, writer))
        return self.lines[-1]

    async def status(self, path: str) -> int:
        """Of a quick GET; a minute without an answer is an error."""
        line = await self.says(f"GET\n{path}\nConnection: close")
        return (await line.answer()).status


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Line:
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def answer(self) -> Answer:
        """What comes until the server hangs up."""
        async with asyncio.timeout(60):
            head, _, body = (await self.reader.read(-1)).partition(b"\r\n\r\n")
        first, *lines = head.decode().split("\r\n")
        headers = dict(line.lower().split(": ", 1) for line in lines)
        return Answer(int(first.split()[1]), headers, body)

    async def hang_up(self) -> None:
        self.writer.transport.abort()
        with suppress(ConnectionError):
            await self.writer.wait_closed()


@asynccontextmanager
async def serving(app: ASGIApp) -> AsyncIterator[Door]:
    config = uvicorn.Config(app, lifespan="off", log_level="error", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    with socket.create_server((HOST, 0)) as listening:
        task = asyncio.create_task(server.serve([listening]))
        door = Door(listening.getsockname()[1])
        try:
            yield door
        finally:
            for line in door.lines:
                await line.hang_up()
            server.should_exit = True
            await task
