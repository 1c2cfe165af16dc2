"""Devices that keep every frame they get, and what may be in none of them: told from the log and the method alone.

``Watch`` knows no veils of the engine: a phase that the method hides is closed to all but the author until its
``revealed`` event, and what it withholds is closed to those it names (and the table) until the method's ``until``.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, NamedTuple, Self

import msgspec

from kring.methods.model import Method, Phase
from kring_room import tickets
from kring_room.cluster.clock import wall_clock
from tests.room.support import SECRET, Device, Json, Running, new_id, sealed
from tests.stored import stored

TABLE = "table"
CHUNK = 24
"""Characters of base64 that hold the number of a canary whole, wherever they begin."""


class Clock:
    """The server's clock, which a test may set forward."""

    def __init__(self) -> None:
        self.ahead = 0

    def __call__(self) -> int:
        return wall_clock() + self.ahead


class Spy(Device):
    """A device that records. ``who``: its seat, ``table``, or ``None``."""

    def __init__(self, room: Running, meeting: str, clock: Clock, *, table: bool = False, device: str = "") -> None:
        super().__init__(room, meeting, table=table, device=device)
        self.clock = clock
        self.frames: list[bytes] = []
        self.counted = 0

    @property
    def who(self) -> str | None:
        return TABLE if self.table else self.seat

    def ticket(self) -> str:
        return tickets.sign_ticket(SECRET, meeting=self.meeting, device=self.device, now=self.clock(), table=self.table)

    async def next(self, within: float = 20) -> Json:
        """The next message: recorded, then folded."""
        del within  # a volley takes long on a busy machine
        raw = await self.socket.recv(decode=False)
        self.frames.append(raw)
        self.counted += 1
        message: Json = msgspec.json.decode(raw)
        self._fold(message)
        return message

    async def sync(self) -> list[Json]:
        """All that was sent to this device before now, but for how many devices listen: that comes whenever it changes."""
        number = int(new_id()[1:])
        await self.say({"type": "ping", "n": number})
        heard = []
        while (message := await self.next()).get("type") != "pong" or message["n"] != number:
            if message["type"] != "devices":
                heard.append(message)
        return heard

    async def flood(self, messages: list[Json]) -> None:
        """Say very much, in one breath."""
        for message in messages:
            self.socket.protocol.send_text(msgspec.json.encode(message))
        self.socket.transport.write(b"".join(self.socket.protocol.data_to_send()))

    async def come_back(self, since: int) -> None:
        """Lose the line and come back: with all one has, with nothing, with what one had at ``since``."""
        for known in (self.seq, None, since):
            before, bodies = self.view, self.bodies
            await self.socket.close()
            if known is None:
                self.view, self.bodies = {}, {}
            await self.hello(known)
            assert self.view == before, "a fresh view is what was folded"
            named = {one["name"] for one in before.get("seats", ())} | {
                one["content"] for one in before.get("items", ())
            }
            # Whoever is outside is told no names any more once all is over.
            kept = bodies if known is not None else {one: body for one, body in bodies.items() if one in named}
            assert self.bodies == kept

    async def sitting(self, **fields: Any) -> Self:
        await self.hello()
        assert (await self.sit(**fields))["type"] == "done"
        return self


class Secret(NamedTuple):
    """A contribution, and the phase that it was given in. ``owner``: whose round it was."""

    content: str
    seat: str
    key: str
    phase: Phase
    owner: str | None

    def kept_from(self, who: str | None, watch: Watch) -> bool:
        """Whether this audience may not have it now."""
        if who is None:
            return True
        if who == self.seat:
            return False
        hidden = self.phase.hidden != "no" and self.key not in watch.revealed
        return hidden or (self.key in watch.withheld and self._withheld_from(who))

    def _withheld_from(self, who: str) -> bool:
        withheld = self.phase.withheld
        if withheld is None or self.owner is None:
            return False
        assert withheld.from_ in ("owner", "participant")
        return who == TABLE or (who == self.owner) == (withheld.from_ == "owner")


class Watch:
    """Follows the log in the database, and says what each device may not have."""

    def __init__(self, room: Running, meeting: str, method: Method) -> None:
        self._database = room.database
        self._meeting = meeting
        self._phases = _phases(method)
        self.seq = 0
        self.log: list[Json] = []
        self.bodies: dict[str, str] = {}
        self.secrets: dict[str, Secret] = {}
        self.revealed: set[str] = set()
        self.ended: set[str] = set()
        self.withheld: dict[str, str] = {}
        """The phases of which something is withheld now, and until when."""
        self._owner: str | None = None
        self._here: tuple[str, Phase] | None = None
        self._owed: dict[str, int] = {}

    def canary(self, content: str) -> Json:
        """A body of its own for each content, of which every part tells whose it is."""
        self.bodies[content] = sealed(f"canary {content} ".encode() * 12)
        return {content: self.bodies[content]}

    def read(self) -> list[Json]:
        """The events since the last time."""
        fresh: list[Json] = []
        for seq, _, body in stored(self._database, self._meeting, after=self.seq).events:
            assert seq == self.seq + 1
            self.seq = seq
            fresh.append(json.loads(body))
            self._fold(fresh[-1])
        self.log += fresh
        return fresh

    def check(self, spies: list[Spy]) -> int:
        """Nobody got a frame, since the last check, with anything that they may not have, and nobody misses what they may.

        How many frames were looked at.
        """
        looked = 0
        for spy in spies:
            frames, spy.frames = spy.frames, []
            looked += len(frames)
            everything = b"\n".join(frames)
            for secret in self.secrets.values():
                if secret.kept_from(spy.who, self):
                    assert not self._traces(secret, everything), (spy.who, secret)
                    assert secret.content not in spy.bodies
                else:
                    assert spy.bodies[secret.content] == self.bodies[secret.content]
        return looked

    def _traces(self, secret: Secret, frames: bytes) -> list[bytes]:
        """What of a contribution is in there: its id, or any piece of its body."""
        body = self.bodies[secret.content].encode()
        pieces = [body[at : at + CHUNK] for at in range(CHUNK, len(body) - CHUNK, CHUNK)]
        return [piece for piece in (secret.content.encode(), *pieces) if piece in frames]

    def _fold(self, event: Json) -> None:
        match event["type"]:
            case "round-started":
                self._owner = event["owner"]
            case "round-ended":
                self._give_back(lambda _key, until: until not in ("never", "close"))
            case "phase-started":
                self._start(event)
            case "turn-passed" if self._here and not any(give.turns == "circle" for give in self._here[1].gives):
                self._owed[event["seat"]] = 0  # without turns, one pass is for all that is left
            case "contribution-given" | "turn-passed":
                self._owed[event["seat"]] = self._owed.get(event["seat"], 0) - 1
                if event.get("content") and self._here:
                    key, phase = self._here
                    self.secrets[event["content"]] = Secret(event["content"], event["seat"], key, phase, self._owner)
            case "phase-ended":
                self.ended.add(event["key"])
                self._give_back(lambda key, until: (key, until) == (event["key"], "end"))
            case "revealed" if not event.get("withheld"):
                self._reveal(event["phase"])
            case "meeting-closed":
                self._give_back(lambda _key, until: until == "close")

    def _start(self, event: Json) -> None:
        phase = self._phases[event["section"], event.get("module"), event["id"]]
        self._here = (event["key"], phase)
        self._owed = {slot[0]: slot[2] for slot in event.get("slots", ()) if slot[1] != "vote"}
        self._give_back(lambda _key, until: until == event["id"])
        if phase.withheld:
            self.withheld[event["key"]] = phase.withheld.until

    def _give_back(self, now: Callable[[str, str], bool]) -> None:
        self.withheld = {key: until for key, until in self.withheld.items() if not now(key, until)}

    def _reveal(self, key: str) -> None:
        """A reveal is only in time when everyone has given what they owe, or the phase is over."""
        if self._here and self._here[0] == key and key not in self.ended and self._here[1].hidden != "no":
            assert self._here[1].hidden == "done"
            assert all(left <= 0 for left in self._owed.values()), self._owed
        self.revealed.add(key)


def _phases(method: Method) -> dict[tuple[str, str | None, str], Phase]:
    """By section, module and id."""
    found: dict[tuple[str, str | None, str], Phase] = {}
    for section in ("opening", "round", "closing"):
        found |= {(section, None, phase.id): phase for phase in getattr(method, section)}
    for name, module in method.modules.items():
        found |= {("round", name, phase.id): phase for phase in module.phases}
    return found
