"""Who asks, and by which scheme, where proxies stand between: what they say is believed, and nobody else.

``KRING_PROXIES`` says how many stand there. Each adds the address that it was asked from to ``X-Forwarded-For``; so with two of
them the last but one is whoever asked the first, and what stands before it anybody may have made up. A caller that is none of
``KRING_PROXY_NETWORKS`` speaks for itself: its ``X-Forwarded-`` headers are dropped, and ``DROPPED`` says that there were some.
"""

from __future__ import annotations

import ipaddress
import logging
import re
from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from kring_web.config.values import Network

logger = logging.getLogger(__name__)
DROPPED: Final = "kring.forwarded"
"""What of a request's ``META`` says that somebody forwarded it whom nobody stated."""
_HEADERS = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST", "HTTP_X_FORWARDED_PORT")
_WITH_PORT: Final = re.compile(r"\[(.+)\](?::\d+)?|([^:]+):\d+", re.ASCII)
_warned: set[str] = set()


def forwarded(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: ``REMOTE_ADDR`` is the address of whoever asks, or empty where the proxies don't say it."""

    def respond(request: HttpRequest) -> HttpResponse:
        proxies: int = settings.KRING.proxies
        peer = str(request.META.get("REMOTE_ADDR", ""))
        if proxies and is_of(peer, settings.KRING.proxy_networks):
            found = asked_by(str(request.META.get("HTTP_X_FORWARDED_FOR", "")), proxies)
            request.META["REMOTE_ADDR"] = found
            # Who names no protocol either is no proxy, but a program of this machine.
            if not found and "HTTP_X_FORWARDED_PROTO" in request.META and _first("names no addresses"):
                logger.warning("proxy names no addresses")
        elif [name for name in _HEADERS if request.META.pop(name, None) is not None]:
            request.META[DROPPED] = "yes"
            if proxies and _first("of no stated network"):
                logger.warning("proxy of no stated network")
        return get_response(request)

    return respond


def _first(what: str) -> bool:
    """Whether it is to be said: it comes with every request, and is said once."""
    said = what in _warned
    _warned.add(what)
    return not said


def is_of(peer: str, networks: tuple[Network, ...]) -> bool:
    """Whether an address is of one of these networks."""
    try:
        address = ipaddress.ip_address(peer.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return any(address.version == network.version and address in network for network in networks)


def asked_by(named: str, proxies: int) -> str:
    """Whom the outermost of so many proxies was asked by, without a port; nothing where that is no address."""
    addresses = [one.strip() for one in named.split(",") if one.strip()]
    if len(addresses) < proxies:
        return ""
    found = addresses[-proxies]
    if match := _WITH_PORT.fullmatch(found):
        found = match[1] or match[2]
    try:
        ipaddress.ip_address(found.partition("%")[0])
    except ValueError:
        return ""
    return found
