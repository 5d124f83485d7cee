from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from golmok.domain.accounts.models import User
from golmok.domain.core.labels import label
from golmok.web.accounts.buyers import NICKNAME
from golmok.web.accounts.forms import ProfileForm


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """A person's own nickname, name and phone."""
    form = ProfileForm(request.POST or None, cast(User, request.user))
    if request.method == "POST" and form.is_valid():
        form.save()
        request.session.pop(NICKNAME, None)
        messages.success(request, str(label("accounts-profile-saved")))
        return redirect("account_profile")
    return render(request, "account/profile.html", {"form": form}, status=422 if form.errors else 200)
