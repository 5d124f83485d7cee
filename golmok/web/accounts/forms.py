from typing import Any, cast

from allauth.account.forms import LoginForm, SignupForm
from django import forms

from golmok.domain.accounts.models import User
from golmok.domain.core.labels import label
from golmok.domain.orders.checkout import normal_phone
from golmok.web.api.nicknames import poses_as_somebody


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]
    """What checkout fills in by itself for a person with an account."""

    class Meta:
        model = User
        fields = ("name", "phone")
        widgets = {
            "name": forms.TextInput({"autocomplete": "name"}),
            "phone": forms.TextInput({"autocomplete": "tel", "type": "tel", "inputmode": "tel"}),
        }

    def clean_name(self) -> str:
        """The name is said in rooms; only people of a shop or the organiser may be called so."""
        name = cast(str, self.cleaned_data["name"]).strip()
        entitled = self.instance.is_staff or self.instance.shop_memberships.exists()
        if name and not entitled and poses_as_somebody(name):
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
