"""The small JSON API: exact validation in, stable codes out. Every endpoint is written with ``endpoint``.

An error is ``{"code": "..."}`` and nothing else; clients translate the code.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, TypeVar

import msgspec
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse

P = ParamSpec("P")
T = TypeVar("T")
MAX_BODY = 8 * 1024

Code = str
STATUS: dict[Code, int] = {
    "bad-json": 400,
    "bad-shape": 400,
    "unknown-method": 404,
    "bad-token": 403,
    "other-origin": 403,
    "unknown-meeting": 404,
    "practice-off": 404,
    "wrong-method": 405,
    "not-practice": 409,
    "already-practising": 409,
    "expired": 410,
    "too-large": 413,
    "json-expected": 415,
    "not-a-method": 422,
    "not-this-way": 422,
    "takes-too-long": 422,
    "too-many": 429,
    "overloaded": 503,
    "restarting": 503,
    "store-trouble": 503,
}
"""Every code of the API with its HTTP status. Codes are never reused."""


class Problem(Exception):
    """Answer with this code."""

    def __init__(self, code: Code, *, retry_after: int | None = None) -> None:
        """Keep the code; it must be known. ``retry_after``: seconds after which another try is worth it."""
        super().__init__(code)
        self.code = code
        self.status = STATUS[code]
        self.retry_after = retry_after

    def answer(self) -> HttpResponse:
        """As it is answered."""
        response = answer({"code": self.code}, self.status)
        if self.retry_after is not None:
            response.headers["Retry-After"] = str(self.retry_after)
        return response


class Body(msgspec.Struct, forbid_unknown_fields=True):
    """Base of request bodies: unknown keys are errors."""


def answer(value: object, status: int = 200) -> HttpResponse:
    """``value`` as JSON."""
    return HttpResponse(msgspec.json.encode(value), content_type="application/json", status=status)


def raw_json(encoded: bytes) -> HttpResponse:
    """What is JSON already."""
    return HttpResponse(encoded, content_type="application/json")


def read(request: HttpRequest, shape: msgspec.json.Decoder[T], *, most: int = MAX_BODY) -> T:
    """The request's body, of ``most`` bytes, by the decoder of its shape, or a ``Problem``."""
    if request.content_type != "application/json":
        raise Problem("json-expected")
    if int(request.headers.get("Content-Length") or 0) > most:
        raise Problem("too-large")
    try:
        raw = request.body
    except RequestDataTooBig:
        raise Problem("too-large") from None
    if len(raw) > most:
        raise Problem("too-large")
    try:
        return shape.decode(raw)
    except msgspec.ValidationError:
        raise Problem("bad-shape") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Problem("bad-json") from None


def endpoint(
    method: str, view: Callable[Concatenate[HttpRequest, P], object]
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """A Django view out of a function that returns what to encode and raises ``Problem``."""

    def respond(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.method != method and not (method == "GET" and request.method == "HEAD"):
            response = answer({"code": "wrong-method"}, STATUS["wrong-method"])
            response.headers["Allow"] = method
            return response
        try:
            result: Any = view(request, *args, **kwargs)
        except Problem as problem:
            return problem.answer()
        return result if isinstance(result, HttpResponse) else answer(result)

    return respond
