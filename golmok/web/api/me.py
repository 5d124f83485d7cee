"""The one small private request that fills a public page with what is the caller's own."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.utils.cache import add_never_cache_headers
from ninja import Router

from golmok.domain.festas.models import Show
from golmok.domain.festas.queries import role_in
from golmok.domain.orders.queries import open_hold, own_orders
from golmok.live.passes import RoomPass, mint
from golmok.web.accounts.buyers import NICKNAME, Person, buyer_of, person_of
from golmok.web.api.holds import hold_out
from golmok.web.api.limits import Limit
from golmok.web.api.nicknames import checked_nickname
from golmok.web.api.schemas import AccountName, Me, NicknameIn, ProblemDocument, Role
from golmok.web.api.security import CALLER, PersonalRequest
from golmok.web.api.shows import found_show

router = Router(auth=CALLER)
SHOWN = {200: Me, 404: ProblemDocument, 403: ProblemDocument}


@router.get("", response=SHOWN, operation_id="me", summary="Who am I here: name, role, room pass, open hold")
def me(request: PersonalRequest, response: HttpResponse, show: str | None = None) -> Me:
    add_never_cache_headers(response)
    return _me(request, request.auth, show)


@router.post(
    "/nickname",
    response=SHOWN | {422: ProblemDocument, 429: ProblemDocument},
    operation_id="choose_nickname",
    summary="Choose what the room calls me",
)
@Limit("nickname", times=10, seconds=60)
def choose_nickname(request: PersonalRequest, response: HttpResponse, form: NicknameIn) -> Me:
    add_never_cache_headers(response)
    request.session[NICKNAME] = checked_nickname(form.nickname)
    buyer_of(request)
    return _me(request, person_of(request), form.show)


def _me(request: HttpRequest, person: Person, show_id: str | None) -> Me:
    show = found_show(show_id) if show_id else None
    role = role_in(person.user, show) if person.user and show else "viewer"
    kept = open_hold(person.buyer, show.pk) if person.buyer and show else None
    return Me(
        user=AccountName(name=str(person.user)) if person.user else None,
        nickname=person.nickname,
        role=role,
        room_pass=_room_pass(person, show, role),
        csrf=get_token(request),
        open_hold=hold_out(kept) if kept else None,
        orders=len(own_orders(person.buyer)) if person.buyer else 0,
    )


def _room_pass(person: Person, show: Show | None, role: Role) -> str | None:
    if not (show and person.buyer and person.display_name):
        return None
    return mint(RoomPass(show.pk, person.buyer, person.display_name, role), settings.ROOM_PASS_KEY)
