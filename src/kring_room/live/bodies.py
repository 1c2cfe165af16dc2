"""Sealed bodies: those that come with a command, and those at hand: names while the room is loaded, others for a phase."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Literal

from kring.meeting import commands
from kring.meeting.retention import CASE, Retention, retention_of
from kring_room.store.port import Body
from kring_room.wire import codec

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kring_room.store.port import Store
    from kring_room.wire.messages import Do

BodyProblem = Literal["bad-body", "body-too-long", "body-missing", "body-unasked"]
_MOST = 3 * 1024
"""Bytes of contributions kept at hand in one meeting: the latest; for others the store is asked."""


class Bodies:
    """What one meeting's room has at hand."""

    __slots__ = ("_awaited", "_meeting", "_names", "_recent", "_size", "_store")

    def __init__(self, meeting: str, store: Store) -> None:
        self._meeting = meeting
        self._store = store
        self._names: dict[str, bytes] = {}
        self._recent: dict[str, bytes] = {}
        self._size = self._awaited = 0

    @contextlib.contextmanager
    def keeping_all(self) -> Iterator[None]:
        """Meanwhile let go of nothing that is committed, so that whoever reads the rest has all in the end."""
        self._awaited += 1
        try:
            yield
        finally:
            self._awaited -= 1

    def keep(self, bodies: Iterable[Body], *, named: bool) -> None:
        """Have what has just been committed at hand. ``named``: they are names."""
        if named:
            self._names |= {body.content: body.sealed for body in bodies}
            return
        for body in bodies:
            self._recent[body.content] = body.sealed
            self._size += len(body.sealed)
        while self._size > _MOST and len(self._recent) > 1 and not self._awaited:
            self._size -= len(self._recent.pop(next(iter(self._recent))))

    def cached(self, contents: Iterable[str]) -> dict[str, str]:
        """Those that need no reading, in wire form."""
        found = {}
        for content in contents:
            sealed = self._names.get(content) or self._recent.get(content)
            if sealed is not None:
                found[content] = codec.seal_text(sealed)
        return found

    async def read(self, contents: Iterable[str], names: frozenset[str]) -> dict[str, str]:
        """Those that must be read, in wire form and one batch. An id without a body is there as ``""``: nobody asks twice."""
        wanted = tuple(contents)
        found = await self._store.bodies(self._meeting, wanted)
        self._names |= {one: sealed for one, sealed in found.items() if one in names}
        return {one: codec.seal_text(found[one]) if one in found else "" for one in wanted}

    def phase_ended(self) -> None:
        """A phase is over: what was given in it is seldom asked for again."""
        if not self._awaited:
            self._forget()

    def burn(self) -> None:
        """Forget everything."""
        self._names.clear()
        self._forget()

    def _forget(self) -> None:
        self._recent.clear()
        self._size = 0


def named_content(command: commands.AnyCommand) -> str | None:
    """The one new content that a command names, if it does."""
    match command:
        case commands.Give() | commands.SetVideoRoom():
            return command.content
        case commands.TakeSeat() | commands.AddSeat():
            return command.name
        case _:
            return None


def sealed_bodies(do: Do, seat: str | None) -> tuple[Body, ...] | BodyProblem:
    """The bodies of a command, exactly those that it names, of ``seat`` or the seat that the command names."""
    wanted = named_content(do.command)
    if wanted is not None and wanted not in do.bodies:
        return "body-missing"
    if len(do.bodies) > (wanted is not None):
        return "body-unasked"
    if wanted is None:
        return ()
    if len(do.bodies[wanted]) > codec.LONGEST_BODY:
        return "body-too-long"
    sealed = codec.unseal_text(do.bodies[wanted])
    return "bad-body" if sealed is None else (Body(wanted, _author(do.command, seat), sealed, _retention(do.command)),)


def _retention(command: commands.AnyCommand) -> Retention:
    return retention_of(command.what) if isinstance(command, commands.Give) else CASE


def _author(command: commands.AnyCommand, seat: str | None) -> str:
    match command:
        case commands.Give():
            return command.on if command.on is not None else seat or ""
        case commands.TakeSeat() | commands.AddSeat():
            return command.seat
        case _:
            return seat or ""
