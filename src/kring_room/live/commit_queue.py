"""What has been decided and is on its way to the store, in order.

``ahead`` is the version that all of it leads to: the next command is decided upon that. Nobody is sent anything of it before
it is durable, and all before it has been sent; what is decided upon something that could not be written goes with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kring_room.live.answers import Key
    from kring_room.live.pending import Connection, Pending, Request
    from kring_room.live.version import Version


class CommitQueue:
    """The steps of one meeting that have not been sent yet, the oldest first."""

    __slots__ = ("_asked", "ahead", "pending")

    def __init__(self, now: Version) -> None:
        self.ahead = now
        self.pending: list[Pending] = []
        self._asked: dict[Key, Request] = {}

    @property
    def durable(self) -> bool:
        """Whether all that was decided is durable, sent or not."""
        return all(step.durable for step in self.pending)

    @property
    def first(self) -> Pending | None:
        """The step to be sent next, once it is durable."""
        return self.pending[0] if self.pending and self.pending[0].durable else None

    def add(self, step: Pending) -> None:
        """This has been decided, upon ``ahead``."""
        self.ahead = step.after
        self.pending.append(step)
        if step.request and step.request.key:
            self._asked[step.request.key] = step.request

    def joins(self, key: Key, connection: Connection) -> bool:
        """Whether this command is on its way already, asked by an earlier connection; then this one is answered, too."""
        request = self._asked.get(key)
        if request:
            request.waiting.append(connection)
        return request is not None

    def remove_first(self) -> None:
        """It has been sent."""
        self._forget(self.pending.pop(0))

    def drop(self, step: Pending) -> list[Pending]:
        """Take back ``step`` and all that was decided upon it."""
        at = self.pending.index(step)
        self.pending, dropped = self.pending[:at], self.pending[at:]
        self.ahead = step.before
        for gone in dropped:
            self._forget(gone)
        return dropped

    def _forget(self, step: Pending) -> None:
        if step.request and step.request.key:
            del self._asked[step.request.key]
