"""Facts reach their room exactly when their change is true."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from django.db import connection, transaction

from golmok.domain.core import outbox, wakeup
from golmok.domain.core.models import OutboxFact


@pytest.mark.django_db(transaction=True)
def test_a_fact_outside_a_transaction_is_a_mistake() -> None:
    with pytest.raises(RuntimeError):
        outbox.tell("nangok", "unpin")


@pytest.mark.django_db(transaction=True)
def test_a_change_that_is_rolled_back_tells_nothing() -> None:
    woken: list[str] = []
    unsubscribe = wakeup.subscribe(woken.append)
    with pytest.raises(KeyError), transaction.atomic():
        outbox.tell("nangok", "unpin")
        raise KeyError
    assert (outbox.untold("nangok"), woken) == ([], [])
    with transaction.atomic():
        outbox.tell("nangok", "pin", product=5)
        assert woken == []
    assert woken == ["nangok"]
    unsubscribe()
    assert [(fact.kind, fact.fields) for fact in outbox.untold("nangok")] == [("pin", {"product": 5})]


@pytest.mark.django_db
def test_facts_are_told_once_and_by_show() -> None:
    outbox.tell("nangok", "pin", product=5)
    outbox.tell("insu", "pin", product=6)
    assert outbox.shows_with_untold() == ["insu", "nangok"]
    outbox.mark_told([fact.id for fact in outbox.untold("nangok")])
    assert outbox.untold("nangok") == []
    assert outbox.shows_with_untold() == ["insu"]


@pytest.mark.django_db
def test_a_smaller_id_that_is_committed_later_is_not_lost() -> None:
    OutboxFact.objects.create(id=12, show_id="nangok", kind="unpin")
    outbox.mark_told([fact.id for fact in outbox.untold("nangok")])
    OutboxFact.objects.create(id=11, show_id="nangok", kind="pin", fields={"product": 5})
    assert [fact.id for fact in outbox.untold("nangok")] == [11]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_postgresql_commits_out_of_order_and_another_process_hears_of_both() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("NOTIFY is PostgreSQL's")
    first_wrote, second_done = Event(), Event()

    def slow_first() -> None:
        with transaction.atomic():
            outbox.tell("nangok", "pin", product=1)
            first_wrote.set()
            second_done.wait(10)
        connection.close()

    def tell_both() -> list[list[object]]:
        with ThreadPoolExecutor(1) as pool:
            running = pool.submit(slow_first)
            first_wrote.wait(10)
            with transaction.atomic():
                outbox.tell("nangok", "pin", product=2)
            seen: list[list[object]] = [[fact.fields["product"] for fact in outbox.untold("nangok")]]
            outbox.mark_told([fact.id for fact in outbox.untold("nangok")])
            second_done.set()
            running.result()
        later: list[object] = [fact.fields["product"] for fact in outbox.untold("nangok")]
        connection.close()
        return [*seen, later]

    assert asyncio.run(_heard_while(tell_both, 2)) == (["nangok", "nangok"], [[2], [1]])


async def _heard_while(
    act: Callable[[], list[list[object]]], count: int
) -> tuple[list[str], list[list[object]]]:
    """What a listener of its own hears of `act`, which runs in the thread of the test's connection."""
    listening = wakeup.listen(wakeup.conninfo())
    hearing = asyncio.ensure_future(_first(listening, count))
    await asyncio.sleep(0.5)
    done = await asyncio.to_thread(act)
    return await asyncio.wait_for(hearing, 10), done


async def _first(listening: AsyncGenerator[str, None], count: int) -> list[str]:
    heard = [await anext(listening) for _ in range(count)]
    await listening.aclose()
    return heard
