"""Addresses of the pages."""

from __future__ import annotations

from django.urls import path

from kring_web.pages import views

urlpatterns = [
    path("", views.start, name="start"),
    path("m/<meeting:meeting>", views.room, name="room"),
    path("m/<meeting:meeting>/table", views.table, name="table"),
    path("language", views.language, name="language"),
    path("robots.txt", views.robots, name="robots"),
]
