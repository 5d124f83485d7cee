"""How the names are written that a room says aloud."""

import unicodedata

from django.core.exceptions import ValidationError

from golmok.domain.core.labels import label

SIGNS = " .,·'’&()+-_"
LONGEST_NICKNAME = 12


def written(typed: str) -> str:
    """`typed` in one writing: composed, in plain width, with single spaces."""
    return " ".join(unicodedata.normalize("NFKC", typed).split())


def may_be_said(name: str, signs: str = SIGNS) -> bool:
    """Whether `name` is of Hangul, Latin letters, digits and `signs` alone.

    Other scripts hold letters that look like these (Cyrillic а, Greek ο), and signs that nobody sees.
    """
    return any(map(_is_letter, name)) and all(_is_letter(sign) or sign in signs for sign in name)


def validate_name(name: str) -> None:
    """Of the name as it will be written."""
    if not may_be_said(written(name)):
        raise ValidationError(label("accounts-name-wrong"))


def _is_letter(sign: str) -> bool:
    """A Hangul syllable, a digit, or a Latin letter that is plain but for its accents."""
    if "가" <= sign <= "힣":
        return True
    apart = unicodedata.normalize("NFD", sign)
    return apart[0].isascii() and apart[0].isalnum() and all(map(unicodedata.combining, apart[1:]))
