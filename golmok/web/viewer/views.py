"""Pages of the viewer: parse, ask one query, render."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def home(request: HttpRequest) -> HttpResponse:
    return render(request, "viewer/home.html")


def orders(request: HttpRequest) -> HttpResponse:
    return render(request, "viewer/home.html")
