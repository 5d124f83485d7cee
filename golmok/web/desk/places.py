from typing import Any

from django.contrib import admin
from unfold.admin import ModelAdmin

from golmok.domain.places.models import District
from golmok.web.desk.site import desk


@admin.register(District, site=desk)
class DistrictPage(ModelAdmin):  # type: ignore[misc]  # Unfold ships no types
    list_display: Any = ("name", "gu", "name_en", "gu_en")
    list_filter = ("gu",)
    search_fields = ("name", "name_en", "gu", "gu_en")
    prepopulated_fields = {"slug": ("name_en",)}
