"""A show's `feed/` folder on disk: chunks that never change, and the snapshot they follow on."""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from golmok.live.state import EpochRange, Gap, RoomState, apply_chunk, from_document

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
EPOCH_LETTERS = 8


class LostRoom(Exception):
    """Another process owns this room now; nothing more may be written by us."""


@dataclass(frozen=True)
class Restored:
    """A room found on disk."""

    state: RoomState
    facts: frozenset[int]
    """Facts that are on disk but perhaps not yet marked told."""


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

    def read_chunk(self, epoch: str, number: int) -> bytes | None:
        return _read(self.chunk_path(epoch, number))

    def restore(self) -> Restored | None:
        """The snapshot and every later chunk, or None when the log cannot be continued."""
        try:
            snapshot = self._document(self._snapshot)
            return self._continued(from_document(snapshot), set(snapshot.get("facts", ())))
        except (FileNotFoundError, Gap, KeyError, TypeError, ValueError):
            return None

    def epochs(self) -> tuple[EpochRange, ...]:
        """Chunk ranges on disk, oldest epoch first; what follows a hole is not counted."""
        if not self.path.is_dir():
            return ()
        started = [(self._began(entry.name), entry.name) for entry in self.path.iterdir() if entry.is_dir()]
        return tuple(
            EpochRange(epoch, 0, self._whole(epoch)) for began, epoch in sorted(started) if began is not None
        )

    def _continued(self, state: RoomState, facts: set[int]) -> Restored:
        last = max(self._numbers(state.epoch), default=-1)
        for number in range(state.chunk, last + 1):
            chunk = self._document(self.chunk_path(state.epoch, number))
            state = apply_chunk(state, chunk)
            facts |= set(chunk.get("facts", ()))
        if state.chunk and self.read_chunk(state.epoch, state.chunk - 1) is None:
            raise Gap(f"chunk {state.chunk - 1} is gone")
        return Restored(state, frozenset(facts))

    def _numbers(self, epoch: str) -> list[int]:
        files = (self.path / epoch).glob("*.json")
        return [int(file.stem) for file in files if file.stem.isdigit()]

    def _whole(self, epoch: str) -> int:
        there = set(self._numbers(epoch))
        return next(number for number in range(len(there) + 1) if number not in there) - 1

    def _began(self, epoch: str) -> int | None:
        try:
            return int(self._document(self.chunk_path(epoch, 0))["events"][0]["at"])
        except (FileNotFoundError, LookupError, TypeError, ValueError):
            return None

    @staticmethod
    def _document(path: Path) -> dict[str, Any]:
        document: dict[str, Any] = orjson.loads(path.read_bytes())
        return document

    @staticmethod
    def _write_beside(path: Path, body: bytes) -> Path:
        beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        beside.write_bytes(body)
        return beside


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
