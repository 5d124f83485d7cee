from django.apps import AppConfig

from golmok.domain.core.labels import label as words


class PlacesConfig(AppConfig):
    name = "golmok.domain.places"
    label = "places"
    verbose_name = words("desk-app-places")
