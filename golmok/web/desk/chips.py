"""States as coloured chips; the word is always there, the colour only helps."""

from golmok.domain.festas.models import Show
from golmok.domain.orders.models import Letter, Order

SHOW: dict[str, str] = {
    Show.Status.SCHEDULED.value: "info",
    Show.Status.LIVE.value: "primary",
    Show.Status.ENDED.value: "success",
    Show.Status.CANCELLED.value: "warning",
}
ORDER: dict[str, str] = {
    Order.Status.AWAITING_PAYMENT.value: "warning",
    Order.Status.PAID.value: "success",
    Order.Status.CANCELLED.value: "info",
}
LETTER: dict[str, str] = {
    Letter.State.WAITING.value: "info",
    Letter.State.SENT.value: "success",
    Letter.State.GIVEN_UP.value: "danger",
    Letter.State.OUTDATED.value: "info",
}
