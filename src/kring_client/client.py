"""One device in a meeting: keeps a connection to the room, holds the view, sends commands, seals and opens.

::

    async with Client(url, meeting, LinkKeys.read(text)) as client:
        await client.act({"type": "take-seat", "seat": seat}, {"name": "Noor"})
        await client.changed()

A command keeps its id until it is answered, also when the connection breaks, so that the room does it once.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import secrets
import time
from types import TracebackType
from typing import Final, Literal, NotRequired, Self, TypedDict, cast

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException
from websockets.typing import Origin, Subprotocol

from kring import names
from kring_client import wire
from kring_client.folding import fold
from kring_client.keys import Keys
from kring_client.sealing import NEWEST, Fields, Filled, Place, format_for, seal, unseal
from kring_client.tickets import Closed, Ticket, fetch_ticket, http_base, ws_base

SUBPROTOCOL: Final = "kring.1"
FINAL: Final[frozenset[wire.CloseReason]] = frozenset(
    {
        "ticket-forged", "ticket-elsewhere", "not-json", "unknown-type", "bad-shape", "not-text", "frame-too-large",
        "replaced", "shown-out", "doors-closed", "unknown-meeting", "full", "device-ended",
    },
)  # fmt: skip
"""Reasons for a close after which connecting again is of no use; after any other the client tries again."""
OF_STEP: Final = frozenset(
    {
        "give", "pass", "take-floor", "release-floor", "vote", "choose", "ready", "end-phase", "skip-phase", "extend",
    },
)  # fmt: skip
"""The commands that belong to the step under way."""
_NUMBERS: Final = {str(reason): number for reason, number in wire.CLOSE_CODES.items()}
_FINAL_NUMBERS: Final = {wire.CLOSE_CODES[reason]: reason for reason in FINAL}
_TOO_FAST: Final = wire.CLOSE_CODES["too-fast"]
_RESTARTING: Final = wire.CLOSE_CODES["restarting"]
_NAMING: Final = ("take-seat", "add-seat")
_LONGEST_WAIT = 8.0
_LONGEST_FRAME = 4 * 1024 * 1024


class TakeSeat(TypedDict):
    """To sit down under a name whose content id is made up here."""

    type: Literal["take-seat"]
    seat: str
    guest: NotRequired[bool]


Command = wire.DoCommand | TakeSeat


class Refused(Exception):
    """The room refused a command; nothing changed. ``code`` says why."""

    def __init__(self, code: wire.Refusal) -> None:
        super().__init__(code)
        self.code = code


class UnusableName(ValueError):
    """A name that nobody could see, or that is too long."""


def new_id() -> str:
    """An id of the device's own making, for seats, contents and commands."""
    return secrets.token_hex(10)


def named(command: Command, *, written: bool) -> wire.DoCommand:
    """The command with a content id of our own making, where it brings something ``written`` and names none yet."""
    if command["type"] == "give" and written:
        return {**command, "content": command.get("content") or new_id()}
    if command["type"] == "take-seat":
        seated: wire.TakeSeat = {"name": new_id(), **command}
        return seated
    return command


def _step(view: wire.View | None) -> str | None:
    """The step that this device shows, where there is one and the room names it."""
    phase = view["phase"] if view is not None else None
    return phase.get("step") if phase is not None else None


def stamped(command: wire.DoCommand, view: wire.View | None) -> wire.DoCommand:
    """The command with the step that it is meant for: the one that this device shows, where the room says so."""
    step = _step(view)
    if not step or command["type"] not in OF_STEP or command.get("phase") is not None:
        return command
    return cast("wire.DoCommand", {**command, "phase": step})


def place_of(meeting: str, seat: str | None, command: wire.DoCommand) -> Place | None:
    """Where the body that a command names belongs: ``None`` when it names none."""
    if command["type"] == "give":
        content = command.get("content")
        return Place(meeting, command.get("on") or seat or "", command["what"], content) if content else None
    if command["type"] == "take-seat" or command["type"] == "add-seat":
        return Place(meeting, command["seat"], "name", command["name"])
    return None


def _usable(name: str) -> str:
    if not names.shows(name) or len(names.clean(name)) > names.LONGEST:
        raise UnusableName
    return names.clean(name)


class _Direct(connect):
    """A connection to the room itself: whoever sends us elsewhere gets no ticket."""

    def process_redirect(self, exc: Exception) -> Exception | str:
        """Not followed."""
        return exc


def _message(frame: str | bytes) -> wire.Sent:
    """The room's message; ``ConnectionError`` for what is none: somebody else is on the line."""
    try:
        message = json.loads(frame)
    except ValueError as error:
        raise ConnectionError("Not the room.") from error
    if not isinstance(message, dict) or not isinstance(message.get("type"), str):
        raise ConnectionError("Not the room.")
    return cast("wire.Sent", message)


def _code_of(connection: ClientConnection) -> int | None:
    """With which code the room closed it; ``None`` where it was somebody in between: the room says the name as well."""
    named = _NUMBERS.get(connection.close_reason or "")
    return connection.close_code if named == connection.close_code else None


class Client:
    """A device's connection to a meeting. ``keys``: for what it seals and opens.

    ``patience``: seconds without a connection after which it gives up.
    """

    def __init__(self, url: str, meeting: str, keys: Keys, *, table: bool = False, patience: float = 60.0) -> None:
        self.url, self.meeting, self.table, self.patience = url, meeting, table, patience
        self.device_token: str | None = None
        self._view: wire.View | None = None
        self.bodies: dict[str, str] = {}
        self.seat: str | None = None
        self.seq: int | None = None
        self.disconnects = 0
        """How often the connection broke, or could not be made."""
        self.code: int | None = None
        """With which code it was closed last."""
        self.closed: Closed | None = None
        self.keys = keys
        self.takes: tuple[str, ...] = ()
        """Messages that this room takes besides those that every release takes."""
        self._unsent: str | None = None
        self.seal_format = 1
        """The newest format of sealed bodies that everybody in the room reads."""
        self._clock = 0.0
        self._pending: dict[str, tuple[str, asyncio.Future[int]]] = {}
        self._connection: ClientConnection | None = None
        self._runner: asyncio.Task[None] | None = None
        self._change = asyncio.Event()

    # -- the connection ------------------------------------------------------------------------------------------------

    async def __aenter__(self) -> Self:
        """Connect and wait for the first view, or raise ``Closed``."""
        self._runner = asyncio.create_task(self._run())
        while self._view is None and self.closed is None:
            await self.changed()
        if self.closed is not None:
            await self.__aexit__(None, None, None)
            raise self.closed
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Disconnect; what was not answered raises ``Closed("left")``."""
        self._finish(Closed("left"))
        if self._connection is not None:
            await self._connection.close()
        elif self._runner is not None:
            self._runner.cancel()
        if self._runner is not None:
            with contextlib.suppress(asyncio.CancelledError):
                await self._runner

    async def _run(self) -> None:
        tries, since = 0, time.monotonic()
        while True:
            try:
                await self._connect_once()
            except Closed as closed:
                self._finish(closed)
                return
            except (OSError, WebSocketException, TimeoutError):
                pass  # No connection, or a broken one: try again below.
            except Exception:
                self._finish(Closed("broken"))  # A bug: nobody may wait for a connection that never comes.
                raise
            if self.closed is not None:
                return
            if self._connection is not None:  # It worked: begin with short waits again, unless we were too fast.
                tries, since = 3 if self.code == _TOO_FAST else 0, time.monotonic()
            self._connection = None
            self.disconnects += 1
            if time.monotonic() - since > self.patience:
                self._finish(Closed("unreachable"))
                return
            least = 0.0 if self.code == _RESTARTING and not tries else 0.5  # Another server is up.
            await asyncio.sleep(min(_LONGEST_WAIT, 0.1 * 2**tries) * random.uniform(least, 1.0))  # noqa: S311 -- spreads reconnects
            tries += 1

    async def _connect_once(self) -> None:
        proof = self.keys.admission(self.meeting)
        ticket = await fetch_ticket(self.url, self.meeting, self.device_token, table=self.table, admission=proof)
        self.device_token = ticket.device_token
        async with self._connect(ticket) as connection:
            hello: wire.Hello = {"type": "hello", "ticket": ticket.ticket, "seal": NEWEST}
            if self.seq is not None:
                hello["since"] = self.seq
            await connection.send(json.dumps(hello))
            try:
                async for frame in connection:
                    await self._receive(_message(frame), connection)
            except ConnectionClosed:
                pass
            self.code = _code_of(connection)
        if self.code in _FINAL_NUMBERS:
            raise Closed(_FINAL_NUMBERS[self.code])

    def _connect(self, ticket: Ticket) -> connect:
        origin = Origin(http_base(self.url))
        return _Direct(
            ws_base(self.url) + ticket.room,
            origin=origin,
            subprotocols=[Subprotocol(SUBPROTOCOL)],
            proxy=None,
            close_timeout=2,
            max_size=_LONGEST_FRAME,
        )

    def _finish(self, closed: Closed) -> None:
        self.closed = self.closed or closed
        for _, answer in self._pending.values():
            if not answer.done():
                answer.set_exception(self.closed)
                answer.exception()  # Whoever sent it may be gone: no complaint about an unread answer.
        self._pending.clear()
        self._change.set()

    # -- what the room sends --------------------------------------------------------------------------------------

    async def _receive(self, message: wire.Sent, connection: ClientConnection) -> None:
        match message["type"]:
            case "welcome":
                self._welcome(message)
                self._connection = connection
                for frame, _ in list(self._pending.values()):
                    await connection.send(frame)
                if self._unsent is not None:
                    await self._tell_unsent(self._unsent, unsent=True)
            case "facts":
                self._learn(message)
            case "done":
                self._answer(message["id"], message["seq"])
            case "refused":
                self._answer(message["id"], Refused(message["code"]))
            case "seal":
                self.seal_format = message["format"]
                self._change.set()
            case "pong":
                self._clock = message["now"] - time.monotonic() * 1000
            case "trouble" if message["code"] in FINAL:
                raise Closed(message["code"])

    def _welcome(self, message: wire.Welcome) -> None:
        self._clock = message["now"] - time.monotonic() * 1000
        self.seat = message["seat"]
        self.seal_format = message.get("seal") or 1
        self.takes = tuple(message.get("takes") or ())
        view = message.get("view")
        if view is not None:
            self._view, self.bodies = view, {}
        self._learn(message)

    def _learn(self, message: wire.Welcome | wire.FactsMessage) -> None:
        self.seq = message["seq"]
        facts = message.get("facts")
        if facts is not None:
            self._view = fold(self.view, facts)
        self.bodies |= message.get("bodies") or {}
        if self.view["meeting"]["burned"]:
            self.bodies = {}
        self.seat = self.view["mine"]["seat"]
        self._change.set()

    def _answer(self, command: str, result: int | Refused) -> None:
        _, answer = self._pending.pop(command, ("", None))
        if answer is None or answer.done():
            return
        if isinstance(result, Refused):
            answer.set_exception(result)
        else:
            answer.set_result(result)

    # -- what callers use -----------------------------------------------------------------------------------

    @property
    def view(self) -> wire.View:
        """All that this device may know; there from the first ``welcome`` on."""
        if self._view is None:
            raise LookupError("No welcome was received yet.")
        return self._view

    def now(self) -> int:
        """The server's clock, milliseconds since the epoch."""
        return int(self._clock + time.monotonic() * 1000)

    async def changed(self, within: float | None = None) -> bool:
        """Wait until something was learned since the last call; ``False`` when ``within`` seconds passed first."""
        try:
            await asyncio.wait_for(self._change.wait(), within)
        except TimeoutError:
            return False
        self._change.clear()
        return True

    async def act(self, command: Command, fields: Filled | None = None, *, command_id: str | None = None) -> int:
        """Send a command, with what was written sealed for its place; the ``seq`` at which it is durable.

        Raises ``Refused``; ``UnusableName`` for a seat whose name shows nothing or is too long; ``Closed`` when the connection
        is closed for good before the answer. With ``fields`` the content id is made up here where the command names none yet.
        """
        if self.closed is not None:
            raise self.closed
        bodies: dict[str, str] = {}
        whole = stamped(named(command, written=fields is not None), self._view)
        if fields is not None and whole["type"] in _NAMING:
            fields = {key: _usable(str(value)) if key == "name" else value for key, value in fields.items()}
        place = place_of(self.meeting, self.seat, whole)
        if fields is not None and place is not None:
            bodies[place.id] = seal(self.keys, place, fields, format_for(self.seal_format))
        identity = command_id or new_id()
        do: wire.Do = {"type": "do", "id": identity, "command": whole, "bodies": bodies}
        frame = json.dumps(do)
        answer: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._pending[identity] = (frame, answer)
        if self._connection is not None:
            # If it breaks here, the next connection sends what is pending.
            with contextlib.suppress(ConnectionClosed):
                await self._connection.send(frame)
        return await answer

    async def report_unsent(self, *, unsent: bool) -> None:
        """Say whether somebody holds text for this step that they have not sent: then its end waits a moment for them.

        It is not answered; on a new connection it is said again while that step lasts. Rooms of before are told nothing.
        """
        step = _step(self._view)
        self._unsent = step if unsent else None
        if step:
            await self._tell_unsent(step, unsent=unsent)

    async def _tell_unsent(self, step: str, *, unsent: bool) -> None:
        """Of the step that it was typed in: what is left of one that is over keeps nobody waiting in the next."""
        if step == _step(self._view) and "unsent" in self.takes and self._connection is not None:
            message: wire.Unsent = {"type": "unsent", "phase": step, "unsent": unsent}
            with contextlib.suppress(ConnectionClosed):
                await self._connection.send(json.dumps(message))

    def open(self, seat: str, kind: str, content: str) -> Fields | None:
        """What was written there: ``None`` when its body isn't here, ``SealBroken`` when it does not open."""
        sealed = self.bodies.get(content)
        return None if sealed is None else unseal(self.keys, Place(self.meeting, seat, kind, content), sealed)

    def name(self, seat: str) -> str:
        """The name of whoever sits there, or nothing."""
        for chair in self.view["seats"]:
            if chair["id"] == seat:
                name = str((self.open(seat, "name", chair["name"]) or {}).get("name", ""))
                return names.clean(name) if names.shows(name) else ""
        return ""
