"""The shell: one WebSocket on an asyncio transport.

Handshake and incoming frames are read by ``websockets`` (sans-I/O); outgoing frames are bytes made once for everybody.
The HTTP server hands a connection over when it asks for an upgrade, so pages and rooms share one port.

What comes in is cut into frames, each is counted (``limits.Intake``) and only then judged. Who sends too much is told so, and
not read any more: so a read costs a bounded amount of work, and between two reads the event loop serves the others.
"""

from __future__ import annotations

import asyncio
import logging
import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, cast

from websockets.exceptions import PayloadTooBig
from websockets.frames import Close, Frame, Opcode
from websockets.http11 import Request
from websockets.protocol import OPEN
from websockets.server import ServerProtocol
from websockets.typing import Subprotocol

from kring_room.server.connection import Connection
from kring_room.wire.frames import Cutter, whole_text
from kring_room.wire.messages import MAX_FRAME, SUBPROTOCOL

if TYPE_CHECKING:
    from kring_room.live.hub import Hub

PATH: Final = re.compile(r"(?:https?://[^/?#]*)?/room/([a-z2-7]{1,32})(?:\?.*)?", re.ASCII)
"""Of a room's address, as a request names it: it may name the host as well."""
_PORT: Final = re.compile(r":[0-9]{1,5}$", re.ASCII)
_PING: Final = b"\x89\x00"
_PONG: Final = b"\x8a\x80"
"""Its answer, but for four bytes of mask around nothing."""
_PONG_SIZE: Final = 6
_FAREWELL: Final = 2.0
"""Seconds for the other side to answer a close frame."""
_quiet = logging.getLogger("kring_room.websocket")
_quiet.setLevel(logging.WARNING)  # its debug level would write frames, and so content, to the log


class RoomSocket(asyncio.Protocol):
    """One connection: the ``Socket`` of a ``Connection``. Slots: there are very many, and each message touches seven."""

    __slots__ = (
        "_closing",
        "_connection",
        "_cutter",
        "_hub",
        "_limit",
        "_parts",
        "_paused",
        "_plain",
        "_protocol",
        "_slow",
        "_text",
        "_transport",
    )

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._protocol = ServerProtocol(subprotocols=[Subprotocol(SUBPROTOCOL)], max_size=MAX_FRAME, logger=_quiet)
        self._transport: asyncio.Transport
        self._connection: Connection | None = None
        self._parts: list[bytes] = []
        self._text = True
        self._plain = False
        """Whether a whole text frame that comes now is a message, and the library need not see it."""
        self._cutter = Cutter()
        self._limit = hub.settings.buffer
        self._paused = False
        self._slow = False
        self._closing: asyncio.TimerHandle | None = None

    # -- asyncio.Protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The HTTP server hands over the connection."""
        self._transport = cast("asyncio.Transport", transport)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's own signature
        """The connection is gone."""
        if self._closing:
            self._closing.cancel()
        if self._connection:
            self._connection.lost()

    def data_received(self, data: bytes) -> None:
        """Bytes came in."""
        connection = self._connection
        if connection is None:  # the request, which came by itself
            self._judged(data)
        elif self._plain and (payload := whole_text(data)) is not None:  # nearly always it is one whole message
            if connection.arrived(1, len(data)):
                connection.received(payload)
            else:
                self._turn_away()
        elif self._plain and len(data) == _PONG_SIZE and data.startswith(_PONG):
            if not connection.arrived(1, _PONG_SIZE):
                self._turn_away()
        else:
            self._pieces(connection, data)

    def _pieces(self, connection: Connection, data: bytes) -> None:
        """Frames came in that are cut, or are several, or are no messages."""
        self._plain = False
        for piece, begins in self._cutter.pieces(data):
            if not connection.arrived(begins, len(piece)):
                self._turn_away()
                return
            self._judged(piece)
        self._plain = self._cutter.between and not self._parts and self._protocol.state is OPEN

    def _turn_away(self) -> None:
        """Too much came in: no more is read. The other side has time to see why, and then it ends."""
        self._plain = False
        self._transport.pause_reading()

    def _judged(self, data: bytes) -> None:
        """The library reads a piece of a frame, or the request."""
        self._protocol.receive_data(data)
        if isinstance(self._protocol.parser_exc, PayloadTooBig) and self._connection and not self._connection.closed:
            self._protocol.data_to_send()  # it has a close frame of its own; ours says why
            self._connection.trouble("frame-too-large")
            return
        self._answer()
        for event in self._protocol.events_received():
            if isinstance(event, Request):
                self._shake_hands(event)
            else:
                self._frame(cast("Frame", event))
        self._answer()

    def eof_received(self) -> None:
        """The other side will say no more."""
        self._plain = False
        self._protocol.receive_eof()
        self._answer()

    def pause_writing(self) -> None:
        """Much is waiting to be written."""
        self._paused = True

    def resume_writing(self) -> None:
        """What was waiting is mostly written."""
        self._paused = False
        self._limit = self._hub.settings.buffer

    # -- Socket

    def write(self, frame: bytes) -> None:
        """Write whole frames, unless too much is waiting already."""
        transport = self._transport
        if transport.is_closing():
            return
        if self._paused and not self._slow and transport.get_write_buffer_size() > self._limit:
            self._slow = True
            if self._connection:
                self._connection.trouble("too-slow")
        elif self._closing is None:
            transport.write(frame)

    def allow_backlog(self) -> None:
        """What waits now was asked for: it is no slowness until it is read."""
        self._limit = self._hub.settings.buffer + self._transport.get_write_buffer_size()

    def close(self, code: int, reason: str) -> None:
        """Write a close frame; close when it is answered, or soon."""
        if self._closing or self._transport.is_closing():
            return
        self._plain = False
        if self._protocol.state is OPEN:
            self._protocol.send_close(code, reason)
            self._answer()
        else:  # the protocol has failed by itself, and would say why in its own words
            self._transport.write(Frame(Opcode.CLOSE, Close(code, reason).serialize()).serialize(mask=False))
            self._transport.write_eof()
        self._closing = asyncio.get_running_loop().call_later(_FAREWELL, self.abort)

    def ping(self) -> None:
        """Ask for a sign of life."""
        if not self._transport.is_closing() and self._protocol.state is OPEN:
            self._transport.write(_PING)

    def abort(self) -> None:
        """Close without a word."""
        self._transport.abort()

    def shutdown(self) -> None:
        """The HTTP server stops: so does this."""
        if self._connection:
            self._connection.trouble("restarting")

    # -- inside

    def connect(self, meeting: str) -> Connection:
        """The connection that this socket is of from now on."""
        return Connection(self._hub, meeting, self)

    def _answer(self) -> None:
        """Write what the protocol itself has to say."""
        for data in self._protocol.data_to_send():
            if self._transport.is_closing():
                return
            if data:
                self._transport.write(data)
            else:
                self._transport.close()

    def _shake_hands(self, request: Request) -> None:
        found = PATH.fullmatch(request.path)
        if found is None:
            response = self._protocol.reject(HTTPStatus.NOT_FOUND, "No room here.\n")
        elif not self._known_host(request):
            response = self._protocol.reject(HTTPStatus.BAD_REQUEST, "No such host.\n")
        elif not self._same_origin(request):
            response = self._protocol.reject(HTTPStatus.FORBIDDEN, "From another site.\n")
        else:
            response = self._protocol.accept(request)
        self._protocol.send_response(response)
        self._answer()
        if found and self._protocol.state is OPEN:
            self._connection = self.connect(found[1])

    def _same_origin(self, request: Request) -> bool:
        origins = request.headers.get_all("Origin")
        if not origins:
            return True  # not a browser
        origin, settings = origins[0], self._hub.settings
        if len(origins) > 1:
            return False
        if origin in settings.origins:
            return True
        scheme, _, host = origin.partition("://")  # and nothing else: what is no origin is nobody's
        return scheme in settings.schemes and host == request.headers.get("Host")

    def _known_host(self, request: Request) -> bool:
        """Whether we answer to that name. No other page is then one of ours, whatever name it has found for this machine."""
        hosts, names = self._hub.settings.hosts, request.headers.get_all("Host")
        if not hosts:
            return True
        name = _PORT.sub("", names[0]).lower() if len(names) == 1 else ""
        return any(name == host or (host.startswith(".") and name.endswith(host)) for host in hosts)

    def _frame(self, frame: Frame) -> None:
        connection = self._connection
        if connection is None or connection.closed:
            return
        if frame.opcode is Opcode.PING:
            connection.pinged()
        elif frame.opcode in (Opcode.TEXT, Opcode.BINARY, Opcode.CONT):
            if frame.opcode is not Opcode.CONT:
                self._text = frame.opcode is Opcode.TEXT
            self._parts.append(bytes(frame.data))
            frame.data = b""  # The parser holds on to its last frame, and content that is burned should be nowhere.
            if frame.fin:
                whole, self._parts = b"".join(self._parts), []
                if self._text:
                    connection.received(whole)
                else:
                    connection.trouble("not-text")


def socket_class(hub: Hub) -> type[asyncio.Protocol]:
    """``RoomSocket`` as the HTTP server wants to make it on an upgrade."""

    class HubSocket(RoomSocket):
        __slots__ = ("_sockets",)

        def __init__(self, config: Any, server_state: Any, app_state: Any, **_: Any) -> None:  # noqa: ANN401, ARG002 - uvicorn's own signature
            super().__init__(hub)
            self._sockets: set[Any] = server_state.connections

        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            super().connection_made(transport)
            self._sockets.add(self)

        def connection_lost(self, exc: Exception | None) -> None:
            self._sockets.discard(self)
            super().connection_lost(exc)

    return HubSocket
