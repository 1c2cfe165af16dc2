"""The part of the checker that folds what each device heard, and compares it with what it may know at that ``seq``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from kring.meeting import State, view
from tests.torture.history import Ended, Evidence, Heard, History, Json, Opened, Violation
from tests.torture.ledger import actors, asked_of, who

if TYPE_CHECKING:
    from collections.abc import Iterator

_FIELDS = {
    "welcome": {"type", "seq", "now", "seat", "table", "view", "facts", "bodies", "seal", "takes"},
    "facts": {"type", "seq", "because", "facts", "bodies"},
    "done": {"type", "id", "seq"},
    "refused": {"type", "id", "code"},
    "pong": {"type", "n", "now"},
    "trouble": {"type", "code", "knock"},
    "seal": {"type", "format"},
    "devices": {"type", "seats", "visitors", "offline", "knocks"},
}
_PARTS = {"set", "items", "desk", "fresh"}


class Sight:
    """What each audience may know at each ``seq``, as the wire would say it."""

    def __init__(self, evidence: Evidence, states: list[State]) -> None:
        self.log = evidence.log
        self._method, self._states = evidence.method, states
        self._views: dict[tuple[int, str | None], Json] = {}
        self.sealed = {name: body for asking in asked_of(evidence).values() for name, body in asking.bodies.items()}

    def at(self, seq: int, audience: str | None) -> Json:
        """A fresh view."""
        found = self._views.get((seq, audience))
        if found is None:
            fresh = view(self._states[seq], audience, method=self._method)
            found = self._views[seq, audience] = msgspec.json.decode(msgspec.json.encode(fresh))
        return found

    def because(self, start: int, end: int) -> list[Any]:
        """The types of the events after ``start`` up to ``end``."""
        return [event.__struct_config__.tag for event in self.log[start:end]]


def judge(evidence: Evidence, states: list[State]) -> Iterator[Violation]:
    """What any device heard wrongly, too late or too much."""
    sight = Sight(evidence, states)
    there = actors(evidence)
    for history in evidence.histories:
        since, actor = there.get(history.device, (0, None))
        yield from _Device(history, sight, since, who(actor) if actor else None).judge()


class _Device:
    def __init__(self, history: History, sight: Sight, since: int, audience: str | None) -> None:
        self.history, self.sight = history, sight
        self._since, self._audience = since, audience
        self.known: Json | None = None
        self.bodies: dict[str, str] = {}
        self.seq = self.highest = 0
        self._said: int | None = None
        self._unfinished: int | None = None
        """The ``seq`` of the last welcome, while bodies of it are still to come."""
        self._ahead: dict[str, str] = {}
        """Bodies that came before what names them."""

    def audience(self, seq: int) -> str | None:
        """What this device was at that moment."""
        return self._audience if seq >= self._since else None

    def judge(self) -> Iterator[Violation]:
        """Go through the history; stop at the first line that can't be followed any more."""
        for entry in self.history.entries:
            if isinstance(entry, Heard):
                frame: Json = msgspec.json.decode(entry.frame)
                kind = frame.get("type", "")
                if set(frame) - _FIELDS.get(kind, set()) or set(frame.get("facts") or ()) - _PARTS:
                    yield self._wrong("leak", f"{kind} with {sorted(frame)}")
                if kind in ("welcome", "facts"):
                    wrong = list(self._learn(frame))
                    yield from wrong
                    if any(one.what in ("stale", "leak", "went-back") for one in wrong):
                        return
            elif isinstance(entry, Opened):
                self._said, self._unfinished = entry.since, None
            elif isinstance(entry, Ended):
                continue
        yield from self._whole()

    def _learn(self, frame: Json) -> Iterator[Violation]:
        seq, facts = frame["seq"], frame.get("facts")
        if self._split(frame):
            yield from self._bodies(frame)
            return
        if seq >= len(self.sight.log) + 1 or seq < self.highest:
            yield self._wrong("went-back", f"heard {seq} after {self.highest}, of {len(self.sight.log)}")
            return
        if frame.get("view") is not None:
            self.known, self.bodies = frame["view"], {}
        before = self.seq
        self.seq = self.highest = seq
        if facts and self.known is None:
            yield self._wrong("gap", "facts without a view")
            return
        if facts:
            yield from self._told(frame, before)
            self.known = _fold(self.known or {}, facts)
        yield from self._compare()
        yield from self._bodies(frame)

    def _split(self, frame: Json) -> bool:
        """Whether it is a frame of a welcome, and not its last: its ``seq`` is not yet that of what it shows."""
        view, facts = frame.get("view"), frame.get("facts") or {}
        if frame["type"] == "welcome" and frame["seq"] == (0 if view else self._said) and (view or any(facts.values())):
            self._unfinished = frame["seq"]
            self.known, self.bodies = (view, {}) if view else (_fold(self.known or {}, facts), self.bodies)
        elif frame["seq"] != self._unfinished or any(facts.values()):
            self._unfinished = None
        return self._unfinished is not None

    def _told(self, frame: Json, before: int) -> Iterator[Violation]:
        """That what is passed over changed nothing, and that what is told happened."""
        because: list[str] = frame.get("because") or []
        audience = self.audience(self.seq)
        if not because:
            return
        start = self.seq - len(because)
        if audience is None or because != self.sight.because(start, self.seq):
            yield self._wrong("leak", f"because {because}")
        elif start < before:
            yield self._wrong("gap", f"{before} to {self.seq} because of {len(because)} events")
        elif (
            start > before
            and self.audience(before) == audience
            and self.sight.at(before, audience) != self.sight.at(start, audience)
        ):
            yield self._wrong("gap", f"nothing was told of {before} to {start}")

    def _compare(self) -> Iterator[Violation]:
        fresh = self.sight.at(self.seq, self.audience(self.seq))
        if self.known == fresh or self.known is None:
            return
        shown = {item["n"]: item for item in fresh["items"]}
        extra = [item["n"] for item in self.known["items"] if item["n"] not in shown]
        parts = [name for name, part in fresh.items() if self.known.get(name) != part]
        yield self._wrong("leak" if extra else "stale", f"{parts} {extra}")

    def _bodies(self, frame: Json) -> Iterator[Violation]:
        got: dict[str, str] = frame.get("bodies") or {}
        if any((frame.get("facts") or {}).values()) or frame["type"] == "welcome":
            got, self._ahead = self._ahead | got, {}
        allowed = self._contents()
        for content, body in got.items():
            if self.sight.sealed.get(content) != body:
                yield self._wrong("body", f"{content} is another than was sealed")
            elif content in allowed:
                self.bodies[content] = body
            elif frame["type"] == "facts" and not any(frame["facts"].values()):
                self._ahead[content] = body
            elif not (self.known or {}).get("meeting", {}).get("burned"):
                yield self._wrong("leak", f"the body of {content}")

    def _whole(self) -> Iterator[Violation]:
        """Whoever heard all to the end has every body too."""
        if self.known is not None and self._unfinished is None and not self.known["meeting"]["burned"]:
            missing = self._contents() - self.bodies.keys()
            if missing:
                yield self._wrong("body", f"{len(missing)} never came")

    def _contents(self) -> set[str]:
        known = self.known or {"seats": (), "items": ()}
        contents = {seat["name"] for seat in known["seats"]}
        return contents | {item["content"] for item in known["items"] if item["content"]}

    def _wrong(self, what: str, detail: str) -> Violation:
        return Violation(what, self.history.device, self.seq, detail)


def _fold(known: Json, facts: Json) -> Json:
    """The fold of ``docs/protocol.md``, told once more."""
    had = [] if facts.get("fresh") else known["items"]
    items = {item["n"]: item for item in (*had, *facts.get("items", ()))}
    places = {(slot["seat"], slot["what"]): slot for slot in facts.get("desk", ())}
    desk = [places.get((slot["seat"], slot["what"]), slot) for slot in known["desk"]]
    return {**known, "desk": desk, **facts.get("set", {}), "items": [items[n] for n in sorted(items)]}
