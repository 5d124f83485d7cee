"""The organiser's desk: Django's admin in Unfold's clothes, with only what is registered here."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from csp.constants import UNSAFE_EVAL, UNSAFE_INLINE
from csp.decorators import csp_update
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from unfold.sites import UnfoldAdminSite

from golmok.domain.core.labels import label

View = Callable[..., Any]
# Unfold's Alpine compiles its attributes with `new Function`, and its theme is a <style> element.
DESK_POLICY = {"script-src": [UNSAFE_EVAL], "style-src": [UNSAFE_INLINE]}


class Desk(UnfoldAdminSite):  # type: ignore[misc]  # Unfold ships no types
    index_template = "desk/index.html"
    index_title = label("desk-nav-today")

    def admin_view(self, view: View, cacheable: bool = False) -> View:
        """Every page of the desk, under the desk's own content policy."""
        wrapped: View = csp_update(DESK_POLICY)(super().admin_view(view, cacheable))
        return wrapped

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The one log-in page of the site; people who are not organisers are told so."""
        if request.user.is_authenticated and not self.has_permission(request):
            return render(request, "desk/refused.html", status=403)
        wanted = request.GET.get("next") or reverse("admin:index")
        return redirect(f"{reverse('account_login')}?{urlencode({'next': wanted})}")

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return redirect("account_logout")


desk = Desk(name="admin")
