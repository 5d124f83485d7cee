"""Public reads: the same bytes for everyone, so any cache may answer them for two seconds."""

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control, patch_vary_headers
from ninja import Router

from golmok.domain.festas import queries
from golmok.domain.festas.models import Show
from golmok.problems import Problem
from golmok.web.api.presenting import festa_ref, products_out, rundown_out, show_item
from golmok.web.api.schemas import ProblemDocument, ShowDetail, ShowList

router = Router(auth=None)
FRESH_SECONDS = 2


@router.get(
    "", response=ShowList, operation_id="list_shows", summary="Every show: state, times, shops, folder"
)
def list_shows(request: HttpRequest, response: HttpResponse) -> ShowList:
    _same_for_everyone(response)
    return ShowList(items=[show_item(show) for show in queries.list_shows()])


@router.get(
    "/{show_id}",
    response={200: ShowDetail, 404: ProblemDocument},
    operation_id="show",
    summary="One show with its rundown, sellers, products, prices and stock",
)
def show(request: HttpRequest, response: HttpResponse, show_id: str) -> ShowDetail:
    _same_for_everyone(response)
    page = queries.show_page(show_id)
    return ShowDetail(
        **show_item(page.show).dict(),
        festa=festa_ref(page.show.festa),
        rundown=[rundown_out(turn) for turn in page.rundown],
        products=products_out(page),
        pinned=page.pinned,
    )


def found_show(show_id: str) -> Show:
    """The show of that id. Raises Problem 404 `show-unknown`."""
    show = Show.objects.filter(pk=show_id).first()
    if show is None:
        raise Problem(404, "show-unknown")
    return show


def _same_for_everyone(response: HttpResponse) -> None:
    patch_cache_control(response, public=True, max_age=FRESH_SECONDS)
    patch_vary_headers(response, ["Accept-Language"])
