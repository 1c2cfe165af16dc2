"""Addresses of the JSON API about meetings and methods."""

from __future__ import annotations

from django.urls import path

from kring_web.meetings import views

urlpatterns = [
    path("api/methods", views.methods, name="methods"),
    path("methods/<slug:method>.json", views.method, name="method"),
    path("api/meetings", views.meetings, name="meetings"),
    path("api/meetings/<meeting:meeting>/tickets", views.tickets, name="tickets"),
    path("api/meetings/<meeting:meeting>/method", views.meeting_method, name="meeting-method"),
]
