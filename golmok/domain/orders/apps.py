from django.apps import AppConfig

from golmok.domain.core.labels import label as words


class OrdersConfig(AppConfig):
    name = "golmok.domain.orders"
    label = "orders"
    verbose_name = words("desk-app-orders")
