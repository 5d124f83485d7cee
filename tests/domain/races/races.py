"""The races: who meets whom, what guards them, and what goes wrong without that guard."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from golmok.domain.festas.models import Offer
from golmok.domain.orders import actions
from golmok.domain.orders.models import Checkout, Order
from golmok.domain.orders.till.batch import run
from golmok.domain.orders.till.cancel import CancelOrder
from golmok.domain.orders.till.give_back import Extend, GiveBackExpired, GiveUp
from golmok.domain.orders.till.receipt import Receipt
from golmok.domain.orders.till.reserve import Reserve
from golmok.domain.orders.till.sales import CloseSales, SetTotal, TellLeft
from tests.buying import let_expire, pay
from tests.domain.races import guards
from tests.domain.races.market import Market, account, back, buyer, money, trial_money
from tests.domain.races.meeting import (
    ALL_READ,
    CHECKOUTS_READ,
    DEBT_READ,
    LATE_ONES_READ,
    Adopt,
    AskBack,
    At,
    Outcome,
    Party,
    Point,
)

Wrongs = Callable[[list[Outcome]], list[str]]


def no_more(_got: list[Outcome]) -> list[str]:
    return []


@dataclass(frozen=True)
class Meeting:
    first: Party
    rival: Party
    wrongs: Wrongs = no_more
    """Of what the two were told, beside what the books get wrong."""


@dataclass(frozen=True)
class Race:
    arrange: Callable[[Market], Meeting]
    breach: str
    """What is wrong without the guard."""
    guard: guards.Guard
    point: Point = ALL_READ
    """Where the rival comes in."""
    in_processes: bool = True


def the_last_unit(market: Market) -> Meeting:
    variant = market.goods(1)
    return Meeting(market.start(buyer(), (variant, 1)), market.start(buyer(), (variant, 1)), one_is_served)


def the_last_unit_that_ran_out(market: Market) -> Meeting:
    """Both find the same expired hold, at the same instant, before any sweep."""
    variant = market.goods(1)
    let_expire(market.kept(1, of=variant))
    return Meeting(market.start(buyer(), (variant, 1)), market.start(buyer(), (variant, 1)), one_is_served)


def the_sweeper_and_a_taker(market: Market) -> Meeting:
    variant = market.goods(1)
    let_expire(market.kept(1, of=variant))
    return Meeting(GiveBackExpired(), market.start(buyer(), (variant, 1)))


def late_money_and_a_taker(market: Market) -> Meeting:
    """The time of an order ends at the instant when it is paid and when somebody else wants it."""
    variant = market.goods(1)
    late = market.late(1, of=variant)
    return Meeting(money(late), market.start(buyer(), (variant, 1)), one_is_served)


def the_sweeper_and_late_money(market: Market) -> Meeting:
    late = market.late()
    return Meeting(GiveBackExpired(), money(late), lambda got: paid_stays_paid(late, got[1]))


def cancelling_and_paying(market: Market) -> Meeting:
    placed = market.placed()
    cancel = GiveUp(placed.buyer, placed.pk.hex)
    return Meeting(cancel, money(placed), lambda got: paid_stays_paid(placed, got[1]))


def paying_and_cancelling(market: Market) -> Meeting:
    placed = market.placed()
    cancel = GiveUp(placed.buyer, placed.pk.hex)
    return Meeting(money(placed), cancel, lambda got: cancelled_stays_cancelled(placed, got[1]))


def cancelling_and_ordering(market: Market) -> Meeting:
    kept = market.kept()
    return Meeting(GiveUp(kept.buyer, kept.pk.hex), market.place(kept, "once"))


def ordering_again(market: Market) -> Meeting:
    """A request that is sent again with its key while the first is on its way."""
    command = market.place(market.kept(), "once")
    return Meeting(command, command, both_hear_the_same)


def starting_in_two_tabs(market: Market) -> Meeting:
    who, variant = buyer(), market.goods(9)
    return Meeting(market.start(who, (variant, 1)), market.start(who, (variant, 2)), both_are_served)


def the_cap_in_two_tabs(market: Market) -> Meeting:
    who, variant = buyer(), market.goods(9, cap=2)
    return Meeting(market.start(who, (variant, 2)), market.start(who, (variant, 1)))


def the_cap_and_late_money(market: Market) -> Meeting:
    """Two orders of one buyer ran out, for as many units as one may have; money comes for both."""
    who, variant = buyer(), market.goods(9, cap=1)
    first, second = market.late(1, who, variant), market.late(1, who, variant)
    actions.give_back_expired(timezone.now())
    return Meeting(money(first), money(second))


def ordering_here_and_starting_there(market: Market) -> Meeting:
    who, variant = buyer(), market.goods(9, cap=1)
    kept = market.kept(1, who, variant)
    return Meeting(market.start(who, (variant, 1)), market.place(kept, "once"))


def the_desk_takes_stock_off_sale(market: Market) -> Meeting:
    variant = market.goods(3)
    return Meeting(SetTotal(variant.pk, 1), market.start(buyer(), (variant, 3)))


def the_desk_closes_sales(market: Market) -> Meeting:
    variant = market.goods(3)
    return Meeting(CloseSales(variant.pk, True), market.start(buyer(), (variant, 3)))


def money_and_its_way_back(market: Market) -> Meeting:
    """Told at the same instant by two webhooks."""
    placed = market.placed()
    return Meeting(money(placed), back(placed))


def one_payment_told_twice(market: Market) -> Meeting:
    told = money(market.placed())
    return Meeting(told, told, lambda got: both_hear_the_same(got) + came(got, told.amount))


def one_refund_told_twice(market: Market) -> Meeting:
    placed = pay(market.placed())
    told = back(placed)
    return Meeting(told, told, lambda got: both_hear_the_same(got) + came(got, 0))


def one_payment_for_two_checkouts(market: Market) -> Meeting:
    once = uuid4().hex
    return Meeting(money(market.placed(), once), money(market.placed(), once), one_is_served)


def two_pay_first(market: Market) -> Meeting:
    """Both want the last unit of what goes to who pays first, and press at the same instant."""
    variant = market.rushed(1)
    one, other = market.placed(1, of=variant), market.placed(1, of=variant)
    return Meeting(trial_money(one), trial_money(other), one_is_served)


def one_pays_first_while_another_is_at_the_bank(market: Market) -> Meeting:
    variant = market.rushed(1)
    one, other = market.placed(1, of=variant), market.placed(1, of=variant)
    return Meeting(Reserve(None, one.pk.hex), money(other), one_is_served)


def reserving_again_and_a_taker(market: Market) -> Meeting:
    """Who was slow at the bank comes back for goods that ran out, just as somebody takes them."""
    variant = market.goods(1)
    late = market.late(1, of=variant)
    return Meeting(Reserve(None, late.pk.hex), market.start(buyer(), (variant, 1)), one_is_served)


def reserving_and_the_sweeper(market: Market) -> Meeting:
    late = market.late()
    return Meeting(GiveBackExpired(), Reserve(None, late.pk.hex), lambda got: reserved_is_kept(late, got[1]))


def reserving_and_giving_up(market: Market) -> Meeting:
    placed = market.placed()
    cancel = GiveUp(placed.buyer, placed.pk.hex)
    return Meeting(Reserve(None, placed.pk.hex), cancel, lambda got: given_up_stays_so(placed, got[1]))


def the_last_one_at_the_live_price(market: Market) -> Meeting:
    variant = market.goods(9)
    Offer.objects.filter(variant=variant).update(total_cap=1)
    run(TellLeft([variant.pk]))
    return Meeting(market.start(buyer(), (variant, 1)), market.start(buyer(), (variant, 1)), one_is_served)


def two_refunders(market: Market) -> Meeting:
    """Both find the same debt: money that came after its buyer gave up."""
    owing = pay(market.given_up())
    ask = AskBack(owing.pk)
    return Meeting(ask, ask, lambda _got: asked_once(owing))


def cancelling_a_paid_order_in_two_tabs(market: Market) -> Meeting:
    paid = pay(market.placed())
    cancel = CancelOrder(paid.buyer, paid.pk.hex, paid.orders.get().number)
    return Meeting(cancel, cancel, both_hear_the_same)


def a_guest_logs_in_while_ordering(market: Market) -> Meeting:
    kept = market.kept()
    return Meeting(market.place(kept, "once"), Adopt(kept.buyer, account().pk))


def more_time_and_the_sweeper(market: Market) -> Meeting:
    """The sweeper saw it late; by the buyer's till there was still time, and more was given."""
    kept, now = market.kept(), timezone.now()
    sweep = At(GiveBackExpired(), now + timedelta(minutes=11))
    extend = At(Extend(kept.buyer, kept.pk.hex, 600), now)
    return Meeting(sweep, extend, lambda _got: still_open(kept))


RACES = [
    Race(the_last_unit, "stock counts other units than holds keep", guards.locks("stock")),
    Race(the_last_unit_that_ran_out, "stock counts other units than holds keep", guards.locks("stock")),
    Race(the_sweeper_and_a_taker, "stock counts other units than holds keep", guards.locks("stock")),
    Race(late_money_and_a_taker, "more is kept and sold than there is", guards.locks("stock")),
    Race(the_sweeper_and_late_money, "paid, then cancelled", guards.locks("checkouts"), point=CHECKOUTS_READ),
    Race(cancelling_and_paying, "paid, then cancelled", guards.locks("checkouts"), point=CHECKOUTS_READ),
    Race(paying_and_cancelling, "cancelled, then paid", guards.locks("checkouts"), point=CHECKOUTS_READ),
    Race(
        cancelling_and_ordering,
        "an order stands in a checkout that does not",
        guards.locks("checkouts"),
        point=CHECKOUTS_READ,
    ),
    Race(
        ordering_again,
        "two answers to one wish",
        guards.locks("buyers", "checkouts"),
        point=CHECKOUTS_READ,
    ),
    Race(starting_in_two_tabs, "a buyer keeps two checkouts", guards.locks("buyers"), point=CHECKOUTS_READ),
    Race(the_cap_in_two_tabs, "a buyer has more than the cap", guards.locks("buyers", "stock")),
    Race(the_cap_and_late_money, "a buyer has more than the cap", guards.locks("stock")),
    Race(
        ordering_here_and_starting_there,
        "an order stands in a checkout that does not",
        guards.locks("buyers", "checkouts", "stock"),
    ),
    Race(
        the_desk_takes_stock_off_sale,
        "stock counts other units than holds keep",
        guards.locks("stock"),
    ),
    Race(the_desk_closes_sales, "stock counts other units than holds keep", guards.locks("stock")),
    Race(
        money_and_its_way_back,
        "an order stands whose money went back",
        guards.locks("checkouts", "stock"),
    ),
    Race(
        one_payment_told_twice,
        "money was told twice",
        guards.both(guards.told_once, guards.locks("checkouts", "stock")),
    ),
    Race(
        one_refund_told_twice,
        "money was told twice",
        guards.both(guards.told_once, guards.locks("checkouts", "stock")),
    ),
    Race(
        one_payment_for_two_checkouts,
        "money was told twice",
        guards.both(guards.told_once, guards.locks()),
    ),
    Race(two_pay_first, "stock counts other units than were sold", guards.locks("stock")),
    Race(
        one_pays_first_while_another_is_at_the_bank,
        "more is kept and sold than there is",
        guards.locks("stock"),
    ),
    Race(reserving_again_and_a_taker, "more is kept and sold than there is", guards.locks("stock")),
    Race(
        reserving_and_the_sweeper,
        "reserved, then closed",
        guards.locks("checkouts"),
        point=CHECKOUTS_READ,
    ),
    Race(reserving_and_giving_up, "given up, then open", guards.locks("checkouts"), point=CHECKOUTS_READ),
    Race(
        the_last_one_at_the_live_price,
        "more is taken at the live price than its cap",
        guards.locks("stock"),
    ),
    Race(two_refunders, "asked back twice", guards.refunders_lock, point=DEBT_READ),
    Race(
        cancelling_a_paid_order_in_two_tabs,
        "money was told twice",
        guards.both(guards.told_once, guards.locks("checkouts", "stock")),
    ),
    Race(
        a_guest_logs_in_while_ordering,
        "an order belongs to two buyers",
        guards.locks("checkouts"),
        point=CHECKOUTS_READ,
    ),
    Race(
        more_time_and_the_sweeper,
        "closed in spite of more time",
        guards.both(guards.second_look, guards.locks()),
        point=LATE_ONES_READ,
        in_processes=False,
    ),
]


def one_is_served(got: list[Outcome]) -> list[str]:
    """Late money is always heard, so its order must be looked at."""
    served = [one for one in got if isinstance(one, Receipt) and not is_cancelled(one)]
    return [] if len(served) == 1 else [f"{len(served)} were served"]


def is_cancelled(shown: Receipt) -> bool:
    return any(order.status == Order.Status.CANCELLED for order in shown.orders)


def both_are_served(got: list[Outcome]) -> list[str]:
    return [] if all(isinstance(one, Receipt) for one in got) else [f"refused: {got}"]


def both_hear_the_same(got: list[Outcome]) -> list[str]:
    if both_are_served(got):
        return ["two answers to one wish"]
    one, other = ([(order.number, order.status) for order in shown.orders] for shown in got)
    return [] if one == other else ["two answers to one wish"]


def came(got: list[Outcome], amount: int) -> list[str]:
    heard = {shown.paid for shown in got if isinstance(shown, Receipt)}
    return [] if heard == {amount} else [f"{heard} won came, not {amount}"]


def paid_stays_paid(checkout: Checkout, told: Outcome) -> list[str]:
    if not isinstance(told, Receipt) or told.checkout.status != Checkout.Status.PAID or is_cancelled(told):
        return []
    still = Order.objects.filter(checkout=checkout, status=Order.Status.PAID).exists()
    return [] if still else ["paid, then cancelled"]


def cancelled_stays_cancelled(checkout: Checkout, told: Outcome) -> list[str]:
    if not isinstance(told, Receipt):
        return []
    was_sold = Order.objects.filter(checkout=checkout, status=Order.Status.PAID).exists()
    return ["cancelled, then paid"] if was_sold else []


def reserved_is_kept(checkout: Checkout, told: Outcome) -> list[str]:
    if not isinstance(told, Receipt):
        return []
    is_kept = Checkout.objects.filter(pk=checkout.pk, status=Checkout.Status.PLACED).exists()
    return [] if is_kept else ["reserved, then closed"]


def given_up_stays_so(checkout: Checkout, told: Outcome) -> list[str]:
    is_open = Checkout.objects.filter(pk=checkout.pk, status=Checkout.Status.PLACED).exists()
    return ["given up, then open"] if isinstance(told, Receipt) and is_open else []


def asked_once(checkout: Checkout) -> list[str]:
    asked = sum(row.amount for row in checkout.asked_refunds.all())
    return [] if asked == checkout.refund_due else ["asked back twice"]


def still_open(checkout: Checkout) -> list[str]:
    row = Checkout.objects.get(pk=checkout.pk)
    return (
        []
        if row.status == Checkout.Status.OPEN or row.extended_at is None
        else ["closed in spite of more time"]
    )
