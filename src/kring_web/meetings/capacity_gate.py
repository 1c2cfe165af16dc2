"""Whether a new meeting may begin: asked of the pulse of the server that a request came in by.

Only what is new asks here. Whoever belongs to a running meeting is let in whatever the load.
"""

from __future__ import annotations

from django.http import HttpRequest

from kring_room.server.capacity import SOON, Full
from kring_room.server.pulse import SCOPE, Pulse
from kring_web.web.json_api import Problem


def full(request: HttpRequest) -> Full | None:
    """Why no new meeting may begin now, or ``None`` when one may."""
    pulse = _pulse(request)
    return pulse.full() if pulse else None


def check(request: HttpRequest) -> None:
    """Raise the ``Problem`` to answer with when no new meeting may begin."""
    why = full(request)
    if why:
        raise Problem(why.code, retry_after=why.retry_after)


def opened(request: HttpRequest, meeting: str) -> None:
    """A new meeting was opened: there is room for one less."""
    pulse = _pulse(request)
    if pulse:
        pulse.took(meeting)


def failed(request: HttpRequest) -> Problem:
    """A new meeting could not be written down: what to answer with."""
    pulse = _pulse(request)
    if pulse:
        pulse.failed()
    return Problem("store-trouble", retry_after=SOON)


def _pulse(request: HttpRequest) -> Pulse | None:
    """None where Django is used without our server, as its own test client does."""
    pulse: Pulse | None = getattr(request, "scope", {}).get(SCOPE)
    return pulse
