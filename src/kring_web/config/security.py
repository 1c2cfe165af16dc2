"""The headers that keep a page to itself: nothing from another host, nothing inline, nobody frames us."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec

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
        "object-src": [NONE],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
"""Of every page. ``connect-src 'self'`` covers the room's WebSocket: same host, same port. A view that needs more says so
itself, by ``csp.decorators.csp_update``."""

FEATURES: Final = (
    "accelerometer", "camera", "display-capture", "geolocation", "gyroscope", "hid", "idle-detection", "magnetometer",
    "microphone", "midi", "payment", "publickey-credentials-create", "publickey-credentials-get", "screen-wake-lock", "serial",
    "usb", "xr-spatial-tracking",
)  # fmt: skip
"""What no page may use, unless its view says ``permit``."""
logger = logging.getLogger(__name__)
SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})

P = ParamSpec("P")
Respond = Callable[[HttpRequest], HttpResponse]


def permit(
    *features: str,
) -> Callable[
    [Callable[Concatenate[HttpRequest, P], HttpResponse]], Callable[Concatenate[HttpRequest, P], HttpResponse]
]:
    """Let the page of this view use these features, and no others. Raises ``ValueError`` for what is none of ``FEATURES``."""
    policy = _permissions(*features)

    def decorate(
        view: Callable[Concatenate[HttpRequest, P], HttpResponse],
    ) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
        @wraps(view)
        def respond(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            response = view(request, *args, **kwargs)
            response.headers["Permissions-Policy"] = policy
            return response

        return respond

    return decorate


def cookie_name(name: str, *, secure: bool) -> str:
    """What a cookie is called. Over https with the prefix that keeps it to this host: no neighbour can set it for us."""
    return f"__Host-{name}" if secure else name


def headers(get_response: Respond) -> Respond:
    """Middleware: what Django and django-csp do not say by themselves."""
    policy = _permissions()

    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Permissions-Policy", policy)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return respond


def same_origin(get_response: Respond) -> Respond:
    """Middleware: nothing is changed on the word of another site's page.

    So nobody rides on the cookie of somebody who is signed in, nor fills the disk from a stranger's page. Programs (no ``Origin``,
    no ``Sec-Fetch-Site``) may call the API, but never with such a cookie: every browser that knows our cookies says either.
    """

    def respond(request: HttpRequest) -> HttpResponse:
        if request.method not in SAFE_METHODS and not _from_here(request):
            logger.info("call refused", extra={"reason": "other-origin"})
            return JsonResponse({"code": "other-origin"}, status=403)
        return get_response(request)

    return respond


def _from_here(request: HttpRequest) -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    if site is not None and site != "same-origin":
        return False
    if origin is None:
        return site is not None or settings.SESSION_COOKIE_NAME not in request.COOKIES
    if origin == "null":  # a browser that is told to keep its referrer to itself, or an extension in it
        return site == "same-origin"
    scheme, _, host = origin.partition("://")  # and nothing else: what is no origin is nobody's
    return origin == settings.KRING.public_url or (scheme in ("http", "https") and host == request.get_host())


def _permissions(*allowed: str) -> str:
    unknown = set(allowed).difference(FEATURES)
    if unknown:
        raise ValueError(f"No such features: {', '.join(sorted(unknown))}.")
    return ", ".join(f"{feature}={'(self)' if feature in allowed else '()'}" for feature in FEATURES)
