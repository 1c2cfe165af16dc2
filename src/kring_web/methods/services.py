"""The methods of this server: those of the library, and those that somebody published.

A method is no secret and holds no case content, so it is stored in clear; the id of a published one cannot be guessed.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from functools import cache

import msgspec
import yaml
from django.db import IntegrityError, transaction
from django.db.models import Count, Max
from msgspec.structs import replace

from kring.methods import library, reader
from kring.methods.encoded import decode
from kring.methods.model import Method
from kring_room.cluster.clock import wall_clock
from kring_web.methods.models import Publication
from kring_web.web.ids import new_id
from kring_web.web.json_api import Problem

_ID = re.compile(r"[a-z2-7]{20}", re.ASCII)
"""Of a published method, as ``new_id`` makes it."""
_KEY_BYTES = 24
_MINUTE_MS = 60_000
_MAX_PER_MINUTE = 30
"""Publications on one server in a minute. People never reach it; a program that fills the disk does."""
_MAX_VERSIONS = 500
_DAY_MS = 24 * 60 * _MINUTE_MS
_LOOKS = 12
_doomed: dict[str, int] = {}
"""What looked unused, and how often in a row."""
UNUSED_DAYS = 90
"""Days for which a published method is kept by which no meeting was ever opened."""
USED_DAYS = 730
"""Days for which it is kept after the last one. SECURITY.md, docs/operations.md and the workbench's texts say both."""


class Published(msgspec.Struct, frozen=True, rename="kebab"):
    """Where a method can be found from now on. ``key``: for its author alone, given once."""

    id: str
    version: int
    key: str


class Version(msgspec.Struct, frozen=True):
    """A version of a published method."""

    id: str
    version: int
    text: str
    method: Method


def load(name: str) -> Method | None:
    """The method of the library with this id, or the latest version of the published one."""
    if name in library.names():
        return library.load(name)
    found = version(name)
    return found.method if found else None


def find(name: str) -> Method | None:
    """The same for pages, where a published method goes by the id of its publication, whatever its file calls it."""
    found = load(name)
    return replace(found, id=name) if found else None


def source(name: str) -> str | None:
    """The file of a method, as it may be changed."""
    if name in library.names():
        return _in_full(name)
    found = version(name)
    return found.text if found else None


def version(name: str, number: int | None = None) -> Version | None:
    """A version of a published method, or the latest; ``None`` when there is none."""
    if not _ID.fullmatch(name):
        return None  # not every name that somebody makes up is one that a database can be asked for
    versions = Publication.objects.filter(id=name)
    if number is not None:
        versions = versions.filter(version=number)
    row = versions.order_by("-version").values("version", "text", "method").first()
    if row is None:
        return None
    return Version(name, row["version"], row["text"], decode(bytes(row["method"])))


def publish(text: str, method: bytes, *, of: str | None, key: str | None) -> Published:
    """Keep a checked method as a new version; of a published one only with its author's key.

    ``method``: as JSON. Raises ``Problem``: ``too-many``, ``unknown-method``, ``bad-token``.
    """
    now = wall_clock()
    if Publication.objects.filter(published_at__gt=now - _MINUTE_MS).count() >= _MAX_PER_MINUTE:
        raise Problem("too-many")
    if of is None:
        name, key = new_id(), secrets.token_urlsafe(_KEY_BYTES)
        return _keep(Published(name, 1, key), text, method, now)
    known = Publication.objects.filter(id=of) if _ID.fullmatch(of) else Publication.objects.none()
    last = known.order_by("-version").values("version", "key_hash").first()
    if last is None:
        raise Problem("unknown-method")
    if key is None or not hmac.compare_digest(bytes(last["key_hash"]), _hash(key)):
        raise Problem("bad-token")
    if last["version"] >= _MAX_VERSIONS:
        raise Problem("too-many")
    return _keep(Published(of, last["version"] + 1, key), text, method, now)


def used(name: str) -> None:
    """A meeting was opened by this method: if it is a published one, it is kept for longer. Written once a day."""
    if not _ID.fullmatch(name):
        return
    now, versions = wall_clock(), Publication.objects.filter(id=name)
    noted = versions.aggregate(versions=Count("version"), last=Max("used_at"))
    if noted["versions"] and (noted["last"] or 0) < now - _DAY_MS:
        versions.update(used_at=now)


def take_down(name: str) -> int:
    """Delete every version of a published method; how many there were. Meetings have their own copies."""
    return int(Publication.objects.filter(id=name).delete()[0])


def delete_unused() -> None:
    """Delete what was published and not used for so long: no meeting opened by it, no new version.

    What can't be got back is not deleted by one look at a clock: it must look so ``_LOOKS`` times, an hour apart, in one process.
    """
    found = _unused(wall_clock())
    for name in [one for one in _doomed if one not in found]:
        del _doomed[name]
    for name in found:
        _doomed[name] = _doomed.get(name, 0) + 1
        if _doomed[name] >= _LOOKS:
            take_down(name)
            del _doomed[name]


def _unused(now: int) -> frozenset[str]:
    latest = Publication.objects.values("id").annotate(published=Max("published_at"), used=Max("used_at"))
    never = latest.filter(used__isnull=True, published__lt=now - UNUSED_DAYS * _DAY_MS)
    formerly = latest.filter(used__lt=now - USED_DAYS * _DAY_MS, published__lt=now - USED_DAYS * _DAY_MS)
    return frozenset([*never.values_list("id", flat=True), *formerly.values_list("id", flat=True)])


@cache
def _in_full(name: str) -> str:
    """The file of a method of the library; one that extends another is written out in full."""
    file = library.source(name)
    if library.load(name).extends is None:
        return file.decode()
    return yaml.safe_dump(reader.whole(file, name), allow_unicode=True, sort_keys=False, width=120)


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
    except IntegrityError:  # two windows of the same author at once
        raise Problem("too-many") from None
    return published


def _hash(key: str) -> bytes:
    return hashlib.sha256(key.encode()).digest()
