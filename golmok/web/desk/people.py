from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group
from unfold.admin import ModelAdmin, TabularInline
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from golmok.domain.accounts.models import User
from golmok.domain.core.labels import label
from golmok.domain.shops.models import ShopMember
from golmok.web.desk.site import desk


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
        (label("desk-fields-person"), {"fields": ("name", "phone", "email")}),
        (
            label("desk-fields-rights"),
            {"fields": ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")},
        ),
        (label("desk-fields-dates"), {"fields": ("last_login", "date_joined")}),
    )
    readonly_fields = ("last_login", "date_joined")


@admin.register(Group, site=desk)
class GroupPage(GroupAdmin, ModelAdmin):  # type: ignore[misc]  # Unfold ships no types
    pass
