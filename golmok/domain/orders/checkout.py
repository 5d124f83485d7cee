"""The checkout form: what a buyer typed, put into one writing, or what is wrong with it field by field."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Protocol
from unicodedata import category, normalize

from golmok.domain.orders.models import Order
from golmok.problems import Problem

MOBILE = re.compile(r"(01[016789])(\d{3,4})(\d{4})")
POSTCODE = re.compile(r"[0-9]{5}")
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
LONGEST = {"name": 40, "email": 254, "address": 200}
LONGEST_MEMO = 200


class Receivable(Protocol):
    """What the form must know of a product."""

    @property
    def shop_id(self) -> int: ...
    @property
    def parcel(self) -> bool: ...
    @property
    def pickup(self) -> bool: ...
    @property
    def needs_consent(self) -> bool: ...


@dataclass(frozen=True)
class Recipient:
    """Who gets the goods, and where. `email` may be empty: then no mail is sent."""

    name: str
    phone: str
    postcode: str = ""
    address: str = ""
    email: str = ""


@dataclass(frozen=True, order=True)
class ShopWish:
    """How the goods of one shop are received, and a word to it."""

    fulfilment: str
    memo: str = ""


def checked(
    typed: Recipient,
    wishes: Mapping[int, ShopWish],
    products: Iterable[Receivable],
    *,
    consent: bool,
    errors: Mapping[str, str] = MappingProxyType({}),
) -> tuple[Recipient, dict[int, ShopWish]]:
    """The form in one writing. Raises Problem 422 `form-invalid` {errors: field to catalogue key}.

    Fields of a shop end in its id: ``fulfilment-7``, ``memo-7``. `errors` were found in the rest of the form.
    """
    goods = list(products)
    to = _tidy(typed)
    shops = {one.shop_id: _tidy_wish(wishes.get(one.shop_id, ShopWish(""))) for one in goods}
    errors = {**errors, **_errors_in_person(to)}
    for shop, wish in shops.items():
        errors |= _errors_in_wish(shop, wish, [one for one in goods if one.shop_id == shop])
    if any(wish.fulfilment == Order.Fulfilment.PARCEL for wish in shops.values()):
        errors |= _errors_in_address(to)
    if any(product.needs_consent for product in goods) and not consent:
        errors["consent"] = "orders-field-consent-missing"
    if errors:
        raise Problem(422, "form-invalid", {"errors": errors})
    return to, shops


def normal_phone(typed: str) -> str | None:
    """``010-1234-5678``; None when it is no Korean mobile number."""
    digits = re.sub(r"[^0-9]", "", normalize("NFKC", typed))
    if digits.startswith("82"):
        digits = "0" + digits[2:].removeprefix("0")
    number = MOBILE.fullmatch(digits)
    return "-".join(number.groups()) if number else None


def _tidy(typed: Recipient) -> Recipient:
    return Recipient(
        name=one_line(typed.name),
        phone=normal_phone(typed.phone) or "",
        postcode=one_line(typed.postcode),
        address=one_line(typed.address),
        email=one_line(typed.email),
    )


def _tidy_wish(typed: ShopWish) -> ShopWish:
    return ShopWish(typed.fulfilment, one_line(typed.memo))


def _errors_in_person(to: Recipient) -> dict[str, str]:
    errors = {
        field: "orders-field-too-long"
        for field, longest in LONGEST.items()
        if len(getattr(to, field)) > longest
    }
    if not to.name:
        errors["name"] = "orders-field-name-missing"
    if not to.phone:
        errors["phone"] = "orders-field-phone-wrong"
    if to.email and not EMAIL.fullmatch(to.email):
        errors["email"] = "orders-field-email-wrong"
    return errors


def _errors_in_wish(shop: int, wish: ShopWish, goods: list[Receivable]) -> dict[str, str]:
    errors = {}
    if len(wish.memo) > LONGEST_MEMO:
        errors[f"memo-{shop}"] = "orders-field-too-long"
    if wish.fulfilment == Order.Fulfilment.PICKUP:
        if not all(product.pickup for product in goods):
            errors[f"fulfilment-{shop}"] = "orders-field-no-pickup"
    elif wish.fulfilment != Order.Fulfilment.PARCEL:
        errors[f"fulfilment-{shop}"] = "orders-field-fulfilment-missing"
    elif not all(product.parcel for product in goods):
        errors[f"fulfilment-{shop}"] = "orders-field-no-parcel"
    return errors


def _errors_in_address(to: Recipient) -> dict[str, str]:
    errors = {}
    if not POSTCODE.fullmatch(to.postcode):
        errors["postcode"] = "orders-field-postcode-wrong"
    if not to.address:
        errors["address"] = "orders-field-address-missing"
    return errors


def one_line(typed: str) -> str:
    """On one line, without control characters: no database and no label printer wants them."""
    line = " ".join(typed.split())
    # Nearly everything is printable as it is.
    return line if line.isprintable() else "".join(one for one in line if category(one) not in ("Cc", "Cs"))
