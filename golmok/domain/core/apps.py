from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "golmok.domain.core"
    label = "core"
