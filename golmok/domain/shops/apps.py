from django.apps import AppConfig


class ShopsConfig(AppConfig):
    name = "golmok.domain.shops"
    label = "shops"
