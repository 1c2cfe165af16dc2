"""Addresses of the pages, the papers and the JSON API about methods."""

from __future__ import annotations

from django.urls import path

from kring_web.methods import api, views

urlpatterns = [
    path("methods", views.choose, name="choose"),
    path("methods/<slug:method>", views.method, name="method-page"),
    path("methods/<slug:method>/sheet", views.sheet, name="method-sheet"),
    path("methods/<slug:method>/method.pdf", views.paper, {"kind": "sheet"}, name="method-paper"),
    path("methods/<slug:method>/cards.pdf", views.paper, {"kind": "cards"}, name="method-cards"),
    path("methods/<slug:method>.json", api.method, name="method"),
    path("api/methods", api.methods, name="methods"),
]
