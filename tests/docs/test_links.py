"""What a page points at is there."""

import re
from pathlib import Path

import pytest

from tests.docs.pages import DOCS, ROOT

PAGES = sorted([*DOCS.rglob("*.md"), *ROOT.glob("*.md")])
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
SOURCE = re.compile(
    r"`((?:golmok|frontend|tests|bench|docs|deploy)/[\w./-]+\.(?:py|ts|css|html|md|json|svg|ftl))`"
)
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


def named(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, heading = target.partition("#")
        found = page.parent / path if path else page
        assert found.exists(), f"{target} is not there"
        if heading:
            assert heading in headings(found), f"{target} has no such heading"


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_file_it_names_is_there(page: Path) -> None:
    missing = {
        path for path in SOURCE.findall(page.read_text(encoding="utf-8")) if not (ROOT / path).exists()
    }
    assert missing == set()


@pytest.mark.parametrize("path", sorted((ROOT / "golmok").rglob("*.py")), ids=named)
def test_pages_that_code_names_are_there(path: Path) -> None:
    for page in re.findall(r"docs/[\w./-]+\.md", path.read_text(encoding="utf-8")):
        assert (ROOT / page).exists(), page


def headings(page: Path) -> set[str]:
    """The anchors of a page's headings."""
    titles = HEADING.findall(page.read_text(encoding="utf-8"))
    return {re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-") for title in titles}
