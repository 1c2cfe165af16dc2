"""The workbench's JSON API. Anybody may use it: it changes nothing but what they publish themselves."""

from __future__ import annotations

from typing import Annotated

import msgspec
from django.http import HttpRequest
from django.utils.translation import get_language
from django.views.decorators.gzip import gzip_page

from kring.languages import Code
from kring_web.methods.services import Published
from kring_web.web import quotas
from kring_web.web.json_api import Body, Problem, Yaml, get, post
from kring_web.workbench import services
from kring_web.workbench.sandbox import Rehearsed, RehearseJob

MAX_BODY = 600 * 1024
"""Bytes of a request: two method files and what JSON adds to them."""
Text = Annotated[str, msgspec.Meta(max_length=512 * 1024)]
"""More than a method may have, so that the reader can report that it is too long."""
Name = Annotated[str, msgspec.Meta(max_length=64)]


class CheckRequest(Body):
    """A method's text, and the text of before that it is compared with. ``language``: the drawing's, else the page's."""

    text: Text
    against: Text | None = None
    language: Code | None = None


class RehearseRequest(Body):
    """Who takes part in the rehearsal."""

    text: Text
    people: Annotated[int, msgspec.Meta(ge=1, le=99)]
    seed: Annotated[int, msgspec.Meta(ge=0, le=2**31)] = 1
    facilitator: bool = True
    written: bool = False


class PublishRequest(Body):
    """``id`` and ``key`` from an earlier answer: the next version of the same method."""

    text: Text
    id: Name | None = None
    key: Annotated[str, msgspec.Meta(max_length=64)] | None = None


_CHECK = msgspec.json.Decoder(CheckRequest)
_REHEARSE = msgspec.json.Decoder(RehearseRequest)
_PUBLISH = msgspec.json.Decoder(PublishRequest)


@gzip_page
@post(_CHECK, "too-many", "takes-too-long", max_bytes=MAX_BODY)
def check(request: HttpRequest, wanted: CheckRequest) -> services.CheckResult:  # noqa: ARG001 -- every view is given one
    """Check a draft: the remarks, the method, what changed, the flow as SVG."""
    language = wanted.language or get_language() or "en"
    return services.with_flow(services.check(wanted.text, wanted.against), language)


@gzip_page
@post(_REHEARSE, "too-many", "takes-too-long", max_bytes=MAX_BODY)
def rehearse(request: HttpRequest, wanted: RehearseRequest) -> Rehearsed:  # noqa: ARG001 -- every view is given one
    """Play a whole meeting with scripted seats: the lines of ``kring rehearse --json``."""
    return services.rehearse(RehearseJob(**msgspec.structs.asdict(wanted)))


@post(
    _PUBLISH,
    "not-a-method",
    "unknown-method",
    "bad-token",
    "too-many",
    "takes-too-long",
    status=201,
    max_bytes=MAX_BODY,
)
def publish(request: HttpRequest, wanted: PublishRequest) -> Published:
    """Publish a method, or its next version: with the ``id`` and ``key`` of before."""
    quotas.PUBLICATIONS.charge(request)
    return services.publish(wanted.text, wanted.id, wanted.key)


@gzip_page
@get("unknown-method")
def source(request: HttpRequest, method: str) -> Yaml:  # noqa: ARG001 -- every view is given one
    """The file of a method, of the library or published."""
    text = services.source(method)
    if text is None:
        raise Problem("unknown-method")
    return Yaml(text)
