"""Old logs open: each earlier version of an event is brought to today's shape, one version at a time.

A log keeps each event with the version that it was written in. ``UPCASTERS[v]`` turns a decoded event of version ``v`` into version
``v + 1``; an event of version 1 goes through all of them, one of today's through none, and one of a later release is an error,
never a guess. Histories of every release are kept in ``tests/fixtures/histories`` and replayed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from kring.meeting.events import AnyEvent

VERSION = 2
"""The version that is written today."""


def _accounts(event: dict[str, Any]) -> dict[str, Any]:
    """Version 2 says of whoever sits down how they came; before, everybody came with the link."""
    return event | {"account": "link"} if event.get("type") == "seat-taken" else event


UPCASTERS: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {1: _accounts}

_today: msgspec.json.Decoder[AnyEvent] = msgspec.json.Decoder(AnyEvent)
_encoder = msgspec.json.Encoder()


def encode(event: AnyEvent) -> bytes:
    """An event as it goes into the log, in version ``VERSION``."""
    return _encoder.encode(event)


def upcast(version: int, raw: bytes) -> AnyEvent:
    """An event out of the log, from this version or an earlier one. Raises ``msgspec.ValidationError`` on any other."""
    if version == VERSION:
        return _today.decode(raw)
    if version > VERSION:
        raise msgspec.ValidationError("a later release wrote this event")
    event: dict[str, Any] = msgspec.json.decode(raw)
    for step in range(version, VERSION):
        event = UPCASTERS[step](event)
    today: AnyEvent = msgspec.convert(event, AnyEvent)
    return today
