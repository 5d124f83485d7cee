"""kill -9 in the middle of talk: what was acknowledged is there, once, and viewers miss nothing."""

import asyncio
import itertools
import os
import random
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from .stage import SHOW, Message, Watcher, World, bearer, chunks_on_disk, events_on_disk, free_port, until

ROUNDS = 5
SPEAKERS = 6
ROOT = Path(__file__).parents[2]


@dataclass
class Process:
    """The live house in a process of its own, on one folder and one port."""

    var: Path
    port: int
    child: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [sys.executable, "-m", "tests.live.stage", str(self.var), str(self.port)]
        self.child = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)})

    def end(self, by: signal.Signals) -> None:
        assert self.child is not None
        self.child.send_signal(by)
        self.child.wait()


@dataclass
class Crowd:
    """People who talk and one who watches, whatever becomes of the server."""

    client: httpx.AsyncClient
    acknowledged: dict[str, str] = field(default_factory=dict)
    """Id and text of every line that the server said it took."""
    seen: list[Message] = field(default_factory=list)
    numbers: "itertools.count[int]" = field(default_factory=itertools.count)

    async def talk(self) -> None:
        while True:
            text = f"line {next(self.numbers)}"
            try:
                headers = bearer(f"guest:{text}")
                answer = await self.client.post(f"/live/{SHOW}/chat", json={"text": text}, headers=headers)
            except httpx.TransportError:
                await asyncio.sleep(0.05)
                continue
            if answer.status_code == 202:
                self.acknowledged[answer.json()["id"]] = text

    async def watch(self, first: str) -> None:
        while True:
            try:
                await self._watch(self.seen[-1].id if self.seen else first)
            except httpx.TransportError:
                await asyncio.sleep(0.05)

    async def _watch(self, last: str) -> None:
        headers = {"Last-Event-ID": last}
        async with self.client.stream("GET", f"/live/{SHOW}/events", headers=headers) as answer:
            watcher = Watcher(answer)
            await watcher.begin()
            while message := await watcher.next():
                self.seen.append(message)

    async def state(self) -> dict[str, object]:
        """As soon as the server answers."""
        while True:
            try:
                answer = await self.client.get(f"/shows/{SHOW}/feed/state.json")
                found: dict[str, object] = answer.json()
                return found
            except httpx.TransportError:
                await asyncio.sleep(0.02)


async def test_what_was_acknowledged_survives_and_viewers_miss_nothing(tmp_path: Path) -> None:
    with free_port() as listening:
        process = Process(tmp_path, listening.getsockname()[1])
    process.start()
    world, moments = World(tmp_path), random.Random(2022)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{process.port}", timeout=60) as client:
        crowd = Crowd(client)
        epoch = str((await crowd.state())["epoch"])
        watching = asyncio.create_task(crowd.watch(f"{epoch}:-1"))
        try:
            for _ in range(ROUNDS):
                await one_round(process, crowd, moments.uniform(0.0, 0.8))
            last = await crowd.state()
            await until(lambda: caught_up(crowd, last))
        finally:
            watching.cancel()
            await asyncio.wait([watching])
            process.end(signal.SIGTERM)
    assert last["epoch"] == epoch
    check(world, crowd, epoch, len(crowd.seen))


async def one_round(process: Process, crowd: Crowd, seconds: float) -> None:
    """People talk; some time after the first was heard the process is killed, and another takes over."""
    before = len(crowd.acknowledged)
    speaking = [asyncio.create_task(crowd.talk()) for _ in range(SPEAKERS)]

    async def heard() -> bool:
        return len(crowd.acknowledged) > before

    await until(heard)
    await asyncio.sleep(seconds)
    process.end(signal.SIGKILL)
    for speaker in speaking:
        speaker.cancel()
    await asyncio.wait(speaking)
    process.start()
    await crowd.state()


async def caught_up(crowd: Crowd, state: dict[str, object]) -> bool:
    return bool(crowd.seen) and int(crowd.seen[-1].id.partition(":")[2]) + 1 >= int(str(state["chunk"]))


def check(world: World, crowd: Crowd, epoch: str, seen: int) -> None:
    events = events_on_disk(world, epoch)
    chats = [event for event in events if event["type"] == "chat"]
    ids, texts = [chat["id"] for chat in chats], [chat["text"] for chat in chats]
    assert len(set(ids)) == len(ids)
    assert len(set(texts)) == len(texts)
    assert crowd.acknowledged.items() <= dict(zip(ids, texts, strict=True)).items()
    assert len(crowd.acknowledged) >= ROUNDS
    times = [event["at"] for event in events]
    assert times == sorted(times)
    assert [message.chunk for message in crowd.seen] == chunks_on_disk(world, epoch)[:seen]
    assert [path.name for path in world.folder.path.iterdir() if path.is_dir()] == [epoch]
