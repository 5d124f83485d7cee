"""Every word the code asks for is in the catalogue, in both languages, and every word in it is asked for."""

import re
from functools import cache
from pathlib import Path

import pytest

from golmok.messages import LANGUAGES, Language, keys

ROOT = Path(__file__).parents[2]
ASKED = re.compile(r"""(?:\bmsg|\bsay|\btext|\blabel)\(?\s*["'`]([a-z]+(?:-[a-z0-9]+)+)["'`]""")
REFUSED = re.compile(r"""Problem\(\s*\d{3},\s*["']([a-z0-9-]+)["']""")
# `viewer-role-${role}`, f"cli-{name}", `${key}-this`: what stands in the braces is said somewhere by itself.
MADE = re.compile(r"""["'`]((?:[a-z0-9-]|\$?\{[^{}]*\})*\$?\{[^{}]*\}(?:[a-z0-9-]|\$?\{[^{}]*\})*)["'`]""")
BRACES = re.compile(r"\$?\{[^{}]*\}")


@cache
def sources() -> str:
    paths = [
        *ROOT.glob("golmok/**/*.py"),
        *ROOT.glob("golmok/web/templates/**/*.html"),
        *ROOT.glob("golmok/web/templates/**/*.txt"),
        *ROOT.glob("frontend/src/**/*.ts"),
    ]
    return "\n".join(path.read_text(encoding="utf-8") for path in paths)


def test_both_languages_say_the_same_things() -> None:
    assert keys("ko") == keys("en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_asked_for_is_there(language: Language) -> None:
    assert set(ASKED.findall(sources())) - keys(language) == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_refusal_has_its_words(language: Language) -> None:
    codes = set(REFUSED.findall(sources()))
    wanted = {f"problem-{code}" for code in codes} | {f"problem-{code}-detail" for code in codes}
    assert wanted - keys(language) == set()


def test_every_message_is_asked_for() -> None:
    unused = {
        key for key in keys("ko") if not mentioned(key) and not made(key) and not mentioned(refusal(key))
    }
    assert unused == set()


@pytest.mark.parametrize("key", ["studio-no-such", "cli-no-such", "viewer-role-no-such", "problem-no-such"])
def test_a_message_that_nobody_asks_for_is_noticed(key: str) -> None:
    assert not mentioned(key) and not made(key) and not mentioned(refusal(key))


def refusal(key: str) -> str:
    """The code that a problem's words belong to; a key that is not such words stays as it is."""
    return key.removeprefix("problem-").removesuffix("-detail") if key.startswith("problem-") else key


def made(key: str) -> bool:
    """Whether the code puts the key together out of words that it mentions."""
    found = (pattern.fullmatch(key) for pattern in makings())
    return any(match and all(map(mentioned, match.groups())) for match in found)


@cache
def makings() -> list[re.Pattern[str]]:
    """One a way of making keys that says at least a word of the key itself."""
    written = {made for made in MADE.findall(sources()) if re.search("[a-z]-|-[a-z]", BRACES.sub("", made))}
    return [re.compile("(.+)".join(map(re.escape, BRACES.split(made)))) for made in written]


@cache
def mentioned(word: str) -> bool:
    return re.search(rf"""["'`]{re.escape(word)}["'`]""", sources()) is not None
