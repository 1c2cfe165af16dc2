"""Addresses of the site itself."""

from __future__ import annotations

from django.urls import path

from kring_web.site import views

urlpatterns = [
    path("", views.start, name="start"),
    path("help", views.manual, name="help"),
    path("privacy", views.privacy, name="privacy"),
    path("language", views.language, name="language"),
    path("robots.txt", views.robots, name="robots"),
]
