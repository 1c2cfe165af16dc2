"""A room in a hundred lines that keeps to the protocol: the engine, no disk, no tickets. For the client's tests alone."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import msgspec
import pytest
from websockets.asyncio.server import ServerConnection, serve
from websockets.typing import Subprotocol

from kring.meeting import TABLE, Actor, Refusal, decide, due, evolve, facts, open_meeting, view
from kring.meeting import commands as c
from kring.meeting.state import State
from kring.methods.model import Method
from kring_client import client as client_module
from kring_client import colleagues as colleagues_module
from kring_client.client import SUBPROTOCOL
from kring_client.tickets import Ticket

MEETING = "k7d2m5qw3xza4bcn6vhj"


class StandIn:
    """One meeting. ``drop`` breaks all lines; ``deaf`` commands are done but not answered.

    ``seal``: the newest format that everybody reads; ``None``: a room of an earlier release, which knows of none.
    """

    def __init__(self, method: Method) -> None:
        self.method, self.url = method, ""
        self.state = evolve(State(), open_meeting(MEETING, method, now=self.now(), seed=1, practice=True))
        self.bodies: dict[str, str] = {}
        self.answers: dict[str, dict[str, Any]] = {}
        self.seats: dict[str, str] = {}
        self.lines: dict[ServerConnection, str] = {}
        self.received: list[str] = []
        self.deaf = 0
        self.seal: int | None = None
        self.takes: tuple[str, ...] = ()
        self.unsent: list[dict[str, Any]] = []
        self.hellos: list[dict[str, Any]] = []
        self.devices = 0
        self.news = asyncio.Condition()

    @staticmethod
    def now() -> int:
        return int(time.time() * 1000)

    def who(self, line: ServerConnection) -> str | None:
        return self.seats.get(self.lines[line])

    async def serve_line(self, line: ServerConnection) -> None:
        hello = json.loads(await line.recv())
        self.hellos.append(hello)
        self.lines[line] = hello["ticket"]
        who = self.who(line)
        fresh = view(self.state, who, method=self.method)
        welcome = {"type": "welcome", "seq": self.state.seq, "now": self.now(), "seat": who, "table": False}
        welcome |= {} if self.seal is None else {"seal": self.seal}
        welcome |= {"takes": self.takes} if self.takes else {}
        await self.send(
            line, welcome | {"view": msgspec.to_builtins(fresh), "bodies": self.seen(fresh.items, fresh.seats)}
        )
        try:
            async for frame in line:
                self.received.append(str(frame))
                await self.hear(line, json.loads(frame))
        finally:
            del self.lines[line]

    def seen(self, *parts: Any) -> dict[str, str]:
        text = msgspec.json.encode(parts).decode()
        return {key: body for key, body in self.bodies.items() if f'"{key}"' in text}

    async def hear(self, line: ServerConnection, message: dict[str, Any]) -> None:
        if message["type"] == "unsent":
            self.unsent.append(message)
            return
        answer = self.answers.get(message["id"])
        if answer is None:
            answer = self.answers[message["id"]] = await self.do(line, message)
        if self.deaf:
            self.deaf -= 1
            await line.close()
            return
        await self.send(line, answer)

    async def do(self, line: ServerConnection, message: dict[str, Any]) -> dict[str, Any]:
        command = msgspec.convert(message["command"], c.AnyCommand)
        refusal = await self.decide(command, Actor(seat=self.who(line)), message["bodies"], self.lines[line])
        if refusal:
            return {"type": "refused", "id": message["id"], "code": refusal.code}
        return {"type": "done", "id": message["id"], "seq": self.state.seq}

    async def decide(
        self, command: c.AnyCommand, actor: Actor, bodies: dict[str, str], device: str = ""
    ) -> Refusal | None:
        before, decided = self.state, decide(self.state, command, method=self.method, actor=actor, now=self.now())
        if isinstance(decided, Refusal):
            return decided
        self.bodies |= bodies
        for event in decided:
            self.state = evolve(self.state, event)
        audience = {line: self.who(line) for line in self.lines}
        if isinstance(command, c.TakeSeat):
            self.seats[device] = command.seat
        async with self.news:
            self.news.notify_all()
        for line, was in audience.items():
            await self.tell(line, before, was, [str(type(event).__struct_config__.tag) for event in decided])
        return None

    async def tell(self, line: ServerConnection, before: State, was: str | None, because: list[str]) -> None:
        who = self.who(line)
        if who == was:
            new = facts(before, self.state, who, method=self.method)
            body: dict[str, Any] = msgspec.to_builtins(new)
        else:
            body = msgspec.to_builtins(view(self.state, who, method=self.method))
            body = {"items": body.pop("items"), "set": body}
        message = {"type": "facts", "seq": self.state.seq, "because": because, "facts": body, "bodies": self.seen(body)}
        await self.send(line, message)

    async def say_seal(self, form: int) -> None:
        self.seal = form
        for line in self.lines:
            await self.send(line, {"type": "seal", "format": form})

    async def send(self, line: ServerConnection, message: dict[str, Any]) -> None:
        if line.state.name == "OPEN":
            await line.send(json.dumps(message))

    async def drop(self) -> None:
        for line in list(self.lines):
            line.transport.abort()
        await asyncio.sleep(0.01)

    async def until(self, holds: Callable[[], object]) -> None:
        """Wait until something is so."""
        async with self.news:
            await self.news.wait_for(holds)

    async def tick(self) -> None:
        while True:
            await asyncio.sleep(0.02)
            alarm = due(self.state)
            if alarm is not None and alarm <= self.now():
                await self.decide(c.Tick(), Actor(room=True), {})

    def ticket(self, token: str | None) -> Ticket:
        if token is None:
            self.devices += 1
            token = f"device{self.devices}"
        return Ticket(token, token, f"/room/{MEETING}")


@asynccontextmanager
async def standing_in(method: Method, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[StandIn]:
    room = StandIn(method)

    async def fetch_ticket(_url: str, _meeting: str, token: str | None, *, table: bool = False, **_: str) -> Ticket:
        assert not table, TABLE
        return room.ticket(token)

    async def fetch_method(_url: str, _meeting: str) -> Method:
        return msgspec.json.decode(msgspec.json.encode(room.method), type=Method)

    monkeypatch.setattr(client_module, "fetch_ticket", fetch_ticket)
    monkeypatch.setattr(colleagues_module, "fetch_method", fetch_method)
    async with serve(room.serve_line, "127.0.0.1", 0, subprotocols=[Subprotocol(SUBPROTOCOL)]) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        room.url = f"ws://127.0.0.1:{port}"
        clock = asyncio.create_task(room.tick())
        try:
            yield room
        finally:
            clock.cancel()
