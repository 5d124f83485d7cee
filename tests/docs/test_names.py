"""Buttons and fields that guides name, in both languages, are called that on the pages."""

import re

import pytest

from golmok.messages import keys, text
from tests.docs.pages import DOCS

NAMED = re.compile(r"\*\*([^*]*[가-힣][^*]*)\*\*\s\(((?:[^()]|\([^()]*\))+)\)")


def said() -> set[tuple[str, str]]:
    """Every message, in Korean and English."""
    return {(text(key, "ko"), text(key, "en")) for key in keys("ko")}


@pytest.mark.parametrize("guide", ["merchant", "organiser", "law"])
def test_a_guide_calls_things_by_their_names(guide: str) -> None:
    page = (DOCS / "guides" / f"{guide}.md").read_text(encoding="utf-8")
    named = {(korean, " ".join(english.split())) for korean, english in NAMED.findall(page)}
    assert named
    assert named - said() == set()
