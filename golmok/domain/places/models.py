from django.db import models

from golmok.domain.core.bilingual import here
from golmok.domain.core.labels import label


class District(models.Model):
    """A living district (생활상권): what people reach within ten minutes' walk."""

    slug = models.SlugField(label("desk-slug"), unique=True)
    name = models.CharField(label("desk-name"), max_length=60)
    name_en = models.CharField(label("desk-name-en"), max_length=60, blank=True)
    gu = models.CharField(label("desk-gu"), max_length=40)
    gu_en = models.CharField(label("desk-gu-en"), max_length=40, blank=True)

    class Meta:
        verbose_name = label("desk-district")
        verbose_name_plural = label("desk-districts")
        ordering = ["name"]

    def __str__(self) -> str:
        return here(self, "name")
