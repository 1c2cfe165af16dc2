"""The workbench's page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from kring_web.web import assets


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The page around the workbench."""
    language = get_language() or "en"
    context = {"client": assets.tags("workbench", language), "language": language}
    return render(request, "workbench/workbench.html", context)
