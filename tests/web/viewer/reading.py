"""Reading a page as programs do: its words, its links, its data."""

import json
from html.parser import HTMLParser
from typing import Any


class Page(HTMLParser):
    """What a page says without running any of its scripts: nothing of templates and closed dialogs."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.meta: dict[str, str] = {}
        self.scripts: list[dict[str, str | None]] = []
        self.data: list[str] = []
        self._inside: list[str] = []
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "meta":
            self.meta[given.get("property") or given.get("name") or ""] = given.get("content") or ""
        if tag == "script":
            self.scripts.append(given)
        if tag in {"script", "style", "template", "dialog"}:
            self._inside.append(tag)
        for name in ("alt", "aria-label", "placeholder", "title"):
            self._say(given.get(name) or "")

    def handle_endtag(self, tag: str) -> None:
        if self._inside and self._inside[-1] == tag:
            self._inside.pop()

    def handle_data(self, data: str) -> None:
        if "script" in self._inside:
            self.data.append(data)
        else:
            self._say(data)

    def _say(self, words: str) -> None:
        if not {"template", "dialog"} & set(self._inside):
            self.words.append(words)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    @property
    def structured(self) -> list[dict[str, Any]]:
        return next(json.loads(block)["@graph"] for block in self.data if '"@graph"' in block)
