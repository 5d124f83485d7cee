"""Addresses of everything a viewer sees."""

from django.urls import URLPattern, path

from golmok.web.viewer import views

app_name = "viewer"
urlpatterns: list[URLPattern] = [
    path("", views.home, name="home"),
    path("shows/<slug:show_id>/", views.show, name="show"),
    path("shows/<slug:show_id>/poster.png", views.poster, name="poster"),
    path("shows/<slug:show_id>/art.jpg", views.art, name="art"),
    path("orders/", views.orders, name="orders"),
    path("orders/find/", views.find, name="find"),
    path("orders/<slug:number>/", views.order, name="order"),
    path("pay/<slug:gateway>/<uuid:checkout>/", views.pay, name="pay"),
    path("policies/<slug:name>/", views.policy, name="policy"),
    path("styleguide/", views.styleguide, name="styleguide"),
]
