"""Addresses of the JSON API about knocking."""

from __future__ import annotations

from django.urls import path

from kring_web.knocks import api

urlpatterns = [
    path("api/knocks", api.knock, name="knock"),
    path("api/knocks/<slug:knock>", api.knocking, name="knocking"),
    path("api/meetings/<meeting:meeting>/code", api.code, name="join-code"),
    path("api/meetings/<meeting:meeting>/knocks", api.knocks, name="knocks"),
    path("api/meetings/<meeting:meeting>/knocks/<slug:knock>", api.answering, name="answering"),
]
