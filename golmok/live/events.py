"""The one registry of event types: their fields, which are counters, and what each does to a room.

Reference for readers: docs/reference/events.md (a test holds the two together). The browser's mirror
is frontend/src/feed/state.ts.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from golmok.live.state import RoomState

Event = dict[str, Any]
"""`type`, `at` (programme time, ms UTC), `offset` once it is in a chunk, and the fields of its type."""

CHAT_KEPT = 50
"""Chat lines in a snapshot: about three phone screens, 10 KB."""

Apply = Callable[["RoomState", Event], "RoomState"]


class BadEvent(ValueError):
    """Not an event type of this registry, or fields that do not fit it."""


@dataclass(frozen=True)
class Field:
    name: str
    kind: type[int] | type[str] | type[bool]
    choices: tuple[str, ...] = ()

    def admits(self, value: object) -> bool:
        return type(value) is self.kind and (not self.choices or value in self.choices)


@dataclass(frozen=True)
class EventType:
    name: str
    fields: tuple[Field, ...]
    apply: Apply
    counter: bool = False
    """Only the last value in a chunk matters, per `per` when there is one."""
    per: str = ""

    def key(self, event: Event) -> tuple[object, ...]:
        """Counters with the same key replace each other inside a chunk."""
        return (self.name, event.get(self.per))


def _show(state: "RoomState", event: Event) -> "RoomState":
    return replace(state, phase=event["phase"])


def _picture(state: "RoomState", event: Event) -> "RoomState":
    return replace(state, picture=event["state"])


def _chat(state: "RoomState", event: Event) -> "RoomState":
    return replace(state, chat=(*state.chat, event)[-CHAT_KEPT:])


def _pin(state: "RoomState", event: Event) -> "RoomState":
    return replace(state, pinned=event["product"])


def _unpin(state: "RoomState", _event: Event) -> "RoomState":
    return replace(state, pinned=None)


def _stock(state: "RoomState", event: Event) -> "RoomState":
    left = {"left": event["left"], "closed": event["closed"]}
    return replace(state, stock={**state.stock, event["variant"]: left})


def _price(state: "RoomState", event: Event) -> "RoomState":
    return replace(state, prices={**state.prices, event["variant"]: event["price"]})


def _order(state: "RoomState", _event: Event) -> "RoomState":
    return state


def _viewers(state: "RoomState", event: Event) -> "RoomState":
    return replace(state, viewers=event["count"])


def _hearts(state: "RoomState", event: Event) -> "RoomState":
    return replace(state, hearts=event["count"])


PHASES = ("scheduled", "live", "ended")
PICTURES = ("flowing", "stalled", "none")
ROLES = ("viewer", "merchant", "helper", "organiser")

TYPES: Mapping[str, EventType] = {
    kind.name: kind
    for kind in (
        EventType("show", (Field("phase", str, PHASES),), _show),
        EventType("picture", (Field("state", str, PICTURES),), _picture),
        EventType(
            "chat",
            (Field("id", str), Field("name", str), Field("role", str, ROLES), Field("text", str)),
            _chat,
        ),
        EventType("pin", (Field("product", int),), _pin),
        EventType("unpin", (), _unpin),
        EventType(
            "stock",
            (Field("variant", int), Field("left", int), Field("closed", bool)),
            _stock,
            counter=True,
            per="variant",
        ),
        EventType("price", (Field("variant", int), Field("price", int)), _price),
        EventType(
            "order",
            (Field("name", str), Field("product", int), Field("quantity", int)),
            _order,
        ),
        EventType("viewers", (Field("count", int),), _viewers, counter=True),
        EventType("hearts", (Field("count", int),), _hearts, counter=True),
    )
}


def make(kind: str, at: int, fields: Mapping[str, object]) -> Event:
    """A checked event; fields that its type does not have are refused. Raises BadEvent."""
    known = TYPES.get(kind)
    if known is None:
        raise BadEvent(f"no event type {kind!r}")
    if {field.name for field in known.fields} != set(fields):
        raise BadEvent(f"{kind} with fields {sorted(fields)}")
    for field in known.fields:
        if not field.admits(fields[field.name]):
            raise BadEvent(f"{kind}.{field.name} = {fields[field.name]!r}")
    return {"type": kind, "at": at, **fields}


def apply_event(state: "RoomState", event: Event) -> "RoomState":
    return TYPES[event["type"]].apply(state, event)
