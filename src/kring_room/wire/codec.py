"""Bytes to messages and back. Nothing comes in that isn't one of ``Received`` to the letter; free of I/O.

``receive`` raises ``ProtocolError`` with the code that closes the connection.
"""

from __future__ import annotations

import base64
import binascii
import re
from typing import Any, Final, get_args

import msgspec

from kring.meeting import commands
from kring_room.wire.messages import MAX_BODY, MAX_FRAME, Do, Hello, Ping, Received, SeatCommand, Sent, Unsent

ID: Final = re.compile(r"[a-z0-9]{8,32}", re.ASCII)
"""Ids of a device's own making: command, seat, content."""
MIN_BODY: Final = {1: 1 + 12 + 16, 2: 1 + 1 + 16 + 12 + 16}
"""Bytes of a body around nothing, by its first byte, the format of the seal.

Format 1: format, nonce, tag. Format 2: format, suite, id of the key, nonce, tag.
"""
NEWEST_SEAL: Final = max(MIN_BODY)
"""The newest format of sealed bodies that this release takes."""
LONGEST_STEP: Final = 256
"""Characters of what a step is named by."""
MAX_INTEGER: Final = 2**53
"""Beyond this JavaScript loses count."""
_ALPHABET: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
"""Of base64url; the standard one ends otherwise, and its own ends are none of ours."""
_STANDARD: Final = bytes.maketrans(b"-_+/", b"+/!!")
_LAST: Final = (_ALPHABET, "", _ALPHABET[::16], _ALPHABET[::4])
"""What a text may end with, by its length modulo four: bits that say nothing are nought."""
LONGEST_BODY: Final = (MAX_BODY * 4 + 2) // 3
"""Characters of the longest body in base64url."""

_decoder: msgspec.json.Decoder[Received] = msgspec.json.Decoder(Received, strict=True)
_encoder = msgspec.json.Encoder()
_COMMANDS: Final = frozenset(kind.__struct_config__.tag for kind in get_args(SeatCommand))
_MESSAGES: Final = frozenset({"hello", "do", "ping", "unsent"})


class ProtocolError(Exception):
    """What came in ends the connection with ``code`` (of ``CLOSE_CODES``)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code: Final = code


def receive(frame: bytes) -> Received:
    """The message in a text frame."""
    if len(frame) > MAX_FRAME:
        raise ProtocolError("frame-too-large")
    try:
        message = _decoder.decode(frame)
    except (ValueError, RecursionError) as error:
        raise ProtocolError(_error_code(frame)) from error
    if not _valid(message):
        raise ProtocolError("bad-shape")
    return message


def encode(message: Sent) -> bytes:
    """A message as JSON."""
    return _encoder.encode(message)


def json(part: object) -> bytes:
    """A part of a message as JSON."""
    return _encoder.encode(part)


def text_frame(payload: bytes) -> bytes:
    """A whole unmasked WebSocket text frame, made once and written to everybody who gets it."""
    size = len(payload)
    if size < 126:  # noqa: PLR2004 - RFC 6455, 5.2
        return bytes((0x81, size)) + payload
    if size < 1 << 16:
        return b"\x81\x7e" + size.to_bytes(2, "big") + payload
    return b"\x81\x7f" + size.to_bytes(8, "big") + payload


def unseal_text(text: str) -> bytes | None:
    """The bytes of sealed content from base64url without padding; ``None`` when it can't be sealed content.

    Bytes have one text only: what comes in need not be made again from what it says.
    """
    rest = len(text) % 4
    if len(text) > LONGEST_BODY or not text.isascii() or text[-1:] not in _LAST[rest]:
        return None
    try:
        sealed = binascii.a2b_base64(text.encode().translate(_STANDARD) + b"=" * (-rest % 4), strict_mode=True)
    except binascii.Error:
        return None
    least = MIN_BODY.get(sealed[0]) if sealed else None
    return sealed if least is not None and least <= len(sealed) <= MAX_BODY else None


def seal_text(sealed: bytes) -> str:
    """Sealed content as it goes over the wire."""
    return base64.urlsafe_b64encode(sealed).rstrip(b"=").decode()


def _valid(message: Received) -> bool:
    match message:
        case Do():
            return bool(ID.fullmatch(message.id)) and _valid_command(message.command)
        case Hello():
            return (message.since is None or 0 <= message.since <= MAX_INTEGER) and 1 <= message.seal <= MAX_INTEGER
        case Ping():
            return 0 <= message.n <= MAX_INTEGER
        case Unsent():
            return len(message.phase) <= LONGEST_STEP


def _valid_command(command: SeatCommand) -> bool:
    match command:
        case commands.Give():
            return command.content is None or bool(ID.fullmatch(command.content))
        case commands.TakeSeat() | commands.AddSeat():
            return bool(ID.fullmatch(command.seat) and ID.fullmatch(command.name))
        case commands.Vote():
            return all(abs(weight) <= MAX_INTEGER for weight in command.choices.values())
        case commands.Extend():
            return abs(command.minutes) <= MAX_INTEGER
        case commands.Speed():
            return abs(command.factor) <= MAX_INTEGER
        case _:
            return True


def _error_code(frame: bytes) -> str:
    try:
        raw: Any = msgspec.json.decode(frame)
    except (ValueError, RecursionError):
        return "not-json"
    if not isinstance(raw, dict) or not isinstance(raw.get("type"), str):
        return "bad-shape"
    if raw["type"] not in _MESSAGES:
        return "unknown-type"
    command = raw.get("command")
    if raw["type"] == "do" and isinstance(command, dict):
        kind = command.get("type")
        if isinstance(kind, str) and kind not in _COMMANDS:
            return "unknown-type"
    return "bad-shape"
