"""Addresses of practice."""

from __future__ import annotations

from django.urls import path

from kring_web.practice import views

urlpatterns = [path("api/meetings/<meeting:meeting>/colleagues", views.colleagues, name="colleagues")]
