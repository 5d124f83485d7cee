"""docs/reference/problems.md lists every refusal with its statuses; the catalogue has words for each."""

import re
from collections import defaultdict

import pytest

from golmok.messages import LANGUAGES, Language, text
from tests.docs.pages import REFERENCE, ROOT, rows

RAISED = re.compile(r'Problem\(\s*(\d{3}),\s*"([a-z-]+)"')
# A status that is only known when it happens, answered with one of the codes of a table.
BY_STATUS = re.compile(r"Problem\(error\.status_code, codes\.get\(error\.status_code, \"([a-z-]+)\"\)\)")


def raised() -> dict[str, set[str]]:
    """Statuses by code."""
    found: dict[str, set[str]] = defaultdict(set)
    for path in sorted((ROOT / "golmok").rglob("*.py")):
        source = path.read_text(encoding="utf-8")
        for status, code in RAISED.findall(source):
            found[code].add(status)
        for code in BY_STATUS.findall(source):
            found[code].add("400")
    return found


def test_the_page_lists_every_problem_with_its_statuses() -> None:
    listed = {code: set(cells[0].split(", ")) for code, cells in rows(REFERENCE / "problems.md").items()}
    assert listed == raised()


def test_every_meaning_is_said() -> None:
    assert [code for code, cells in rows(REFERENCE / "problems.md").items() if not cells[1]] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", sorted(raised()))
def test_a_problem_has_words(code: str, language: Language) -> None:
    assert text(f"problem-{code}", language)
    assert text(f"problem-{code}-detail", language)
