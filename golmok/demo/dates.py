"""When the sample shows are, whatever the day: one just now, two before, the rest on coming evenings.

Only shows of nothing but sample shops are touched, and of those only what the clock has overtaken.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from golmok.domain.accounts.models import User
from golmok.domain.festas.actions import end_show
from golmok.domain.festas.models import Offer, RundownSegment, Show

SEOUL = ZoneInfo("Asia/Seoul")
MONDAY, FRIDAY = 0, 4
ON_AIR_SINCE = timedelta(minutes=5)
LEAST_LEFT = timedelta(minutes=30)
"""A show on the air with less than this before it is moved to now once more."""
PAST_SHOWS = 2
OVER = (Show.Status.ENDED, Show.Status.CANCELLED)


def show_times(now: datetime, number: int) -> list[datetime]:
    """When `number` shows start: the first just now, two before, the rest on Mondays and Fridays, 19:00."""
    past = _evenings(now, -1)[:PAST_SHOWS]
    coming = _evenings(now, +1)[: number - 1 - PAST_SHOWS]
    return [now - ON_AIR_SINCE, *reversed(past), *coming]


def put_on_today(first: Show, others: Sequence[Show], now: datetime, by: User) -> Show:
    """Moves what the clock has overtaken. Returns the show for today: `first`, or its repeat once over."""
    for show in others:
        if show.status == Show.Status.LIVE and show.ends_at < now and is_sample(show):
            _end(show, by)
    _postpone([show for show in others if show.status == Show.Status.SCHEDULED and is_sample(show)], now)
    on_air = _newest(first)
    if on_air.status == Show.Status.LIVE and on_air.ends_at < now and _day(on_air.starts_at) != _day(now):
        _end(on_air, by)
    if on_air.status in OVER or not is_sample(on_air):
        on_air = _repeat(first, now)
    if not on_air.starts_at <= now <= on_air.ends_at - LEAST_LEFT:
        _move(on_air, now - ON_AIR_SINCE)
    return on_air


def is_sample(show: Show) -> bool:
    return not show.rundown.exclude(shop__is_sample=True).exists()


def _end(show: Show, by: User) -> None:
    """Ends a show that an earlier demo left on the air, at the time it should have ended."""
    end_show(show, by)
    show.refresh_from_db()
    show.ended_at = max(show.ends_at, show.started_at or show.ends_at)
    show.save(update_fields=["ended_at"])


def _postpone(shows: Sequence[Show], now: datetime) -> None:
    """Moves the shows whose evening passed to the first evenings without one."""
    taken = {_day(show.starts_at) for show in shows if show.starts_at > now}
    free = (evening for evening in _evenings(now, +1) if _day(evening) not in taken)
    for show in shows:
        if show.starts_at <= now:
            _move(show, next(free))


def _move(show: Show, starts_at: datetime) -> None:
    show.ends_at += starts_at - show.starts_at
    show.starts_at = starts_at
    show.save(update_fields=["starts_at", "ends_at"])


def _newest(first: Show) -> Show:
    """`first` or the last of its repeats."""
    return list(_repeats(first))[-1]


def _repeats(first: Show) -> Iterator[Show]:
    yield first
    for number in count(2):
        show = Show.objects.filter(pk=f"{first.pk}-{number}").first()
        if show is None:
            return
        yield show


def _repeat(first: Show, now: datetime) -> Show:
    """The same shops and goods once more: what is over stays as it was, with its replay."""
    number = len(list(_repeats(first))) + 1
    length = first.ends_at - first.starts_at
    show = Show.objects.create(
        pk=f"{first.pk}-{number}",
        festa=first.festa,
        district=first.district,
        title=first.title,
        title_en=first.title_en,
        starts_at=now - ON_AIR_SINCE,
        ends_at=now - ON_AIR_SINCE + length,
    )
    for turn in first.rundown.filter(shop__is_sample=True):
        RundownSegment.objects.create(show=show, shop=turn.shop, position=turn.position, minutes=turn.minutes)
    for offer in first.offers.filter(variant__product__shop__is_sample=True):
        Offer.objects.create(
            show=show, variant=offer.variant, price=offer.price, per_buyer_cap=offer.per_buyer_cap
        )
    return show


def _evenings(now: datetime, step: int) -> list[datetime]:
    """Monday and Friday evenings of sixty days before (-1) or after (+1) today in Seoul."""
    today = _day(now)
    days = [today + timedelta(days=step * number) for number in range(1, 60)]
    return [
        datetime.combine(day, time(19), SEOUL).astimezone(UTC)
        for day in days
        if day.weekday() in (MONDAY, FRIDAY)
    ]


def _day(moment: datetime) -> date:
    return moment.astimezone(SEOUL).date()
