"""What the pages ask about shops and their goods."""

from golmok.domain.shops.models import Product, Shop


def shops_with_district() -> list[Shop]:
    """Every shop by name, its district already read."""
    return list(Shop.objects.select_related("district").order_by("name"))


def products_of(shop: Shop) -> list[Product]:
    """The shop's products with their variants."""
    return list(shop.products.prefetch_related("variants").order_by("pk"))
