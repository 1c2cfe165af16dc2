"""Addresses of the mailbox page, which answers on this machine only."""

from __future__ import annotations

from django.urls import path

from kring_web.mail import views

urlpatterns = [
    path("mailbox", views.mailbox, name="mailbox"),
    path("mailbox/<str:mail>", views.message, name="mailbox-message"),
]
