"""The desk's words and links that Unfold asks for by dotted path."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from golmok.domain.core.labels import label
from golmok.web.language import language_of
from golmok.web.templatetags.golmok import twin_of

GROUPS: list[tuple[str, list[tuple[str, str, str]]]] = [
    (
        "desk-nav-festa",
        [
            ("desk-festas", "festival", "festas_festa"),
            ("desk-shows", "live_tv", "festas_show"),
            ("desk-districts", "location_city", "places_district"),
        ],
    ),
    (
        "desk-nav-goods",
        [
            ("desk-shops", "storefront", "shops_shop"),
            ("desk-products", "sell", "shops_product"),
            ("desk-stocks", "inventory_2", "orders_stock"),
            ("desk-orders", "receipt_long", "orders_order"),
            ("transfer-title", "account_balance", "orders_deposit"),
            ("mail-letters", "mail", "orders_letter"),
        ],
    ),
    (
        "desk-nav-people",
        [("desk-users", "person", "accounts_user"), ("desk-groups", "groups", "auth_group")],
    ),
]


def site_title(request: HttpRequest) -> str:
    return str(label("common-golmok"))


def site_subheader(request: HttpRequest) -> str:
    return str(label("desk-site"))


def home(request: HttpRequest) -> str:
    return "/en/" if language_of(request) == "en" else "/"


def twin(request: HttpRequest) -> str:
    """This page in the other language."""
    return twin_of(request.get_full_path())


def account_links(request: HttpRequest) -> list[dict[str, object]]:
    return [
        {"title": label("common-other-language"), "link": twin(request)},
        {"title": label("desk-nav-account"), "link": reverse("account_profile")},
    ]


def sidebar(request: HttpRequest) -> list[dict[str, Any]]:
    today = {"title": label("desk-nav-today"), "icon": "today", "link": reverse("admin:index")}
    groups = [_group(title, entries, request) for title, entries in GROUPS]
    return [{"items": [today]}, *groups]


def _group(title: str, entries: list[tuple[str, str, str]], request: HttpRequest) -> dict[str, Any]:
    return {"title": label(title), "separator": True, "items": [_item(request, *entry) for entry in entries]}


def _item(request: HttpRequest, title: str, icon: str, model: str) -> dict[str, Any]:
    app, name = model.split("_")
    allowed = request.user.has_perm(f"{app}.view_{name}")
    return {
        "title": label(title),
        "icon": icon,
        "link": reverse(f"admin:{model}_changelist"),
        "permission": lambda request: allowed,
    }
