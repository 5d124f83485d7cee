"""Paying by bank transfer as the buyer chooses it: under which name, and who gets the cash receipt."""

from dataclasses import dataclass, replace

from golmok.domain.orders.checkout import normal_phone, one_line
from golmok.domain.orders.models import ExpectedDeposit
from golmok.domain.shops.business_number import written

RECEIPT_FROM = 100_000
"""Won. From here on sellers at a distance must issue a cash receipt, asked or not
(소득세법 제162조의3, 법인세법 제117조의2; docs/guides/law.md)."""
SELF_ISSUED = "010-000-1234"
"""The tax office's number for receipts that nobody asked for."""
LONGEST_NAME = 40

Receipt = ExpectedDeposit.ReceiptType


@dataclass(frozen=True)
class Transfer:
    depositor: str
    """Under which name the money will come."""
    receipt_type: str = Receipt.NONE.value
    """`personal`, `business` or `none`."""
    receipt_id: str = ""
    """Mobile number or business number."""
    seconds: int = 24 * 60 * 60
    """How long the goods are kept."""
    live_seconds: int = 2 * 60 * 60
    """The same when some of them were bought in a show while it is on the air."""


def tidy(typed: Transfer) -> Transfer:
    """In one writing. What cannot be a number becomes empty."""
    return replace(typed, depositor=one_line(typed.depositor), receipt_id=_number(typed))


def errors_in(transfer: Transfer) -> dict[str, str]:
    """Field to catalogue key, of what is tidy."""
    errors = {}
    if not transfer.depositor:
        errors["depositor"] = "transfer-field-depositor-missing"
    elif len(transfer.depositor) > LONGEST_NAME:
        errors["depositor"] = "orders-field-too-long"
    if transfer.receipt_type not in (Receipt.PERSONAL, Receipt.BUSINESS, Receipt.NONE):
        errors["receipt"] = "transfer-field-receipt-missing"
    elif transfer.receipt_type == Receipt.PERSONAL and not transfer.receipt_id:
        errors["receipt_id"] = "orders-field-phone-wrong"
    elif transfer.receipt_type == Receipt.BUSINESS and not transfer.receipt_id:
        errors["receipt_id"] = "transfer-field-business-wrong"
    return errors


def receipt_for(transfer: Transfer, total: int) -> tuple[str, str]:
    """Type and number of the cash receipt to be issued for `total` won."""
    if transfer.receipt_type == Receipt.NONE and total >= RECEIPT_FROM:
        return Receipt.SELF.value, SELF_ISSUED
    return transfer.receipt_type, transfer.receipt_id


def masked_receipt_id(number: str) -> str:
    """010-****-5678, 123-45-*****."""
    first, *middle, last = number.split("-") if number.count("-") == 2 else ("", "", number)
    if len(last) == 5:
        return f"{first}-{'-'.join(middle)}-*****"
    return f"{first}-****-{last[-4:]}" if number else ""


def _number(typed: Transfer) -> str:
    if typed.receipt_type == Receipt.PERSONAL:
        return normal_phone(typed.receipt_id) or ""
    return (written(typed.receipt_id) or "") if typed.receipt_type == Receipt.BUSINESS else ""
