from django.apps import AppConfig


class OrdersConfig(AppConfig):
    name = "golmok.domain.orders"
    label = "orders"
