"""The start page, the choice of language, and the error pages."""

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
from kring.methods.model import Method
from kring_web.meetings import capacity_gate
from kring_web.meetings.mangled_links import carries_key, mangled
from kring_web.methods import labels
from kring_web.methods.catalogue import MethodSummary, summaries
from kring_web.methods.practice_roles import practice_roles
from kring_web.methods.sitting import sittings
from kring_web.methods.written_form import WrittenForm, written_form
from kring_web.web import assets


@dataclass(frozen=True)
class MethodCard:
    """A method as the start page shows it, in one language."""

    method: Method
    id: str
    name: str
    summary: str
    minutes: int
    smallest: int
    largest: int
    cases: str
    ways: tuple[str, ...]
    roles: tuple[str, ...]
    writing: WrittenForm | None


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Start a meeting, or practise: a form that a script carries on, since the browser makes the key."""
    language_code = get_language() or "en"
    chosen = request.GET.get("method", "")
    shown = [one for one in summaries() if one.featured or one.id == chosen]
    cards = [_card(summary, language_code) for summary in shown]
    picked = next((card for card in cards if card.id == chosen), cards[0])
    return render(
        request,
        "site/start.html",
        {
            "client": assets.tags("start"),
            "methods": cards,
            "chosen": picked.id,
            "practice": settings.KRING.practice,
            "full": capacity_gate.full(request),
            "picked": picked,
            "ways": picked.ways,
            "way": _valid_or_first(picked.ways, request.GET.get("way")),
            "writing": picked.writing,
            "roles": picked.roles,
            "role": _valid_or_first(picked.roles, request.GET.get("role")),
        },
    )


@require_safe
def manual(request: HttpRequest) -> HttpResponse:
    """What people ask when something doesn't work as they thought."""
    return render(request, "site/help.html")


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Who can read what, and for how long: SECURITY.md in plain words."""
    about = {"days": settings.KRING.content_days, "practice": settings.KRING.practice}
    return render(request, "site/privacy.html", about)


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
    """Keeps meetings out of search engines."""
    return HttpResponse("User-agent: *\nDisallow: /m/\nDisallow: /api/\n", content_type="text/plain")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 -- Django's signature
    """400."""
    return _message(request, "bad-request", 400)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 -- Django's signature
    """404, unless a meeting's link was changed on its way: then the page that puts it right."""
    if request.method in ("GET", "HEAD") and carries_key(request):
        return mangled(request)
    return _message(request, "no-page", 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500."""
    return _message(request, "server-error", 500)


def _message(request: HttpRequest, about: str, status: int) -> HttpResponse:
    return render(request, "site/message.html", {"about": about, "status": status}, status=status)


def _card(summary: MethodSummary, language_code: str) -> MethodCard:
    method = library.load(summary.id)
    return MethodCard(
        method=method,
        id=summary.id,
        name=labels.text_in(method.name, language_code),
        summary=_first_sentence(labels.text_in(method.summary, language_code)),
        minutes=round(summary.minutes),
        smallest=summary.group.min,
        largest=summary.group.max,
        cases=str(summary.cases),
        ways=sittings(summary.ways),
        roles=practice_roles(method),
        writing=written_form(method),
    )


def _first_sentence(text: str) -> str:
    """Enough to choose by."""
    return re.split(r"(?<=[.!?]) ", text, maxsplit=1)[0]


def _valid_or_first(known: tuple[str, ...], asked: str | None) -> str:
    return asked if asked in known else known[0]
