"""A state as bytes, so that a long meeting opens without folding its whole log. The log stays the truth.

A snapshot is a line that names the format, then the state as MessagePack; of the contributions only themselves, for pages
and ids are made of them again. It is a shortcut, kept beside the log and thrown away at will: read by the release that
wrote it and by those that know the same ``FORMAT``; to any other it says nothing, and the log is replayed. So nothing
is ever upcast.
"""

from __future__ import annotations

import msgspec
from msgspec.structs import replace

from kring.meeting.items import Item, Items
from kring.meeting.record import Record
from kring.meeting.state import State

FORMAT = 11
"""Raise it when the shape of ``State`` changes or ``evolve`` folds otherwise: ``test_snapshot`` tells, and records anew."""


class Snapshot(Record, frozen=True):
    """What is encoded: a state without its contributions, and those."""

    state: State
    items: tuple[Item, ...]


_HEAD = b"kring state %d\n" % FORMAT
_NONE = Items()
_encoder = msgspec.msgpack.Encoder()
_decoder: msgspec.msgpack.Decoder[Snapshot] = msgspec.msgpack.Decoder(Snapshot)


def encode(state: State) -> bytes:
    """All of a state as bytes."""
    return _HEAD + _encoder.encode(Snapshot(replace(state, items=_NONE), tuple(state.items)))


def decode(body: bytes) -> State | None:
    """The state again; ``None`` where it was encoded in another format, or the bytes are damaged: then replay the log."""
    if not body.startswith(_HEAD):
        return None
    try:
        found = _decoder.decode(memoryview(body)[len(_HEAD) :])
    except msgspec.DecodeError:
        return None
    return replace(found.state, items=Items.of(found.items))
