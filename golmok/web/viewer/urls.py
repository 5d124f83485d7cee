"""Addresses of everything a viewer sees."""

from django.urls import URLPattern, path

from golmok.web.viewer import views

app_name = "viewer"
urlpatterns: list[URLPattern] = [
    path("", views.home, name="home"),
    path("orders/", views.orders, name="orders"),
]
