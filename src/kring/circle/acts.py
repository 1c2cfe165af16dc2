"""What each kind of entry does to a circle, and who may do it: one function for each, which gives the circle after it.

``log`` has held the entry against the log already, and holds its signature against the keys that ``Act.signer`` names. What an
entry asks for and is not so raises ``Broken`` with a code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final, Literal

import msgspec
from msgspec.structs import replace

from kring.circle import consents
from kring.circle import entries as e
from kring.circle.consents import Asked, Verify
from kring.circle.entries import Entry, Keys, Signed
from kring.circle.state import DAY, OBJECTION, Applicant, Circle, Epoch, Invitation, Member, Trial

NOTICE: Final = 14 * DAY
"""Milliseconds between the notice of taking over the care and doing so."""
CLAIMED: Final = 30 * DAY
"""Milliseconds after its notice in which a claim to the care is to be completed; then it holds up nobody any more."""
INVITED: Final = 30 * DAY
"""Milliseconds for which an invitation is good at most."""
Code = (
    Literal[
        "unreadable",
        "too-new",
        "not-first",
        "other-circle",
        "out-of-order",
        "closed",
        "time",
        "signature",
        "not-a-member",
        "not-theirs",
        "keys-used",
        "id-used",
        "no-invitation",
        "no-applicant",
        "rules",
        "boxes",
        "too-early",
        "too-late",
        "entry-missing",
    ]
    | consents.Problem
)
"""Why a log is not to be believed. Stable: screens have words for each, and what to do."""


class Broken(Exception):
    """A log that is not what members made. ``code``: in which way."""

    def __init__(self, code: Code) -> None:
        super().__init__(code)
        self.code: Final = code


def require(holds: bool, code: Code) -> None:  # noqa: FBT001 - reads as a sentence
    """Raise ``Broken`` unless it holds."""
    if not holds:
        raise Broken(code)


class Act(msgspec.Struct, frozen=True):
    """An entry, and the circle as it was before."""

    circle: Circle
    entry: Entry
    signed: Signed
    verify: Verify

    def signer(self) -> Keys:
        """The keys that the entry must be signed with: those that it brings, where somebody asks to join."""
        circle, entry, what = self.circle, self.entry, self.entry.what
        if isinstance(what, e.Join):
            require(entry.gen == 1 and not circle.knows(entry.by), "id-used")
            return what.keys
        member = circle.member(entry.by)
        if member is None:
            raise Broken("not-a-member")
        if isinstance(what, e.Object):
            if member.trial is None or entry.gen != member.trial.old_gen:
                raise Broken("not-theirs")
            return member.trial.old
        require(entry.gen == member.gen, "signature")
        return member.keys

    def consented(self, asked: Asked, given: Iterable[e.Consent]) -> frozenset[str]:
        """The consents that were ever counted, with these. Raises ``Broken`` where they don't suffice."""
        counted = consents.count(self.circle, asked, given, self.entry.at, self.verify)
        if not isinstance(counted, frozenset):
            raise Broken(counted)
        return self.circle.used | counted

    def fresh(self, keys: Keys) -> None:
        """Nobody else in the circle has these keys."""
        circle = self.circle
        known = [one.keys for one in circle.members] + [one.keys for one in circle.applicants]
        known += [one.trial.old for one in circle.members if one.trial]
        used = {part for one in known for part in (one.sign, one.box)}
        require(used.isdisjoint({keys.sign, keys.box}), "keys-used")


def _invite(act: Act) -> Circle:
    invite: Any = act.entry.what
    require(act.entry.at < invite.until <= act.entry.at + INVITED, "too-late")
    require(all(one.seed != invite.seed for one in act.circle.invitations), "keys-used")
    invitation = Invitation(act.signed.hash, invite.seed, invite.until)
    return replace(act.circle, invitations=(*act.circle.invitations, invitation))


def _invitation(act: Act, name: str) -> Invitation:
    for one in act.circle.invitations:
        if one.entry == name:
            return one
    raise Broken("no-invitation")


def _without(circle: Circle, invitation: Invitation) -> tuple[Invitation, ...]:
    return tuple(one for one in circle.invitations if one is not invitation)


def _uninvite(act: Act) -> Circle:
    uninvite: Any = act.entry.what
    asking = tuple(one for one in act.circle.applicants if one.entry != uninvite.invite)
    if asking != act.circle.applicants:
        return replace(act.circle, applicants=asking)
    return replace(act.circle, invitations=_without(act.circle, _invitation(act, uninvite.invite)))


def _join(act: Act) -> Circle:
    """By the link of an invitation, which is used up by it."""
    join: Any = act.entry.what
    circle, invitation = act.circle, _invitation(act, join.invite)
    require(act.entry.at <= invitation.until, "too-late")
    require(act.verify(invitation.seed, join.proof, e.join_proof(join.invite, join.keys)), "signature")
    require(join.rules == circle.rules, "rules")
    act.fresh(join.keys)
    applicant = Applicant(act.signed.hash, act.entry.by, join.keys, join.rules)
    return replace(circle, invitations=_without(circle, invitation), applicants=(*circle.applicants, applicant))


def _applicant(act: Act, name: str) -> Applicant:
    for one in act.circle.applicants:
        if one.entry == name:
            return one
    raise Broken("no-applicant")


def _admit(act: Act) -> Circle:
    """From now on: a new epoch. Also before: no new one, and boxes for epochs up to that under way."""
    admit: Any = act.entry.what
    circle, applicant, boxes = act.circle, _applicant(act, admit.join), admit.boxes
    require(applicant.rules == circle.rules, "rules")
    having = circle.having_say(act.entry.at)
    asked = Asked(
        "admit", admit.join, act.entry.by, having, consents.needed(circle.agreed.admit, len(having)),
        applicant.keys.sign, boxes.also,
    )  # fmt: skip
    used = act.consented(asked, admit.consents)
    require(bool(boxes.key) != (circle.epoch.number in boxes.also), "boxes")
    newcomer = Member(applicant.id, applicant.keys, applicant.rules)
    after = replace(
        circle,
        members=(*circle.members, newcomer),
        applicants=tuple(one for one in circle.applicants if one is not applicant),
        used=used,
    )
    return _boxed(after, boxes, newcomer)


def _boxed(circle: Circle, boxes: e.Boxes, late: Member | None = None) -> Circle:
    """With a new epoch for all members where one is opened, and earlier ones for whoever came late."""
    epochs = circle.epochs
    numbers = {one.number for one in epochs}
    require(set(boxes.also) <= numbers and len(set(boxes.also)) == len(boxes.also), "boxes")
    if late is not None:
        mine = (late.id, late.gen)
        epochs = tuple(
            replace(one, recipients=(*(other for other in one.recipients if other[0] != late.id), mine))
            if one.number in boxes.also
            else one
            for one in epochs
        )
    if boxes.key:
        require(all(one.key != boxes.key for one in epochs), "boxes")
        epochs = (*epochs, Epoch(epochs[-1].number + 1, boxes.key, circle.recipients))
    return replace(circle, epochs=epochs)


def _rekey(act: Act) -> Circle:
    rekey: Any = act.entry.what
    require(bool(rekey.boxes.key) and not rekey.boxes.also, "boxes")
    return _boxed(act.circle, rekey.boxes)


def _new_member(act: Act, member: Member, keys: Keys, proof: bytes) -> Member:
    """A member with another generation of keys, which sign that they are theirs."""
    act.fresh(keys)
    gen = member.gen + 1
    require(act.verify(keys.sign, proof, e.keys_proof(act.circle.id, member.id, gen, keys)), "signature")
    return replace(member, keys=keys, gen=gen)


def _with_member(circle: Circle, changed: Member) -> Circle:
    return replace(circle, members=tuple(changed if one.id == changed.id else one for one in circle.members))


def _member(act: Act, who: str) -> Member:
    member = act.circle.member(who)
    if member is None:
        raise Broken("not-a-member")
    return member


def _new_keys(act: Act) -> Circle:
    """Not while the old keys may object: else whoever was readmitted could leave them behind."""
    what: Any = act.entry.what
    member = _member(act, act.entry.by)
    require(member.has_say(act.entry.at), "too-early")
    return _with_member(act.circle, replace(_new_member(act, member, what.keys, what.proof), trial=None))


def _readmit(act: Act) -> Circle:
    """By a fellow with a say. The epochs that this member had, and a new one."""
    what: Any = act.entry.what
    circle, at = act.circle, act.entry.at
    member, fellow = _member(act, what.member), _member(act, act.entry.by)
    require(fellow.id != member.id and fellow.has_say(at) and member.has_say(at), "not-theirs")
    require(bool(what.boxes.key) and what.boxes.also == circle.epochs_of(member.id), "boxes")
    trial = Trial(act.signed.hash, at + OBJECTION, member.keys, member.gen)
    again = replace(_new_member(act, member, what.keys, what.proof), trial=trial)
    return _boxed(_with_member(circle, again), what.boxes, again)


def _object(act: Act) -> Circle:
    """The old keys hold again, as a further generation, so that the circle is rekeyed."""
    what: Any = act.entry.what
    member = _member(act, act.entry.by)
    trial = member.trial
    if trial is None or trial.entry != what.readmit:
        raise Broken("not-theirs")
    require(act.entry.at < trial.until, "too-late")
    return _with_member(act.circle, replace(member, keys=trial.old, gen=member.gen + 1, trial=None))


def _gone(circle: Circle, who: str) -> Circle:
    """Without a member; the care goes to who is longest here, whose own claim to it then has no more to wait for."""
    members = tuple(one for one in circle.members if one.id != who)
    carer = circle.carer if circle.carer != who or not members else members[0].id
    claim = None if circle.claim and circle.claim[0] in {who, carer} else circle.claim
    return replace(circle, members=members, carer=carer, claim=claim, gone=circle.gone | {who}, closed=not members)


def _leave(act: Act) -> Circle:
    """Others open a new epoch; with the last member the circle ends. Not by keys to which the old ones may object."""
    require(_member(act, act.entry.by).has_say(act.entry.at), "too-early")
    return _gone(act.circle, act.entry.by)


def _remove(act: Act) -> Circle:
    what: Any = act.entry.what
    circle, member = act.circle, _member(act, what.member)
    having = circle.having_say(act.entry.at, but=member.id)
    require(act.entry.by in having, "not-theirs")
    least = consents.needed_to_remove(circle.agreed.remove, len(having))
    asked = Asked("remove", member.id, act.entry.by, having, least, member.keys.sign)
    used = act.consented(asked, what.consents)
    require(bool(what.boxes.key) and not what.boxes.also, "boxes")
    return _boxed(replace(_gone(circle, member.id), used=used), what.boxes)


def rules_subject(rules: str, agreed: e.Agreed) -> str:
    """What a consent to other rules names them by."""
    return f"{rules} {agreed.admit} {agreed.remove}"


def _all(act: Act, kind: Literal["rules", "close"], subject: str, given: Iterable[e.Consent]) -> frozenset[str]:
    having = act.circle.having_say(act.entry.at)
    return act.consented(Asked(kind, subject, act.entry.by, having, len(act.circle.members)), given)


def _rules(act: Act) -> Circle:
    what: Any = act.entry.what
    used = _all(act, "rules", rules_subject(what.rules, what.agreed), what.consents)
    members = tuple(replace(one, rules=what.rules) for one in act.circle.members)
    return replace(act.circle, rules=what.rules, agreed=what.agreed, members=members, used=used)


def _rules_accepted(act: Act) -> Circle:
    what: Any = act.entry.what
    require(what.rules == act.circle.rules, "rules")
    return _with_member(act.circle, replace(_member(act, act.entry.by), rules=what.rules))


def _hand_care(act: Act) -> Circle:
    what: Any = act.entry.what
    require(act.entry.by == act.circle.carer and _member(act, act.entry.by).has_say(act.entry.at), "not-theirs")
    return replace(act.circle, carer=_member(act, what.to).id, claim=None)


def _claim_care(act: Act) -> Circle:
    """The first time it is a notice; the second time, two weeks later, it is done, unless the carer handed it on meanwhile.

    What isn't done within a month has lapsed: the next claim, whoever's, is a notice again.
    """
    circle, by, at = act.circle, act.entry.by, act.entry.at
    require(by != circle.carer and _member(act, by).has_say(at), "not-theirs")
    if circle.claim is None or at > circle.claim[1] + CLAIMED:
        return replace(circle, claim=(by, at))
    require(circle.claim[0] == by, "not-theirs")
    require(at >= circle.claim[1] + NOTICE, "too-early")
    return replace(circle, carer=by, claim=None)


def _close(act: Act) -> Circle:
    what: Any = act.entry.what
    return replace(act.circle, used=_all(act, "close", "", what.consents), closed=True)


ACTS: Final[dict[type[Any], Callable[[Act], Circle]]] = {
    e.Invite: _invite,
    e.Uninvite: _uninvite,
    e.Join: _join,
    e.Admit: _admit,
    e.Rekey: _rekey,
    e.NewKeys: _new_keys,
    e.Readmit: _readmit,
    e.Object: _object,
    e.Leave: _leave,
    e.Remove: _remove,
    e.NewRules: _rules,
    e.RulesAccepted: _rules_accepted,
    e.HandCare: _hand_care,
    e.ClaimCare: _claim_care,
    e.Close: _close,
}
"""One for each kind of entry but the first."""
