"""The app of meetings, and what an address of one looks like."""

from __future__ import annotations

from django.apps import AppConfig
from django.urls import register_converter

from kring_web.meetings.addresses import MeetingId


class MeetingsConfig(AppConfig):
    """Other apps write ``<meeting:meeting>`` in their addresses too."""

    name = "kring_web.meetings"

    def ready(self) -> None:
        """Make the converter known before any address is read, and register the cleanup."""
        from kring_web.jobs import services as jobs  # noqa: PLC0415 -- models are there only now
        from kring_web.meetings import services  # noqa: PLC0415 -- models are there only now

        register_converter(MeetingId, "meeting")
        jobs.register_cleanup(services.OPENINGS.delete_forgotten)
