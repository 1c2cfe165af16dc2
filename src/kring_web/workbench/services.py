"""What the web does with people's own methods: check, rehearse, publish, find.

A method is no secret and holds no case content, so it is kept in clear; its address is one that nobody guesses.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import time
from functools import cache
from importlib import resources
from typing import TypeVar

import msgspec
import yaml
from django.db import IntegrityError, transaction

from kring.methods import library, reader
from kring.methods.diff import Change
from kring.methods.encoded import decode
from kring.methods.model import Method
from kring_web.api import Problem
from kring_web.methods import drawing
from kring_web.methods.telling import tell
from kring_web.workbench.desk import NOTHING, Checked, CheckJob, Job, Rehearsed, RehearseJob, Remark
from kring_web.workbench.models import Publication
from kring_web.workbench.worker import WORKER, Busy, TooLong

T = TypeVar("T")
_ID_LENGTH = 20
_KEY_BYTES = 24
_MINUTE_MS = 60_000
_MOST_A_MINUTE = 30
"""Publications on one server. People never get there; a program that fills the disk does."""
_MOST_VERSIONS = 500


class Published(msgspec.Struct, frozen=True, rename="kebab"):
    """Where a method can be found from now on. ``key``: for its maker alone, told once."""

    id: str
    version: int
    key: str


class Shown(msgspec.Struct, frozen=True):
    """What the checker says, and the flow as SVG by language; without a method there is none."""

    remarks: tuple[Remark, ...]
    method: msgspec.Raw
    changes: tuple[Change, ...] | None
    flow: dict[str, str]


class Found(msgspec.Struct, frozen=True):
    """A version of somebody's own method."""

    id: str
    version: int
    text: str
    method: Method


_CHECKED = msgspec.json.Decoder(Checked)
_REHEARSED = msgspec.json.Decoder(Rehearsed)


def check(text: str, against: str | None) -> Checked:
    """What is wrong with it, what it is, and what changed."""
    return _ask(CheckJob(text, against), _CHECKED)


def show(checked: Checked, language: str) -> Shown:
    """The same with the flow drawn."""
    flow = {}
    if checked.method != NOTHING:
        drawn = tell(decode(checked.method), language)
        flow[language] = "".join((drawing.ring(drawn),))  # a plain string, as JSON knows them
    return Shown(checked.remarks, checked.method, checked.changes, flow)


def rehearse(job: RehearseJob) -> Rehearsed:
    """A whole meeting with scripted seats, as far as it goes."""
    return _ask(job, _REHEARSED)


def publish(text: str, of: str | None, key: str | None) -> Published:
    """Keep a new version; of a method that is there already only with its maker's key."""
    checked = check(text, None)
    if checked.method == NOTHING or checked.remarks:
        raise Problem("not-a-method")
    now = time.time_ns() // 1_000_000
    if Publication.objects.filter(published_at__gt=now - _MINUTE_MS).count() >= _MOST_A_MINUTE:
        raise Problem("too-many")
    method = bytes(checked.method)
    if of is None:
        name, key = _new_id(), secrets.token_urlsafe(_KEY_BYTES)
        return _keep(Published(name, 1, key), text, method, now)
    last = Publication.objects.filter(id=of).order_by("-version").values("version", "key_hash").first()
    if last is None:
        raise Problem("unknown-method")
    if key is None or not hmac.compare_digest(bytes(last["key_hash"]), _hash(key)):
        raise Problem("bad-token")
    if last["version"] >= _MOST_VERSIONS:
        raise Problem("too-many")
    return _keep(Published(of, last["version"] + 1, key), text, method, now)


def find(name: str, version: int | None = None) -> Found | None:
    """A version, or the latest; ``None`` when there is none."""
    versions = Publication.objects.filter(id=name)
    if version is not None:
        versions = versions.filter(version=version)
    row = versions.order_by("-version").values("version", "text", "method").first()
    if row is None:
        return None
    return Found(name, row["version"], row["text"], decode(bytes(row["method"])))


def method(name: str) -> Method | None:
    """The method of the library with this id, or the latest version of the published one."""
    if name in library.names():
        return library.load(name)
    found = find(name)
    return found.method if found else None


def source(name: str) -> str | None:
    """The file of a method, as it may be changed. ``starter``: a small one; ``palette``: a phase of each kind."""
    if name == "starter":
        return resources.files("kring_web.workbench").joinpath("starter.yaml").read_text("utf-8")
    if name == "palette":
        return palette()
    if name in library.names():
        return _in_full(name)
    found = find(name)
    return found.text if found else None


@cache
def _in_full(name: str) -> str:
    """The file of a method of the library; where it says only what differs from another, everything."""
    file = library.source(name)
    if library.load(name).extends is None:
        return file.decode()
    return yaml.safe_dump(reader.whole(file, name), allow_unicode=True, sort_keys=False, width=120)


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


def _keep(published: Published, text: str, method: bytes, now: int) -> Published:
    try:
        with transaction.atomic():
            Publication.objects.create(
                id=published.id,
                version=published.version,
                text=text,
                method=method,
                key_hash=_hash(published.key),
                published_at=now,
            )
    except IntegrityError:  # two of the same maker's windows at once
        raise Problem("too-many") from None
    return published


def _ask(job: Job, answer: msgspec.json.Decoder[T]) -> T:
    try:
        return WORKER.ask(job, answer)
    except Busy:
        raise Problem("too-many") from None
    except TooLong:
        raise Problem("takes-too-long") from None


def _hash(key: str) -> bytes:
    return hashlib.sha256(key.encode()).digest()


def _new_id() -> str:
    return base64.b32encode(secrets.token_bytes(13)).decode().lower()[:_ID_LENGTH]
