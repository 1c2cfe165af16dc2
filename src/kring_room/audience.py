"""What each audience hears: facts or a view, encoded once for all who hear the same, with the bodies they name.

Rule: a body is sent only with a frame in which its content id occurs, and never once the content is burned.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from kring.meeting import Look, Step
from kring.meeting.looking import everything
from kring.meeting.views import Facts, View
from kring_room import codec
from kring_room.messages import FactsMessage, FactsOut, Welcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from kring.meeting.state import Seat
    from kring_room.version import Version, Who

FRAME_BODIES = 256 * 1024
"""Characters of bodies in one frame; what is more follows in frames of its own."""


class Heard(msgspec.Struct, frozen=True):
    """Facts and the content ids whose bodies go along: one object for all who hear the same."""

    facts: Facts
    contents: frozenset[str]


class News(msgspec.Struct, frozen=True):
    """What a step from one version to the next tells: what is heard by whom, by ``(who before, who after)``.

    ``look`` is the state after it, with what is known by now of what the audiences see.
    """

    seq: int
    because: tuple[str, ...]
    heard: dict[tuple[Who, Who], Heard]
    look: Look

    @property
    def contents(self) -> frozenset[str]:
        """Every body that somebody is to get."""
        return frozenset().union(*(one.contents for one in self.heard.values()))


def news(before: Look, after: Version, because: tuple[str, ...], pairs: Iterable[tuple[Who, Who]]) -> News:
    """What the step tells each audience. A device that changed audience gets all that its new one may know."""
    look = Look(after.state, before.method)
    step = Step(before, look)
    heard: dict[tuple[Who, Who], Heard] = {}
    alike: dict[int, Heard] = {}
    for pair in set(pairs):
        old, new = pair
        told = step.facts(new) if old == new else everything(look.view(new))
        known = alike.get(id(told))
        if known is None:
            had = before.state.seats if old == new and (new is None or before.inside(new)) else ()
            known = alike[id(told)] = Heard(told, _bodies_of(told, after, had))
        heard[pair] = known
    return News(after.seq, because, heard, look)


def _bodies_of(told: Facts, after: Version, had: Iterable[Seat]) -> frozenset[str]:
    """The content ids that ``told`` names, but for the names that this audience has had: with its first view."""
    if after.state.info.burned:
        return frozenset()
    seats = told.set.get("seats", ())
    return frozenset(_contents(seats, told.items)) - {seat.name for seat in had if seats}


def frames(told: News, bodies: Mapping[str, str]) -> dict[tuple[Who, Who], tuple[bytes, ...]]:
    """The frames per audience, the same bytes where the same is heard; none for those to whom nothing changed."""
    parts = Parts(bodies)
    made: dict[int, tuple[bytes, ...]] = {}
    for (_, who), heard in told.heard.items():
        if id(heard) not in made:
            empty = not heard.facts.set and not heard.facts.items
            because = () if who is None else told.because
            made[id(heard)] = () if empty else _facts_frames(told.seq, because, heard, parts)
    return {pair: made[id(heard)] for pair, heard in told.heard.items()}


class Parts:
    """What several messages share, each part made once: sections as JSON, and bodies as frames hold them."""

    __slots__ = ("_bodies", "_known", "_split")

    def __init__(self, bodies: Mapping[str, str]) -> None:
        self._bodies = bodies
        self._known: dict[int, tuple[Any, msgspec.Raw]] = {}
        self._split: dict[frozenset[str], list[dict[str, str]]] = {}

    def raw(self, part: Any) -> msgspec.Raw:  # noqa: ANN401 - sections are of several types
        """The section as JSON."""
        known = self._known.get(id(part))
        if known is None:  # kept with its encoding, so that no other object gets its id
            known = self._known[id(part)] = part, msgspec.Raw(codec.json(part))
        return known[1]

    def bodies(self, contents: frozenset[str]) -> list[dict[str, str]]:
        """The bodies of these contents, by frame."""
        split = self._split.get(contents)
        if split is None:
            hand = self._bodies
            split = _split({content: hand[content] for content in sorted(contents) if hand.get(content)})
            self._split[contents] = split
        return split


def contents_of(shown: View | Facts, *, burned: bool) -> frozenset[str]:
    """The content ids whose bodies go along with a welcome."""
    if burned:
        return frozenset()
    if isinstance(shown, Facts):
        return frozenset(_contents(shown.set.get("seats", ()), shown.items))
    return frozenset(_contents(shown.seats, shown.items))


def welcome(
    version: Version, device: str, now: int, shown: View | Facts, bodies: Mapping[str, str]
) -> tuple[bytes, ...]:
    """The frames that answer ``hello``: the view or the facts, then bodies that did not fit."""
    who = version.devices.get(device)
    first, *rest = _split(bodies)
    fresh = Welcome(
        seq=version.seq,
        now=now,
        seat=who.seat if who else None,
        table=bool(who and who.table),
        view=shown if isinstance(shown, View) else None,
        facts=facts_out(shown, Parts({})) if isinstance(shown, Facts) else None,
        bodies=first,
    )
    more = (FactsMessage(seq=version.seq, because=(), facts=FactsOut(), bodies=part) for part in rest)
    return (codec.text_frame(codec.encode(fresh)), *(codec.text_frame(codec.encode(one)) for one in more))


def facts_out(told: Facts, parts: Parts) -> FactsOut:
    """Facts as they go over the wire."""
    raw = {name: parts.raw(part) for name, part in told.set.items()}
    return FactsOut(set=raw, items=told.items, fresh=told.fresh)


def _facts_frames(seq: int, because: tuple[str, ...], heard: Heard, parts: Parts) -> tuple[bytes, ...]:
    first, *rest = parts.bodies(heard.contents)
    messages = [FactsMessage(seq=seq, because=because, facts=facts_out(heard.facts, parts), bodies=first)]
    messages += [FactsMessage(seq=seq, because=(), facts=FactsOut(), bodies=part) for part in rest]
    return tuple(codec.text_frame(codec.encode(one)) for one in messages)


def _split(bodies: Mapping[str, str]) -> list[dict[str, str]]:
    parts: list[dict[str, str]] = [{}]
    size = 0
    for content, body in bodies.items():
        if size + len(body) > FRAME_BODIES and parts[-1]:
            parts.append({})
            size = 0
        parts[-1][content] = body
        size += len(body)
    return parts


def _contents(seats: Iterable[Any], items: Iterable[Any]) -> Iterator[str]:
    for seat in seats:
        yield seat.name
    for item in items:
        if item.content is not None:
            yield item.content
