"""The fan-out as a port: how the nodes that share a store tell each other at once what happened.

It may lose, repeat and reorder: what was written can always be asked of the store. It carries bytes on named channels.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable


class Fanout(Protocol):
    """The port. Nothing in it raises because the others can't be reached."""

    async def start(self, received: Callable[[str, bytes], None], restored: Callable[[], None]) -> None:
        """Call ``received(channel, message)`` for what comes, one's own too; ``restored()`` when something may be lost."""

    async def stop(self) -> None:
        """Hear and say nothing more."""

    async def listen(self, channel: str) -> None:
        """Hear what is published on this channel from now on, if the others can be reached."""

    def forget(self, channel: str) -> None:
        """Hear this channel no longer."""

    def publish(self, channel: str, message: bytes) -> None:
        """Tell everybody who listens, this node too."""


class SingleNode:
    """The adapter for one process: nobody else is there, so nothing is told."""

    async def start(self, received: Callable[[str, bytes], None], restored: Callable[[], None]) -> None:
        """Nothing to hear."""

    async def stop(self) -> None:
        """Nothing to end."""

    async def listen(self, channel: str) -> None:
        """Nothing to hear."""

    def forget(self, channel: str) -> None:
        """Nothing to forget."""

    def publish(self, channel: str, message: bytes) -> None:
        """Nobody to tell."""
