"""Addresses of the pages and papers about methods."""

from __future__ import annotations

from django.urls import path

from kring_web.methods import views

urlpatterns = [
    path("methods", views.choose, name="choose"),
    path("methods/<slug:method>", views.method, name="method-page"),
    path("methods/<slug:method>/sheet", views.sheet, name="method-sheet"),
    path("m/<meeting:meeting>/sheet", views.room_sheet, name="room-sheet"),
    path("methods/<slug:method>/method.pdf", views.paper, {"kind": "sheet"}, name="method-paper"),
    path("methods/<slug:method>/cards.pdf", views.paper, {"kind": "cards"}, name="method-cards"),
]
