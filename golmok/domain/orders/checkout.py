"""The checkout form: what a buyer typed, put into one writing, or what is wrong with it field by field."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from golmok.domain.orders.models import Order
from golmok.domain.shops.models import Product
from golmok.problems import Problem

MOBILE = re.compile(r"(01[016789])(\d{3,4})(\d{4})")
POSTCODE = re.compile(r"\d{5}")
LONGEST = {"name": 40, "address": 200, "memo": 200}


@dataclass(frozen=True)
class Recipient:
    """Who gets the goods, how and where."""

    name: str
    phone: str
    fulfilment: str
    postcode: str
    address: str
    memo: str


def checked(typed: Recipient, products: Iterable[Product], *, consent: bool) -> Recipient:
    """The recipient in one writing. Raises Problem 422 `form-invalid` {errors: field to catalogue key}."""
    goods = list(products)
    tidy = _tidy(typed)
    errors = _errors_in_person(tidy) | _errors_in_fulfilment(tidy, goods)
    if any(product.needs_consent for product in goods) and not consent:
        errors["consent"] = "orders-field-consent-missing"
    if errors:
        raise Problem(422, "form-invalid", {"errors": errors})
    return tidy if tidy.fulfilment == Order.Fulfilment.PARCEL else replace(tidy, postcode="", address="")


def normal_phone(typed: str) -> str | None:
    """``010-1234-5678``; None when it is no Korean mobile number."""
    digits = re.sub(r"\D", "", typed)
    if digits.startswith("82"):
        digits = "0" + digits[2:].removeprefix("0")
    number = MOBILE.fullmatch(digits)
    return "-".join(number.groups()) if number else None


def _tidy(typed: Recipient) -> Recipient:
    return Recipient(
        name=_one_line(typed.name),
        phone=normal_phone(typed.phone) or "",
        fulfilment=typed.fulfilment,
        postcode=typed.postcode.strip(),
        address=_one_line(typed.address),
        memo=_one_line(typed.memo),
    )


def _errors_in_person(tidy: Recipient) -> dict[str, str]:
    errors = {
        field: "orders-field-too-long"
        for field, longest in LONGEST.items()
        if len(getattr(tidy, field)) > longest
    }
    if not tidy.name:
        errors["name"] = "orders-field-name-missing"
    if not tidy.phone:
        errors["phone"] = "orders-field-phone-wrong"
    return errors


def _errors_in_fulfilment(tidy: Recipient, goods: list[Product]) -> dict[str, str]:
    if tidy.fulfilment == Order.Fulfilment.PICKUP:
        allowed = all(product.pickup for product in goods)
        return {} if allowed else {"fulfilment": "orders-field-no-pickup"}
    if tidy.fulfilment != Order.Fulfilment.PARCEL:
        return {"fulfilment": "orders-field-fulfilment-missing"}
    errors = {}
    if not all(product.parcel for product in goods):
        errors["fulfilment"] = "orders-field-no-parcel"
    if not POSTCODE.fullmatch(tidy.postcode):
        errors["postcode"] = "orders-field-postcode-wrong"
    if not tidy.address:
        errors["address"] = "orders-field-address-missing"
    return errors


def _one_line(typed: str) -> str:
    return " ".join(typed.split())
