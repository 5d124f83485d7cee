"""Addresses of everything Django serves. `/en/` before a page is its English twin."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from golmok.web.api.application import api

urlpatterns = [
    path("api/v1/", api.urls),
    *i18n_patterns(
        path("", include("golmok.web.viewer.urls")),
        path("studio/", include("golmok.web.studio.urls")),
        path("desk/", include("golmok.web.desk.urls")),
        path("accounts/", include("golmok.web.accounts.urls")),
        prefix_default_language=False,
    ),
]
