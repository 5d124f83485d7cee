from django.apps import AppConfig

from golmok.domain.core.labels import label as words


class ShopsConfig(AppConfig):
    name = "golmok.domain.shops"
    label = "shops"
    verbose_name = words("desk-app-shops")
