"""What the organiser changes of a shop's goods."""

from golmok.domain.shops.models import Variant


def set_price(variant: Variant, price: int) -> None:
    """Change the regular price (won). Rooms that show it are told by `festas.actions.change_price`."""
    variant.price = price
    variant.save(update_fields=["price"])
