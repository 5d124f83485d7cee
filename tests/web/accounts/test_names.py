"""What rooms call people, and what they never say of them."""

import unicodedata

import pytest
from django.test import Client

from golmok.domain.accounts.models import User
from golmok.domain.festas.models import RundownSegment
from golmok.live.passes import RoomPass, check
from golmok.settings import ROOM_PASS_KEY
from golmok.web.accounts.buyers import Person
from tests.web.api.browser import Browser, Json, problem, said
from tests.web.festa_day import PASSWORD, FestaDay, make_shop, person

DISGUISES = [
    "운영자",
    unicodedata.normalize("NFD", "운영자"),
    "ｇｏｌｍｏｋ",
    "Gólmok",
    "goImok",
    "adm1n",
    "바른.떡",
]
UNSAYABLE = ["аdmin", "gοlmok", "느티\u202e", "느\u200b티", "느티🍡", "管理者", "z̷algo", "(.)"]


@pytest.fixture
def client(day: FestaDay) -> Client:
    return signed_in(day.viewer)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client


def me(browser: Browser, day: FestaDay) -> Json:
    return said(browser.get(f"/me?show={day.show.pk}"))


def room_pass(answer: Json, day: FestaDay) -> RoomPass:
    return check(answer["room_pass"], ROOM_PASS_KEY, day.show.pk)


def test_the_name_and_the_log_in_of_a_viewer_are_never_said(day: FestaDay) -> None:
    User.objects.filter(pk=day.viewer.pk).update(name="김서울")
    assert me(Browser(day.viewer), day)["room_pass"] is None
    assert me(Browser(person("nameless")), day)["room_pass"] is None


def test_a_signed_in_viewer_is_called_by_the_nickname_they_chose(day: FestaDay) -> None:
    browser = Browser(day.viewer)
    answer = said(browser.post("/me/nickname", {"nickname": "저녁산책", "show": day.show.pk}))
    assert room_pass(answer, day).name == "저녁산책"
    assert room_pass(me(browser, day), day).subject == f"user:{day.viewer.pk}"


def test_a_nickname_on_the_profile_is_kept_with_the_account(day: FestaDay, client: Client) -> None:
    form = {"nickname": " 저녁  산책 ", "name": "김서울", "phone": ""}
    assert client.post("/accounts/profile/", form).status_code == 302
    elsewhere = me(Browser(User.objects.get(pk=day.viewer.pk)), day)
    assert elsewhere["nickname"] == room_pass(elsewhere, day).name == "저녁 산책"


def test_the_profile_has_the_last_word(day: FestaDay) -> None:
    browser = Browser(day.viewer)
    said(browser.post("/me/nickname", {"nickname": "저녁산책", "show": day.show.pk}))
    form = {"nickname": "아침산책", "name": "", "phone": "", "csrfmiddlewaretoken": me(browser, day)["csrf"]}
    assert browser.client.post("/accounts/profile/", form).status_code == 302
    assert room_pass(me(browser, day), day).name == "아침산책"


@pytest.mark.parametrize(("kept", "called"), [("", "저녁산책"), ("아침산책", "아침산책")])
def test_the_nickname_of_a_guest_goes_with_them_into_an_account_without_one(
    day: FestaDay, kept: str, called: str
) -> None:
    User.objects.filter(pk=day.viewer.pk).update(nickname=kept)
    guest = Browser()
    token = said(guest.post("/me/nickname", {"nickname": "저녁산책", "show": day.show.pk}))["csrf"]
    form = {"login": "viewer", "password": PASSWORD, "csrfmiddlewaretoken": token}
    assert guest.client.post("/accounts/login/", form).status_code == 302
    assert room_pass(me(guest, day), day).name == called
    assert User.objects.get(pk=day.viewer.pk).nickname == called


def test_people_of_the_show_are_called_by_their_name_or_their_shop(day: FestaDay) -> None:
    User.objects.filter(pk=day.helper.pk).update(name="도우미 보라", nickname="딴이름")
    names = {who: room_pass(me(Browser(user), day), day).name for who, user in _staff(day).items()}
    assert names == {"merchant": "바른떡", "helper": "도우미 보라", "organiser": "주최"}


def test_a_name_from_before_the_rule_is_not_said(day: FestaDay) -> None:
    User.objects.filter(pk=day.merchant.pk).update(name="바른떡\u202e")
    assert room_pass(me(Browser(day.merchant), day), day).name == "바른떡"


@pytest.mark.parametrize("nickname", DISGUISES)
def test_a_disguise_is_seen_through(day: FestaDay, client: Client, nickname: str) -> None:
    refused = Browser().post("/me/nickname", {"nickname": nickname, "show": day.show.pk})
    assert said(refused, 422)["type"] in {"/problems/nickname-taken", "/problems/bad-nickname"}
    for field in ("nickname", "name"):
        assert client.post("/accounts/profile/", {"phone": "", field: nickname}).status_code == 422


@pytest.mark.parametrize("nickname", UNSAYABLE)
def test_other_scripts_and_hidden_signs_are_refused(day: FestaDay, client: Client, nickname: str) -> None:
    problem(Browser().post("/me/nickname", {"nickname": nickname}), 422, "bad-nickname")
    for user in (day.viewer, day.merchant):
        form = {"nickname": "", "name": nickname, "phone": ""}
        assert signed_in(user).post("/accounts/profile/", form).status_code == 422


def test_no_shop_is_hidden_in_accents_or_digits(day: FestaDay) -> None:
    shop = make_shop(day.show.district, "헬무트커피", "Helmut")
    RundownSegment.objects.create(show=day.show, shop=shop, position=2)
    for nickname in ("Hélmut", "he1mut", "헬무트 커피"):
        problem(Browser().post("/me/nickname", {"nickname": nickname}), 422, "nickname-taken")


@pytest.mark.parametrize("name", ["김서울", "José García", "O'Neil (Bob)", "박-김 하나"])
def test_everyday_names_are_fine_to_receive_an_order(day: FestaDay, client: Client, name: str) -> None:
    assert client.post("/accounts/profile/", {"nickname": "", "name": name, "phone": ""}).status_code == 302


def test_names_are_kept_in_one_writing(day: FestaDay, client: Client) -> None:
    typed = unicodedata.normalize("NFD", "김  서울 ")
    assert client.post("/accounts/profile/", {"nickname": "", "name": typed, "phone": ""}).status_code == 302
    assert User.objects.get(pk=day.viewer.pk).name == "김 서울"


def test_checkout_can_fill_in_what_the_account_knows(day: FestaDay) -> None:
    day.viewer.phone = "010-1234-5678"
    known = Person(day.viewer, "user:1", None)
    assert (known.name, known.phone) == ("느티나무", "010-1234-5678")
    assert (Person(None, None, None).name, Person(None, None, None).phone) == ("", "")


def test_people_at_work_choose_no_nickname(day: FestaDay, client: Client) -> None:
    assert 'name="nickname"' in client.get("/accounts/profile/").content.decode()
    assert 'name="nickname"' not in signed_in(day.merchant).get("/accounts/profile/").content.decode()


def _staff(day: FestaDay) -> dict[str, User]:
    return {"merchant": day.merchant, "helper": day.helper, "organiser": day.organiser}
