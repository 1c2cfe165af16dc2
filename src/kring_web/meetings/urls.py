"""Addresses of the room's pages and of the JSON API about meetings."""

from __future__ import annotations

from django.urls import path, re_path

from kring_web.meetings import api, mangled_links, views

urlpatterns = [
    path("m/<meeting:meeting>", views.room, name="room"),
    path("m/<meeting:meeting>/table", views.table, name="table"),
    path("m/<meeting:meeting>/sheet", views.sheet, name="room-sheet"),
    # Whatever else mail and chat programs made of such an address; see the view.
    re_path("^[mM]/", mangled_links.mangled, name="mangled"),
    path("api/meetings", api.meetings, name="meetings"),
    path("api/meetings/<meeting:meeting>/tickets", api.tickets, name="tickets"),
    path("api/meetings/<meeting:meeting>/method", api.method, name="meeting-method"),
]
