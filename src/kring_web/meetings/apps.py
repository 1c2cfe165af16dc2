"""The app of meetings, and what an address of one looks like."""

from __future__ import annotations

from django.apps import AppConfig
from django.urls import register_converter

from kring_web.meetings.addresses import MeetingId


class MeetingsConfig(AppConfig):
    """Other apps write ``<meeting:meeting>`` in their addresses too."""

    name = "kring_web.meetings"

    def ready(self) -> None:
        """Make the converter known before any address is read."""
        register_converter(MeetingId, "meeting")
