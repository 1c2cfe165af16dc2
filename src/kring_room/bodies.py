"""Sealed bodies kept at hand, in wire form: names for as long as the room is loaded, contributions for the phase."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from kring_room import codec

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from kring_room.store import Store

_MOST = 4 * 1024
"""Characters of contributions kept at hand in one meeting: the latest; for others the store is asked."""


class Bodies:
    """What one meeting's room has at hand."""

    def __init__(self, meeting: str, store: Store) -> None:
        self._meeting = meeting
        self._store = store
        self._names: dict[str, str] = {}
        self._recent: dict[str, str] = {}
        self._size = self._awaited = 0

    @contextlib.contextmanager
    def all_kept(self) -> Iterator[None]:
        """Meanwhile let go of nothing that is committed, so that whoever reads the rest has all in the end."""
        self._awaited += 1
        try:
            yield
        finally:
            self._awaited -= 1

    def keep(self, bodies: Mapping[str, str], *, named: bool) -> None:
        """Have what has just been committed at hand, by content id. ``named``: they are names."""
        if named:
            self._names |= bodies
            return
        for content, text in bodies.items():
            self._recent[content] = text
            self._size += len(text)
        while self._size > _MOST and len(self._recent) > 1 and not self._awaited:
            self._size -= len(self._recent.pop(next(iter(self._recent))))

    def at_hand(self, contents: Iterable[str]) -> dict[str, str]:
        """Those that need no reading."""
        found = {}
        for content in contents:
            text = self._names.get(content) or self._recent.get(content)
            if text is not None:
                found[content] = text
        return found

    async def read(self, contents: Iterable[str], names: frozenset[str]) -> dict[str, str]:
        """Those that must be read, in one batch. An id without a body is there as ``""``, so nobody asks twice."""
        wanted = tuple(contents)
        found = {
            one: codec.seal_text(sealed) for one, sealed in (await self._store.bodies(self._meeting, wanted)).items()
        }
        self._names |= {one: text for one, text in found.items() if one in names}
        return {one: found.get(one, "") for one in wanted}

    def turn_page(self) -> None:
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
