"""Addresses of practice."""

from __future__ import annotations

from django.urls import path

from kring_web.practice import api

urlpatterns = [path("api/meetings/<meeting:meeting>/colleagues", api.colleagues, name="colleagues")]
