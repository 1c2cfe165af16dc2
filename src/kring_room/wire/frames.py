"""Where WebSocket frames begin and end, so that the common one, whole text, need not go through the library's parser.

The library takes 30 to 50 us for a frame, this 2. Whatever is not one whole masked text frame is the library's to judge.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from websockets.frames import apply_mask  # type: ignore[attr-defined]  # the library's own choice: C, or Python where there is none

from kring_room.wire.messages import MAX_FRAME

if TYPE_CHECKING:
    from collections.abc import Iterator

_TEXT: Final = 0x81
"""First byte of a text frame that is a message by itself."""
_MASKED: Final = 0x80
_SHORT, _MEDIUM = 126, 127
"""Lengths from which on the length stands in two more bytes, or in eight."""
_MASK: Final = 4


def whole_text(data: bytes) -> bytes | None:
    """The payload, if these bytes are exactly one whole masked text frame."""
    size = len(data) - 2 - _MASK
    if size < 0 or data[0] != _TEXT:
        return None
    if data[1] == _MASKED | size and size < _SHORT:
        return apply_mask(data[6:], data[2:6])
    size -= 2
    if data[1] == _MASKED | _SHORT and size == int.from_bytes(data[2:4], "big") and size <= MAX_FRAME:
        return apply_mask(data[8:], data[4:8])
    return None


class Cutter:
    """Cuts what comes in at the ends of frames, so that each can be counted before anything is done for it."""

    __slots__ = ("_head", "_owed")

    def __init__(self) -> None:
        self._head = b""
        self._owed = 0

    @property
    def between(self) -> bool:
        """Whether the next byte begins a frame."""
        return not (self._owed or self._head)

    def pieces(self, data: bytes) -> Iterator[tuple[bytes, bool]]:
        """What came in, in pieces of one frame each, and whether a frame begins there; cut as they are asked for.

        The head of a frame stays here until it is whole.
        """
        data, self._head = self._head + data, b""
        at = 0
        while at < len(data):
            begins = not self._owed
            if begins:
                size = _frame_size(data, at)
                if size is None:
                    self._head = data[at:]
                    return
                self._owed = size
            piece = data[at : at + self._owed]
            at += len(piece)
            self._owed -= len(piece)
            yield piece, begins


def _frame_size(data: bytes, at: int) -> int | None:
    """Bytes of the frame that begins there, head and all; ``None`` when there is too little of it to tell."""
    if len(data) < at + 2:
        return None
    size = data[at + 1] & ~_MASKED
    wide = {_SHORT: 2, _MEDIUM: 8}.get(size, 0)
    if len(data) < at + 2 + wide:
        return None
    if wide:
        size = int.from_bytes(data[at + 2 : at + 2 + wide], "big")
    return 2 + wide + (_MASK if data[at + 1] & _MASKED else 0) + size
