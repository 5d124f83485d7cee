"""Template words of every page: messages, won, dates, icons."""

from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.translation import get_language

from golmok.domain.core import bilingual
from golmok.messages import DEFAULT_LANGUAGE, text
from golmok.web.words import say_date, say_won

register = template.Library()


def _language() -> str:
    return get_language() or DEFAULT_LANGUAGE


@register.simple_tag
def msg(key: str, **values: object) -> str:
    """``{% msg "viewer-left" count=3 %}``: a message of the catalogue in the page's language."""
    return text(key, _language(), **values)


@register.filter
def won(amount: int) -> str:
    """``12,900원``, or ``₩12,900`` in English."""
    return say_won(amount, _language())


@register.filter
def day_and_time(moment: datetime) -> str:
    """``7월 20일 (수) 오후 7:00`` in Seoul."""
    return say_date(timezone.localtime(moment), _language())


@register.filter
def local(row: object, field: str) -> str:
    """``{{ shop|local:"name" }}``: the field in the page's language, Korean where no English is written."""
    return bilingual.in_language(row, field, _language())  # type: ignore[arg-type]
