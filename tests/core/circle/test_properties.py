"""Whatever people do to a log, in whatever order and with whatever right, what is taken leads to a circle that makes sense."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from kring.circle import Broken, Circle, follow, read
from kring.circle import entries as e
from kring.circle.state import DAY

from .people import NOW, Person, boxes, circle_of, verify

PEOPLE = {name: Person(name) for name in ("anna", "bea", "cees", "dora")}
_DOINGS = st.tuples(
    st.sampled_from(sorted(PEOPLE)),
    st.sampled_from(sorted(PEOPLE)),
    st.sampled_from(
        ["join", "admit", "also", "rekey", "newkeys", "readmit", "object", "leave", "remove", "care", "claim", "close"]
    ),
    st.integers(0, 9),
)
"""Who does what, about whom, and how many days later."""


class Play:
    """A circle of three, and a fourth who may come in. ``keys``: the persons with the keys that they have now."""

    def __init__(self) -> None:
        self.keys = dict(PEOPLE)
        self.old: dict[str, Person] = {}
        self.log = circle_of(*(self.keys[name] for name in ("anna", "bea", "cees")))

    def do(self, who: str, whom: str, what: str) -> None:
        """Try it. What is refused changes nothing."""
        log, by, other = self.log, self.keys[who], self.keys[whom]
        wanted = self._wanted(what, by, other)
        if wanted is None:
            return
        signer = self.old.get(who, by) if what == "object" else by
        one = log.entry(signer, wanted)
        try:
            after = follow(log.circle, one, verify=verify, now=NOW)
        except Broken:
            return
        self._take(what, who, whom)
        log.signed.append(one)
        check_step(log.circle, after)
        log.circle = after

    def _next(self, who: Person) -> Person:
        member = self.log.circle.member(who.id)
        return Person(who.id, (member.gen if member else 1) + 1, lost=len(self.log.signed))

    def _wanted(self, what: str, by: Person, other: Person) -> e.What | None:
        log, circle = self.log, self.log.circle
        others = [one for one in self.keys.values() if one.id != by.id and circle.member(one.id)]
        match what:
            case "join":
                return self._asking(other) if not circle.knows(other.id) and circle.member(by.id) else None
            case "admit" | "also":
                also = circle.epochs_of(by.id) if what == "also" else ()
                known = [one for one in circle.applicants if one.id == other.id]
                return log.admitting(known[0].entry, other, *others, also=also) if known else None
            case "rekey":
                return e.Rekey(boxes(circle))
            case "newkeys" | "readmit":
                return self._renewed(what, by, other)
            case "object":
                member = circle.member(by.id)
                return e.Object(member.trial.entry if member and member.trial else "")
            case "remove":
                consents = [
                    one.consent(circle, "remove", other.id, key=other.keys.sign) for one in others if one is not other
                ]
                return e.Remove(other.id, tuple(consents), boxes(circle))
            case "close":
                return e.Close(tuple(one.consent(circle, "close", "") for one in others[1:]))
            case _:
                other_kinds: dict[str, e.What] = {
                    "leave": e.Leave(),
                    "care": e.HandCare(other.id),
                    "claim": e.ClaimCare(),
                }
                return other_kinds[what]

    def _asking(self, newcomer: Person) -> e.Join | None:
        seed = Person(f"seed {len(self.log.signed)}")
        inviter = next((one for one in self.keys.values() if self.log.circle.member(one.id)), None)
        member = self.log.circle.member(inviter.id) if inviter else None
        if inviter is None or member is None or member.keys != inviter.keys or self.log.circle.closed:
            return None
        invite = self.log.invite(inviter, seed).hash
        return self.log.asking(newcomer, invite, seed)

    def _renewed(self, what: str, by: Person, other: Person) -> e.What:
        whose = by if what == "newkeys" else other
        new = self._next(whose)
        proof = new.sign(e.keys_proof(self.log.circle.id, new.id, new.gen, new.keys))
        self.coming = new
        if what == "newkeys":
            return e.NewKeys(new.keys, proof)
        return e.Readmit(new.id, new.keys, proof, boxes(self.log.circle, also=self.log.circle.epochs_of(new.id)))

    def _take(self, what: str, who: str, whom: str) -> None:
        """Who has which keys now."""
        if what == "newkeys":
            self.keys[who] = self.coming
        if what == "readmit":
            self.old[whom], self.keys[whom] = self.keys[whom], self.coming
        if what == "object":
            back, member = self.old.pop(who), self.log.circle.member(who)
            back = Person(back.id, back.gen) if back.keys == Person(back.id, back.gen).keys else back
            back.gen = (member.gen if member else 0) + 1
            self.keys[who] = back


def check_step(before: Circle, after: Circle) -> None:
    """What is true after each entry, whatever it is."""
    ids = [one.id for one in after.members]
    keys = [part for one in after.members for part in (one.keys.sign, one.keys.box)]
    assert len(set(ids)) == len(ids)
    assert len(set(keys)) == len(keys)
    assert after.gone.isdisjoint(ids)
    assert after.closed or after.carer in ids
    assert after.used >= before.used
    assert all(now.gen >= was.gen for was in before.members for now in after.members if now.id == was.id)
    if len(after.epochs) > len(before.epochs):
        assert len(after.epochs) == len(before.epochs) + 1
        assert after.settled  # for exactly the members
    for was, now in zip(before.epochs, after.epochs, strict=False):
        gained = {one for one, _ in now.recipients} - {one for one, _ in was.recipients}
        assert gained <= set(ids) - {one.id for one in before.members}  # a newcomer, and nobody else
        assert now.key == was.key


@settings(max_examples=60, deadline=None)
@given(st.lists(_DOINGS, max_size=25))
def test_whatever_people_do_the_circle_makes_sense(doings: list[tuple[str, str, str, int]]) -> None:
    play = Play()
    for who, whom, what, days in doings:
        play.log.at = min(play.log.at + days * DAY, NOW)
        play.do(who, whom, what)
    assert read(play.log.signed, verify=verify, now=NOW) == play.log.circle


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 6), st.integers(min_value=0), st.integers(1, 255))
def test_no_byte_of_a_log_can_be_changed(which: int, place: int, by: int) -> None:
    log = circle_of(*(PEOPLE[name] for name in ("anna", "bea", "cees"))).signed
    one = log[which]
    at = place % len(one.body)
    body = one.body[:at] + bytes([one.body[at] ^ by]) + one.body[at + 1 :]
    changed = [*log[:which], e.Signed(body, one.signature), *log[which + 1 :]]
    try:
        read(changed, verify=verify, now=NOW)
    except Broken:
        return
    raise AssertionError(body)
