"""Addresses of a test: every one of ours, and pages that need more than others."""

from __future__ import annotations

from csp.constants import SELF
from csp.decorators import csp_update
from django.http import HttpRequest, HttpResponse
from django.urls import path

from kring_web.config.security import permit
from kring_web.config.urls import urlpatterns as ours


@csp_update({"media-src": [SELF]})
@permit("camera", "microphone")
def voice(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 -- every view is given one
    """A page with voice and picture."""
    return HttpResponse("voice")


def sign_in(request: HttpRequest) -> HttpResponse:
    """As after signing in: something is kept about this browser."""
    request.session["somebody"] = True
    return HttpResponse("in")


urlpatterns = [*ours, path("voice", voice), path("sign-in", sign_in)]
