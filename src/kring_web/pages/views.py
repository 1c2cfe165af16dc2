"""The pages. They hold no case content: the room fetches that sealed, and opens it in the browser."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_POST, require_safe

from kring.methods import library
from kring_web import intake
from kring_web.meetings import services as meetings
from kring_web.meetings.library import MethodSummary, summaries
from kring_web.meetings.ways import Writing, writing
from kring_web.pages import client
from kring_web.practice.roles import ROLES
from kring_web.practice.roles import roles as practice_roles


@dataclass(frozen=True)
class MethodCard:
    """A method as the start page shows it, in one language."""

    id: str
    name: str
    summary: str
    minutes: int
    smallest: int
    largest: int
    cases: str
    ways: tuple[str, ...]
    roles: tuple[str, ...]
    writing: Writing | None


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Start a meeting, or practise: a form that a script carries on, since the browser makes the key."""
    spoken = get_language() or "en"
    chosen = request.GET.get("method", "")
    cards = [_card(summary, spoken) for summary in summaries() if summary.featured or summary.id == chosen]
    picked = next((card for card in cards if card.id == chosen), cards[0] if cards else None)
    ways = picked.ways if picked else ("spoken",)
    roles = picked.roles if picked else ROLES
    return render(
        request,
        "kring_pages/start.html",
        {
            "client": client.tags("start"),
            "methods": cards,
            "chosen": picked.id if picked else "",
            "practice": settings.KRING.practice,
            "full": intake.full(request),
            "ways": ways,
            "way": _one_of(ways, request.GET.get("way")),
            "writing": picked.writing if picked else None,
            "roles": roles,
            "role": _one_of(roles, request.GET.get("role")),
        },
    )


@require_safe
def room(request: HttpRequest, meeting: str) -> HttpResponse:
    """The page around the room, for a person's own device."""
    return _room(request, meeting, table=False)


@require_safe
def table(request: HttpRequest, meeting: str) -> HttpResponse:
    """The same room for the shared screen on the table."""
    return _room(request, meeting, table=True)


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Keep the language that was asked for in a cookie, and go back."""
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts=None):
        target = reverse("start")
    response = HttpResponseRedirect(target)
    wanted = request.POST.get("language", "")
    if wanted in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            wanted,
            max_age=settings.LANGUAGE_COOKIE_AGE,
            samesite="Lax",
            secure=settings.LANGUAGE_COOKIE_SECURE,
        )
    return response


@require_GET
def robots(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 -- every view is given one
    """Meetings are nobody's search result."""
    return HttpResponse("User-agent: *\nDisallow: /m/\nDisallow: /api/\n", content_type="text/plain")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 -- Django's signature
    """400."""
    return _message(request, "bad-request", 400)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 -- Django's signature
    """404 for everything that is no address of ours."""
    return _message(request, "no-page", 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our fault, said plainly."""
    return _message(request, "server-error", 500)


def _room(request: HttpRequest, meeting: str, *, table: bool) -> HttpResponse:
    found = meetings.find(meeting)
    if found is None:
        return _message(request, "no-meeting", 404)
    if found.expired:
        return _message(request, "expired", 410)
    context = {
        "client": client.tags("room"),
        "meeting": found,
        "table": table,
        "content_days": settings.KRING.content_days,
    }
    return render(request, "kring_pages/room.html", context)


def _message(request: HttpRequest, about: str, status: int) -> HttpResponse:
    return render(request, "kring_pages/message.html", {"about": about, "status": status}, status=status)


def _card(summary: MethodSummary, spoken: str) -> MethodCard:
    method = library.load(summary.id)
    return MethodCard(
        id=summary.id,
        name=summary.name.get(spoken) or summary.name["en"],
        summary=_first_sentence(summary.summary.get(spoken) or summary.summary["en"]),
        minutes=round(summary.minutes),
        smallest=summary.group.min,
        largest=summary.group.max,
        cases=str(summary.cases),
        ways=summary.ways,
        roles=practice_roles(method),
        writing=writing(method),
    )


def _first_sentence(text: str) -> str:
    """Enough to choose by; the room tells the rest."""
    return re.split(r"(?<=[.!?]) ", text, maxsplit=1)[0]


def _one_of(known: tuple[str, ...], asked: str | None) -> str:
    return asked if asked in known else known[0]
