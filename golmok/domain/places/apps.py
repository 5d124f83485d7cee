from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "golmok.domain.places"
    label = "places"
