"""Who moves the money: one adapter for each service, all behind `gateway.Gateway`."""

from collections.abc import Callable
from functools import cache

from golmok.configuration import CONFIGURATION
from golmok.domain.orders.gateways.bank_transfer import BankTransferGateway
from golmok.domain.orders.gateways.gateway import Gateway, WrongPayments
from golmok.domain.orders.gateways.portone import PortOneGateway
from golmok.domain.orders.gateways.toss import TossGateway
from golmok.domain.orders.gateways.trial import TrialGateway

MAKERS: dict[str, Callable[[], Gateway]] = {
    "test": TrialGateway,
    "toss": lambda: TossGateway(CONFIGURATION.toss),
    "bank_transfer": lambda: BankTransferGateway(CONFIGURATION.bank_account),
    "portone": lambda: PortOneGateway(CONFIGURATION.portone),
}


@cache
def gateways() -> dict[str, Gateway]:
    """Those the operator chose, by name, in that order. Raises WrongPayments."""
    unknown = [name for name in CONFIGURATION.payments if name not in MAKERS]
    if unknown or not CONFIGURATION.payments:
        raise WrongPayments(f"GOLMOK_PAYMENTS must be one or more of {', '.join(MAKERS)}, not {unknown}")
    if "test" in CONFIGURATION.payments and len(CONFIGURATION.payments) > 1:
        raise WrongPayments(
            "GOLMOK_PAYMENTS has test, which gives goods away, beside real payments: take it out"
        )
    return {name: MAKERS[name]() for name in CONFIGURATION.payments}
