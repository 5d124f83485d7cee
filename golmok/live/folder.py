"""A show's `feed/` folder on disk: chunks that never change, and the snapshot they follow on."""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from golmok.live.state import Gap, RoomState, apply_chunk, from_document

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
EPOCH_LETTERS = 8
CHECKED = 480
"""Chunks before the snapshot that are read before it is believed: two busy minutes, four times what a
power cut can take from a disk that is not told to sync."""
DAMAGE = (FileNotFoundError, AttributeError, KeyError, TypeError, ValueError)
"""What reading a file that is gone, cut short or not ours ends in."""


class LostRoom(Exception):
    """Another process owns this room now; nothing more may be written by us."""


@dataclass(frozen=True)
class Restored:
    """A room found on disk."""

    state: RoomState
    facts: frozenset[int]
    """Facts that are on disk but perhaps not yet marked told."""


@dataclass(frozen=True, order=True)
class Log:
    """An epoch on disk."""

    began: int
    """Programme time of its first event, ms UTC."""
    epoch: str
    last_chunk: int
    ended: int


def new_epoch() -> str:
    """A name no earlier log of the show has had (40 bits)."""
    return "".join(secrets.choice(ALPHABET) for _ in range(EPOCH_LETTERS))


class FeedFolder:
    """Blocking file calls; rooms make them in threads."""

    def __init__(self, show: Path) -> None:
        self.path = show / "feed"
        self._snapshot = self.path / "state.json"

    def chunk_path(self, epoch: str, number: int) -> Path:
        return self.path / epoch / f"{number}.json"

    def write_chunk(self, epoch: str, number: int, body: bytes) -> None:
        """Whole or not at all, and never over an existing chunk. Raises LostRoom when there is one.

        Linking, unlike renaming, refuses to replace: two processes that both believe to own the room
        cannot both write chunk n.
        """
        path = self.chunk_path(epoch, number)
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = self._write_beside(path, body)
        try:
            os.link(beside, path)
        except FileExistsError as taken:
            raise LostRoom(str(path)) from taken
        finally:
            beside.unlink()

    def write_snapshot(self, body: bytes) -> None:
        self.path.mkdir(parents=True, exist_ok=True)
        self._write_beside(self._snapshot, body).replace(self._snapshot)

    def read_snapshot(self) -> bytes | None:
        return _read(self._snapshot)

    def snapshot_at_rest(self) -> bytes | None:
        """The snapshot of a show that has ended: nothing will follow it."""
        body = self.read_snapshot()
        try:
            return body if body and orjson.loads(body)["phase"] == "ended" else None
        except DAMAGE:
            return None

    def read_chunk(self, epoch: str, number: int) -> bytes | None:
        return _read(self.chunk_path(epoch, number))

    def restore(self) -> Restored | None:
        """The snapshot and every later chunk, or None when the log cannot be continued."""
        try:
            snapshot = self._document(self._snapshot)
            return self._continued(from_document(snapshot), set(snapshot.get("facts", ())))
        except (Gap, *DAMAGE):
            return None

    def logs(self) -> list[Log]:
        """Every epoch on disk, oldest first; what follows a hole is not counted."""
        if not self.path.is_dir():
            return []
        found = (self._log(entry.name) for entry in self.path.iterdir() if entry.is_dir())
        return sorted(log for log in found if log is not None)

    def _continued(self, state: RoomState, facts: set[int]) -> Restored:
        there = self._numbers(state.epoch)
        self._check(state, there)
        last = max(there, default=-1)
        for number in range(state.chunk, last + 1):
            chunk = self._document(self.chunk_path(state.epoch, number))
            state = apply_chunk(state, chunk)
            facts |= set(chunk.get("facts", ()))
        return Restored(state, frozenset(facts))

    def _check(self, snapshot: RoomState, there: set[int]) -> None:
        """Raises Gap or DAMAGE unless every chunk of the snapshot is there, and the late ones whole."""
        if not there.issuperset(range(snapshot.chunk)):
            raise Gap(f"{snapshot.epoch} has a hole before chunk {snapshot.chunk}")
        first = snapshot.offset
        for number in reversed(range(max(0, snapshot.chunk - CHECKED), snapshot.chunk)):
            chunk = self._chunk(snapshot.epoch, number)
            first -= len(chunk["events"])
            if chunk["first"] != first:
                raise Gap(f"chunk {number} begins at {chunk['first']} and not at {first}")

    def _numbers(self, epoch: str) -> set[int]:
        files = (self.path / epoch).glob("*.json")
        return {int(file.stem) for file in files if file.stem.isdigit()}

    def _chunk(self, epoch: str, number: int) -> dict[str, Any]:
        chunk = self._document(self.chunk_path(epoch, number))
        if (chunk["epoch"], chunk["chunk"]) != (epoch, number):
            raise Gap(f"chunk {number} of {epoch} holds another")
        return chunk

    def _log(self, epoch: str) -> Log | None:
        """The chunks that every one before leads to; None when the first is gone or damaged."""
        log, first = None, 0
        try:
            while (chunk := self._chunk(epoch, log.last_chunk + 1 if log else 0))["first"] == first:
                began, ended = (int(chunk["events"][n]["at"]) for n in (0, -1))
                log = Log(log.began if log else began, epoch, chunk["chunk"], ended)
                first += len(chunk["events"])
        except (Gap, IndexError, *DAMAGE):
            pass
        return log

    @staticmethod
    def _document(path: Path) -> dict[str, Any]:
        document: dict[str, Any] = orjson.loads(path.read_bytes())
        return document

    @staticmethod
    def _write_beside(path: Path, body: bytes) -> Path:
        beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        try:
            beside.write_bytes(body)
        except OSError:
            beside.unlink(missing_ok=True)
            raise
        return beside


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
