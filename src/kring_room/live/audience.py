"""What each audience is sent: facts or a view, encoded once for all who get the same, with the bodies they name.

Rule 1: a body is sent only with what names its content id, and never once the content is burned. Rule 2: whoever comes
back with the ``seq`` of any frame gets all that came after it, bodies too: of frames that belong together only the last
says the ``seq`` that they lead to. (Bodies that do not fit go before the facts, in frames of their own, and after a welcome.)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from kring.meeting import Transition
from kring.meeting.projection import as_facts
from kring.meeting.views import Facts, MineView, View
from kring_room.wire import codec
from kring_room.wire.messages import FactsMessage, FactsOut, Welcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from kring.meeting import Projection
    from kring.meeting.state import Seat
    from kring_room.live.version import Audience, Version

Pair = tuple["Audience", "Audience"]
"""An audience: what a device saw the meeting as before a step, and what it does after it."""
FRAME_BODIES = 256 * 1024
"""Characters of bodies in one frame; what is more goes in frames of its own."""


class Delivery(msgspec.Struct, frozen=True, gc=False):
    """Facts, what is for this audience alone if that changed, and the content ids whose bodies go along.

    ``by``: the audiences that get this. Who gets the same but for ``mine`` has the same ``facts``.
    """

    facts: Facts
    mine: MineView | None
    contents: frozenset[str]
    by: list[Pair]


class News(msgspec.Struct, frozen=True, gc=False):
    """What a step sends, to whom: from ``before`` to ``seq``. ``contents``: every body that somebody is to get."""

    before: int
    seq: int
    because: tuple[str, ...]
    deliveries: list[Delivery]
    contents: frozenset[str]
    step: Transition


def news(before: Projection, after: Version, because: tuple[str, ...], pairs: Iterable[Pair]) -> News:
    """What the step sends each audience. A device that changed audience gets all that its new one may know."""
    step = Transition(before, before.then(after.state))
    many, ordinary = step.common, step.unaffected
    named: dict[int, frozenset[str]] = {}
    deliveries: list[Delivery] = []
    alike: list[Pair] = []
    for pair in pairs:
        old, new = pair
        if many is not None and new in ordinary and old == new:
            alike.append(pair)
            continue
        facts, mine = step.parts(new) if old == new else (as_facts(step.after.view(new)), None)
        contents = named.get(id(facts))
        if contents is None:
            had = before.state.seats if old == new and (not isinstance(new, str) or before.inside(new)) else ()
            contents = named[id(facts)] = _bodies_of(facts, after, had)
        deliveries.append(Delivery(facts, mine, contents, [pair]))
    if many is not None and alike:
        if id(many) not in named:
            named[id(many)] = _bodies_of(many, after, before.state.seats)
        deliveries.append(Delivery(many, None, named[id(many)], alike))
    return News(before.state.seq, after.seq, because, deliveries, frozenset().union(*named.values()), step)


def _bodies_of(facts: Facts, after: Version, had: Iterable[Seat]) -> frozenset[str]:
    """The content ids that ``facts`` names, but for the names that this audience has had: with its first view."""
    if after.state.info.burned:
        return frozenset()
    seats = facts.set.get("seats", ())
    named = frozenset([item.content for item in facts.items if item.content is not None])
    if video := facts.set.get("video"):
        named |= {video.content}
    return named.union([seat.name for seat in seats]).difference([seat.name for seat in had]) if seats else named


def frames(news: News, bodies: Mapping[str, str]) -> Iterator[tuple[list[Pair], bytes]]:
    """The frames, and for which audiences; empty for those to whom nothing changed."""
    payloads: dict[int, _Payload] = {}
    for delivery in news.deliveries:
        payload = payloads.get(id(delivery.facts))
        if payload is None:
            payload = payloads[id(delivery.facts)] = _payload(news, delivery, bodies)
        yield delivery.by, _frames(payload, delivery)


class _Payload(msgspec.Struct, frozen=True, gc=False):
    """What all get who are sent the same facts, as JSON: ``mine`` is put in between ``head`` and ``tail``.

    ``ahead``: whole frames with bodies that did not fit.
    """

    ahead: bytes
    head: bytes
    tail: bytes


_SET = b'"set":{'
"""Where the sections begin in an encoded message: nothing before it is of anybody's making but ours."""


def _payload(news: News, delivery: Delivery, bodies: Mapping[str, str]) -> _Payload:
    *ahead, last = _split({one: body for one in sorted(delivery.contents) if (body := bodies.get(one))})
    because = news.because if isinstance(delivery.by[0][1], str) else ()
    whole = codec.encode(FactsMessage(news.seq, because, facts_out(delivery.facts), last))
    at = whole.index(_SET) + len(_SET)
    before = b"".join([codec.text_frame(codec.encode(_bodies_alone(news.before, part))) for part in ahead])
    return _Payload(before, whole[:at], whole[at:])


def _bodies_alone(seq: int, bodies: dict[str, str]) -> FactsMessage:
    return FactsMessage(seq, (), FactsOut(), bodies)


def _frames(payload: _Payload, delivery: Delivery) -> bytes:
    """The frames of one audience."""
    facts, mine = delivery.facts, delivery.mine
    if mine is not None:
        comma = b"," if facts.set else b""
        frame = codec.text_frame(b"".join((payload.head, b'"mine":', codec.json(mine), comma, payload.tail)))
    elif facts.set or facts.items or facts.desk:
        frame = codec.text_frame(payload.head + payload.tail)
    else:
        return b""
    return payload.ahead + frame


def contents_of(shown: View | Facts, *, burned: bool) -> frozenset[str]:
    """The content ids whose bodies go along with a welcome."""
    if burned:
        return frozenset()
    if isinstance(shown, Facts):
        return frozenset(_contents(shown.set.get("seats", ()), shown.items, shown.set.get("video")))
    return frozenset(_contents(shown.seats, shown.items, shown.video))


def welcome(
    version: Version, device: str, now: int, shown: View | Facts, bodies: Mapping[str, str], since: int | None = None
) -> tuple[bytes, ...]:
    """The frames that answer ``hello``: the view or the facts ``since``, then bodies that did not fit."""
    known_device = version.devices.get(device)
    parts = _split(dict(bodies))
    # Without the bodies that follow, a view is as good as nothing, and facts are as if they had not been sent.
    known = 0 if since is None or isinstance(shown, View) else since
    seqs = [*(known for _ in parts[1:]), version.seq]
    fresh = Welcome(
        seq=seqs[0],
        now=now,
        seat=known_device.seat if known_device else None,
        table=bool(known_device and known_device.table),
        view=shown if isinstance(shown, View) else None,
        facts=facts_out(shown) if isinstance(shown, Facts) else None,
        bodies=parts[0],
        seal=version.seal,
    )
    more = (_bodies_alone(seq, part) for seq, part in zip(seqs[1:], parts[1:], strict=True))
    return (codec.text_frame(codec.encode(fresh)), *(codec.text_frame(codec.encode(one)) for one in more))


def facts_out(facts: Facts) -> FactsOut:
    """Facts as they go over the wire."""
    return FactsOut(facts.set, facts.items, facts.desk, facts.fresh)


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


def _contents(seats: Iterable[Any], items: Iterable[Any], video: Any) -> Iterator[str]:  # noqa: ANN401 -- a view's, or none
    if video is not None:
        yield video.content
    for seat in seats:
        yield seat.name
    for item in items:
        if item.content is not None:
            yield item.content
