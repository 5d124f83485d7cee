"""Addresses of the merchant's studio."""

from django.urls import URLPattern, path

from golmok.web.studio import views

app_name = "studio"
urlpatterns: list[URLPattern] = [
    path("", views.shows, name="shows"),
    path("shows/<str:show_id>/", views.show, name="show"),
]
