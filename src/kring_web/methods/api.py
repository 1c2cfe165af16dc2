"""The JSON API about the methods of the library."""

from __future__ import annotations

from django.http import HttpRequest

from kring_web.methods import catalogue
from kring_web.web.json_api import Problem, endpoint, raw_json


def _methods(request: HttpRequest) -> object:  # noqa: ARG001 -- every view is given one
    return catalogue.summaries()


def _method(request: HttpRequest, method: str) -> object:  # noqa: ARG001 -- every view is given one
    encoded = catalogue.encoded(method)
    if encoded is None:
        raise Problem("unknown-method")
    return raw_json(encoded)


methods = endpoint("GET", _methods)
method = endpoint("GET", _method)
