"""Content that its owners write in Korean and may write in English beside it (`name`, `name_en`)."""

from django.db import models
from django.utils.translation import get_language

from golmok.messages import DEFAULT_LANGUAGE


def in_language(row: object, field: str, language: str) -> str:
    """`field` of `row` in `language`; the Korean text where no English one was written."""
    if language == "en":
        english: str = getattr(row, f"{field}_en")
        if english:
            return english
    korean: str = getattr(row, field)
    return korean


def here(row: models.Model, field: str) -> str:
    """`field` of `row` in the language of the moment."""
    return in_language(row, field, get_language() or DEFAULT_LANGUAGE)
