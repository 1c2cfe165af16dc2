"""Every address of the server; ``/room/<meeting>`` belongs to the live room and never comes here."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("kring_web.meetings.urls")),
    path("", include("kring_web.knocks.urls")),
    path("", include("kring_web.practice.urls")),
    path("", include("kring_web.methods.urls")),
    path("", include("kring_web.workbench.urls")),
    path("", include("kring_web.mail.urls")),
    path("", include("kring_web.circles.urls")),
    path("", include("kring_web.site.urls")),
]
handler400 = "kring_web.site.views.bad_request"
handler404 = "kring_web.site.views.not_found"
handler500 = "kring_web.site.views.server_error"
