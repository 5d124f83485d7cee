from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "golmok.web"
    label = "web"
