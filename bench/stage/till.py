"""The sale without HTTP: ``python -m bench.stage.till``, run as a child.

``stock <units>`` puts so many of the show's first variant on sale and says variant and shop.
``grouped <seconds>`` decides checkouts in groups and says how many a second.
``count`` says what was sold, by stock and by orders; ``kept`` what is kept, by stock and by holds.
"""

import os
import sys
import time
from collections.abc import Callable
from uuid import uuid4

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "golmok.settings")
django.setup()

import orjson
from django.db.models import Sum

from golmok.domain.festas.models import Offer
from golmok.domain.orders.actions import put_on_sale
from golmok.domain.orders.checkout import Recipient, ShopWish
from golmok.domain.orders.models import Hold, Order, OrderLine, PaymentEvent, Stock
from golmok.domain.orders.till.batch import decide
from golmok.domain.orders.till.pay import PayTest
from golmok.domain.orders.till.place import Place
from golmok.domain.orders.till.receipt import Receipt
from golmok.domain.orders.till.start import Line, Start
from golmok.problems import Problem

GROUP = 100
SOMEBODY = Recipient("김서울", "010-1234-5678", "08754", "서울 관악구 난곡로 1")


def main() -> None:
    what, *arguments = sys.argv[1:]
    steps: dict[str, Callable[..., dict[str, object]]] = {
        "stock": stock,
        "grouped": grouped,
        "count": count,
        "kept": kept,
    }
    said = steps[what](*map(float, arguments))
    print(orjson.dumps(said).decode(), flush=True)


def stock(units: float) -> dict[str, object]:
    offer = first_offer()
    put_on_sale(offer.variant, int(units))
    return {"variant": offer.variant_id, "shop": offer.variant.product.shop_id, "show": offer.show_id}


def grouped(seconds: float) -> dict[str, object]:
    offer = first_offer()
    shop = offer.variant.product.shop_id
    began, done = time.perf_counter(), 0
    while time.perf_counter() - began < seconds:
        kept = decided(
            [
                Start(f"guest:{uuid4().hex}", (Line(offer.variant_id, 1, offer.show_id),), 600)
                for _ in range(GROUP)
            ]
        )
        decided(
            [
                Place(
                    one.checkout.buyer,
                    None,
                    one.checkout.id,
                    uuid4().hex,
                    SOMEBODY,
                    {shop: ShopWish("parcel")},
                    True,
                )
                for one in kept
            ]
        )
        decided(
            [
                PayTest(one.checkout.buyer, one.checkout.id, uuid4().hex, PaymentEvent.Kind.APPROVED)
                for one in kept
            ]
        )
        done += GROUP
    return {"checkouts_per_s": round(done / (time.perf_counter() - began))}


def decided(commands: list[Start] | list[Place] | list[PayTest]) -> list[Receipt]:
    results = decide(commands)
    refused = [one for one in results if isinstance(one, Problem)]
    if refused:
        raise refused[0]
    return [one for one in results if isinstance(one, Receipt)]


def count() -> dict[str, object]:
    variant = first_offer().variant_id
    row = Stock.objects.get(pk=variant)
    lines = OrderLine.objects.filter(hold__stock=variant, order__status=Order.Status.PAID)
    units = lines.aggregate(units=Sum("quantity", default=0))["units"]
    return {"total": row.total, "sold": row.sold, "ordered": units}


def kept() -> dict[str, object]:
    variant = first_offer().variant_id
    row = Stock.objects.get(pk=variant)
    units = Hold.objects.filter(stock=variant, status=Hold.Status.HELD).aggregate(
        units=Sum("quantity", default=0)
    )
    return {"total": row.total, "sold": row.held, "ordered": units["units"]}


def first_offer() -> Offer:
    return Offer.objects.select_related("variant__product").order_by("pk")[0]


if __name__ == "__main__":
    main()
