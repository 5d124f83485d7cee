"""Finding a guest's order by number and phone, for the page and for the API alike."""

import time

from django.http import HttpRequest
from django.utils.translation import get_language

from golmok.domain.orders import queries
from golmok.domain.orders.checkout import normal_phone
from golmok.domain.orders.finding import finds_order, normal_number
from golmok.domain.orders.models import Checkout, Order
from golmok.messages import DEFAULT_LANGUAGE, text
from golmok.problems import Problem
from golmok.web.accounts.buyers import Person
from golmok.web.accounts.found import remember
from golmok.web.api.limits import Limit
from golmok.web.forms import form_invalid
from golmok.web.till import passes

BY_CALLER = Limit("find", times=10, seconds=600)
"""Of a session; an address may try twenty times as often."""
BY_NUMBER = Limit("find-number", times=10, seconds=3600)
"""Of one number, whoever asks: a phone number has eight unknown digits."""


def find(request: HttpRequest, number: str, phone: str) -> Order:
    """The order, from now on open to this session.

    Raises Problem 404 `no-such-order`, the same for a wrong number and a wrong phone; 422 `form-invalid` for
    what can be neither; 429 `too-many-requests`.
    """
    now = time.time()
    BY_CALLER.count(request, now)
    key, line = _typed(number, phone)
    BY_NUMBER.count_of(key, now)
    order = queries.own_order(None, key, [key]) if finds_order(key, line) else None
    if order is None:
        raise Problem(404, "no-such-order")
    remember(request, key)
    return order


def _typed(number: str, phone: str) -> tuple[str, str]:
    """Both in our writing. Raises Problem 422 `form-invalid`."""
    key, line = normal_number(number), normal_phone(phone)
    wrong = {"number": ("find-number-wrong", key), "phone": ("orders-field-phone-wrong", line)}
    if key is None or line is None:
        language = get_language() or DEFAULT_LANGUAGE
        raise form_invalid({name: text(says, language) for name, (says, typed) in wrong.items() if not typed})
    return key, line


def lent_pass(order: Order, person: Person) -> str:
    """Opens the till for this one checkout to who found it; nothing for the buyer, who has a pass anyway."""
    is_waiting = order.checkout.status == Checkout.Status.PLACED
    if order.buyer == person.buyer or not is_waiting:
        return ""
    return passes.mint(passes.BuyerPass(order.buyer, None, order.checkout_id.hex))
