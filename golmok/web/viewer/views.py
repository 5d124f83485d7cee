"""Pages of the viewer: parse, ask the domain, render. Public pages are the same bytes for everyone."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import wraps
from pathlib import Path
from typing import Concatenate, ParamSpec, cast
from uuid import UUID

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.cache import get_conditional_response, set_response_etag
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from golmok.configuration import CONFIGURATION
from golmok.domain.festas import queries as festas
from golmok.domain.orders import queries as sale
from golmok.domain.orders.cancelling import CANCEL_EXCEPTION_WITHIN, CANCEL_WITHIN
from golmok.domain.orders.finding import normal_number
from golmok.problems import Problem
from golmok.web.accounts import finding
from golmok.web.accounts.buyers import person_of
from golmok.web.viewer import drawing, pages, sharing

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]

# Seconds. Stock and prices of the moment come over the feed, so a page may be this old.
PAGE_AGE = 5
PICTURE_AGE = 3600

POLICIES = {"terms": date(2026, 11, 23), "privacy": date(2026, 11, 23)}
"""The policies, with the day on which their words changed last."""


def public(view: View[P]) -> View[P]:
    """A page that a cache may keep: no cookies, no person's data, revalidated by its ETag."""

    @require_safe
    @wraps(view)
    def answer(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            response = view(request, *args, **kwargs)
        except Problem as problem:
            if problem.status == 404:
                raise Http404(problem.code) from problem
            raise
        response.headers["Cache-Control"] = f"public, max-age={PAGE_AGE}"
        return etagged(request, response)

    return cast(View[P], answer)


def etagged(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    set_response_etag(response)
    answer = get_conditional_response(request, etag=response.headers["ETag"], response=response)
    return answer if isinstance(answer, HttpResponse) else response


@public
def home(request: HttpRequest) -> HttpResponse:
    page = pages.home_of(festas.home_page())
    return render(request, "viewer/home.html", {"page": page, "share": sharing.home_share()})


@public
def show(request: HttpRequest, show_id: str) -> HttpResponse:
    page = watch_page(show_id)
    share = sharing.show_share(page)
    context = {
        "page": page,
        "share": share,
        "data": pages.data_of(page),
        "structured": sharing.structured_data(page, share),
    }
    return render(request, "viewer/show.html", context)


def watch_page(show_id: str) -> pages.WatchPage:
    page = festas.show_page(show_id)
    stock = sale.stock_in(page.show, [offer for entry in page.products for offer in entry.offers])
    return pages.watch_of(page, stock)


@public
def policy(request: HttpRequest, name: str) -> HttpResponse:
    """Terms of use or privacy policy, with the operator's particulars."""
    if name not in POLICIES:
        raise Http404
    context = {
        "changed": POLICIES[name],
        "share": sharing.policy_share(name),
        "hold_minutes": CONFIGURATION.hold_seconds // 60,
        "cancel_minutes": CANCEL_WITHIN // timedelta(minutes=1),
        "cancel_exception_minutes": CANCEL_EXCEPTION_WITHIN // timedelta(minutes=1),
        "is_test": "test" in CONFIGURATION.payments,
        "has_window": {"toss", "portone"} & set(CONFIGURATION.payments),
    }
    return render(request, f"viewer/policies/{name}.html", context)


@require_safe
def poster(request: HttpRequest, show_id: str) -> HttpResponseBase:
    """The Open Graph picture: 1200 x 630 with title, district, shops and day."""
    return picture(drawing.poster_of(found(show_id), get_language() or ""), "image/png")


@require_safe
def art(request: HttpRequest, show_id: str) -> HttpResponseBase:
    """The same scene without words, for behind words."""
    return picture(drawing.art_of(found(show_id)), "image/jpeg")


def found(show_id: str) -> pages.Card:
    try:
        return pages.card_of(festas.show_page(show_id).show)
    except Problem as problem:
        raise Http404(problem.code) from problem


def picture(path: Path, kind: str) -> HttpResponseBase:
    response = FileResponse(path.open("rb"), content_type=kind)
    response.headers["Cache-Control"] = f"public, max-age={PICTURE_AGE}"
    return response


@require_safe
def orders(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    mine = sale.own_orders(person.buyer, person.found)
    return private(render(request, "viewer/orders.html", {"purchases": pages.purchases_of(mine)}))


@require_safe
def order(request: HttpRequest, number: str) -> HttpResponse:
    person = person_of(request)
    mine = sale.own_order(person.buyer, number, person.found)
    if mine is None:
        asked = {"number": normal_number(number)}
        return private(render(request, "viewer/no_order.html", asked, status=404))
    context = {
        "order": mine,
        "page": pages.OrderPage(mine),
        "is_own": mine.buyer == person.buyer,
        "lent": finding.lent_pass(mine, person),
    }
    return private(render(request, "viewer/order.html", context))


@require_safe
def pay(request: HttpRequest, gateway: str, checkout: UUID) -> HttpResponse:
    """Where a payment window comes back to. What came of it is asked by the page's script."""
    person = person_of(request)
    mine = [one for one in sale.own_orders(person.buyer, person.found) if one.checkout_id == checkout]
    if not mine or mine[0].checkout.gateway != gateway:
        return private(render(request, "viewer/no_order.html", {"number": ""}, status=404))
    purchase = pages.OrderPage(mine[0]).purchase
    context = {"purchase": purchase, "gateway": gateway, "lent": finding.lent_pass(mine[0], person)}
    return private(render(request, "viewer/pay.html", context))


@require_http_methods(["GET", "HEAD", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """Number and phone lead to the order; a number in the address is filled in, or the caller's already."""
    typed = {name: request.POST.get(name, request.GET.get(name, "")) for name in ("number", "phone")}
    if request.method == "POST":
        try:
            return redirect("viewer:order", finding.find(request, typed["number"], typed["phone"]).pk)
        except Problem as refusal:
            return _not_found(request, typed, refusal)
    person, number = person_of(request), normal_number(typed["number"])
    if number and sale.own_order(person.buyer, number, person.found):
        return redirect("viewer:order", number)
    return private(render(request, "viewer/find.html", {"typed": typed}))


def _not_found(request: HttpRequest, typed: dict[str, str], refusal: Problem) -> HttpResponse:
    """The form as it was typed, and why it led nowhere."""
    said = refusal.document(get_language() or "")
    context = {"typed": typed, "refusal": said, "errors": said.get("errors", {})}
    response = private(render(request, "viewer/find.html", context, status=refusal.status))
    for name, value in refusal.headers.items():
        response.headers[name] = value
    return response


def private(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "private, no-store"
    return response


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component in both themes, with goods of the current shows; for developers alone."""
    if not settings.DEBUG:
        raise Http404
    goods = [item for show in festas.list_shows()[:1] for item in watch_page(show.pk).goods[:3]]
    return render(request, "viewer/styleguide.html", {"themes": ["light", "dark"], "goods": goods})
