"""Every address of the server; ``/room/<meeting>`` belongs to the live room and never comes here."""

from __future__ import annotations

from django.urls import include, path, register_converter

from kring_web.meetings.addresses import MeetingId

register_converter(MeetingId, "meeting")

urlpatterns = [
    path("", include("kring_web.meetings.urls")),
    path("", include("kring_web.practice.urls")),
    path("", include("kring_web.methods.urls")),
    path("", include("kring_web.workbench.urls")),
    path("", include("kring_web.pages.urls")),
]
handler400 = "kring_web.pages.views.bad_request"
handler404 = "kring_web.pages.views.not_found"
handler500 = "kring_web.pages.views.server_error"
