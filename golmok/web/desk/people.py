"""People and what they may do. Only a superuser gives rights away, and touches those who have them."""

from __future__ import annotations

from typing import cast

from allauth.account.models import EmailAddress
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group
from django.forms import ModelForm
from django.http import HttpRequest
from unfold.admin import ModelAdmin, TabularInline
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from golmok.domain.accounts.models import User
from golmok.domain.core.labels import label
from golmok.domain.shops.models import ShopMember
from golmok.web.desk.site import desk

RIGHTS = ("is_staff", "is_superuser", "groups", "user_permissions")


class MembershipsInline(TabularInline):  # type: ignore[misc]  # Unfold ships no types
    model = ShopMember
    extra = 0
    autocomplete_fields = ("shop",)


@admin.register(User, site=desk)
class UserPage(UserAdmin, ModelAdmin):  # type: ignore[misc,type-arg]  # Unfold ships no types
    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    list_display = ("username", "name", "email", "is_staff", "is_active", "last_login")
    list_filter = ("is_staff", "is_active", "groups")
    search_fields = ("username", "name", "email")
    ordering = ("username",)
    inlines = (MembershipsInline,)
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (label("desk-fields-person"), {"fields": ("name", "nickname", "phone", "email")}),
        (
            label("desk-fields-rights"),
            {"fields": ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")},
        ),
        (label("desk-fields-dates"), {"fields": ("last_login", "date_joined")}),
    )
    readonly_fields = ("last_login", "date_joined")

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        return self.readonly_fields if is_superuser(request) else (*self.readonly_fields, *RIGHTS)

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return may_touch(request, obj) and bool(super().has_change_permission(request, obj))

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return may_touch(request, obj) and bool(super().has_delete_permission(request, obj))

    def save_model(self, request: HttpRequest, obj: User, form: ModelForm[User], change: bool) -> None:
        """A new e-mail takes the place of the old ones, which would otherwise still reset the password."""
        super().save_model(request, obj, form, change)
        if change and "email" in form.changed_data:
            EmailAddress.objects.filter(user=obj).delete()


@admin.register(Group, site=desk)
class GroupPage(GroupAdmin, ModelAdmin):  # type: ignore[misc]  # Unfold ships no types
    """Whoever writes a group gives rights, to himself too."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return is_superuser(request)

    def has_change_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        return is_superuser(request)

    def has_delete_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        return is_superuser(request)


def is_superuser(request: HttpRequest) -> bool:
    return cast(User, request.user).is_superuser


def may_touch(request: HttpRequest, person: User | None) -> bool:
    """Oneself and people without rights of their own; a new password for others would be their rights."""
    if person is None or is_superuser(request) or person.pk == request.user.pk:
        return True
    return not (person.is_staff or person.is_superuser)
