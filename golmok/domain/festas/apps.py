from django.apps import AppConfig


class FestasConfig(AppConfig):
    name = "golmok.domain.festas"
    label = "festas"
