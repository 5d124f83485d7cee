"""What buyers of goods must be told of them (상품 정보 제공 고시), as text beside the name and the origin."""

from collections.abc import Sequence

from django.db import models

from golmok.domain.core.labels import label

FIELDS = ("net", "maker", "expiry", "ingredients", "storage", "care", "caution", "certification")
"""In the order in which they are shown."""
OF_FOOD = ("net", "maker", "expiry", "ingredients", "storage")
OF_OTHERS = ("net", "maker", "caution")


class NoticeOfGoods(models.Model):
    """The particulars of a product. None is enforced; the desk names what is missing."""

    net = models.CharField(label("law-notice-net"), max_length=120, blank=True)
    net_en = models.CharField(label("law-notice-net-en"), max_length=120, blank=True)
    maker = models.CharField(label("law-notice-maker"), max_length=200, blank=True)
    maker_en = models.CharField(label("law-notice-maker-en"), max_length=200, blank=True)
    expiry = models.CharField(
        label("law-notice-expiry"), max_length=120, blank=True, help_text=label("law-hint-expiry")
    )
    expiry_en = models.CharField(label("law-notice-expiry-en"), max_length=120, blank=True)
    ingredients = models.TextField(
        label("law-notice-ingredients"), blank=True, help_text=label("law-hint-ingredients")
    )
    ingredients_en = models.TextField(label("law-notice-ingredients-en"), blank=True)
    storage = models.CharField(label("law-notice-storage"), max_length=200, blank=True)
    storage_en = models.CharField(label("law-notice-storage-en"), max_length=200, blank=True)
    care = models.TextField(label("law-notice-care"), blank=True)
    care_en = models.TextField(label("law-notice-care-en"), blank=True)
    caution = models.TextField(label("law-notice-caution"), blank=True, help_text=label("law-hint-caution"))
    caution_en = models.TextField(label("law-notice-caution-en"), blank=True)
    certification = models.CharField(
        label("law-notice-certification"),
        max_length=200,
        blank=True,
        help_text=label("law-hint-certification"),
    )
    certification_en = models.CharField(label("law-notice-certification-en"), max_length=200, blank=True)

    class Meta:
        abstract = True


def missing_of(product: NoticeOfGoods, is_food: bool) -> list[str]:
    """The fields that its kind of goods needs and nobody filled in."""
    needed: Sequence[str] = OF_FOOD if is_food else OF_OTHERS
    return [field for field in needed if not getattr(product, field)]
