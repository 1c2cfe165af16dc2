"""Every command that a device could try, and the code that it must be refused with, told from its own screen.

A second telling of the rules, from ``docs/protocol.md`` and the view alone: nothing here asks the engine.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args

from kring.methods.model import ADVICE, BY_SOMEBODY, PREVIOUS, SILENCED, Method, Phase, What
from tests.room.support import Json, new_id

TABLE = "table"
NOBODY = "nobodysits"
SEATED = frozenset(
    {
        "leave", "close-meeting", "burn", "show-out", "take-facilitation", "hand-facilitation", "take-role", "give-role",
        "give", "pass", "vote", "choose", "ready", "take-floor", "remove-table", "end-devices", "set-video-room",
        "take-back",
    }
)  # fmt: skip
"""What only somebody does, in their own name: never the table screen."""
FOR_OTHERS = ("leave", "take-facilitation", "take-floor")


def every_command(view: Json, who: str | None, method: Method) -> Iterator[Json]:
    """All kinds of commands with all details, for oneself and for everybody else."""
    seats = [seat["id"] for seat in view["seats"]]
    yield from _plain(view, seats, method)
    yield from _offering(None, (*get_args(What), "vote", "nonsense"), written=True)
    mine = sorted({give.what for phase in phases(method) for give in phase.gives} | {"nonsense"})
    for seat in [*(seat for seat in seats if seat != who), NOBODY]:
        yield from _offering(seat, mine, written=False)
        yield from ({"type": kind, "on": seat} for kind in FOR_OTHERS)
        yield {"type": "take-back", "what": "burn", "on": seat}
        yield {"type": "vote", "on": seat, "choices": dict.fromkeys(_options(view), 1)}
        yield {"type": "ready", "on": seat, "ready": True}
        yield from ({"type": "take-role", "role": role, "on": seat} for role in method.roles)
    if who not in (None, TABLE):
        yield from _offering(who, mine, written=False)


def _plain(view: Json, seats: list[str], method: Method) -> Iterator[Json]:
    for kind in (
        "leave", "close-doors", "open-doors", "take-facilitation", "start", "take-floor", "release-floor", "end-phase",
        "skip-phase", "pause", "resume", "close-meeting", "burn", "hand-facilitation", "end-devices",
    ):  # fmt: skip
        yield {"type": kind}
    yield {"type": "take-seat", "seat": new_id("s"), "name": new_id("n")}
    yield {"type": "take-seat", "seat": new_id("s"), "name": new_id("n"), "guest": True}
    yield {"type": "add-seat", "seat": new_id("s"), "name": new_id("n")}
    yield {"type": "ready", "ready": True}
    yield {"type": "ready", "ready": False}
    yield {"type": "extend", "minutes": 1}
    yield {"type": "speed", "factor": 60}
    for options in ([], _options(view)[:1], ["nonsense"]):
        yield {"type": "choose", "choices": options}
        yield {"type": "vote", "choices": dict.fromkeys(options, 1)}
    yield from ({"type": "take-back", "what": what} for what in ("close-meeting", "burn", *seats, NOBODY))
    for seat in (*seats, NOBODY):
        yield {"type": "show-out", "seat": seat}
        yield {"type": "return-to-seat", "seat": seat}
        yield {"type": "hand-facilitation", "to": seat}
        yield from ({"type": "give-role", "role": role, "seat": seat} for role in (*method.roles, PREVIOUS, "king"))
    yield from ({"type": "take-role", "role": role} for role in (*method.roles, PREVIOUS, "king"))
    yield {"type": "set-video-room", "content": None}
    yield from (
        {"type": "remove-table", "table": table} for table in (*(one["id"] for one in view["tables"]), "nothere1")
    )


def _offering(on: str | None, whats: Any, *, written: bool) -> Iterator[Json]:
    for what in whats:
        yield {"type": "give", "what": what, "content": None, "on": on}
        yield {"type": "pass", "what": what, "on": on}
        if written:
            yield {"type": "give", "what": what, "content": new_id("k"), "on": on}


def _options(view: Json) -> list[str]:
    return list(view["choice"]["options"]) if view["choice"] else []


def permitted(view: Json, who: str | None, command: Json) -> bool:
    """Whether the screen would have a button for it."""
    on = command.get("on")
    mine = view["mine"]["permitted"] if on in (None, who) else view["mine"]["acting"].get(on, ())
    kind = command["type"]
    match kind:
        case "give" | "pass" | "take-back":
            return [kind, command["what"]] in mine
        case "take-role" | "give-role":
            return [kind, command["role"]] in mine
        case "return-to-seat":
            return [kind, command["seat"]] in mine
        case "take-seat":
            return [kind, "guest" if command.get("guest") else ""] in mine
        case "vote" | "choose":
            return any(action[0] == kind for action in mine)
        case _:
            return [kind, ""] in mine


def expected(view: Json, who: str | None, command: Json, method: Method) -> str:
    """The code for a command that is not permitted."""
    kind, on = command["type"], command.get("on")
    screen = Screen(view, who, method)
    if who is None:
        return screen.outside(command)
    if on not in (None, who):
        if on not in screen.seats:
            return "unknown-seat"
        if on not in view["mine"]["acting"]:
            return "facilitator-only"
        screen = Screen(view, on, method)
    if kind in ("take-seat", "return-to-seat"):
        return "already-seated"
    if screen.who == TABLE and kind in SEATED:
        return "not-seated"
    if kind == "remove-table":
        return "unknown-table"
    if kind == "end-devices":
        return "only-device"
    if kind == "burn":
        return screen.burn()
    if kind == "take-back":
        return screen.take_back(command["what"])
    if screen.status == "closed":
        return "meeting-closed"
    return screen.inside(command)


class Screen:
    """What the rules need to know of a view, for whoever would do something."""

    def __init__(self, view: Json, who: str | None, method: Method) -> None:
        self.view, self.who, self.method = view, who, method
        self.meeting = view["meeting"]
        self.status: str = self.meeting["status"]
        self.seats = {seat["id"]: seat for seat in view["seats"]}
        self.full = sum(not seat["guest"] for seat in view["seats"]) >= self.meeting["largest"]
        self.phase: Json | None = view["phase"]
        spec = None if self.phase is None else spec_of(method, self.phase)
        self.spec: Phase | None = spec
        self.silenced = self.seats.get(who or "", {}).get("position", "in") in SILENCED
        leader = next((seat for seat in view["seats"] if "facilitator" in seat["roles"]), None)
        self.leads = leader is not None and (leader["id"] == who or (who == TABLE and not leader["device"]))
        others = [seat for seat in view["seats"] if seat["id"] != who]
        self.alone = (
            not self.meeting["written"]
            and bool(others)
            and not any(seat["here"] or not seat["device"] for seat in others)
        )
        self.chosen = bool(view["choice"] and view["choice"]["chosen"])

    def outside(self, command: Json) -> str:
        if command["type"] not in ("take-seat", "return-to-seat"):
            return "not-seated"
        if self.status == "closed":
            return "meeting-closed"
        if self.meeting["doors"] == "closed":
            return "doors-closed"
        if command["type"] == "take-seat":
            return "group-full"
        return "seat-present" if command["seat"] in self.seats else "unknown-seat"

    def burn(self) -> str:
        if self.meeting["burned"]:
            return "content-burned"
        if not self.meeting["started"]:
            return "not-started"
        return "already-given" if self.who in self.view["proposals"]["burn"] else "no-say"

    def take_back(self, what: str) -> str:
        if what == "burn":
            return "content-burned" if self.meeting["burned"] else "not-asked"
        if self.status == "closed":
            return "meeting-closed"
        return "not-asked" if what in (*self.seats, "close-meeting") else "unknown-seat"

    def inside(self, command: Json) -> str:
        kind = command["type"]
        match kind:
            case "start":
                if self.meeting["started"]:
                    return "already-started"
                enough = sum(not seat["guest"] for seat in self.seats.values()) >= self.meeting["smallest"]
                return "facilitator-only" if enough else "group-too-small"
            case "add-seat" if self.full:
                return "group-full"
            case "add-seat" | "close-doors" if self.meeting["doors"] == "closed":
                return "doors-closed"
            case "speed":
                return "practice-only"
            case "resume" if self.status != "paused":
                return "not-paused"
            case "pause" if self.status != "running":
                return "paused" if self.status == "paused" else "not-started"
            case "close-meeting" | "show-out" if self.alone:
                return "alone"
            case "close-meeting":
                return "already-given" if self.meeting["started"] else "not-started"
            case "take-role" | "give-role":
                return self._role(kind, command["role"])
            case (
                "give"
                | "pass"
                | "vote"
                | "choose"
                | "take-floor"
                | "release-floor"
                | "ready"
                | "end-phase"
                | "skip-phase"
                | "extend"
            ):
                return self._in_phase(command)
            case _:
                return "facilitator-only"

    def _role(self, kind: str, role: str) -> str:
        if role not in {*self.method.roles, PREVIOUS}:
            return "unknown-role"
        if kind == "give-role":
            return "facilitator-only"
        held = sum(role in seat["roles"] for seat in self.seats.values())
        most = self.method.roles[role].holders.max if role != PREVIOUS else len(self.seats) + 1
        return "role-taken" if held >= most else "not-in-this-phase"

    def _in_phase(self, command: Json) -> str:
        kind = command["type"]
        if not self.meeting["started"] or self.phase is None:
            return "not-started"
        if self.status == "paused":
            return "paused"
        if kind in ("end-phase", "skip-phase", "extend"):
            codes = {"end-phase": "still-owed", "skip-phase": "not-skippable", "extend": "no-extension-left"}
            if self.leads and kind != "extend" and self.phase["ending"] is not None:
                return "phase-ending"
            return codes[kind] if self.leads else "facilitator-only"
        if kind == "release-floor":
            return "facilitator-only" if self.view["floor"] else "no-floor"
        if self.silenced:
            return "silenced"
        match kind:
            case "take-floor":
                return "floor-taken" if self.view["floor"] else "not-in-this-phase"
            case "vote" | "choose":
                return self._choice(kind)
            case "give" | "pass":
                return self._give(kind, command["what"])
        return "not-in-this-phase"

    def _choice(self, kind: str) -> str:
        choose = self.spec.choose if self.spec else None
        if choose is None or (kind == "choose") != (choose.by in BY_SOMEBODY):
            return "not-in-this-phase"
        if kind == "choose" and not self._may_choose():
            return "facilitator-only"
        if not self.view["choice"]["options"]:
            return "still-owed"
        votes = any(slot["what"] == "vote" for slot in self._desk())
        return "already-given" if kind == "choose" or votes else "not-in-this-phase"

    def _may_choose(self) -> bool:
        guarded = any(
            "facilitator" in seat["roles"] and (seat["here"] or not seat["device"]) for seat in self.seats.values()
        )
        return self.leads or not guarded

    def _desk(self) -> list[Json]:
        return [slot for slot in self.view["desk"] if slot["seat"] == self.who]

    def _give(self, kind: str, what: str) -> str:
        mine = [slot for slot in self._desk() if slot["what"] == what]
        if not mine:
            advice = what in ADVICE and self.spec is not None and not self.spec.advice
            return "advice-not-now" if advice else "not-in-this-phase"
        if what == "vote" and kind == "give":
            return "not-in-this-phase"
        slot, floor = mine[0], self.view["floor"]
        if slot["turn"] and floor and self.who in floor["next"]:
            return "not-your-turn"
        if kind == "pass":
            return "nothing-owed"
        return "already-given" if slot["given"] or slot["passed"] else "not-your-turn"


def phases(method: Method) -> list[Phase]:
    inside = (phase for module in method.modules.values() for phase in module.phases)
    return [*method.opening, *method.round, *method.closing, *inside]


def spec_of(method: Method, phase: Json) -> Phase:
    """What the method says about the phase on the screen."""
    if phase["module"] is not None:
        return method.modules[phase["module"]].phases[phase["module-index"]]
    section: tuple[Phase, ...] = getattr(method, phase["section"])
    return section[phase["index"]]
