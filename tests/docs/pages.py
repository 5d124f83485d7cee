"""The documentation as the tests read it."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
REFERENCE = DOCS / "reference"


def rows(page: Path) -> dict[str, list[str]]:
    """The rows of a page's tables: the code in the first cell, and the cells after it as text."""
    found: dict[str, list[str]] = {}
    for line in page.read_text(encoding="utf-8").splitlines():
        first, *rest = [cell.strip() for cell in line.strip("| \n").split("|")]
        code = re.fullmatch(r"`([^`]+)`", first)
        if line.startswith("|") and code:
            assert code[1] not in found, f"{page.name} names {code[1]} twice"
            found[code[1]] = rest
    return found
