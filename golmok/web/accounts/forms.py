from typing import Any, cast

from allauth.account.forms import LoginForm, SignupForm
from django import forms
from django.http import QueryDict
from django.utils.translation import get_language

from golmok.domain.accounts.models import User
from golmok.domain.core.labels import label
from golmok.domain.orders.checkout import normal_phone
from golmok.messages import DEFAULT_LANGUAGE
from golmok.problems import Problem
from golmok.web.accounts.buyers import name_at_work
from golmok.web.api.nicknames import checked_nickname, poses_as_somebody


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]
    """What rooms call a person, and what checkout fills in by itself."""

    class Meta:
        model = User
        fields = ("nickname", "name", "phone")
        widgets = {
            "nickname": forms.TextInput({"autocomplete": "nickname"}),
            "name": forms.TextInput({"autocomplete": "name"}),
            "phone": forms.TextInput({"autocomplete": "tel", "type": "tel", "inputmode": "tel"}),
        }

    def __init__(self, typed: QueryDict | None, person: User) -> None:
        super().__init__(typed, instance=person)
        self.is_at_work = name_at_work(person) is not None
        if self.is_at_work:
            del self.fields["nickname"]

    def clean_nickname(self) -> str:
        typed = cast(str, self.cleaned_data["nickname"])
        try:
            return checked_nickname(typed) if typed else ""
        except Problem as refused:
            said = refused.document(get_language() or DEFAULT_LANGUAGE)
            raise forms.ValidationError(cast(str, said["detail"])) from refused

    def clean_name(self) -> str:
        """Only people of a shop or the organiser may be called so."""
        name = cast(str, self.cleaned_data["name"])
        if name and not self.is_at_work and poses_as_somebody(name):
            raise forms.ValidationError(cast(Any, label("problem-nickname-taken-detail")))
        return name

    def clean_phone(self) -> str:
        typed = cast(str, self.cleaned_data["phone"]).strip()
        phone = normal_phone(typed)
        if typed and phone is None:
            raise forms.ValidationError(cast(Any, label("orders-field-phone-wrong")))
        return phone or ""


class LogInForm(LoginForm):  # type: ignore[misc]  # allauth ships no types
    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        _name_fields(self, {"login": "accounts-field-login", "password": "accounts-field-password"})


class SignUpForm(SignupForm):  # type: ignore[misc]  # allauth ships no types
    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        labels = {
            "email": "accounts-field-email",
            "username": "accounts-field-username",
            "password1": "accounts-field-password",
        }
        _name_fields(self, labels)


def _name_fields(form: forms.Form, labels: dict[str, str]) -> None:
    """Golmok's words at allauth's fields; its help texts and placeholders repeat them and are dropped."""
    for name, key in labels.items():
        form.fields[name].label = label(key)
        form.fields[name].help_text = ""
