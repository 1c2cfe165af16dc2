"""Addresses of the workbench."""

from __future__ import annotations

from django.urls import path

from kring_web.workbench import api, views

urlpatterns = [
    path("workbench", views.page, name="workbench"),
    path("api/workbench/check", api.check, name="workbench-check"),
    path("api/workbench/rehearse", api.rehearse, name="workbench-rehearse"),
    path("api/workbench/publish", api.publish, name="workbench-publish"),
    path("api/methods/<slug:method>.yaml", api.source, name="method-source"),
]
