"""Template words of every page: messages, won, dates, icons."""

import json
from datetime import datetime
from functools import cache
from pathlib import Path

from django import template
from django.conf import settings
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from golmok.configuration import CONFIGURATION, Operator
from golmok.domain.core import bilingual
from golmok.domain.shops.models import Product
from golmok.messages import DEFAULT_LANGUAGE, text
from golmok.web.address_search.counter import address_search_is_set_up
from golmok.web.language import ENGLISH
from golmok.web.letters.by_email import mail_is_set_up
from golmok.web.notices import notice_rows
from golmok.web.words import say_count, say_date, say_day, say_month, say_time, say_weekday, say_won

register = template.Library()

ICONS = Path(__file__).parents[1] / "static" / "build" / "icons"


def _language() -> str:
    return get_language() or DEFAULT_LANGUAGE


@register.simple_tag
def msg(key: str, **values: object) -> str:
    """``{% msg "viewer-left" count=3 %}``: a message of the catalogue in the page's language."""
    return text(key, _language(), **values)


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """``{% icon "heart" %}``: a Lucide icon as SVG in the page, silent for screen readers without a label."""
    if label:
        return format_html('<svg role="img" aria-label="{}" {}', label, _drawing(name))
    return format_html('<svg aria-hidden="true" {}', _drawing(name))


@register.simple_tag
def operator() -> Operator:
    """``{% operator as operator %}``: who runs this; ``operator.name`` is empty until it was filled in."""
    return CONFIGURATION.operator


@register.simple_tag
def gateways() -> list[dict[str, str]]:
    """``{% gateways as ways %}``: how buyers may pay, as name, label and note."""
    return [
        {"name": name, "label": msg(f"pay-gateway-{name}"), "note": msg(f"pay-gateway-{name}-note")}
        for name in CONFIGURATION.payments
    ]


@register.simple_tag
def mails() -> str:
    """``{% mails as mail %}``: ``smtp``, ``file`` where it is only written down, or nothing."""
    return settings.MAIL_KIND if mail_is_set_up() else ""


@register.simple_tag
def searches_addresses() -> bool:
    """``{% searches_addresses as has_search %}``: whether addresses can be looked for while ordering."""
    return address_search_is_set_up()


@register.simple_tag
def notice_of(product: Product) -> list[dict[str, str]]:
    """``{% notice_of product as rows %}``: what buyers must be told of the goods, as label and value."""
    return notice_rows(product, _language())


@register.simple_tag(takes_context=True)
def twin(context: template.Context) -> str:
    """The address of this page in the other language."""
    return twin_of(context["request"].get_full_path())


def twin_of(address: str) -> str:
    """`address` in the other language; one slash begins it, for two would lead to another site."""
    if address.startswith(ENGLISH):
        return "/" + address.removeprefix(ENGLISH).lstrip("/")
    return ENGLISH + address.lstrip("/")


@register.simple_tag
def won_text(amount: int) -> str:
    """The same as the filter, for ``{% won_text n as amount %}``."""
    return say_won(amount, _language())


@register.filter
def structured_data(facts: dict[str, object]) -> SafeString:
    """A schema.org data block; with ``<``, ``>`` and ``&`` escaped nothing in it can end the block."""
    written = json.dumps(facts, ensure_ascii=False)
    for sign in "<>&":
        written = written.replace(sign, f"\\u{ord(sign):04X}")
    return mark_safe(f'<script type="application/ld+json">{written}</script>')


@register.filter
def won(amount: int) -> str:
    """``12,900원``, or ``₩12,900`` in English."""
    return say_won(amount, _language())


@register.filter
def count(amount: int) -> str:
    """``1,204``"""
    return say_count(amount)


@register.filter
def day_and_time(moment: datetime) -> str:
    """``7월 20일 (수) 오후 7:00`` in Seoul."""
    return say_date(timezone.localtime(moment), _language())


@register.filter
def time_of_day(moment: datetime) -> str:
    """``오후 7:00`` in Seoul."""
    return say_time(timezone.localtime(moment), _language())


@register.filter
def month(moment: datetime) -> str:
    """``7월`` in Seoul."""
    return say_month(timezone.localtime(moment), _language())


@register.filter
def day(moment: datetime) -> str:
    """``20`` in Seoul."""
    return say_day(timezone.localtime(moment))


@register.filter
def weekday(moment: datetime) -> str:
    """``수`` in Seoul."""
    return say_weekday(timezone.localtime(moment), _language())


@register.filter
def local(row: object, field: str) -> str:
    """``{{ shop|local:"name" }}``: the field in the page's language, Korean where no English is written."""
    return bilingual.in_language(row, field, _language())


@cache
def _drawing(name: str) -> SafeString:
    """What follows ``<svg``: Lucide's own file without its comment, its tag and its class."""
    source = (ICONS / f"{name}.svg").read_text(encoding="utf-8")
    inner = source[source.index("<svg") :].split(">", 1)[1].strip()
    frame = 'class="icon" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-linecap="round"'
    # The files come from lucide-static at build time, never from people.
    return mark_safe(f'{frame} stroke-linejoin="round">{inner}')
