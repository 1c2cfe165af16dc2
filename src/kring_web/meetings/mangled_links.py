"""Links of meetings that a mail or chat program has changed on their way: what stands behind the hash may then come to the server.

Which meeting an address is about is read here, which key it holds is not: that is the browser's (``client/src/crypto/link.ts``).
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import unquote

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kring.methods import library
from kring_web.meetings import services
from kring_web.meetings.addresses import MEETING_PATTERN
from kring_web.web import assets

_MEETING: Final = re.compile(f"m/({MEETING_PATTERN})", re.IGNORECASE)
_LIKE_A_KEY: Final = re.compile(r"[A-Za-z0-9_-]{43}")


@require_safe
def mangled(request: HttpRequest) -> HttpResponse:
    """The link of a meeting that something on the way has changed, so that more than its path may have come along.

    What its key is, a script finds out in the browser and puts right; where the key came here, in clear, the page says so. It is
    neither read nor kept here: not in a log, not in the page, not in what the browser sends with its next request.
    """
    found = _MEETING.search(request.path)
    meeting = services.find(found[1].lower()) if found else None
    page = {
        "client": assets.tags("link"),
        "method": _known(meeting) if meeting else "",
        "language_form": False,
    }
    response = render(request, "meetings/mangled.html", page, status=200 if meeting else 404)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _known(meeting: services.MeetingSummary) -> str:
    """The library's method that it goes by. Of one that somebody published, a meeting knows its file, and not its address."""
    same = meeting.method in library.names() and services.open_method(meeting.id) == library.load(meeting.method)
    return meeting.method if same else ""


def carries_key(request: HttpRequest) -> bool:
    """Whether a key may stand where keys never should: in what a browser sends."""
    return bool(_LIKE_A_KEY.search(unquote(unquote(request.get_full_path()))))
