"""When the time of content is over: by which clock, what the log says of it, and what such an event destroys.

A clock that jumps ahead is not believed at once, for what is destroyed can't be got back. Each look at it is held against
the one before, which is kept in the store: this node's, another's, or of before a restart; the first one of all against the
opening of the newest meeting. As much time as a steady clock counted between them has surely passed. Where the clock claims
more (``SLACK`` aside), it is believed only after it has gone on evenly for a quarter of what it is ahead, ten minutes at least
and a day at most, while some server ran. Until then content goes by the time that surely passed. So a clock that is wrong for
a while destroys nothing that was not due, and a server that was really off for a month destroys what it should a day later. A
clock that went back is believed: nothing goes too early by it.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

import msgspec

from kring.meeting.events import AnyEvent, ContentBurned, ContentExpired
from kring.meeting.retention import CASE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kring.meeting.retention import Retention
    from kring_room.store.port import Expired, Store

_log = logging.getLogger(__name__)
_MINUTE: Final = 60 * 1000
SLACK: Final = 15 * _MINUTE
"""Milliseconds that a clock may be ahead of what surely passed: it was put right, or the server restarted."""
LEAST: Final = 10 * _MINUTE
MOST: Final = 24 * 60 * _MINUTE
"""How long a clock that jumped must go on evenly before it is believed: in between, by how far it is ahead."""
_PART: Final = 4
_NOTED_EVERY: Final = 5 * _MINUTE
"""After which a look at a clock that is believed is noted again."""


class ClockLook(msgspec.Struct, frozen=True):
    """A look at the clock, in milliseconds: what it said, which time was believed, how long it went on evenly since it jumped."""

    said: int
    believed: int
    even: int = 0

    @property
    def doubted(self) -> bool:
        """Whether the clock is not believed."""
        return self.believed < self.said


_LOOK: Final = msgspec.json.Decoder(ClockLook)


def look(before: ClockLook | None, said: int, steady: int | None) -> ClockLook:
    """The next look. ``steady``: milliseconds since this process looked last, by a clock that never jumps, if it ever did."""
    if before is None:
        return ClockLook(said, said)
    step = said - before.said
    passed = min(steady or 0, max(0, step))
    surely = before.believed + passed
    ahead = said - surely
    if ahead <= SLACK:
        return ClockLook(said, said)
    even = before.even + passed if before.doubted and 0 <= step - passed <= SLACK else 0
    believed = even >= min(max(ahead // _PART, LEAST), MOST)
    return ClockLook(said, said) if believed else ClockLook(said, surely, even)


async def looked(store: Store, said: int, steady: int | None) -> ClockLook:
    """Look at the clock, and note it for whoever looks next. Raises ``StoreError``."""
    noted = await store.last_look()
    before: ClockLook | None = None
    if noted is not None:
        before = _LOOK.decode(noted)
    elif (newest := await store.newest()) is not None:
        before = ClockLook(newest, newest)
    found = look(before, said, steady)
    doubted_before = before is not None and before.doubted
    if found.doubted and not doubted_before:
        _log.warning("clock jumped ahead")
    late = before is None or abs(found.said - before.said) >= _NOTED_EVERY
    if noted is None or late or found.doubted or doubted_before:
        await store.note_look(msgspec.json.encode(found).decode())
    return found


def expiry(one: Expired, *, burned: bool, now: int) -> tuple[AnyEvent, ...]:
    """The events of a meeting of which content must go. ``burned``: its cases are gone already.

    Where nothing stays all of it is burned at once; else class by class.
    """
    if not one.left and not burned:
        return (ContentBurned(at=now, because="expired"),)
    return tuple([ContentExpired(at=now, retention=each) for each in one.classes if each != CASE or not burned])


DESTROYING: Final = frozenset({ContentBurned, ContentExpired})
"""The events after which stored bodies are destroyed."""


def destroyed(happened: Iterable[AnyEvent]) -> tuple[Retention, ...] | None:
    """The classes that these events destroy, for ``Write.burns``: empty is all of them, ``None`` none."""
    classes: list[Retention] = []
    for event in happened:
        if type(event) is ContentBurned:
            return ()
        if type(event) is ContentExpired:
            classes.append(event.retention)
    return tuple(classes) or None
