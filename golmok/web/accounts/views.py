"""The profile, and what the pages of a forgotten password say where e-mail does not go out."""

import logging
from smtplib import SMTPException
from typing import Any, cast

from allauth.account.forms import ResetPasswordForm
from allauth.account.views import PasswordResetDoneView, PasswordResetView
from django.conf import settings
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

logger = logging.getLogger(__name__)


class ForgottenPassword(PasswordResetView):  # type: ignore[misc]  # allauth ships no types
    """Sends the address where a new password is set; where no e-mail is set up it says whom to ask."""

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if settings.MAIL_KIND == "none":
            return render(request, "account/no_mail.html")
        return cast(HttpResponse, super().dispatch(request, *args, **kwargs))

    def form_valid(self, form: ResetPasswordForm) -> HttpResponse:
        try:
            return cast(HttpResponse, super().form_valid(form))
        except (OSError, SMTPException) as failure:
            logger.error("an e-mail was not sent: %s", failure)
            form.add_error(None, str(label("accounts-reset-not-sent")))
            return cast(HttpResponse, self.form_invalid(form))


class ResetSent(PasswordResetDoneView):  # type: ignore[misc]  # allauth ships no types
    def get_context_data(self, **kwargs: object) -> dict[str, Any]:
        """`is_filed`: the e-mail was written into a file and not sent."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"is_filed": settings.MAIL_KIND == "file"}


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
