"""The notice of goods (상품 정보 제공 고시) as rows of label and value, for pages and API."""

from golmok.domain.core.bilingual import in_language
from golmok.domain.shops.models import Product
from golmok.domain.shops.notice import FIELDS
from golmok.messages import text


def notice_rows(product: Product, language: str) -> list[dict[str, str]]:
    """What was filled in, the origin where the law lists it, and whom to ask; reads the product's shop."""
    said = {field: in_language(product, field, language) for field in (*FIELDS, "origin")}
    said["phone"] = product.shop.phone
    order = [*FIELDS[:2], "origin", *FIELDS[2:], "phone"]
    return [
        {"label": text(f"law-notice-{field}", language), "value": said[field]}
        for field in order
        if said[field]
    ]
