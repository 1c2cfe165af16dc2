"""The JSON API about the methods of the library."""

from __future__ import annotations

from django.http import HttpRequest

from kring.methods.model import Method
from kring_web.methods import catalogue
from kring_web.web.json_api import Encoded, Problem, get


@get()
def methods(request: HttpRequest) -> tuple[catalogue.MethodSummary, ...]:  # noqa: ARG001 -- every view is given one
    """The methods of the library, with what helps to choose."""
    return catalogue.summaries()


@get("unknown-method")
def method(request: HttpRequest, method: str) -> Encoded[Method]:  # noqa: ARG001 -- every view is given one
    """A method of the library, with every shorthand written out."""
    encoded = catalogue.encoded(method)
    if encoded is None:
        raise Problem("unknown-method")
    return Encoded(encoded)
