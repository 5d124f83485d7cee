"""docs/reference/events.md says exactly what the registry of events says."""

import re
from pathlib import Path

from golmok.live.events import CHAT_KEPT, TYPES, EventType, Field

PAGE = (Path(__file__).parents[2] / "docs/reference/events.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| `(\w+)` \|(.*?)\|(.*?)\|(.*?)\|$", re.MULTILINE)
KINDS = {int: "integer", str: "text", bool: "yes or no"}


def in_words(field: Field) -> str:
    kind = f"one of {', '.join(field.choices)}" if field.choices else KINDS[field.kind]
    return f"`{field.name}` {kind}"


def kept(kind: EventType) -> str:
    if not kind.counter:
        return "all"
    return f"last per `{kind.per}`" if kind.per else "last"


def test_every_event_type_is_in_the_table_as_it_is() -> None:
    documented = {row[1]: (row[2].strip(), row[3].strip()) for row in ROW.finditer(PAGE)}
    registered = {name: ("; ".join(map(in_words, kind.fields)), kept(kind)) for name, kind in TYPES.items()}
    assert documented == registered


def test_no_type_is_explained_twice_or_not_at_all() -> None:
    rows = list(ROW.finditer(PAGE))
    assert len(rows) == len(TYPES)
    assert all(row[4].strip() for row in rows)


def test_the_page_knows_how_much_chat_a_snapshot_holds() -> None:
    assert re.search(rf"\b{CHAT_KEPT} chat events", PAGE)
