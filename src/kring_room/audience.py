"""What each audience hears: facts or a view, encoded once for all who hear the same, with the bodies they name.

Rule: a body is sent only with a frame in which its content id occurs, and never once the content is burned.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from kring.meeting import facts, view
from kring.meeting.looking import everything
from kring.meeting.views import Facts, View
from kring_room import codec
from kring_room.messages import FactsMessage, FactsOut, Welcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from kring.methods.model import Method
    from kring_room.version import Version, Who

FRAME_BODIES = 256 * 1024
"""Characters of bodies in one frame; what is more follows in frames of its own."""


class Heard(msgspec.Struct, frozen=True):
    """Facts for one audience and the content ids whose bodies go along."""

    facts: Facts
    contents: frozenset[str]


class News(msgspec.Struct, frozen=True):
    """What a step from one version to the next tells: what is heard by whom, by ``(who before, who after)``."""

    seq: int
    because: tuple[str, ...]
    heard: dict[tuple[Who, Who], Heard]

    @property
    def contents(self) -> frozenset[str]:
        """Every body that somebody is to get."""
        return frozenset().union(*(one.contents for one in self.heard.values()))


def news(
    before: Version, after: Version, because: tuple[str, ...], pairs: Iterable[tuple[Who, Who]], method: Method
) -> News:
    """What the step tells each audience. A device that changed audience gets all that its new one may know."""
    heard: dict[tuple[Who, Who], Heard] = {}
    for old, new in set(pairs):
        if old == new:
            told = facts(before.state, after.state, new, method=method)
            known = {seat.name for seat in before.state.seats} if _sits(before, new) else set()
        else:
            told, known = everything(view(after.state, new, method=method)), set()
        contents = (
            frozenset() if after.state.info.burned else frozenset(_contents(told.set.get("seats", ()), told.items))
        )
        heard[old, new] = Heard(told, contents - known)
    return News(after.seq, because, heard)


def frames(told: News, bodies: Mapping[str, str]) -> dict[tuple[Who, Who], tuple[bytes, ...]]:
    """The frames per audience, the same bytes where the same is heard; none for those to whom nothing changed."""
    made: list[tuple[Heard, bool, tuple[bytes, ...]]] = []
    result: dict[tuple[Who, Who], tuple[bytes, ...]] = {}
    for pair, heard in told.heard.items():
        if not heard.facts.set and not heard.facts.items:
            continue
        outside = pair[1] is None
        for known, was_outside, same in made:
            if was_outside == outside and known == heard:
                result[pair] = same
                break
        else:
            result[pair] = _facts_frames(told.seq, () if outside else told.because, heard, bodies)
            made.append((heard, outside, result[pair]))
    return result


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
    first, *rest = _parts(bodies)
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
    return FactsOut(
        set={name: msgspec.Raw(msgspec.json.encode(part)) for name, part in told.set.items()},
        items=told.items,
        fresh=told.fresh,
    )


def _facts_frames(seq: int, because: tuple[str, ...], heard: Heard, bodies: Mapping[str, str]) -> tuple[bytes, ...]:
    mine = {content: bodies[content] for content in sorted(heard.contents) if bodies.get(content)}
    first, *rest = _parts(mine)
    messages = [FactsMessage(seq=seq, because=because, facts=facts_out(heard.facts), bodies=first)]
    messages += [FactsMessage(seq=seq, because=(), facts=FactsOut(), bodies=part) for part in rest]
    return tuple(codec.text_frame(codec.encode(one)) for one in messages)


def _parts(bodies: Mapping[str, str]) -> list[dict[str, str]]:
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


def _sits(version: Version, who: Who) -> bool:
    """Whether this audience has had the names: everybody gets them with their first view."""
    return who is None or version.state.seat(who) is not None or who == "table"
