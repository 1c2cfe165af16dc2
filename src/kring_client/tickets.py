"""Getting into the room over plain HTTP: a ticket for a device, and the method of the meeting."""

from __future__ import annotations

import asyncio
import http.client
import urllib.error
import urllib.request

import msgspec

from kring.methods.encoded import decode
from kring.methods.model import Method

_TIMEOUT = 10.0
_GONE = {404: "unknown-meeting", 410: "expired"}
_LONGEST_PROBLEM = 1024
# The room is on this machine or named by its operator: a proxy of the environment must not stand in between.
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


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
    """GET, or POST of JSON, in a thread. ``Closed`` when the meeting is unknown or expired; ``OSError`` for trouble."""
    base = http_base(url)
    if not base.startswith(("http://", "https://")):
        raise Closed("bad-address")
    data = None if body is None else msgspec.json.encode(body)
    headers = {"Content-Type": "application/json", "Origin": base}
    request = urllib.request.Request(base + path, data=data, headers=headers)  # noqa: S310 (http or https, see above)

    def send() -> bytes:
        with _opener.open(request, timeout=_TIMEOUT) as answer:
            return bytes(answer.read())

    try:
        return await asyncio.to_thread(send)
    except urllib.error.HTTPError as error:
        with error:  # It holds the answer, and with it the connection.
            if error.code in _GONE:
                raise Closed(_GONE[error.code]) from error
            error.msg = _code_of(error) or error.msg
            if error.msg == "wrong-key":
                raise Closed(error.msg) from error
            raise
    except http.client.HTTPException as error:  # Cut short, as by a server that was just killed.
        raise ConnectionError(path) from error


def _code_of(error: urllib.error.HTTPError) -> str:
    """The stable code in an answer of Kring's; empty in one of somebody in between."""
    try:
        return _PROBLEM.decode(error.read(_LONGEST_PROBLEM)).code
    except (msgspec.DecodeError, OSError, http.client.HTTPException):
        return ""


async def fetch_ticket(
    url: str, meeting: str, device_token: str | None, *, table: bool = False, admission: str | None = None
) -> Ticket:
    """A fresh ticket for this device, or for a device new to the meeting.

    ``admission``: proves that it has the meeting's key. A server of before that was asked takes no such field.
    """
    body: dict[str, str | None] = {"device_token": device_token, "as": "table" if table else "device"}
    path = f"/api/meetings/{meeting}/tickets"
    proof: dict[str, str | None] = {} if admission is None else {"admission": admission}
    try:
        return _TICKET.decode(await ask(url, path, body | proof))
    except urllib.error.HTTPError as error:
        if error.msg != "bad-shape" or not proof:
            raise
        return _TICKET.decode(await ask(url, path, body))


async def fetch_method(url: str, meeting: str) -> Method:
    """The expanded method of the meeting."""
    return decode(await ask(url, f"/api/meetings/{meeting}/method"))
