"""A member's circle: what they read of it, and all that they may do in it.

Every act is made against the latest entry that was read, and checked by ``kring.circle`` before it is sent: what the others would
not believe is refused here, with its code. Where somebody else was quicker (``Moved``) the log is read on, and the act is not
made again by itself, since it may have lost its sense; only a new epoch is (``settle``), which has to be there in any case.

Once another member is found to have been shown another history (``hear``) nothing more is sealed or signed here: whoever meets
has to choose by voice, and to found the circle anew from the history that they chose (``found``, ``after``).
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final, NamedTuple, Self

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kring.circle import Broken, begin, compare, consents, follow
from kring.circle import entries as e
from kring.circle.acts import INVITED, rules_subject
from kring.circle.state import Member
from kring_client.circle import boxing, items
from kring_client.circle.link import Link
from kring_client.circle.port import CircleTrouble, Moved, Step
from kring_client.circle.reading import Reading
from kring_client.keyring import MemberKeys, verify

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from kring.circle import Circle
    from kring.circle.state import Applicant
    from kring_client import sealing
    from kring_client.circle.port import Server, StoredItem
    from kring_client.circle.reading import Identity

_HEAD: Final = "kring/2 head\n{}\n{}\n{}"
_TRIES: Final = 9
"""How often a new epoch is tried where others are quicker: as many as there are members."""


class Heard(NamedTuple):
    """What a member says that they have read: the number and hash of the latest entry, signed with their keys of today."""

    by: str
    n: int
    head: str
    signature: bytes


class Membership:
    """``clock``: milliseconds since the epoch."""

    def __init__(self, server: Server, identity: Identity, clock: Callable[[], int]) -> None:
        self.reading: Final = Reading(identity)
        self._server, self._clock = server, clock
        self._forked = False

    @classmethod
    async def found(
        cls,
        server: Server,
        identity: Identity,
        clock: Callable[[], int],
        *,
        rules: str,
        agreed: e.Agreed | None = None,
        after: str = "",
    ) -> Self:
        """A new circle.

        ``rules``: the hash of its house rules; ``after``: the entry to go on from, where there were two histories.
        """
        mine = identity.first
        said, boxes = boxing.first(Member(identity.member, mine.keys, rules))
        what = e.Found(mine.keys, rules, agreed or e.Agreed(), said, after)
        step = Step(mine.signed(e.Entry(e.VERSION, "", 0, "", clock(), identity.member, 1, what)), boxes)
        new = cls(server, identity, clock)
        begin(step.signed, verify=verify, now=clock())
        await server.found(step)
        new.reading.take([step], now=clock())
        return new

    @classmethod
    async def open(
        cls, server: Server, identity: Identity, clock: Callable[[], int], circle: str, known: Iterable[str] = ()
    ) -> Self:
        """A circle that is there. ``known``: the hashes that this device pinned, or that a link brought."""
        new = cls(server, identity, clock)
        steps = await server.log(circle, 0)
        new.reading.take(steps, now=clock(), known={circle, *known})
        if new.circle.id != circle:
            raise Broken("other-circle")
        return new

    @property
    def circle(self) -> Circle:
        """The circle as it was read."""
        return self.reading.circle

    @property
    def pin(self) -> str:
        """The hash to remember: a log that lacks it is never believed again."""
        return self.circle.head

    async def refresh(self) -> None:
        """Read what is new."""
        steps = await self._server.log(self.circle.id, self.reading.length)
        self.reading.take(steps, now=self._clock())

    # --- who comes -----------------------------------------------------------------------------------------------

    async def invite(self, lasting: int = INVITED) -> Link:
        """An invitation for one person, good for so many milliseconds."""
        seed = os.urandom(32)
        public = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
        await self._act(e.Invite(public, self._now() + lasting))
        return Link(self.circle.id, seed, self.circle.head)

    async def uninvite(self, entry: str) -> None:
        """Take back an invitation, or turn down who asked: the hash of that entry."""
        await self._act(e.Uninvite(entry))

    async def ask(self, link: Link) -> None:
        """Ask to join by a link, under the rules of today."""
        invitation = next((one for one in self.circle.invitations if one.seed == link.public), None)
        mine = self.reading.identity.first
        if invitation is None:
            raise Broken("no-invitation")
        join = e.Join(invitation.entry, mine.keys, self.circle.rules, link.proof(invitation.entry, mine.keys))
        await self._send(join, mine, 1)

    async def admit(self, member: str, also: tuple[int, ...] = ()) -> None:
        """Let in who asked, with the consents that wait. ``also``: the epochs to be read too, or none: from now on."""
        applicant = self._applicant(member)
        said, boxes = boxing.admitted(self.reading, applicant, also)
        given = await self._given("admit", applicant.entry, applicant.keys.sign, also)
        await self._act(e.Admit(applicant.entry, given, said), boxes)

    async def consent_to_admit(self, member: str, also: tuple[int, ...] = ()) -> None:
        """Agree that somebody who asked is let in."""
        applicant = self._applicant(member)
        await self._consent("admit", applicant.entry, applicant.keys.sign, also)

    # --- who goes ------------------------------------------------------------------------------------------------

    async def leave(self) -> None:
        """Leave: the others open a new epoch."""
        await self._act(e.Leave())

    async def consent_to_remove(self, member: str) -> None:
        """Agree that a member is removed."""
        await self._consent("remove", member, self._member(member).keys.sign)

    async def remove(self, member: str) -> None:
        """Remove a member, with the consents that wait; the new epoch is for those who stay."""
        keys = self._member(member).keys
        said, boxes = boxing.rekeyed(self.reading, without=member)
        await self._act(e.Remove(member, await self._given("remove", member, keys.sign), said), boxes)

    async def settle(self) -> bool:
        """Open a new epoch where whoever has the key is not exactly who is here; whether that is so now."""
        for _ in range(_TRIES):
            if self.circle.settled or self.circle.closed:
                break
            said, boxes = boxing.rekeyed(self.reading)
            try:
                await self._act(e.Rekey(said), boxes)
            except Moved:
                continue
        return self.circle.settled

    # --- keys ----------------------------------------------------------------------------------------------------

    async def new_keys(self, master: bytes) -> None:
        """Keys that follow from another master key, signed by the old ones; then a new epoch."""
        me = self.reading.me
        gen = me.gen + 1
        keys, proof = self.returning(master, gen)
        await self._act(e.NewKeys(keys, proof))
        self.reading.identity = self.reading.identity.renewed(gen, master)
        await self.settle()

    def returning(self, master: bytes, gen: int) -> tuple[e.Keys, bytes]:
        """My keys of a further generation, and their own proof: what a fellow needs who vouches for me."""
        mine = MemberKeys.of(master, self.reading.identity.member, gen)
        return mine.keys, mine.sign(e.keys_proof(self.circle.id, self.reading.identity.member, gen, mine.keys))

    async def readmit(self, member: str, keys: e.Keys, proof: bytes) -> None:
        """Vouch, after the check by voice, for the new keys of a fellow who lost everything."""
        said, boxes = boxing.readmitted(self.reading, self._member(member), keys)
        await self._act(e.Readmit(member, keys, proof, said), boxes)

    async def object(self) -> None:
        """My keys were not lost: I object to those that were put in their place."""
        member = self._member(self.reading.identity.member)
        trial = member.trial
        mine = self.reading.identity.find(trial.old) if trial else None
        if trial is None or mine is None:
            raise Broken("not-theirs")
        await self._send(e.Object(trial.entry), mine, trial.old_gen)
        await self.settle()

    # --- rules, care, end ----------------------------------------------------------------------------------------

    async def accept_rules(self) -> None:
        """Accept the rules of today in person."""
        await self._act(e.RulesAccepted(self.circle.rules))

    async def consent_to_rules(self, rules: str, agreed: e.Agreed) -> None:
        """Agree to other rules, or to another number of consents."""
        await self._consent("rules", rules_subject(rules, agreed))

    async def change_rules(self, rules: str, agreed: e.Agreed) -> None:
        """Other rules, with everybody's consent."""
        await self._act(e.NewRules(rules, agreed, await self._given("rules", rules_subject(rules, agreed))))

    async def hand_care(self, member: str) -> None:
        """Hand on the care of the circle."""
        await self._act(e.HandCare(member))

    async def claim_care(self) -> None:
        """Give notice of taking over the care, or take it over once the notice is old enough."""
        await self._act(e.ClaimCare())

    async def consent_to_close(self) -> None:
        """Agree that the circle ends."""
        await self._consent("close", "")

    async def close(self) -> None:
        """End the circle, with everybody's consent."""
        await self._act(e.Close(await self._given("close", "")))

    # --- what is kept --------------------------------------------------------------------------------------------

    async def keep(self, kind: str, name: str, fields: sealing.Filled) -> StoredItem:
        """Seal a thing and have it kept. Raises ``CircleTrouble`` where nothing may be sealed now."""
        self._sound()
        item = items.seal(self.reading, kind, name, fields)
        await self._server.keep(self.circle.id, item)
        return item

    async def kept(self, kind: str) -> dict[str, sealing.Fields]:
        """All things of a kind that I can open, by id; what was sealed before I came is left out."""
        stored = await self._server.items(self.circle.id, kind)
        mine = [one for one in stored if one.kind == kind and one.epoch in self.reading.epoch_keys]
        return {one.id: items.unseal(self.reading, one) for one in mine}

    # --- two histories -------------------------------------------------------------------------------------------

    def say(self) -> Heard:
        """What I have read, for the others to hold against what they have."""
        me, n, head = self.reading.me, self.reading.length - 1, self.circle.head
        mine = self._keys(me)
        return Heard(me.id, n, head, mine.sign(_HEAD.format(self.circle.id, n, head).encode()))

    async def hear(self, heard: Heard) -> None:
        """Hold what another member has read against mine. Raises ``CircleTrouble``: ``forked`` stops all sealing here."""
        keys = self._member(heard.by).keys
        if not verify(keys.sign, heard.signature, _HEAD.format(self.circle.id, heard.n, heard.head).encode()):
            raise CircleTrouble("head-broken")
        if compare(self.circle, heard.head) == "unknown":
            await self.refresh()
        if compare(self.circle, heard.head) == "unknown":
            self._forked = True
        self._sound()

    # --- how it is done ------------------------------------------------------------------------------------------

    def _sound(self) -> None:
        if self._forked:
            raise CircleTrouble("forked")

    def _now(self) -> int:
        return max(self._clock(), self.circle.at)

    def _member(self, member: str) -> Member:
        found = self.circle.member(member)
        if found is None:
            raise Broken("not-a-member")
        return found

    def _applicant(self, member: str) -> Applicant:
        found = next((one for one in self.circle.applicants if one.id == member), None)
        if found is None:
            raise Broken("no-applicant")
        return found

    def _keys(self, me: Member) -> MemberKeys:
        mine = self.reading.identity.find(me.keys)
        if mine is None:
            raise CircleTrouble("keys-changed")
        return mine

    async def _act(self, what: e.What, boxes: tuple[e.Box, ...] = ()) -> None:
        """Sign and send an entry of mine. Raises ``Broken`` where the others would not believe it, and ``Moved``."""
        me = self.reading.me
        await self._send(what, self._keys(me), me.gen, boxes)

    async def _send(self, what: e.What, mine: MemberKeys, gen: int, boxes: tuple[e.Box, ...] = ()) -> None:
        self._sound()
        circle = self.circle
        entry = e.Entry(
            e.VERSION, circle.id, len(circle.hashes), circle.head, self._now(), self.reading.identity.member, gen, what
        )
        step = Step(mine.signed(entry), boxes)
        follow(circle, step.signed, verify=verify, now=self._clock())
        try:
            await self._server.append(circle.id, step)
        except Moved:
            await self.refresh()
            raise
        self.reading.take([step], now=self._clock())

    async def _consent(self, kind: consents.Kind, subject: str, key: bytes = b"", epochs: tuple[int, ...] = ()) -> None:
        self._sound()
        me, circle = self.reading.me, self.circle
        until = self._now() + consents.GOOD_FOR
        wording = consents.Wording(circle.id, me.id, me.gen, kind, subject, circle.rules, until, key, epochs)
        body = consents.write(wording)
        await self._server.consent(circle.id, e.Consent(body, self._keys(me).sign(consents.to_sign(body))))

    async def _given(
        self, kind: consents.Kind, subject: str, key: bytes = b"", epochs: tuple[int, ...] = ()
    ) -> tuple[e.Consent, ...]:
        """The consents that wait for this and that count now: one of each who has a say; what a server adds is left out."""
        circle, me, at = self.circle, self.reading.me, self._now()
        having = circle.having_say(at, but=subject if kind == "remove" else "")
        asked = consents.Asked(kind, subject, me.id, having, 1, key, epochs)
        given: list[e.Consent] = []
        for one in await self._server.consents(circle.id):
            if isinstance(consents.count(circle, asked, [*given, one], at, verify), frozenset):
                given.append(one)
        return tuple(given)
