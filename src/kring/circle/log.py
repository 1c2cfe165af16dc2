"""The log of a circle, folded and checked: each member's client does this, and believes no server that says otherwise.

``begin`` takes the first entry, ``follow`` each further one, ``read`` a whole log. Every entry is held against the circle as it
was before: it names this circle and the entry before it, a member signed it with the keys of today, and that member may do what
it says. So an entry that was changed, left out, moved, repeated or made by somebody else stops the reading, with a code; what is
shown to have happened is what members signed, in that order.

A log that is true as far as it goes may be cut short, or be another one that forked off earlier: that shows only by the hash of
an entry that one knows of (``knows``), from the link of an invitation, from one's own device, or from those whom one meets.

Rule 1: who may do what is said here alone. Rule 2: times are what members signed; they never run backwards, and never far ahead
of ``now``, so that nobody waits out a notice by writing a later date.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Literal

import msgspec

from kring.circle import entries as e
from kring.circle.acts import ACTS, Act, Broken, require
from kring.circle.consents import Verify
from kring.circle.entries import Entry, Signed
from kring.circle.state import DAY, Circle, Epoch, Member

SLACK: Final = DAY
"""By how much a device's clock may be ahead, in milliseconds."""


def begin(signed: Signed, *, verify: Verify, now: int) -> Circle:
    """The circle that this entry founds. Raises ``Broken``."""
    entry = _entry(signed)
    found = entry.what
    if not isinstance(found, e.Found) or entry.n or entry.prev or entry.circle or entry.gen != 1:
        raise Broken("not-first")
    _dated(entry, 0, now)
    require(verify(found.keys.sign, signed.signature, e.to_sign(signed.body)), "signature")
    require(bool(found.boxes.key) and not found.boxes.also, "boxes")
    first = Member(entry.by, found.keys, found.rules)
    return Circle(
        id=signed.hash,
        hashes=(signed.hash,),
        at=entry.at,
        members=(first,),
        epochs=(Epoch(1, found.boxes.key, ((entry.by, 1),)),),
        rules=found.rules,
        agreed=found.agreed,
        carer=entry.by,
    )


def follow(circle: Circle, signed: Signed, *, verify: Verify, now: int) -> Circle:
    """The circle after one more entry. Raises ``Broken``; the circle is then as it was."""
    entry = _entry(signed)
    require(entry.circle == circle.id, "other-circle")
    require(entry.n == len(circle.hashes) and entry.prev == circle.head, "out-of-order")
    require(not circle.closed, "closed")
    _dated(entry, circle.at, now)
    act = Act(circle, entry, signed, verify)
    require(type(entry.what) in ACTS, "not-first")
    require(verify(act.signer().sign, signed.signature, e.to_sign(signed.body)), "signature")
    after = ACTS[type(entry.what)](act)
    return msgspec.structs.replace(after, hashes=(*circle.hashes, signed.hash), at=entry.at)


def read(log: Iterable[Signed], *, verify: Verify, now: int, known: Iterable[str] = ()) -> Circle:
    """The circle that a whole log leads to. ``known``: hashes of entries that it must have. Raises ``Broken``."""
    circle: Circle | None = None
    for signed in log:
        circle = follow(circle, signed, verify=verify, now=now) if circle else begin(signed, verify=verify, now=now)
    if circle is None:
        raise Broken("not-first")
    require(knows(circle, known), "entry-missing")
    return circle


def knows(circle: Circle, known: Iterable[str]) -> bool:
    """Whether all of these entries are in this circle's log: else it was cut short, or it is another branch."""
    return set(known) <= set(circle.hashes)


Standing = Literal["same", "behind", "ahead", "forked", "unknown"]


def compare(mine: Circle, head: str, theirs: Iterable[str] = ()) -> Standing:
    """How another member's log stands to mine. ``head``: their latest entry; ``theirs``: the hashes of all, where known.

    ``behind``: they lack entries that I have. ``ahead``: they have all of mine, and more. ``forked``: neither, so that somebody
    shows two histories. ``unknown``: I haven't their latest entry, and have to see their log to know which it is.
    """
    if head == mine.head:
        return "same"
    if head in mine.hashes:
        return "behind"
    log = set(theirs)
    if head not in log:
        return "unknown"
    return "ahead" if mine.head in log else "forked"


def check_boxes(circle: Circle, entry: Entry, boxes: Iterable[e.Box]) -> None:
    """Whether these are the boxes that came with ``entry``, after which the circle is ``circle``. Raises ``Broken``.

    They must be those that were signed, for exactly the members where an epoch is opened, and of the earlier epochs for
    exactly whoever was let in.
    """
    signed: e.Boxes | None = getattr(entry.what, "boxes", None)
    boxes = tuple(boxes)
    require(signed is not None and e.boxes_hash(boxes) == signed.hash, "boxes")
    places = [(box.epoch, box.member, box.gen) for box in boxes]
    wanted = {(circle.epoch.number, *one) for one in circle.recipients} if signed and signed.key else set()
    late = _let_in(circle, entry)
    wanted |= {(epoch, late.id, late.gen) for epoch in signed.also} if signed and late else set()
    require(len(places) == len(set(places)) and set(places) == wanted, "boxes")


def _let_in(circle: Circle, entry: Entry) -> Member | None:
    """Whom an entry let in, or let in again."""
    match entry.what:
        case e.Admit():
            return circle.members[-1]
        case e.Readmit(member=member):
            return circle.member(member)
        case _:
            return None


def _entry(signed: Signed) -> Entry:
    try:
        return e.read(signed.body)
    except ValueError as error:
        raise Broken("too-new" if e.is_newer(signed.body) else "unreadable") from error


def _dated(entry: Entry, since: int, now: int) -> None:
    require(since <= entry.at <= now + SLACK, "time")
