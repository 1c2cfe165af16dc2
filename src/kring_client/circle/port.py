"""What a circle's client asks of a server: to keep what it is given, and to give it back. It is believed in nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kring.circle.entries import Box, Consent, Signed


class Step(NamedTuple):
    """An entry of the log with all the boxes that came with it: they are held against the hash that the entry signs."""

    signed: Signed
    boxes: tuple[Box, ...] = ()


class StoredItem(NamedTuple):
    """A sealed thing as it is kept: its key wrapped by that of an epoch, its body sealed with that key by the member ``by``."""

    kind: str
    id: str
    by: str
    epoch: int
    wrap: bytes
    body: str


class Moved(Exception):
    """Somebody else's entry came first: read on, and decide again."""


class Server(Protocol):
    """Where circles are kept. Every method may raise what the transport raises; nothing is done twice by being asked twice."""

    async def found(self, step: Step) -> None:
        """Keep the first entry of a circle."""

    async def log(self, circle: str, since: int) -> Sequence[Step]:
        """The entries from number ``since`` on."""

    async def append(self, circle: str, step: Step) -> None:
        """Keep an entry and its boxes, both or neither. Raises ``Moved`` where the log has another one at its place."""

    async def consents(self, circle: str) -> Sequence[Consent]:
        """The consents that wait for an entry to carry them."""

    async def consent(self, circle: str, consent: Consent) -> None:
        """Keep a consent until an entry carries it."""

    async def items(self, circle: str, kind: str) -> Sequence[StoredItem]:
        """What is kept of a kind."""

    async def keep(self, circle: str, item: StoredItem) -> None:
        """Keep an item, in the place of the one with its kind and id."""


Code = Literal[
    "box-broken",
    "keys-changed",
    "forked",
    "unsettled",
    "no-key",
    "not-a-member",
    "link-broken",
    "item-broken",
    "head-broken",
]
"""Beside those of ``kring.circle.acts.Code``: why a client goes no further. Stable: every client has words for each.

``box-broken``: a box of mine opens to another key than the others have, or not at all; ``keys-changed``: the circle knows other
keys as mine, and I may object; ``forked``: another member was shown another history; ``unsettled``: whoever has the key is not
exactly who belongs to the circle, so that nothing is sealed; ``no-key``: it was sealed before I came; ``item-broken``: it was
changed, moved, or sealed by somebody else than it says; ``head-broken``: what another member is said to have read was not signed
by them.
"""


class CircleTrouble(Exception):
    """A client goes no further. ``code``: why."""

    def __init__(self, code: Code) -> None:
        super().__init__(code)
        self.code = code
