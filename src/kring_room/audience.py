"""What each audience hears: facts or a view, encoded once for all who hear the same, with the bodies they name.

Rule 1: a body is sent only with what names its content id, and never once the content is burned. Rule 2: whoever comes
back with the ``seq`` of any frame hears all that came after it, bodies too: of frames that belong together only the last
says the ``seq`` that they lead to. (Bodies that do not fit go before the facts, in frames of their own, and after a welcome.)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from kring.meeting import Step
from kring.meeting.looking import everything
from kring.meeting.views import Facts, MineView, View
from kring_room import codec
from kring_room.messages import FactsMessage, FactsOut, Welcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from kring.meeting import Look
    from kring.meeting.state import Seat
    from kring_room.version import Version, Who

Pair = tuple["Who", "Who"]
"""An audience: what a device saw the meeting as before a step, and what it does after it."""
FRAME_BODIES = 256 * 1024
"""Characters of bodies in one frame; what is more goes in frames of its own."""


class Heard(msgspec.Struct, frozen=True, gc=False):
    """Facts, what is for this audience alone if that changed, and the content ids whose bodies go along.

    ``by``: the audiences that hear this. Who hears the same but for ``mine`` has the same ``facts``.
    """

    facts: Facts
    mine: MineView | None
    contents: frozenset[str]
    by: list[Pair]


class News(msgspec.Struct, frozen=True, gc=False):
    """What a step tells, to whom: from ``before`` to ``seq``. ``contents``: every body that somebody is to get."""

    before: int
    seq: int
    because: tuple[str, ...]
    heard: list[Heard]
    contents: frozenset[str]
    step: Step


def news(before: Look, after: Version, because: tuple[str, ...], pairs: Iterable[Pair]) -> News:
    """What the step tells each audience. A device that changed audience gets all that its new one may know."""
    step = Step(before, before.then(after.state))
    contents: dict[int, frozenset[str]] = {}
    heard: list[Heard] = []
    ordinary: list[Pair] = []
    alike = step.ordinary if step.many else frozenset()
    for pair in pairs:
        old, new = pair
        if new in alike and old == new:
            ordinary.append(pair)
            continue
        told, mine = step.told(new) if old == new else (everything(step.after.view(new)), None)
        if id(told) not in contents:
            had = before.state.seats if old == new and (new is None or before.inside(new)) else ()
            contents[id(told)] = _bodies_of(told, after, had)
        heard.append(Heard(told, mine, contents[id(told)], [pair]))
    if step.many and ordinary:
        named = contents.setdefault(id(step.many), _bodies_of(step.many, after, before.state.seats))
        heard.append(Heard(step.many, None, named, ordinary))
    return News(before.state.seq, after.seq, because, heard, frozenset().union(*contents.values()), step)


def _bodies_of(told: Facts, after: Version, had: Iterable[Seat]) -> frozenset[str]:
    """The content ids that ``told`` names, but for the names that this audience has had: with its first view."""
    if after.state.info.burned:
        return frozenset()
    seats = told.set.get("seats", ())
    named = frozenset([item.content for item in told.items if item.content is not None])
    return named.union([seat.name for seat in seats]).difference([seat.name for seat in had]) if seats else named


def frames(told: News, bodies: Mapping[str, str]) -> Iterator[tuple[list[Pair], bytes]]:
    """The frames, and for which audiences; empty for those to whom nothing changed."""
    payloads: dict[int, list[bytes]] = {}
    for heard in told.heard:
        payload = payloads.get(id(heard.facts))
        if payload is None:
            because = () if heard.by[0][1] is None else told.because
            payload = payloads[id(heard.facts)] = _payloads(told, because, heard, bodies)
        yield heard.by, _frames(payload, heard)


_SET = b'"set":{'
"""Where the sections begin in an encoded message: nothing before it is of anybody's making but ours."""


def _payloads(told: News, because: tuple[str, ...], heard: Heard, bodies: Mapping[str, str]) -> list[bytes]:
    """The messages without ``mine``, as JSON: the last one tells, those before it bring bodies that did not fit."""
    *ahead, last = _split({content: bodies[content] for content in sorted(heard.contents) if bodies.get(content)})
    payloads = [codec.encode(_bodies_alone(told.before, part)) for part in ahead]
    payloads.append(codec.encode(FactsMessage(told.seq, because, facts_out(heard.facts), last)))
    return payloads


def _bodies_alone(seq: int, bodies: dict[str, str]) -> FactsMessage:
    return FactsMessage(seq, (), FactsOut(), bodies)


def _frames(payloads: list[bytes], heard: Heard) -> bytes:
    """The frames of one audience: ``mine`` is put into what was encoded once for all."""
    last = payloads[-1]
    if heard.mine is not None:
        at = last.index(_SET) + len(_SET)
        comma = b"," if heard.facts.set else b""
        last = b"".join((last[:at], b'"mine":', codec.json(heard.mine), comma, last[at:]))
    elif not (heard.facts.set or heard.facts.items or heard.facts.desk):
        return b""
    if len(payloads) == 1:
        return codec.text_frame(last)
    return b"".join([codec.text_frame(one) for one in (*payloads[:-1], last)])


def contents_of(shown: View | Facts, *, burned: bool) -> frozenset[str]:
    """The content ids whose bodies go along with a welcome."""
    if burned:
        return frozenset()
    if isinstance(shown, Facts):
        return frozenset(_contents(shown.set.get("seats", ()), shown.items))
    return frozenset(_contents(shown.seats, shown.items))


def welcome(
    version: Version, device: str, now: int, shown: View | Facts, bodies: Mapping[str, str], since: int | None = None
) -> tuple[bytes, ...]:
    """The frames that answer ``hello``: the view or the facts ``since``, then bodies that did not fit."""
    who = version.devices.get(device)
    parts = _split(dict(bodies))
    # Without the bodies that follow, a view is as good as nothing, and facts are as if they had not been heard.
    known = 0 if since is None or isinstance(shown, View) else since
    seqs = [*(known for _ in parts[1:]), version.seq]
    fresh = Welcome(
        seq=seqs[0],
        now=now,
        seat=who.seat if who else None,
        table=bool(who and who.table),
        view=shown if isinstance(shown, View) else None,
        facts=facts_out(shown) if isinstance(shown, Facts) else None,
        bodies=parts[0],
    )
    more = (_bodies_alone(seq, part) for seq, part in zip(seqs[1:], parts[1:], strict=True))
    return (codec.text_frame(codec.encode(fresh)), *(codec.text_frame(codec.encode(one)) for one in more))


def facts_out(told: Facts) -> FactsOut:
    """Facts as they go over the wire."""
    return FactsOut(told.set, told.items, told.desk, told.fresh)


def _split(bodies: dict[str, str]) -> list[dict[str, str]]:
    if len(bodies) <= 1:
        return [bodies]
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
