"""A meeting as a script: who says what, in an order that the engine accepts, as frames ready to be sent.

The engine plays the meeting beforehand, so that the load generator need neither parse nor think.
"""

from __future__ import annotations

import base64
import random
from typing import NamedTuple, cast

import msgspec

from kring.meeting import INITIAL, Actor, Refusal, State, commands, evolve, execute, open_meeting, view
from kring.methods.model import Method
from kring_room.wire.messages import Do, SeatCommand

BODY_BYTES = 300
"""Of sealed content, before base64."""
SEATS = 7
_LONGEST = 2000
_MOST = 4
"""Things that one person says of one kind in one phase, where the method sets no bound."""


class Line(NamedTuple):
    """One line of a script: which device says it, the frame's payload, the ``seq`` after it."""

    device: int
    payload: bytes
    seq: int


class ScriptError(Exception):
    """The script does not lead to the end of a meeting."""


class Script:
    """The lines of one whole meeting of seven."""

    def __init__(self, method: Method) -> None:
        self.method = method
        self.lines: list[Line] = []
        self._state: State = evolve(INITIAL, open_meeting("m" * 20, method, now=1, seed=1))
        self._seats = [f"seat{n:08d}" for n in range(SEATS)]
        self._chance = random.Random(method.id)  # noqa: S311 - the same bytes in every run, not a secret
        self._play()

    def _play(self) -> None:
        for n, seat in enumerate(self._seats):
            self._do(n, commands.TakeSeat(seat=seat, name=f"name{seat}"))
        self._do(0, commands.TakeFacilitation())
        self._do(0, commands.Start())
        for _ in range(_LONGEST):
            if self._state.info.status == "closed":
                return
            self._move()
        raise ScriptError(f"no end of {self.method.id}")

    def _move(self) -> None:
        """The first thing that somebody has to do: to give, to vote, to pass; when all is done, to end the phase."""
        for wanted in ("give", "vote", "pass", "end-phase"):
            for n, seat in enumerate(self._seats):
                mine = view(self._state, seat, method=self.method).mine
                for command, detail in mine.permitted:
                    if command == wanted and (move := self._made(seat, command, detail, voted=mine.vote is not None)):
                        self._do(n, move)
                        return
        raise ScriptError(f"nobody can do anything in {self._state.phase}")

    def _made(self, seat: str, command: str, detail: str, *, voted: bool) -> commands.AnyCommand | None:
        match command:
            case "give" if self._gives(seat, detail):
                return commands.Give(what=detail, content=f"content{len(self.lines):08d}")
            case "vote" if not voted:  # two cases with so many votes that no lot decides, none of the facilitator's own
                cases, favourite = tuple(self._state.items), 1 if self._seats.index(seat) < SEATS - 2 else 2
                return commands.Vote(choices={cases[favourite].content or "": 1})
            case "pass":
                return commands.Pass(what=detail)
            case "end-phase":
                return commands.EndPhase()
            case _:
                return None

    def _gives(self, seat: str, what: str) -> bool:
        """Whether this person has more to say of this kind in this phase."""
        return any(one.slot.seat == seat and one.slot.what == what and one.given < _MOST for one in self._state.desk)

    def _do(self, device: int, command: commands.AnyCommand) -> None:
        seated = self._state.seat(self._seats[device]) is not None
        actor = Actor(seat=self._seats[device] if seated else None)
        outcome = execute(self._state, command, method=self.method, actor=actor, now=1)
        if isinstance(outcome, Refusal):
            raise ScriptError(f"{outcome} for {command}")
        self._state = outcome[1]
        named = getattr(command, "content", None) or getattr(command, "name", None)
        do = Do(f"command{len(self.lines):08d}", cast("SeatCommand", command), {named: self._body()} if named else {})
        self.lines.append(Line(device, msgspec.json.encode(do), self._state.seq))

    def _body(self) -> str:
        """What can't be told from sealed content."""
        sealed = b"\x01" + self._chance.randbytes(BODY_BYTES - 1)
        return base64.urlsafe_b64encode(sealed).rstrip(b"=").decode()
