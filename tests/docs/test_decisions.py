"""Decisions are numbered in a row, and every dependency has its reason in one of them."""

import re
import tomllib

import orjson
import pytest

from tests.docs.pages import DOCS, ROOT

PAGES = sorted((DOCS / "decisions").glob("*.md"))


def dependencies() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    python = project["project"]["dependencies"] + project["dependency-groups"]["dev"]
    package = orjson.loads((ROOT / "package.json").read_bytes())
    names = {re.split(r"[<>=~!\[ ]", requirement)[0] for requirement in python}
    return names | set(package["dependencies"]) | set(package["devDependencies"])


@pytest.mark.parametrize("name", sorted(dependencies()))
def test_a_dependency_has_a_reason(name: str) -> None:
    asked = re.compile(rf"`{re.escape(name)}(?:\[[\w,-]+\])?`")
    assert any(asked.search(page.read_text(encoding="utf-8")) for page in PAGES)


def test_decisions_are_numbered_without_a_gap() -> None:
    numbers = [int(page.name.split("-")[0]) for page in PAGES]
    assert numbers == list(range(1, len(PAGES) + 1))


def test_the_index_lists_every_decision_once_by_its_title() -> None:
    index = (DOCS / "README.md").read_text(encoding="utf-8")
    listed = re.findall(r"^- \[(.+)\]\(decisions/(.+)\)$", index, re.MULTILINE)
    assert listed == [(title(page.read_text(encoding="utf-8")), page.name) for page in PAGES]


def title(text: str) -> str:
    return text.splitlines()[0].removeprefix("# ")
