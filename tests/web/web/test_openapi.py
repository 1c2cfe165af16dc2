"""``docs/openapi.json`` is written from the endpoints, and the endpoints answer as it says."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import schemathesis
import schemathesis.checks
from django.core.handlers.wsgi import WSGIHandler
from django.urls import get_resolver

from kring_web.meetings import services
from kring_web.practice.colleagues import Colleagues
from kring_web.web import openapi
from kring_web.web.json_api import STATUS

DOCUMENT = Path(__file__).parents[3] / "docs" / "openapi.json"


def document() -> dict[str, Any]:
    return openapi.document(get_resolver().url_patterns)


def written() -> str:
    return json.dumps(document(), indent=1, ensure_ascii=False) + "\n"


if os.environ.get("RECORD"):
    DOCUMENT.write_text(written(), encoding="utf-8")


def test_the_document_is_written_from_the_endpoints() -> None:
    assert DOCUMENT.read_text("utf-8") == written()


def test_every_code_is_somewhere_in_the_document() -> None:
    told = {
        code
        for path in document()["paths"].values()
        for one in path.values()
        if "responses" in one
        for answer in one["responses"].values()
        for kind in answer["content"].values()
        for code in kind["schema"].get("properties", {}).get("code", {}).get("enum", ())
    }
    assert told == set(STATUS)


def application(environ: dict[str, Any], start_response: Any) -> Any:
    """Django, with the document beside it, which no server of ours serves."""
    if environ["PATH_INFO"] == "/openapi.json":
        start_response("200 OK", [("Content-Type", "application/json")])
        return [json.dumps(document()).encode()]
    return DJANGO(environ, start_response)


DJANGO = WSGIHandler()
REFUSED = {"checks": {"negative_data_rejection": {"expected-statuses": ["400", "401", "404", "405", "413", "415"]}}}
"""How a body of another shape may be refused: 413 where a text that is too long makes it too large, 401 where it is the address."""
SCHEMA = schemathesis.openapi.from_wsgi("/openapi.json", application, config=schemathesis.Config.from_dict(REFUSED))


@pytest.fixture(scope="module")
def practice_meeting() -> Iterator[str]:
    """A practice meeting whose colleagues are a program that does nothing."""
    with pytest.MonkeyPatch.context() as patch:
        idle = Colleagues((sys.executable, "-c", "input()"))
        patch.setattr("kring_web.practice.api.COLLEAGUES", idle)
        patch.setattr(services, "MAX_PER_MINUTE", 10_000)
        yield services.create(method="linxx-9", practice=True)
        idle.stop()


@SCHEMA.parametrize()
@hypothesis.settings(max_examples=25, deadline=None, derandomize=True, database=None)
def test_every_endpoint_answers_as_the_document_says(case: schemathesis.Case[Any], practice_meeting: str) -> None:
    """Bodies of the right shape and of wrong ones, for things that are there."""
    known = {
        "meeting": practice_meeting, "method": "linxx-9", "knock": "nosuchknock", "circle": "0" * 64, "since": 0,
        "kind": "about",
    }  # fmt: skip
    case.path_parameters.update({name: known[name] for name in case.path_parameters})
    case.call_and_validate(
        base_url="https://kring.example",
        headers={"Accept-Encoding": "identity"},
        excluded_checks=[schemathesis.checks.positive_data_acceptance],
    )
