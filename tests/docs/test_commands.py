"""docs/reference/commands.md lists what the command line offers."""

import argparse
import re

from golmok.cli import build_parser
from tests.docs.pages import REFERENCE, ROOT, rows


def offered() -> set[str]:
    commands = [
        action for action in build_parser()._actions if isinstance(action, argparse._SubParsersAction)
    ]
    return {f"golmok {name}" for action in commands for name in action.choices}


def test_the_page_lists_every_command() -> None:
    listed = {name for name in rows(REFERENCE / "commands.md") if name.startswith("golmok ")}
    assert listed == offered()


def test_every_make_target_that_pages_name_is_in_the_makefile() -> None:
    targets = set(
        re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    )
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    named = {
        name for page in pages for name in re.findall(r"`make ([a-z-]+)", page.read_text(encoding="utf-8"))
    }
    assert named - targets == set()
