"""The one catalogue of everything Golmok says, in Korean and English.

Each language is a folder of Fluent files (https://projectfluent.org), one file an area; the browser
code reads the very same files. Keys start with the name of their area: ``viewer-buy`` is in ``viewer.ftl``.
"""

from functools import cache, lru_cache
from pathlib import Path
from typing import Literal, get_args

from fluent.runtime import FluentBundle, FluentResource
from fluent.syntax.ast import Message

Language = Literal["ko", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
DEFAULT_LANGUAGE: Language = "ko"
CATALOGUE = Path(__file__).parent


class MissingMessage(LookupError):
    """The catalogue has no message of that key in that language."""


def text(key: str, language: str, **values: object) -> str:
    """The message `key` in `language`, with `values` filled in. Raises MissingMessage."""
    return _formatted(key, language, values) if values else _plain(key, language)


@lru_cache(2000)
def _plain(key: str, language: str) -> str:
    """Thousands hear "sold out" in the same second."""
    return _formatted(key, language, {})


def _formatted(key: str, language: str, values: dict[str, object]) -> str:
    bundle = _bundle(as_language(language))
    if not bundle.has_message(key):
        raise MissingMessage(f"{key} ({language})")
    pattern = bundle.get_message(key).value
    if pattern is None:
        raise MissingMessage(f"{key} ({language})")
    formatted, _errors = bundle.format_pattern(pattern, values)
    return str(formatted)


def as_language(code: str) -> Language:
    """The catalogue language for a tag such as ``en-GB``; Korean when we do not speak it."""
    short = code.strip().lower().split("-")[0]
    return next((known for known in LANGUAGES if known == short), DEFAULT_LANGUAGE)


@lru_cache(1000)
def preferred_language(accept_language: str) -> Language:
    """The first language of an ``Accept-Language`` header that the catalogue has."""
    for part in accept_language.split(","):
        short = part.split(";")[0].strip().lower().split("-")[0]
        for known in LANGUAGES:
            if known == short:
                return known
    return DEFAULT_LANGUAGE


def keys(language: Language) -> set[str]:
    """Every key that `language` has; tests compare the languages with it."""
    return {
        entry.id.name
        for path in sorted((CATALOGUE / language).glob("*.ftl"))
        for entry in FluentResource(path.read_text(encoding="utf-8")).body
        if isinstance(entry, Message)
    }


@cache
def _bundle(language: Language) -> FluentBundle:
    bundle = FluentBundle([language], use_isolating=False)
    for path in sorted((CATALOGUE / language).glob("*.ftl")):
        bundle.add_resource(FluentResource(path.read_text(encoding="utf-8")))
    return bundle
