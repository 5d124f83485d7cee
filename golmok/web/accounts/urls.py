"""The profile beside allauth's own pages."""

from django.urls import path

from golmok.web.accounts import views

urlpatterns = [path("profile/", views.profile, name="account_profile")]
