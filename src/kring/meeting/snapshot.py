"""A state as bytes, so that a long meeting opens without folding its whole log. The log stays the truth.

A snapshot is a shortcut, kept beside the log and thrown away at will. It is read by the release that wrote it and by
those that know the same ``FORMAT``; to any other it says nothing, and the log is replayed. So nothing is ever upcast.
"""

from __future__ import annotations

import msgspec

from kring.meeting.state import State

FORMAT = 3
"""Raise it when the shape of ``State`` changes or ``evolve`` folds otherwise: ``test_snapshot`` tells, and records anew."""

_HEAD = b"kring state %d\n" % FORMAT
_encoder = msgspec.msgpack.Encoder()
_decoder: msgspec.msgpack.Decoder[State] = msgspec.msgpack.Decoder(State)


def encode(state: State) -> bytes:
    """All of a state as bytes."""
    return _HEAD + _encoder.encode(state)


def decode(body: bytes) -> State | None:
    """The state again; ``None`` where it was encoded in another format, or the bytes are damaged: then replay the log."""
    if not body.startswith(_HEAD):
        return None
    try:
        return _decoder.decode(memoryview(body)[len(_HEAD) :])
    except msgspec.DecodeError:
        return None
