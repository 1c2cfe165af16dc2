"""Addresses of the mailbox page; elsewhere than on one's own machine nothing is there."""

from __future__ import annotations

from django.urls import path

from kring_web.mail import views

urlpatterns = [
    path("mailbox", views.mailbox, name="mailbox"),
    path("mailbox/<str:mail>", views.message, name="mailbox-message"),
]
