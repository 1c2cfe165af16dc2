"""The JSON API: exact validation in, stable codes out. Every endpoint is written with ``get`` or ``post``.

An error is ``{"code": "..."}`` and nothing else; clients translate the code. What an endpoint takes and gives stands in its
types, and which codes it may answer in its decorator: ``openapi`` writes the document from them.
"""

from __future__ import annotations

import inspect
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Concatenate, Generic, Literal, ParamSpec, TypeVar, get_type_hints

import msgspec
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse

P = ParamSpec("P")
T = TypeVar("T")
B = TypeVar("B")
logger = logging.getLogger(__name__)
MAX_BODY = 8 * 1024

Code = str
STATUS: dict[Code, int] = {
    "bad-json": 400,
    "bad-shape": 400,
    "unknown-method": 404,
    "sign-in": 401,
    "bad-token": 403,
    "wrong-key": 403,
    "other-origin": 403,
    "not-seated": 403,
    "not-a-member": 403,
    "not-yours": 403,
    "unknown-meeting": 404,
    "no-circle": 404,
    "wrong-code": 404,
    "practice-off": 404,
    "wrong-method": 405,
    "not-practice": 409,
    "already-practising": 409,
    "meeting-taken": 409,
    "doors-closed": 409,
    "too-many-knocks": 409,
    "knock-taken": 409,
    "out-of-turn": 409,
    "log-moved": 409,
    "item-moved": 409,
    "epoch-moved": 409,
    "keyring-moved": 409,
    "last-lock": 409,
    "circle-full": 409,
    "expired": 410,
    "knock-over": 410,
    "too-large": 413,
    "json-expected": 415,
    "entry-refused": 422,
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
    """An error to answer with."""

    def __init__(self, code: Code, *, retry_after: int | None = None) -> None:
        """``code``: one of ``STATUS``. ``retry_after``: seconds after which to try again."""
        super().__init__(code)
        self.code = code
        self.status = STATUS[code]
        self.retry_after = retry_after

    def answer(self) -> HttpResponse:
        """The response."""
        response = answer({"code": self.code}, self.status)
        if self.retry_after is not None:
            response.headers["Retry-After"] = str(self.retry_after)
        return response


class Body(msgspec.Struct, forbid_unknown_fields=True):
    """Base of request bodies: unknown keys are errors."""


@dataclass(frozen=True)
class Encoded(Generic[T]):
    """A ``T`` that is JSON already."""

    json: bytes


@dataclass(frozen=True)
class Yaml:
    """A file of the method language."""

    text: str


@dataclass(frozen=True)
class Operation:
    """What the OpenAPI document says of an endpoint. ``codes``: its own; ``openapi`` adds those that any endpoint may answer."""

    method: Literal["GET", "POST"]
    summary: str
    body: type | None
    answers: Any
    status: int
    codes: frozenset[Code]


class Endpoint(Generic[P]):
    """A Django view of one method."""

    def __init__(self, operation: Operation, respond: Callable[Concatenate[HttpRequest, P], HttpResponse]) -> None:
        """``respond`` may raise ``Problem``."""
        self.operation = operation
        self._respond = respond

    def __call__(self, request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        """What it answers; ``HEAD`` as ``GET``."""
        method = self.operation.method
        if request.method != method and not (method == "GET" and request.method == "HEAD"):
            response = answer({"code": "wrong-method"}, STATUS["wrong-method"])
            response.headers["Allow"] = method
            return response
        try:
            return self._respond(request, *args, **kwargs)
        except Problem as problem:
            if problem.code not in self.operation.codes:
                logger.error("undocumented code", extra={"reason": problem.code})  # noqa: TRY400 -- the trace says nothing more
            match = request.resolver_match
            logger.info("call refused", extra={"reason": problem.code, "kind": match.url_name if match else ""})
            return problem.answer()


def get(*codes: Code) -> Callable[[Callable[Concatenate[HttpRequest, P], object]], Endpoint[P]]:
    """An endpoint out of a function that gives what to encode, or raises ``Problem`` with one of these codes."""

    def decorate(view: Callable[Concatenate[HttpRequest, P], object]) -> Endpoint[P]:
        def respond(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            return _answer(view(request, *args, **kwargs))

        operation = Operation("GET", _summary(view), None, _answers(view), 200, frozenset(codes))
        return Endpoint(operation, respond)

    return decorate


def post(
    body: msgspec.json.Decoder[B], *codes: Code, status: int = 200, max_bytes: int = MAX_BODY
) -> Callable[[Callable[Concatenate[HttpRequest, B, P], object]], Endpoint[P]]:
    """The same for a function that takes the request's body too: JSON of at most ``max_bytes``, by this decoder."""

    def decorate(view: Callable[Concatenate[HttpRequest, B, P], object]) -> Endpoint[P]:
        def respond(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            return _answer(view(request, read(request, body, max_bytes=max_bytes), *args, **kwargs), status)

        own = frozenset({*codes, "bad-json", "bad-shape", "too-large", "json-expected"})
        operation = Operation("POST", _summary(view), body.type, _answers(view), status, own)
        return Endpoint(operation, respond)

    return decorate


def answer(value: object, status: int = 200) -> HttpResponse:
    """``value`` as JSON."""
    return HttpResponse(msgspec.json.encode(value), content_type="application/json", status=status)


def read(request: HttpRequest, shape: msgspec.json.Decoder[B], *, max_bytes: int) -> B:
    """The request's body, of at most ``max_bytes`` bytes, by the decoder of its shape, or a ``Problem``."""
    if request.content_type != "application/json":
        raise Problem("json-expected")
    if int(request.headers.get("Content-Length") or 0) > max_bytes:
        raise Problem("too-large")
    try:
        raw = request.body
    except RequestDataTooBig:
        raise Problem("too-large") from None
    if len(raw) > max_bytes:
        raise Problem("too-large")
    try:
        return shape.decode(raw)
    except msgspec.ValidationError:
        raise Problem("bad-shape") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Problem("bad-json") from None


def _answer(value: object, status: int = 200) -> HttpResponse:
    if isinstance(value, Encoded):
        return HttpResponse(value.json, content_type="application/json", status=status)
    if isinstance(value, Yaml):
        return HttpResponse(value.text, content_type="application/yaml; charset=utf-8", status=status)
    return answer(value, status)


def _summary(view: Callable[..., object]) -> str:
    return inspect.cleandoc(view.__doc__ or "")


def _answers(view: Callable[..., object]) -> Any:  # noqa: ANN401 -- a type, generic or not
    return get_type_hints(view)["return"]
