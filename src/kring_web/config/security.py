"""The headers that keep a page to itself: nothing from another host, nothing inline, nobody frames us."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse

POLICY: Final[dict[str, Any]] = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "img-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
"""``connect-src 'self'`` covers the room's WebSocket: same host, same port."""

PERMISSIONS: Final = "camera=(), geolocation=(), microphone=(), payment=(), usb=(), screen-wake-lock=(self)"
SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})

Respond = Callable[[HttpRequest], HttpResponse]


def headers(get_response: Respond) -> Respond:
    """Middleware: what Django and django-csp do not say by themselves."""

    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return respond


def same_origin(get_response: Respond) -> Respond:
    """Middleware: nothing is changed on the word of another site's page.

    We set no login cookie, so there is nothing to ride on; this keeps strangers' pages from filling the disk too.
    Programs (no ``Origin``, no ``Sec-Fetch-Site``) may call the API. A form's ``Origin`` is ``null`` under
    our own ``Referrer-Policy: no-referrer``, hence the look at ``Sec-Fetch-Site`` first.
    """

    def respond(request: HttpRequest) -> HttpResponse:
        if request.method not in SAFE_METHODS and not _from_here(request):
            return JsonResponse({"code": "other-origin"}, status=403)
        return get_response(request)

    return respond


def _from_here(request: HttpRequest) -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    if site is not None and site != "same-origin":
        return False
    if origin is None:
        return True
    if origin == "null":
        return site == "same-origin"
    parts = urlsplit(origin)
    return origin == settings.KRING.public_url or (
        parts.scheme in ("http", "https") and parts.netloc == request.get_host()
    )
