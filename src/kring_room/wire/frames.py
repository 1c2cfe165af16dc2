"""Where WebSocket frames begin and end, so that the common one, whole text, need not go through the library's parser.

The library takes 30 to 50 us for a frame, this 2. Whatever is not one whole masked text frame is the library's to judge.
"""

from __future__ import annotations

from typing import Final

from websockets.frames import apply_mask  # type: ignore[attr-defined]  # the library's own choice: C, or Python where there is none

from kring_room.wire.messages import MAX_FRAME

_TEXT: Final = 0x81
"""First byte of a text frame that is a message by itself."""
_MASKED: Final = 0x80
_SHORT, _MEDIUM = 126, 127
"""Lengths from which on the length stands in two more bytes, or in eight."""
_MASK: Final = 4
_LONGEST: Final = 2 + 8 + _MASK + MAX_FRAME


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


class Border:
    """Follows what the library is fed: whether it stands between two frames, or within one."""

    __slots__ = ("_head", "_owed", "lost")

    def __init__(self) -> None:
        self._head = b""
        self._owed = 0
        self.lost = False
        """Whether something came that no device sends; the library will say what."""

    @property
    def between(self) -> bool:
        """Whether the next byte begins a frame."""
        return not (self._owed or self._head or self.lost)

    def feed(self, data: bytes) -> None:
        """The library gets these bytes."""
        data, self._head = self._head + data, b""
        while data and not self.lost:
            if self._owed:
                passed = min(self._owed, len(data))
                self._owed -= passed
                data = data[passed:]
                continue
            size = _frame_size(data)
            if size is None:
                self._head, data = data, b""
            elif size > _LONGEST:
                self.lost = True
            else:
                self._owed = size


def _frame_size(data: bytes) -> int | None:
    """Bytes of the frame that begins here, head and all; ``None`` when there is too little of it to tell."""
    if len(data) < 2:  # noqa: PLR2004 - the length begins in the second byte
        return None
    size = data[1] & ~_MASKED
    wide = {_SHORT: 2, _MEDIUM: 8}.get(size, 0)
    if len(data) < 2 + wide:
        return None
    if wide:
        size = int.from_bytes(data[2 : 2 + wide], "big")
    return 2 + wide + (_MASK if data[1] & _MASKED else 0) + size
