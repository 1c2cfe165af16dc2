"""A server that keeps circles in memory and does what it promises, and the people who use it."""

from __future__ import annotations

import hashlib
import itertools
from collections import defaultdict
from typing import TYPE_CHECKING

from kring.circle.state import DAY
from kring_client.circle import Identity, Link, Membership, Moved, Server, Step, StoredItem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kring.circle.entries import Agreed, Consent

RULES = hashlib.sha256(b"what is said here stays here").hexdigest()
START = 1_790_000_000_000


class Keeper:
    """What an honest server does: every entry at its place, whatever it says."""

    def __init__(self) -> None:
        self.logs: dict[str, list[Step]] = {}
        self.waiting: dict[str, list[Consent]] = defaultdict(list)
        self.things: dict[str, dict[tuple[str, str], StoredItem]] = defaultdict(dict)

    async def found(self, step: Step) -> None:
        self.logs[step.signed.hash] = [step]

    async def log(self, circle: str, since: int) -> Sequence[Step]:
        return self.logs[circle][since:]

    async def append(self, circle: str, step: Step) -> None:
        log = self.logs[circle]
        if f'"prev":"{log[-1].signed.hash}"'.encode() not in step.signed.body:
            raise Moved
        log.append(step)

    async def consents(self, circle: str) -> Sequence[Consent]:
        return tuple(self.waiting[circle])

    async def consent(self, circle: str, consent: Consent) -> None:
        self.waiting[circle].append(consent)

    async def items(self, circle: str, kind: str) -> Sequence[StoredItem]:
        return [one for one in self.things[circle].values() if one.kind == kind]

    async def keep(self, circle: str, item: StoredItem) -> None:
        self.things[circle][item.kind, item.id] = item


class Clock:
    """Milliseconds, as somebody sets them."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> int:
        return self.now

    def days(self, count: float) -> None:
        self.now += round(count * DAY)


class Town:
    """A server, a clock, and people with real keys. ``masters``: of everybody, by generation."""

    def __init__(self, server: Keeper | None = None) -> None:
        self.server, self.clock = server or Keeper(), Clock()
        self._numbers = itertools.count()

    def server_of(self, name: str, link: Link | None = None) -> Server:  # noqa: ARG002 -- on some servers people have accounts
        """Where somebody goes, who may have come by a link."""
        return self.server

    def master(self) -> bytes:
        return hashlib.sha256(b"master %d" % next(self._numbers)).digest()

    def person(self, name: str, gen: int = 1) -> Identity:
        return Identity(name, {gen: self.master()})

    async def founded(self, name: str = "anna", agreed: Agreed | None = None) -> Membership:
        server = self.server_of(name)
        return await Membership.found(server, self.person(name), self.clock, rules=RULES, agreed=agreed)

    async def asking(self, by: Membership, name: str) -> Membership:
        """Somebody with a link of ``by``, who asked to join."""
        link = Link.read((await by.invite()).fragment)
        server = self.server_of(name, link)
        newcomer = await Membership.open(server, self.person(name), self.clock, link.circle, [link.head])
        await newcomer.ask(link)
        await by.refresh()
        return newcomer

    async def joined(self, by: Membership, name: str, *others: Membership, also: tuple[int, ...] = ()) -> Membership:
        """Somebody let in by one member, with the consents of others."""
        newcomer = await self.asking(by, name)
        for one in others:
            await one.refresh()
            await one.consent_to_admit(name, also)
        await by.admit(name, also)
        await self.meet(newcomer, *others)
        return newcomer

    async def circle(self, *names: str, agreed: Agreed | None = None) -> list[Membership]:
        """A circle of these."""
        first, *others = names
        everybody = [await self.founded(first, agreed)]
        for name in others:
            everybody.append(await self.joined(everybody[0], name, *everybody[1:]))
        return everybody

    @staticmethod
    async def meet(*everybody: Membership) -> None:
        for one in everybody:
            await one.refresh()
