from django.urls import path

from golmok.web.desk import deposits, festas, letters, orders, people, places, shops  # noqa: F401  # they register their pages
from golmok.web.desk.site import desk

urlpatterns = [path("", desk.urls)]
