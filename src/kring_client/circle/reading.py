"""A circle as one device has read it: what its log leads to, and the keys of the epochs that this member has.

Each entry is checked by ``kring.circle``; its boxes are held against the hash that it signs and against the list of members; and
each box of mine is opened at once, so that "you are in" is never said before the key is there. Whatever doesn't hold stops the
reading with a code, and leaves it as it was: nothing of what a lying server sent is kept.

A log that is true as far as it goes may still have been cut short, or be one of two. So a device *pins* the latest entry that it
read, the link of an invitation brings that of the inviter, and members tell each other theirs, signed, when they meet.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kring.circle import Broken, begin, check_boxes, follow, knows
from kring.circle import entries as e
from kring_client.circle.port import CircleTrouble
from kring_client.encoding import SealBroken
from kring_client.keyring import MemberKeys, open_box, verify

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kring.circle import Circle
    from kring.circle.state import Member
    from kring_client.circle.port import Step


class Identity:
    """Who I am in a circle. ``masters``: the master key that each generation of my keys was made from."""

    def __init__(self, member: str, masters: Mapping[int, bytes]) -> None:
        self.member: Final = member
        self.masters: Final = dict(masters)
        self._keys: Final = [MemberKeys.of(master, member, gen) for gen, master in masters.items()]

    @property
    def first(self) -> MemberKeys:
        """The keys that I come with. Raises ``KeyError`` where I have later ones alone."""
        return MemberKeys.of(self.masters[1], self.member, 1)

    def find(self, keys: e.Keys) -> MemberKeys | None:
        """Those of my keys that have these public halves, whichever generation the log counts them as."""
        return next((mine for mine in self._keys if mine.keys == keys), None)

    def renewed(self, gen: int, master: bytes) -> Identity:
        """With a generation more."""
        return Identity(self.member, {**self.masters, gen: master})


class Reading:
    """What was read so far. ``epoch_keys``: by the number of the epoch."""

    def __init__(self, identity: Identity) -> None:
        self.identity = identity
        self.epoch_keys: dict[int, bytes] = {}
        self._circle: Circle | None = None

    @property
    def circle(self) -> Circle:
        """The circle as it is now. Raises ``Broken`` where nothing was read."""
        if self._circle is None:
            raise Broken("not-first")
        return self._circle

    @property
    def length(self) -> int:
        """How many entries were read."""
        return len(self._circle.hashes) if self._circle else 0

    @property
    def me(self) -> Member:
        """My own membership. Raises ``CircleTrouble``: ``not-a-member``, or ``keys-changed`` where it isn't with keys of mine."""
        member = self.circle.member(self.identity.member)
        if member is None:
            raise CircleTrouble("not-a-member")
        if self.identity.find(member.keys) is None:
            raise CircleTrouble("keys-changed")
        return member

    def take(self, steps: Iterable[Step], *, now: int, known: Iterable[str] = ()) -> None:
        """Read on. ``known``: hashes that the log must have then. Raises ``Broken`` or ``CircleTrouble``, and keeps nothing."""
        circle, opened = self._circle, dict(self.epoch_keys)
        for step in steps:
            circle = (
                follow(circle, step.signed, verify=verify, now=now)
                if circle
                else begin(step.signed, verify=verify, now=now)
            )
            opened |= self._opened(circle, step)
        if circle is None or not knows(circle, known):
            raise Broken("entry-missing")
        self._circle, self.epoch_keys = circle, opened

    def _opened(self, circle: Circle, step: Step) -> dict[int, bytes]:
        """The keys in the boxes that came for me with the latest entry of ``circle``."""
        entry = e.read(step.signed.body)
        if step.boxes or hasattr(entry.what, "boxes"):
            check_boxes(circle, entry, step.boxes)
        member = circle.member(self.identity.member)
        mine = self.identity.find(member.keys) if member else None
        if mine is None:
            return {}
        boxes = [box for box in step.boxes if box.member == self.identity.member]
        try:
            return {box.epoch: open_box(box, mine, circle, prev=entry.prev) for box in boxes}
        except SealBroken as error:
            raise CircleTrouble("box-broken") from error
