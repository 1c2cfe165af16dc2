"""What each audience hears: facts or a view, encoded once for all who hear the same, with the bodies they name.

Rule: a body is sent only with a frame in which its content id occurs, and never once the content is burned.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from kring.meeting import Look, Step
from kring.meeting.looking import everything
from kring.meeting.views import Facts, MineView, View
from kring_room import codec
from kring_room.messages import FactsMessage, FactsOut, Welcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from kring.meeting.state import Seat
    from kring_room.version import Version, Who

FRAME_BODIES = 256 * 1024
"""Characters of bodies in one frame; what is more follows in frames of its own."""


class Heard(msgspec.Struct, frozen=True):
    """Facts, what is for this audience alone if that changed, and the content ids whose bodies go along.

    Who hears the same has the same object, and who hears the same but for ``mine`` the same ``facts``.
    """

    facts: Facts
    mine: MineView | None
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
        told, mine = step.told(new) if old == new else (everything(look.view(new)), None)
        known = alike.get(id(told))
        if known is None:
            had = before.state.seats if old == new and (new is None or before.inside(new)) else ()
            known = alike[id(told)] = Heard(told, None, _bodies_of(told, after, had))
        heard[pair] = known if mine is None else Heard(told, mine, known.contents)
    return News(after.seq, because, heard, look)


def _bodies_of(told: Facts, after: Version, had: Iterable[Seat]) -> frozenset[str]:
    """The content ids that ``told`` names, but for the names that this audience has had: with its first view."""
    if after.state.info.burned:
        return frozenset()
    seats = told.set.get("seats", ())
    return frozenset(_contents(seats, told.items)) - {seat.name for seat in had if seats}


def frames(told: News, bodies: Mapping[str, str]) -> dict[tuple[Who, Who], tuple[bytes, ...]]:
    """The frames per audience, the same bytes where the same is heard; none for those to whom nothing changed."""
    payloads: dict[int, list[bytes]] = {}
    result: dict[tuple[Who, Who], tuple[bytes, ...]] = {}
    made: dict[int, tuple[bytes, ...]] = {}
    for pair, heard in told.heard.items():
        done = made.get(id(heard))
        if done is None:
            payload = payloads.get(id(heard.facts))
            if payload is None:
                because = () if pair[1] is None else told.because
                payload = payloads[id(heard.facts)] = _payloads(told.seq, because, heard, bodies)
            done = made[id(heard)] = _frames(payload, heard)
        result[pair] = done
    return result


_SET = b'"set":{'
"""Where the sections begin in an encoded message: nothing before it is of anybody's making but ours."""


def _payloads(seq: int, because: tuple[str, ...], heard: Heard, bodies: Mapping[str, str]) -> list[bytes]:
    """The messages without ``mine``, as JSON."""
    first, *rest = _split({content: bodies[content] for content in sorted(heard.contents) if bodies.get(content)})
    messages = [FactsMessage(seq=seq, because=because, facts=facts_out(heard.facts), bodies=first)]
    messages += [FactsMessage(seq=seq, because=(), facts=FactsOut(), bodies=part) for part in rest]
    return [codec.encode(one) for one in messages]


def _frames(payloads: list[bytes], heard: Heard) -> tuple[bytes, ...]:
    """The frames of one audience: ``mine`` is put into what was encoded once for all."""
    if heard.mine is None:
        return tuple([codec.text_frame(one) for one in payloads]) if heard.facts.set or heard.facts.items else ()
    first, *rest = payloads
    head, tail = first.split(_SET, 1)
    comma = b"," if heard.facts.set else b""
    first = b"".join((head, _SET, b'"mine":', codec.json(heard.mine), comma, tail))
    return tuple([codec.text_frame(one) for one in (first, *rest)])


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
        facts=facts_out(shown) if isinstance(shown, Facts) else None,
        bodies=first,
    )
    more = (FactsMessage(seq=version.seq, because=(), facts=FactsOut(), bodies=part) for part in rest)
    return (codec.text_frame(codec.encode(fresh)), *(codec.text_frame(codec.encode(one)) for one in more))


def facts_out(told: Facts) -> FactsOut:
    """Facts as they go over the wire."""
    return FactsOut(set=told.set, items=told.items, fresh=told.fresh)


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
