"""Pages of the people who make a show. Private: no cache may keep them."""

from dataclasses import dataclass
from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from golmok.domain.accounts.models import User
from golmok.domain.festas.models import Show
from golmok.domain.festas.queries import may_broadcast, shows_of_merchant

Status = Show.Status


@dataclass(frozen=True)
class OwnShows:
    """A person's shows: the one to open first, the ones to come, the ones that are over (newest first)."""

    first: Show | None
    later: list[Show]
    past: list[Show]


@never_cache
@login_required
def shows(request: HttpRequest) -> HttpResponse:
    own = in_order(shows_of_merchant(cast(User, request.user)))
    return render(request, "studio/shows.html", {"own": own})


@never_cache
@login_required
def show(request: HttpRequest, show_id: str) -> HttpResponse:
    found = Show.objects.select_related("district").filter(pk=show_id).first()
    if found is None:
        return render(request, "studio/refusal.html", {"reason": "unknown"}, status=404)
    if not may_broadcast(cast(User, request.user), found):
        return render(request, "studio/refusal.html", {"reason": "not-yours"}, status=403)
    if found.status == Status.CANCELLED:
        return render(request, "studio/refusal.html", {"reason": "cancelled"}, status=409)
    return render(request, "studio/show.html", {"show": found})


def in_order(own: list[Show]) -> OwnShows:
    """Live shows come before the ones to come; those before the past."""
    live = [show for show in own if show.status == Status.LIVE]
    to_come = sorted((show for show in own if show.status == Status.SCHEDULED), key=_start)
    past = [show for show in own if show.status in {Status.ENDED, Status.CANCELLED}]
    ahead = live + to_come
    return OwnShows(next(iter(ahead), None), ahead[1:], sorted(past, key=_start, reverse=True))


def _start(show: Show) -> float:
    return show.starts_at.timestamp()
