"""The page around the room, and a meeting's method on paper. What is said in the room reaches the browser sealed."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import get_language, gettext, gettext_noop
from django.views.decorators.http import require_safe

from kring_web.config.security import permit
from kring_web.meetings import services
from kring_web.meetings.mangled_links import carries_key, mangled
from kring_web.methods.method_text import describe, reading_language
from kring_web.methods.pdf import context
from kring_web.web import assets

INVITATION = gettext_noop(
    "You are invited to an intervision meeting. Open the link, type your name and take a seat. You need no account."
)
"""What a chat shows under a link. It names no method and nobody: previews are made by strangers' machines."""


@require_safe
@permit("screen-wake-lock")
def room(request: HttpRequest, meeting: str) -> HttpResponse:
    """The page around the room, for a person's own device."""
    return _room(request, meeting, table=False)


@require_safe
@permit("screen-wake-lock")
def table(request: HttpRequest, meeting: str) -> HttpResponse:
    """The same room for the shared screen on the table."""
    return _room(request, meeting, table=True)


@require_safe
def sheet(request: HttpRequest, meeting: str) -> HttpResponse:
    """The method of this meeting as it was when it opened. The link is drawn in the browser: we don't have the key."""
    method = services.open_method(meeting)
    if method is None:
        raise Http404
    language = reading_language(method, request.GET.get("language"), get_language())
    with translation.override(language):
        page = {"client": assets.tags("sheet"), "room": True} | context(describe(method, language), "", styled=False)
        return render(request, "methods/sheet.html", page)


def _room(request: HttpRequest, meeting: str, *, table: bool) -> HttpResponse:
    if request.META["QUERY_STRING"] and carries_key(request):
        return mangled(request)
    found = services.find(meeting)
    if found is None:
        return render(request, "meetings/unknown.html", status=404)
    if found.expired:
        return render(request, "meetings/expired.html", status=410)
    with translation.override(services.language_of(meeting) or get_language()):
        # A preview is fetched by a machine without a language: it is told in that of whoever invites.
        preview = {"invited": gettext("Take a seat in the circle"), "invitation": gettext(INVITATION)}
    context = preview | {
        "client": assets.tags("room", get_language()),
        "meeting": found,
        "table": table,
        "content_days": settings.KRING.content_days,
    }
    return render(request, "meetings/room.html", context)
