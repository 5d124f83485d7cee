"""The room as a reader sees it: a pure fold of its events."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from golmok.live.events import Event, apply_event


class Gap(Exception):
    """These events do not follow on this state: another epoch, or a hole."""


@dataclass(frozen=True)
class EpochRange:
    """Chunks of one epoch, both ends included."""

    epoch: str
    first_chunk: int
    last_chunk: int


@dataclass(frozen=True)
class RoomState:
    """Position and state in one immutable value, so that a snapshot can never be newer than its position."""

    epoch: str
    chunk: int = 0
    """The first chunk not in this state."""
    offset: int = 0
    """The first event not in this state."""
    at: int = 0
    """Programme time of the last event in it, ms UTC."""
    phase: str = "scheduled"
    picture: str = "none"
    viewers: int = 0
    hearts: int = 0
    pinned: int | None = None
    stock: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)
    prices: Mapping[int, int] = field(default_factory=dict)
    chat: tuple[Event, ...] = ()
    earlier: tuple[EpochRange, ...] = ()
    """Epochs before this one, oldest first."""

    @property
    def epochs(self) -> tuple[EpochRange, ...]:
        """Every chunk range of the show; an epoch without chunks is not among them."""
        own = (EpochRange(self.epoch, 0, self.chunk - 1),) if self.chunk else ()
        return self.earlier + own

    def document(self) -> dict[str, Any]:
        """The snapshot as readers get it (docs/architecture.md, "The feed")."""
        return {
            "epoch": self.epoch,
            "chunk": self.chunk,
            "offset": self.offset,
            "at": self.at,
            "phase": self.phase,
            "picture": self.picture,
            "viewers": self.viewers,
            "hearts": self.hearts,
            "pinned": self.pinned,
            "stock": {str(variant): dict(stock) for variant, stock in self.stock.items()},
            "prices": {str(variant): price for variant, price in self.prices.items()},
            "chat": list(self.chat),
            "epochs": [asdict(epoch) for epoch in self.epochs],
        }


def from_document(document: Mapping[str, Any]) -> RoomState:
    """The state a snapshot was made of. Raises KeyError, TypeError or ValueError on a damaged one."""
    epochs = (EpochRange(**entry) for entry in document["epochs"])
    plain = ("epoch", "chunk", "offset", "at", "phase", "picture", "viewers", "hearts", "pinned")
    return RoomState(
        **{name: document[name] for name in plain},
        stock={int(variant): stock for variant, stock in document["stock"].items()},
        prices={int(variant): price for variant, price in document["prices"].items()},
        chat=tuple(document["chat"]),
        earlier=tuple(epoch for epoch in epochs if epoch.epoch != document["epoch"]),
    )


def apply_chunk(state: RoomState, chunk: Mapping[str, Any]) -> RoomState:
    """The state after `chunk`. Raises Gap unless it is exactly the next one."""
    expected = (state.epoch, state.chunk, state.offset)
    if (chunk["epoch"], chunk["chunk"], chunk["first"]) != expected:
        raise Gap(f"chunk {chunk['epoch']}:{chunk['chunk']} does not follow {expected}")
    for event in chunk["events"]:
        if event["offset"] != state.offset:
            raise Gap(f"event {event['offset']} where {state.offset} was expected")
        state = replace(apply_event(state, event), offset=state.offset + 1, at=event["at"])
    return replace(state, chunk=state.chunk + 1)
