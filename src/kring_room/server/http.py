"""What comes in over HTTP is bounded, at every address, before an application hears of it.

uvicorn reads requests (httptools) and asks the application; this stands between the two and the socket. A request has three
parts, one after the other, on one connection: its head, its body, and its answer. Head and body each have a size and a time,
counted as the bytes come in, whatever they are: a header without end, chunks of one byte, a promise of much more. Beyond it
the connection gets a JSON answer with a code, a moment to read it, and its end; the application never sees what came.
Whoever does not read what was answered is let go of, too. A WebSocket is the room's from its handshake on.
"""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from kring_room.counts import HTTP_REFUSALS
from kring_room.wire import codec

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

    from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

    from kring_room.counts import Counts
    from kring_room.settings import RoomSettings

MOST_BODY: Final = 640 * 1024
"""Bytes of the largest body at any address: a method in the workbench."""
MOST_HEAD: Final = 32 * 1024
MOST_HEADERS: Final = 100
_LEAST_CHUNK: Final = 64
"""A chunk costs as much as so many bytes, however short it is."""
_DIGITS: Final = 9
"""Of a length that may be looked at."""
_SLICE: Final = 16 * 1024
"""Bytes that the parser gets at once, so that it stops soon after enough."""
_PIPELINE: Final = 4
"""Requests that may wait for the answer to one before them."""
_LINGER: Final = 2.0
"""Seconds for the other side to read why, while what it still sends is thrown away ..."""
_THROWN_AWAY: Final = 4 * 1024 * 1024
"""... up to so many bytes."""
PLAIN: Final = {
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
}
"""Headers of what is answered without an application: no browser takes it for more than it is."""
_log = logging.getLogger(__name__)


class BoundedHttp(HttpToolsProtocol):
    """One HTTP connection."""

    settings: RoomSettings
    counts: Counts

    def __init__(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401 - uvicorn's own signature
        super().__init__(*arguments, **options)
        self._came = 0
        """Bytes of the part of a request that is coming in: its head, or its body."""
        self._in_body = False
        self._fields = 0
        """Of the head and behind the body of that request, so far."""
        self._timer: asyncio.TimerHandle | None = None
        """For what is to come in ..."""
        self._unread: asyncio.TimerHandle | None = None
        """... and for what is to be read by the other side: both may be awaited at once."""
        self._ended = False
        """Whether this connection is refused or the room's: nothing of it is parsed any more."""

    # -- asyncio.Protocol

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # uvicorn's own signature
        """A connection that has yet to ask for something."""
        super().connection_made(transport)
        self._within(self.settings.head_within, self._head_late)

    def connection_lost(self, exc: Exception | None) -> None:
        """It is gone."""
        self._within(None)
        self._read_within(None)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Bytes of a request, or of several."""
        for at in range(0, len(data), _SLICE):
            piece = data[at : at + _SLICE]
            if self._ended:
                self._throw_away(len(piece))
                continue
            if not self._in_body and self._timer is None:
                self._within(self.settings.head_within, self._head_late)
            self._came += len(piece)
            super().data_received(piece)
            self._look()

    def pause_writing(self) -> None:
        """The answer is not read as fast as it is made."""
        super().pause_writing()
        self._read_within(self.settings.answer_within)

    def resume_writing(self) -> None:
        """It is read again."""
        super().resume_writing()
        if not self.transport.is_closing():
            self._read_within(None)

    # -- httptools' callbacks

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
        self._fields = 0
        if len(self.pipeline) >= _PIPELINE:
            self._refuse("bad-request")

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header of it. A trailer is counted and left: it came too late to say anything about the request (RFC 9110, 6.5.1)."""
        self._fields += 1
        if self._fields > MOST_HEADERS:
            self._refuse("head-too-large")
        elif not self._ended and not self._in_body:
            super().on_header(name, value)
            if name.lower() == b"content-length" and (len(value) > _DIGITS or int(value) > MOST_BODY):
                self._refuse("too-large")

    def on_headers_complete(self) -> None:
        """The head is there: the application is asked, and what follows is its body."""
        if self._ended:
            return
        self._came, self._in_body = 0, True
        self._within(self.settings.body_within, self._body_late)
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """A piece of the body."""
        self._came += max(0, _LEAST_CHUNK - len(body))
        if not self._ended:
            super().on_body(body)
            self._look()

    def on_message_complete(self) -> None:
        """The request is there, wholly; there may be another behind it."""
        if self._ended:
            return
        self._came, self._in_body = 0, False
        self._within(None)
        super().on_message_complete()

    # -- uvicorn

    def handle_websocket_upgrade(self) -> None:
        """The room takes over, unless an answer is still under way on this connection: the two would be mixed."""
        cycle: RequestResponseCycle | None = self.cycle
        if cycle is not None and not cycle.response_complete:
            self._refuse("bad-request")
        if not self._ended:
            self._ended = True
            self._within(None)
            self._read_within(None)
            super().handle_websocket_upgrade()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - uvicorn's own signature
        """What came is no HTTP."""
        self._refuse("bad-request")

    def on_response_complete(self) -> None:
        """All was written; where the connection ends with it, what is left of it must be read in time."""
        super().on_response_complete()
        if self.transport.is_closing():
            self._read_within(self.settings.answer_within)

    def timeout_keep_alive_handler(self) -> None:
        """Nothing more was asked for."""
        super().timeout_keep_alive_handler()
        self._read_within(self.settings.answer_within)

    # -- inside

    def _within(self, seconds: float | None, late: Callable[[], None] | None = None) -> None:
        """What is awaited now, instead of what was: ``late`` is called when it has not come after so many seconds."""
        if self._timer:
            self._timer.cancel()
        self._timer = self.loop.call_later(seconds, late) if seconds is not None and late else None

    def _read_within(self, seconds: float | None) -> None:
        """By when the other side must have read some of what waits for it, or be let go of."""
        if self._unread:
            self._unread.cancel()
        self._unread = self.loop.call_later(seconds, self.transport.abort) if seconds is not None else None

    def _head_late(self) -> None:
        if self._came:
            self._refuse("too-slow")
        else:
            self.transport.close()  # a browser that connected just in case

    def _body_late(self) -> None:
        self._refuse("too-slow")

    def _look(self) -> None:
        """Whether that is enough."""
        if self._ended or self.transport.is_closing():
            return
        if self._in_body and self._came > MOST_BODY + MOST_HEAD:  # with what stands around chunks
            self._refuse("too-large")
        elif not self._in_body and self._came > MOST_HEAD:
            self._refuse("head-too-large")

    def _refuse(self, code: str) -> None:
        """Answer with that code, unless an answer is under way, and end the connection."""
        if self._ended:
            return
        self._ended, self._came = True, 0
        self.counts.http_refusals[code] += 1
        _log.info("request refused", extra={"reason": code})
        if not self._give_up_cycle():
            self.transport.write(_answer(code))
            if self.transport.can_write_eof():
                self.transport.write_eof()
        self._within(_LINGER, self.transport.abort)

    def _give_up_cycle(self) -> bool:
        """Let no application wait for a body or answer any more; whether an answer has begun."""
        cycle: RequestResponseCycle | None = self.cycle
        if cycle is None:
            return False
        cycle.disconnected = True
        cycle.message_event.set()
        if self._in_body:
            return cycle.response_started or bool(self.pipeline)
        return not cycle.response_complete  # the request before this one

    def _throw_away(self, size: int) -> None:
        self._came += size
        if self._came > _THROWN_AWAY:
            self.transport.pause_reading()


def http_class(settings: RoomSettings, counts: Counts) -> type[BoundedHttp]:
    """``BoundedHttp`` as uvicorn wants to make it."""
    bound_settings, bound_counts = settings, counts

    class HubHttp(BoundedHttp):
        settings = bound_settings
        counts = bound_counts

    return HubHttp


def _answer(code: str) -> bytes:
    status, body = HTTPStatus(HTTP_REFUSALS[code]), codec.json({"code": code})
    plain = "".join(f"{name}: {value}\r\n" for name, value in PLAIN.items())
    return (
        f"HTTP/1.1 {status.value} {status.phrase}\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n"
        f"{plain}connection: close\r\n\r\n"
    ).encode() + body
