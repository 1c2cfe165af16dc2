"""Addresses of the workbench."""

from __future__ import annotations

from django.urls import path

from kring_web.workbench import views

urlpatterns = [
    path("workbench", views.page, name="workbench"),
    path("api/workbench/check", views.check, name="workbench-check"),
    path("api/workbench/rehearse", views.rehearse, name="workbench-rehearse"),
    path("api/workbench/publish", views.publish, name="workbench-publish"),
    path("api/methods/<slug:method>.yaml", views.source, name="method-source"),
]
