"""Getting into the room over plain HTTP: a ticket for a device, and the method of the meeting.

Between here and Kring stand others who answer in its place: proxies, portals, firewalls. Only JSON that carries a code of Kring's,
with the status that belongs to it, says that there is no such meeting; only JSON of the shape that was asked for is an answer. All
else, a redirect too, is ``OSError``: trouble on the way, to be tried later.
"""

from __future__ import annotations

import asyncio
import http.client
import urllib.error
import urllib.request
from typing import TYPE_CHECKING, Final

import msgspec

from kring.methods.encoded import decode
from kring.methods.model import Method

if TYPE_CHECKING:
    from typing import IO

_TIMEOUT = 10.0
_GONE: Final = {"unknown-meeting": 404, "expired": 410, "wrong-key": 403}
_LONGEST_PROBLEM = 1024
_BAD_SHAPE: Final = "bad-shape"
_JSON: Final = "application/json"


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Kring's API has none: whoever sends us elsewhere is somebody in between, and gets no token."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: http.client.HTTPMessage,
        newurl: str,
    ) -> None:
        """Not followed: it counts as an error of that status."""


# The room is on this machine or named by its operator: a proxy of the environment must not stand in between.
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect)


class Closed(Exception):
    """The room is shut for this device, for good. ``code``: a close code of the protocol, or why no line was got."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Ticket(msgspec.Struct, frozen=True):
    """A short-lived ticket, the device's lasting token, and the path of the room's WebSocket."""

    ticket: str
    device_token: str
    room: str


class _Problem(msgspec.Struct, frozen=True):
    code: str


_TICKET = msgspec.json.Decoder(Ticket)
_PROBLEM = msgspec.json.Decoder(_Problem)


def http_base(url: str) -> str:
    """``http(s)://host`` of any address of the server."""
    return url.replace("ws", "http", 1).rstrip("/") if url.startswith("ws") else url.rstrip("/")


def ws_base(url: str) -> str:
    """``ws(s)://host`` of any address of the server."""
    return url.replace("http", "ws", 1).rstrip("/") if url.startswith("http") else url.rstrip("/")


async def ask(url: str, path: str, body: dict[str, str | None] | None = None) -> bytes:
    """GET, or POST of JSON, in a thread; the JSON that is answered.

    Raises ``Closed`` when Kring says that the meeting is unknown or expired, ``OSError`` for all else: trouble on the way.
    """
    base = http_base(url)
    if not base.startswith(("http://", "https://")):
        raise Closed("bad-address")
    data = None if body is None else msgspec.json.encode(body)
    headers = {"Content-Type": "application/json", "Origin": base}
    request = urllib.request.Request(base + path, data=data, headers=headers)  # noqa: S310 (http or https, see above)

    def send() -> bytes:
        with _opener.open(request, timeout=_TIMEOUT) as answer:
            if not answer.headers.get("Content-Type", "").startswith(_JSON):
                raise ConnectionError(f"Not an answer of Kring's: {path}")
            return bytes(answer.read())

    try:
        return await asyncio.to_thread(send)
    except urllib.error.HTTPError as error:
        with error:  # It holds the answer, and with it the connection.
            error.msg = _code_of(error)  # what the status line says anybody in between may have written
            if _GONE.get(error.msg) == error.code:
                raise Closed(error.msg) from error
            raise
    except http.client.HTTPException as error:  # Cut short, as by a server that was just killed.
        raise ConnectionError(path) from error


def _code_of(error: urllib.error.HTTPError) -> str:
    """The stable code in an answer of Kring's; empty in one of somebody in between."""
    if not error.headers.get("Content-Type", "").startswith(_JSON):
        return ""
    try:
        return _PROBLEM.decode(error.read(_LONGEST_PROBLEM)).code
    except (msgspec.DecodeError, UnicodeDecodeError, OSError, http.client.HTTPException):
        return ""


async def fetch_ticket(
    url: str, meeting: str, device_token: str | None, *, table: bool = False, admission: str | None = None
) -> Ticket:
    """A fresh ticket for this device, or for a device new to the meeting. Raises as ``ask``.

    ``admission``: proves that it has the meeting's key. A server of before that was asked takes no such field.
    """
    body: dict[str, str | None] = {"device_token": device_token, "as": "table" if table else "device"}
    path = f"/api/meetings/{meeting}/tickets"
    proof: dict[str, str | None] = {} if admission is None else {"admission": admission}
    try:
        return _ticket(await ask(url, path, body | proof), path)
    except urllib.error.HTTPError as error:
        if error.msg != _BAD_SHAPE or not proof:
            raise
        return _ticket(await ask(url, path, body), path)


def _ticket(said: bytes, path: str) -> Ticket:
    try:
        ticket = _TICKET.decode(said)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ConnectionError(f"Not an answer of Kring's: {path}") from error
    if not (ticket.ticket and ticket.device_token and ticket.room):
        raise ConnectionError(f"Not an answer of Kring's: {path}")
    return ticket


async def fetch_method(url: str, meeting: str) -> Method:
    """The expanded method of the meeting. Raises as ``ask``."""
    path = f"/api/meetings/{meeting}/method"
    said = await ask(url, path)
    try:
        return decode(said)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ConnectionError(f"Not an answer of Kring's: {path}") from error
