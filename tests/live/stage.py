"""A live house with a world around it: the real one over HTTP, in the same process or another."""

import asyncio
import errno
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import orjson
import uvicorn
from starlette.applications import Starlette

from golmok.live.folder import FeedFolder
from golmok.live.house import LiveHouse
from golmok.live.passes import RoomPass, mint
from golmok.live.room import Ports

SHOW = "nangok"
PASS_KEY = "what-passes-are-signed-with"
OWNER = "this-process"

Document = dict[str, Any]


@dataclass(frozen=True)
class Told:
    """A fact as the domain writes it."""

    id: int
    kind: str
    fields: Mapping[str, object]


@dataclass
class Outbox:
    """Facts with a mark on those that were told."""

    facts: dict[int, tuple[str, Told]] = field(default_factory=dict)
    told: set[int] = field(default_factory=set)

    def tell(self, show_id: str, kind: str, **fields: object) -> int:
        fact = Told(len(self.facts) + 1, kind, fields)
        self.facts[fact.id] = (show_id, fact)
        return fact.id

    async def untold(self, show_id: str) -> Sequence[Told]:
        return [fact for of, fact in self.facts.values() if of == show_id and fact.id not in self.told]

    async def mark_told(self, ids: Sequence[int]) -> None:
        self.told.update(ids)

    async def shows_with_untold(self) -> Sequence[str]:
        return sorted({of for of, fact in self.facts.values() if fact.id not in self.told})


@dataclass
class Lease:
    """Who owns which room. Nothing runs out here by itself; `holders` is there to be changed."""

    holders: dict[str, str] = field(default_factory=dict)

    async def acquire(self, show_id: str, owner: str, seconds: int) -> bool:
        return self.holders.setdefault(show_id, owner) == owner

    async def renew(self, show_id: str, owner: str, seconds: int) -> bool:
        return self.holders.get(show_id) == owner

    async def release(self, show_id: str, owner: str) -> None:
        if self.holders.get(show_id) == owner:
            del self.holders[show_id]


@dataclass(frozen=True)
class Stock:
    left: int
    closed: bool = False


@dataclass
class Facts:
    """What is true of a show."""

    phase: str = "live"
    pinned: int | None = None
    stock: dict[int, Stock] = field(default_factory=dict)
    prices: dict[int, int] = field(default_factory=dict)


@dataclass
class Shows:
    facts: dict[str, Facts] = field(default_factory=lambda: {SHOW: Facts()})

    async def load(self, show_id: str) -> Facts | None:
        """As of now: what changes later is not in it."""
        return deepcopy(self.facts.get(show_id))


class Folder(FeedFolder):
    """A real folder on a disk that is sometimes full."""

    full = False

    def write_chunk(self, epoch: str, number: int, body: bytes) -> None:
        if self.full:
            raise OSError(errno.ENOSPC, "no space left")
        super().write_chunk(epoch, number, body)


@dataclass
class World:
    """Everything outside the live house. It outlives the house."""

    var: Path
    outbox: Outbox = field(default_factory=Outbox)
    lease: Lease = field(default_factory=Lease)
    shows: Shows = field(default_factory=Shows)
    phases: list[tuple[str, str]] = field(default_factory=list)
    """Phases the house asked the world to act on."""

    @property
    def facts(self) -> Facts:
        return self.shows.facts[SHOW]

    def tell(self, kind: str, **fields: object) -> int:
        """Changes what is true and writes the fact, as one transaction of the domain."""
        facts = self.facts
        match kind, fields:
            case "show", {"phase": str(phase)}:
                facts.phase = phase
            case "pin", {"product": int(product)}:
                facts.pinned = product
            case "unpin", _:
                facts.pinned = None
            case "stock", {"variant": int(variant), "left": int(left), "closed": bool(closed)}:
                facts.stock[variant] = Stock(left, closed)
            case "price", {"variant": int(variant), "price": int(price)}:
                facts.prices[variant] = price
        return self.outbox.tell(SHOW, kind, **fields)

    @property
    def folder(self) -> FeedFolder:
        return FeedFolder(self.var / "shows" / SHOW)

    @property
    def ports(self) -> Ports:
        return Ports(self.outbox, self.lease, self.shows, OWNER, self._on_phase)

    def house(self) -> LiveHouse:
        return LiveHouse(self.var / "shows", self.ports, PASS_KEY)

    async def _on_phase(self, show_id: str, phase: str) -> None:
        """Refuses to act on what is not on disk yet."""
        assert {"type": "show", "phase": phase} in [plain(event) for event in self.everything_on_disk()]
        self.phases.append((show_id, phase))

    def events(self, *kinds: str) -> list[Document]:
        """The events of these kinds on disk, without their places."""
        return [plain(event) for event in self.everything_on_disk() if event["type"] in kinds]

    async def all_told(self) -> bool:
        """Every fact is marked told."""
        return not await self.outbox.shows_with_untold()

    def everything_on_disk(self) -> list[Document]:
        """Every event of every epoch; a hole in the chunks or the offsets is an error."""
        epochs = (path.name for path in self.folder.path.iterdir() if path.is_dir())
        return [event for epoch in epochs for event in events_on_disk(self, epoch)]


@dataclass
class Stage:
    """A house that listens on a port of its own, and a client that speaks to it."""

    world: World
    house: LiveHouse
    client: httpx.AsyncClient
    port: int

    async def say(self, text: str, by: str = "guest:1", **headers: str) -> httpx.Response:
        return await self.client.post(
            f"/live/{SHOW}/chat", json={"text": text}, headers={**bearer(by), **headers}
        )

    async def said(self, text: str, by: str = "guest:1") -> str:
        """The id of a line the room took."""
        answer = await self.say(text, by)
        assert answer.status_code == 202, answer.text
        chat_id: str = answer.json()["id"]
        return chat_id

    async def cheer(self, count: object, by: str = "guest:1") -> httpx.Response:
        return await self.client.post(f"/live/{SHOW}/hearts", json={"count": count}, headers=bearer(by))

    async def state(self) -> Document:
        answer = await self.client.get(f"/shows/{SHOW}/feed/state.json")
        assert answer.status_code == 200, answer.text
        document: Document = answer.json()
        return document

    async def chunk(self, epoch: str, number: int) -> httpx.Response:
        return await self.client.get(f"/shows/{SHOW}/feed/{epoch}/{number}.json")

    def tell(self, kind: str, **fields: object) -> int:
        """The domain writes a fact and wakes the room."""
        fact = self.world.tell(kind, **fields)
        self.house.wake(SHOW)
        return fact

    @asynccontextmanager
    async def watch(
        self, after: str = "", last_event_id: str = "", silent: str = ""
    ) -> AsyncIterator["Watcher"]:
        address = f"/live/{SHOW}/events?{urlencode({'after': after, 'silent': silent})}"
        headers = {"Last-Event-ID": last_event_id} if last_event_id else {}
        async with self.client.stream("GET", address, headers=headers) as answer:
            assert answer.status_code == 200, await answer.aread()
            watcher = Watcher(answer)
            await watcher.begin()
            yield watcher


@dataclass(frozen=True)
class Message:
    """One server-sent event."""

    id: str = ""
    event: str = "message"
    data: str = ""

    @property
    def chunk(self) -> Document:
        document: Document = orjson.loads(self.data)
        return document


class Watcher:
    """A viewer's open stream."""

    def __init__(self, answer: httpx.Response) -> None:
        self.headers = answer.headers
        self._lines = answer.aiter_lines()

    async def begin(self) -> None:
        """Reads what every stream begins with, so that the house has surely seen the viewer."""
        assert await anext(self._lines) == "retry: 2000"
        assert await anext(self._lines) == ""

    async def next(self) -> Message | None:
        """The next event; None when the stream has ended."""
        fields: dict[str, str] = {}
        async for line in self._lines:
            if not line and fields:
                return Message(**fields)
            name, _, value = line.partition(":")
            if name:
                fields[name] = value.removeprefix(" ")
        return None

    async def until(self, kind: str, **fields: object) -> Document:
        """The first event of that type and with those fields, among the chunks to come."""
        while message := await self.next():
            for event in message.chunk["events"]:
                if event["type"] == kind and fields.items() <= event.items():
                    found: Document = event
                    return found
        raise AssertionError(f"the stream ended before {kind} {fields}")

    async def rest(self) -> list[Message]:
        """Everything until the stream ends."""
        messages = []
        while message := await self.next():
            messages.append(message)
        return messages


def bearer(subject: str = "guest:1", show: str = SHOW, role: str = "viewer") -> dict[str, str]:
    room_pass = RoomPass(show, subject, "느티나무", role)
    return {"Authorization": f"Bearer {mint(room_pass, PASS_KEY)}"}


def chunks_on_disk(world: World, epoch: str) -> list[Document]:
    """Every chunk file of an epoch, in order; a hole is an error."""
    there = sorted(int(path.stem) for path in (world.folder.path / epoch).glob("*.json"))
    assert there == list(range(len(there)))
    return [orjson.loads(world.folder.read_chunk(epoch, number) or b"") for number in there]


def events_on_disk(world: World, epoch: str) -> list[Document]:
    """Every event of an epoch; a hole in the offsets is an error."""
    events = [event for chunk in chunks_on_disk(world, epoch) for event in chunk["events"]]
    assert [event["offset"] for event in events] == list(range(len(events)))
    return events


def plain(event: Document) -> Document:
    return {name: value for name, value in event.items() if name not in {"offset", "at"}}


def problem(answer: httpx.Response) -> tuple[int, str]:
    """Status and code of a refusal, which must be one in words."""
    document = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert document["status"] == answer.status_code
    assert document["title"]
    assert document["detail"]
    return answer.status_code, document["type"].removeprefix("/problems/")


async def until(reached: Callable[[], Awaitable[bool]]) -> None:
    """Looks every 10 ms, up to a minute."""
    async with asyncio.timeout(60):
        while not await reached():  # noqa: ASYNC110 - what is waited for may be another process
            await asyncio.sleep(0.01)


class Server(uvicorn.Server):
    """Ends the streams before it waits for them, as golmok.server does."""

    def __init__(self, house: LiveHouse) -> None:
        app = Starlette(routes=house.routes)
        config = uvicorn.Config(
            app, lifespan="off", ws="none", log_level="warning", timeout_graceful_shutdown=3
        )
        super().__init__(config)
        config.load()
        self.lifespan = config.lifespan_class(config)
        self._house = house

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await self._house.stop()
        await super().shutdown(sockets)


def free_port() -> socket.socket:
    """A bound socket. Unless it says that it is TCP, asyncio lets small answers wait 40 ms."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.bind(("127.0.0.1", 0))
    return listening


@asynccontextmanager
async def on_stage(world: World) -> AsyncIterator[Stage]:
    """The house open for visitors; leaving stops it as a server that is told to stop."""
    house = world.house()
    await house.start()
    listening = free_port()
    port: int = listening.getsockname()[1]
    server = Server(house)
    await server.startup(sockets=[listening])
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
        yield Stage(world, house, client, port)
        await server.shutdown(sockets=[listening])


async def _serve(world: World, port: int) -> None:
    house = world.house()
    await house.start()
    listening = socket.create_server(("127.0.0.1", port))
    await Server(house).serve(sockets=[listening])


if __name__ == "__main__":
    asyncio.run(_serve(World(Path(sys.argv[1])), int(sys.argv[2])))
