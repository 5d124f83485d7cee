"""docs/reference/events.md says exactly what the registry of events says."""

import re
from pathlib import Path

import orjson

from golmok.live.events import CHAT_KEPT, TYPES, EventType, Field
from golmok.live.folder import FeedFolder
from golmok.live.opening import begin_or_continue, resume

PAGE = (Path(__file__).parents[2] / "docs/reference/events.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| `(\w+)` \|(.*?)\|(.*?)\|(.*?)\|$", re.MULTILINE)
KINDS = {int: "integer", str: "text", bool: "yes or no"}


ARCHITECTURE = (Path(__file__).parents[2] / "docs/architecture.md").read_text(encoding="utf-8")
EXAMPLE = re.compile(r"```json\n(.*?)\n```", re.DOTALL)
ELLIPSIS = re.compile(r"\[ …[^\]]*… \]")


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


async def test_the_examples_have_every_field_that_is_published(tmp_path: Path) -> None:
    folder = FeedFolder(tmp_path)
    feed = resume(folder, begin_or_continue(folder))
    feed.append("pin", {"product": 5}, fact=88)
    await feed.flush()
    chunk, snapshot = (orjson.loads(ELLIPSIS.sub("[]", text)) for text in EXAMPLE.findall(ARCHITECTURE))
    assert chunk.keys() == orjson.loads(folder.read_chunk(feed.state.epoch, 0) or b"").keys()
    published = orjson.loads(feed.snapshot())
    assert snapshot.keys() == published.keys()
    assert snapshot["epochs"][0].keys() == published["epochs"][0].keys()


def test_the_page_knows_how_much_chat_a_snapshot_holds() -> None:
    assert re.search(rf"\b{CHAT_KEPT} chat events", PAGE)
