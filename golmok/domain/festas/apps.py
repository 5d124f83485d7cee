from django.apps import AppConfig

from golmok.domain.core.labels import label as words


class FestasConfig(AppConfig):
    name = "golmok.domain.festas"
    label = "festas"
    verbose_name = words("desk-app-festas")
