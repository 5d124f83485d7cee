"""Who may give rights away at the desk."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client

from golmok.domain.accounts.models import User
from tests.web.festa_day import PASSWORD, FestaDay, person

APPS = ("accounts", "places", "shops", "festas", "orders")


@pytest.fixture
def colleague(day: FestaDay) -> User:
    """Somebody of the organiser's office with every right of the desk by a group, and no superuser."""
    group = Group.objects.create(name="organiser")
    group.permissions.set(Permission.objects.filter(content_type__app_label__in=(*APPS, "auth")))
    user = person("colleague", is_staff=True)
    user.groups.add(group)
    return user


@pytest.fixture
def desk(colleague: User) -> Client:
    client = Client()
    client.force_login(colleague, "django.contrib.auth.backends.ModelBackend")
    return client


NO_SHOPS = {"shop_memberships-TOTAL_FORMS": "0", "shop_memberships-INITIAL_FORMS": "0"}


def form_of(user: User, **changes: object) -> dict[str, object]:
    own = {"username": user.username, "name": user.name, "phone": user.phone, "email": user.email}
    return own | NO_SHOPS | {"is_active": "on"} | changes


@pytest.mark.parametrize("who", ["colleague", "viewer"])
def test_nobody_makes_superusers_but_a_superuser(
    day: FestaDay, colleague: User, desk: Client, who: str
) -> None:
    user = User.objects.get(username=who)
    before = (user.is_staff, user.is_superuser, user.groups.count())
    permission = Permission.objects.first()
    assert permission
    rights = {"is_superuser": "on", "is_staff": "on", "user_permissions": [permission.pk]}
    form = form_of(user, groups=[Group.objects.create(name="all").pk], name="새 이름", **rights)
    assert desk.post(f"/desk/accounts/user/{user.pk}/change/", form).status_code == 302
    user.refresh_from_db()
    assert (user.is_staff, user.is_superuser, user.groups.count()) == before
    assert not user.user_permissions.exists()
    assert user.name == "새 이름"


def test_a_superuser_gives_rights(day: FestaDay, organiser: Client, colleague: User) -> None:
    group = Group.objects.get()
    form = form_of(day.viewer, is_staff="on", groups=[group.pk])
    assert organiser.post(f"/desk/accounts/user/{day.viewer.pk}/change/", form).status_code == 302
    assert User.objects.get(pk=day.viewer.pk).groups.get() == group


def test_people_with_rights_are_out_of_reach_of_those_with_fewer(day: FestaDay, desk: Client) -> None:
    path = f"/desk/accounts/user/{day.organiser.pk}"
    assert desk.post(f"{path}/change/", form_of(day.organiser, email="mine@example.com")).status_code == 403
    new = {"password1": PASSWORD, "password2": PASSWORD}
    assert desk.post(f"{path}/password/", new).status_code == 403
    assert desk.post(f"{path}/delete/", {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [day.organiser.pk], "post": "yes"}
    desk.post("/desk/accounts/user/", chosen)
    assert User.objects.filter(pk=day.organiser.pk, email="organiser@example.com").exists()


def test_groups_are_for_superusers(day: FestaDay, desk: Client, organiser: Client) -> None:
    group = Group.objects.get()
    form = {"name": "organiser", "permissions": [Permission.objects.get(codename="change_logentry").pk]}
    assert desk.post(f"/desk/auth/group/{group.pk}/change/", form).status_code == 403
    assert desk.post("/desk/auth/group/add/", form).status_code == 403
    assert organiser.post(f"/desk/auth/group/{group.pk}/change/", form).status_code == 302


def test_people_are_added_and_employed_without_superusers(day: FestaDay, desk: Client) -> None:
    new = {"username": "baker", "usable_password": "true", "password1": PASSWORD, "password2": PASSWORD}
    assert desk.post("/desk/accounts/user/add/", new | NO_SHOPS).status_code == 302
    baker = User.objects.get(username="baker")
    rows = {"shop_memberships-TOTAL_FORMS": "1", "shop_memberships-0-shop": day.shop.pk}
    form = form_of(baker, **rows, **{"shop_memberships-0-role": "merchant"})
    assert desk.post(f"/desk/accounts/user/{baker.pk}/change/", form).status_code == 302
    assert baker.shop_memberships.get().shop == day.shop
