"""The pages about methods. They hold no case content, and change nothing."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language, get_language_info
from django.views.decorators.http import require_safe

from kring.methods.choosing import Answers
from kring.methods.model import Method
from kring_web.meetings.ways import writing
from kring_web.methods import comparing, drawing, printing, questions, services, words
from kring_web.methods.aloud import aloud
from kring_web.methods.press import CannotPrintError, Job, Kind, context
from kring_web.methods.telling import languages, tell
from kring_web.pages import client
from kring_web.practice.roles import roles

PDF = "application/pdf"


@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """Which method today? A form that works without script, a short list that says why, and all methods in a table."""
    answers = questions.read(request.GET)
    spoken = get_language() or "en"
    choice = services.choose(answers, spoken)
    rows = [
        (
            told, words.minutes(told.method.minutes), comparing.advice(told.method), comparing.place(told.method),
            words.trust(told.method), comparing.starts_from(told.method), told.id in choice.fitting,
        )
        for told in services.everything(spoken)
    ]  # fmt: skip
    found = {
        "answered": answers != Answers(),
        "lists": questions.lists(answers),
        "choices": questions.choices(answers),
        "first_time": answers.first_time,
        "choice": choice,
        "rows": rows,
    }
    return render(request, "kring_methods/choose.html", found)


@require_safe
def method(request: HttpRequest, method: str) -> HttpResponse:
    """All about one method, in any language that it has."""
    found = _find(method)
    language = _language(request, found)
    told = tell(found, language)
    page = {
        "client": client.tags("method"),
        "told": told,
        "ring": drawing.ring(told),
        "aloud": aloud(told),
        "readings": [get_language_info(code) for code in languages(found)],
        "practice": settings.KRING.practice,
        "ways": found.ways,
        "way": found.ways[0],
        "roles": roles(found),
        "role": "participant",
        "screen": get_language() or "en",
    }
    with translation.override(language):
        return render(request, "kring_methods/method.html", page | {"writing": writing(found)})


@require_safe
def sheet(request: HttpRequest, method: str) -> HttpResponse:
    """The paper as a page, for the browser's own printer."""
    found = _find(method)
    language = _language(request, found)
    told = tell(found, language)
    with translation.override(language):
        page = {"client": client.tags("sheet")} | context(told, _address(method), styled=False)
        return render(request, "kring_methods/sheet.html", page)


@require_safe
def room_sheet(request: HttpRequest, meeting: str) -> HttpResponse:
    """The same for a meeting, by its own version of the method. Its link is drawn in the browser: we don't have the key."""
    found = services.of_meeting(meeting)
    if found is None:
        raise Http404
    language = _language(request, found)
    with translation.override(language):
        page = {"client": client.tags("sheet"), "room": True} | context(tell(found, language), "", styled=False)
        return render(request, "kring_methods/sheet.html", page)


@require_safe
def paper(request: HttpRequest, method: str, kind: Kind) -> HttpResponse:
    """The paper as a PDF. Its code leads to the method's public page: no meeting, no key."""
    found = _find(method)
    language = _language(request, found)
    try:
        pdf = printing.printed(Job(found, language, kind, _address(method)))
    except CannotPrintError:
        with translation.override(language):
            told = tell(found, language)
            return render(request, "kring_methods/no_paper.html", {"told": told}, status=503)
    name = f"kring-{method}-{kind}-{language}.pdf"
    return HttpResponse(pdf, content_type=PDF, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _find(method: str) -> Method:
    found = services.find(method)
    if found is None:
        raise Http404
    return found


def _language(request: HttpRequest, method: Method) -> str:
    asked, spoken = request.GET.get("language"), get_language() or "en"
    known = languages(method)
    return next((language for language in (asked, spoken) if language in known), "en")


def _address(method: str) -> str:
    return f"{settings.KRING.public_url}{reverse('method-page', args=(method,))}"
