"""The workbench's JSON API. Everybody may use it: it changes nothing but what they publish themselves."""

from __future__ import annotations

from typing import Annotated

import msgspec
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.views.decorators.gzip import gzip_page

from kring_web.web.json_api import Body, Problem, answer, endpoint, read
from kring_web.workbench import services
from kring_web.workbench.sandbox import Rehearsed, RehearseJob

MOST = 600 * 1024
"""Bytes of a request: two method files and what JSON adds to them."""
Text = Annotated[str, msgspec.Meta(max_length=512 * 1024)]
"""More than a method may have, so that the reader can say so in its own words."""
Name = Annotated[str, msgspec.Meta(max_length=64)]


class CheckRequest(Body):
    """A method's text, and the text of before that it is compared with."""

    text: Text
    against: Text | None = None


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


def _check(request: HttpRequest) -> services.Shown:
    wanted = read(request, _CHECK, most=MOST)
    return services.show(services.check(wanted.text, wanted.against), get_language() or "en")


def _rehearse(request: HttpRequest) -> Rehearsed:
    wanted = read(request, _REHEARSE, most=MOST)
    return services.rehearse(RehearseJob(**msgspec.structs.asdict(wanted)))


def _publish(request: HttpRequest) -> HttpResponse:
    wanted = read(request, _PUBLISH, most=MOST)
    return answer(services.publish(wanted.text, wanted.id, wanted.key), 201)


def _source(request: HttpRequest, method: str) -> HttpResponse:  # noqa: ARG001 -- every view is given one
    text = services.source(method)
    if text is None:
        raise Problem("unknown-method")
    return HttpResponse(text, content_type="application/yaml; charset=utf-8")


check = gzip_page(endpoint("POST", _check))
rehearse = gzip_page(endpoint("POST", _rehearse))
publish = endpoint("POST", _publish)
source = gzip_page(endpoint("GET", _source))
