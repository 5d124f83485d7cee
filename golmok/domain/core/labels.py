"""Names of rows and fields out of the one catalogue, in the language of the moment."""

from django.utils.functional import lazy
from django.utils.translation import get_language

from golmok.messages import DEFAULT_LANGUAGE, text


def _label(key: str) -> str:
    return text(key, get_language() or DEFAULT_LANGUAGE)


label = lazy(_label, str)
"""A lazy string of the catalogue: ``verbose_name=label("desk-shop")``."""
