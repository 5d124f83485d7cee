"""The one small private request that fills a public page with what is the caller's own."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from ninja import Router

from golmok.domain.festas.models import Show
from golmok.domain.festas.queries import role_in
from golmok.domain.orders.queries import open_checkout, orders_of, places_of, units_in_cart
from golmok.live.passes import RoomPass, mint
from golmok.web.accounts.buyers import Person, buyer_of, call_me, person_of
from golmok.web.api.limits import Limit
from golmok.web.api.nicknames import checked_nickname
from golmok.web.api.problems import language
from golmok.web.api.schemas import AccountName, Me, NicknameIn, ProblemDocument, RecipientOut, Role
from golmok.web.api.security import CALLER, PersonalRequest
from golmok.web.api.shows import found_show
from golmok.web.till import passes
from golmok.web.till.presenting import checkout_out, place_out
from golmok.web.till.shapes import CheckoutOut, WaitingPlace

router = Router(auth=CALLER)
SHOWN = {200: Me, 404: ProblemDocument, 403: ProblemDocument}


@router.get(
    "", response=SHOWN, operation_id="me", summary="Who am I: name, role, passes, what is kept for me"
)
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
    call_me(request, checked_nickname(form.nickname))
    buyer_of(request)
    return _me(request, person_of(request), form.show)


@router.post(
    "/buyer",
    response=SHOWN | {429: ProblemDocument},
    operation_id="become_buyer",
    summary="Get a buyer pass, as a guest too",
)
@Limit("buyer", times=20, seconds=60)
def become_buyer(request: PersonalRequest, response: HttpResponse, show: str | None = None) -> Me:
    add_never_cache_headers(response)
    buyer_of(request)
    return _me(request, person_of(request), show)


def _me(request: HttpRequest, person: Person, show_id: str | None) -> Me:
    show = found_show(show_id) if show_id else None
    role = role_in(person.user, show) if person.user and show else "viewer"
    return Me(
        user=AccountName(name=str(person.user)) if person.user else None,
        recipient=_recipient(person),
        nickname=person.nickname,
        role=role,
        room_pass=_room_pass(person, show, role),
        csrf=get_token(request),
        buyer_pass=_buyer_pass(person),
        open_checkout=_open_checkout(person),
        waiting=_waiting(person),
        cart=units_in_cart(person.buyer) if person.buyer else 0,
        orders=orders_of(person.buyer, person.found),
    )


def _recipient(person: Person) -> RecipientOut | None:
    user = person.user
    return RecipientOut(name=person.name, phone=person.phone, email=user.email) if user else None


def _room_pass(person: Person, show: Show | None, role: Role) -> str | None:
    if not (show and person.buyer and person.display_name):
        return None
    return mint(RoomPass(show.pk, person.buyer, person.display_name, role), settings.ROOM_PASS_KEY)


def _buyer_pass(person: Person) -> str | None:
    if not person.buyer:
        return None
    return passes.mint(passes.BuyerPass(person.buyer, person.user.pk if person.user else None))


def _waiting(person: Person) -> list[WaitingPlace]:
    places = places_of(person.buyer) if person.buyer else []
    return [WaitingPlace(**place_out(place)) for place in places]


def _open_checkout(person: Person) -> CheckoutOut | None:
    kept = open_checkout(person.buyer) if person.buyer else None
    return CheckoutOut(**checkout_out(kept, timezone.now(), language())) if kept else None
