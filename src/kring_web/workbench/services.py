"""What the workbench does with a draft: check it, rehearse it, publish it."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import TypeVar

import msgspec
import yaml

from kring.methods import library
from kring.methods.diff import Change
from kring.methods.encoded import decode
from kring_web.methods import drawing
from kring_web.methods import services as methods
from kring_web.methods.method_text import describe
from kring_web.web.json_api import Problem
from kring_web.workbench.sandbox import NO_METHOD, Checked, CheckJob, Job, PlacedRemark, Rehearsed, RehearseJob
from kring_web.workbench.sandbox_process import WORKER, Busy, TimedOut

T = TypeVar("T")


class CheckResult(msgspec.Struct, frozen=True):
    """What the checker says, and the flow as SVG by language; without a method there is none."""

    remarks: tuple[PlacedRemark, ...]
    method: msgspec.Raw
    changes: tuple[Change, ...] | None
    flow: dict[str, str]


_CHECKED = msgspec.json.Decoder(Checked)
_REHEARSED = msgspec.json.Decoder(Rehearsed)


def check(text: str, against: str | None) -> Checked:
    """What is wrong with it, what it is, and what changed."""
    return _ask(CheckJob(text, against), _CHECKED)


def with_flow(checked: Checked, language: str) -> CheckResult:
    """The same with the flow drawn."""
    flow = {}
    if checked.method != NO_METHOD:
        drawn = describe(decode(checked.method), language)
        flow[language] = "".join((drawing.ring(drawn),))  # a plain string, as JSON knows them
    return CheckResult(checked.remarks, checked.method, checked.changes, flow)


def rehearse(job: RehearseJob) -> Rehearsed:
    """A whole meeting with scripted seats, as far as it goes."""
    return _ask(job, _REHEARSED)


def publish(text: str, of: str | None, key: str | None) -> methods.Published:
    """Keep a new version; of a published method only with its author's key."""
    checked = check(text, None)
    if checked.method == NO_METHOD or checked.remarks:
        raise Problem("not-a-method")
    return methods.publish(text, bytes(checked.method), of=of, key=key)


def source(name: str) -> str | None:
    """The file of a method, as it may be changed. ``starter``: a small one; ``palette``: a phase of each kind."""
    if name == "starter":
        return resources.files("kring_web.workbench").joinpath("starter.yaml").read_text("utf-8")
    if name == "palette":
        return palette()
    return methods.source(name)


@cache
def palette() -> str:
    """A phase of each kind with its texts, out of the library: what a new step begins as."""
    found: dict[str, object] = {}
    for name in library.names():
        whole = yaml.safe_load(library.source(name))
        if "extends" in whole:
            continue
        phases = [phase for section in ("opening", "round", "closing") for phase in whole.get(section, ())]
        for phase in phases:
            if phase.keys() >= {"kind", "name", "minutes", "prompts"}:
                found.setdefault(
                    phase["kind"], {key: phase[key] for key in ("id", "kind", "name", "minutes", "prompts")}
                )
    return yaml.safe_dump({"round": list(found.values())}, allow_unicode=True, sort_keys=False)


def _ask(job: Job, answer: msgspec.json.Decoder[T]) -> T:
    try:
        return WORKER.ask(job, answer)
    except Busy:
        raise Problem("too-many") from None
    except TimedOut:
        raise Problem("takes-too-long") from None
