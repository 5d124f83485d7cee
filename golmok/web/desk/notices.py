"""What the law wants told of shops and goods, as the desk asks for it and says what is missing."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import get_language

from golmok.domain.core.labels import label
from golmok.domain.shops.business_number import written
from golmok.domain.shops.models import Product, Shop
from golmok.domain.shops.notice import FIELDS
from golmok.messages import DEFAULT_LANGUAGE, text
from golmok.web.desk.typed import column

NOTICE = (
    label("law-notice"),
    {"fields": ("missing_notice", *((field, f"{field}_en") for field in FIELDS))},
)
"""The fieldset of the notice of goods, headed by what is still empty."""


class ShopForm(forms.ModelForm):  # type: ignore[type-arg]
    """Refuses a business number that cannot be one, but for samples, whose numbers must be nobody's."""

    class Meta:
        model = Shop
        fields = "__all__"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        number = cleaned.get("business_number")
        if number and not cleaned.get("is_sample"):
            cleaned["business_number"] = written(number)
            if cleaned["business_number"] is None:
                self.add_error("business_number", str(label("law-business-number-wrong")))
        return cleaned


class TellsWhatIsMissing:
    """For the desk's page of products: a column, a line above the fields, a warning after saving."""

    @column(label("law-missing"))
    def missing_notice(self, product: Product) -> str:
        if product.pk is None:
            return str(label("law-missing-at-first"))
        return missing_words(product) or str(label("law-missing-none"))

    def warn(self, request: HttpRequest, product: Product) -> None:
        if fields := missing_words(product):
            language = get_language() or DEFAULT_LANGUAGE
            messages.warning(request, text("law-missing-warning", language, fields=fields))


def missing_words(product: Product) -> str:
    """The names of the empty fields; nothing when the notice is whole."""
    language = get_language() or DEFAULT_LANGUAGE
    return ", ".join(text(f"law-notice-{field}", language) for field in product.missing_notice)
