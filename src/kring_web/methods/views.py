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
from kring_web.methods import choice, comparison, drawing, labels, pdf_process, questions, services
from kring_web.methods.method_text import describe, languages, reading_language
from kring_web.methods.pdf import Job, Kind, PdfError, context
from kring_web.methods.practice_roles import practice_roles
from kring_web.methods.read_aloud import read_aloud
from kring_web.methods.sitting import sittings
from kring_web.methods.written_form import written_form
from kring_web.web import assets

PDF = "application/pdf"


@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """Which method today? A form that works without script, a short list that says why, and all methods in a table."""
    answers = questions.read(request.GET)
    language = get_language() or "en"
    found = choice.choose(answers, language)
    rows = [
        (
            text, labels.whole_minutes(text.method), comparison.advice(text.method), comparison.place(text.method),
            labels.trust(text.method), comparison.starts_from(text.method), text.id in found.fitting,
        )
        for text in choice.everything(language)
    ]  # fmt: skip
    page = {
        "answered": answers != Answers(),
        "lists": questions.lists(answers),
        "choices": questions.choices(answers),
        "first_time": answers.first_time,
        "choice": found,
        "rows": rows,
    }
    return render(request, "methods/choose.html", page)


@require_safe
def method(request: HttpRequest, method: str) -> HttpResponse:
    """All about one method, in any language that it has."""
    found = _find(method)
    language = _language(request, found)
    text = describe(found, language)
    page = {
        "client": assets.tags("method"),
        "text": text,
        "ring": drawing.ring(text),
        "aloud": read_aloud(text),
        "readings": [get_language_info(code) for code in languages(found)],
        "practice": settings.KRING.practice,
        "ways": sittings(found.ways),
        "way": sittings(found.ways)[0],
        "roles": practice_roles(found),
        "role": "participant",
        "screen": get_language() or "en",
    }
    with translation.override(language):
        return render(request, "methods/method.html", page | {"writing": written_form(found)})


@require_safe
def sheet(request: HttpRequest, method: str) -> HttpResponse:
    """The paper as a page, for the browser's own printer."""
    found = _find(method)
    language = _language(request, found)
    text = describe(found, language)
    with translation.override(language):
        page = {"client": assets.tags("sheet")} | context(text, _address(method), styled=False)
        return render(request, "methods/sheet.html", page)


@require_safe
def paper(request: HttpRequest, method: str, kind: Kind) -> HttpResponse:
    """The paper as a PDF. Its code leads to the method's public page: no meeting, no key."""
    found = _find(method)
    language = _language(request, found)
    try:
        pdf = pdf_process.pdf_of(Job(found, language, kind, _address(method)))
    except PdfError:
        with translation.override(language):
            text = describe(found, language)
            return render(request, "methods/no_paper.html", {"text": text}, status=503)
    name = f"kring-{method}-{kind}-{language}.pdf"
    return HttpResponse(pdf, content_type=PDF, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _find(method: str) -> Method:
    found = services.find(method)
    if found is None:
        raise Http404
    return found


def _language(request: HttpRequest, method: Method) -> str:
    return reading_language(method, request.GET.get("language"), get_language())


def _address(method: str) -> str:
    return f"{settings.KRING.public_url}{reverse('method-page', args=(method,))}"
