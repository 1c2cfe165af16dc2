"""A circle as its log leads to it: who is in it with which keys, which epochs there are and for whom, what was agreed.

Everything here follows from entries alone, so that every member comes to the same circle, whatever a server says of it.
"""

from __future__ import annotations

from typing import Final

import msgspec

from kring.circle.entries import Agreed, Keys

DAY: Final = 24 * 60 * 60 * 1000
"""Milliseconds."""
OBJECTION: Final = 7 * DAY
"""For how long the old keys may object to a readmission; so long the readmitted gives no consents."""


class Struct(msgspec.Struct, frozen=True):
    """The base of all that a circle is made of."""


class Trial(Struct, frozen=True):
    """A readmission to which the ``old`` keys may object until ``until``. ``entry``: its hash."""

    entry: str
    until: int
    old: Keys
    old_gen: int


class Member(Struct, frozen=True):
    """A member. ``gen``: how many generations of keys there were; ``rules``: the hash of the rules accepted last."""

    id: str
    keys: Keys
    rules: str
    gen: int = 1
    trial: Trial | None = None

    def has_say(self, at: int) -> bool:
        """Whether this member's consent counts at ``at``: not while the old keys may still object to the new ones."""
        return self.trial is None or at >= self.trial.until


class Invitation(Struct, frozen=True):
    """An invitation for one person. ``entry``: its hash, by which it is named."""

    entry: str
    seed: bytes
    until: int


class Applicant(Struct, frozen=True):
    """Somebody who asked to join, by the entry with the hash ``entry``, and isn't let in yet."""

    entry: str
    id: str
    keys: Keys
    rules: str


class Epoch(Struct, frozen=True):
    """A key that is shared. ``key``: its hash; ``recipients``: the members, each with the generation of keys it was sealed to."""

    number: int
    key: str
    recipients: tuple[tuple[str, int], ...]


class Circle(Struct, frozen=True):
    """A circle after so many entries. ``id``: the hash of the first; ``hashes``: of all, the latest last.

    ``carer``: who takes care of it; ``claim``: who gave notice of taking over the care, and when; ``used``: the hashes of the
    consents that were counted; ``gone``: the ids of everybody who was here before.
    """

    id: str
    hashes: tuple[str, ...]
    at: int
    members: tuple[Member, ...]
    epochs: tuple[Epoch, ...]
    rules: str
    agreed: Agreed
    carer: str
    invitations: tuple[Invitation, ...] = ()
    applicants: tuple[Applicant, ...] = ()
    claim: tuple[str, int] | None = None
    used: frozenset[str] = frozenset()
    gone: frozenset[str] = frozenset()
    closed: bool = False

    @property
    def head(self) -> str:
        """The hash of the latest entry."""
        return self.hashes[-1]

    @property
    def epoch(self) -> Epoch:
        """The epoch under way."""
        return self.epochs[-1]

    @property
    def recipients(self) -> tuple[tuple[str, int], ...]:
        """Every member with the generation of their keys: exactly those for whom a new epoch is."""
        return tuple((one.id, one.gen) for one in self.members)

    @property
    def settled(self) -> bool:
        """Whether those who have the key are exactly the members. Until then no client seals anything with it."""
        return not self.closed and self.epoch.recipients == self.recipients

    def member(self, who: str) -> Member | None:
        """The member with this id."""
        return next((one for one in self.members if one.id == who), None)

    def knows(self, who: str) -> bool:
        """Whether this id is or was somebody's."""
        here = {one.id for one in self.members} | {one.id for one in self.applicants}
        return who in here | self.gone

    def epochs_of(self, who: str) -> tuple[int, ...]:
        """The epochs of which this member has the key."""
        return tuple(one.number for one in self.epochs if any(member == who for member, _ in one.recipients))

    def having_say(self, at: int, *, but: str = "") -> tuple[str, ...]:
        """The members whose consent counts at ``at``, without the one whom it is about."""
        return tuple(one.id for one in self.members if one.id != but and one.has_say(at))
