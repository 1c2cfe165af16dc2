"""The test vectors of a circle's log, for every client: ``python -m tests.core.circle.vectors > tests/fixtures/keyring.json``.

``log``: a good log with every kind of entry in it, and the circle after each. ``broken``: so many entries of it (``after``), and
then others that end the reading with ``code``. Keys are made from labels and protect nothing.
"""

from __future__ import annotations

import hashlib
import json
import sys
from base64 import b64encode
from typing import Any

from kring.circle import Broken, Circle, begin, check_boxes, compare, follow, read
from kring.circle import entries as e
from kring.circle.acts import rules_subject

from .people import NOW, START, Log, Person, signed, verify


def text_of(data: bytes) -> str:
    return b64encode(data).decode()


def shown(one: e.Signed) -> dict[str, str]:
    """An entry as it stands in the file."""
    return {"body": text_of(one.body), "signature": text_of(one.signature)}


def box_row(box: e.Box) -> list[Any]:
    return [box.epoch, box.member, box.gen, text_of(box.sealed)]


def state(circle: Circle) -> dict[str, Any]:
    """All that a circle is, as it stands in the file."""
    return {
        "id": circle.id, "head": circle.head, "entries": len(circle.hashes), "at": circle.at,
        "members": [
            {
                "id": one.id, "sign": text_of(one.keys.sign), "box": text_of(one.keys.box), "gen": one.gen,
                "rules": one.rules, "until": one.trial.until if one.trial else 0,
            }
            for one in circle.members
        ],
        "epochs": [[one.number, one.key, [list(who) for who in one.recipients]] for one in circle.epochs],
        "rules": circle.rules, "agreed": [circle.agreed.admit, circle.agreed.remove], "carer": circle.carer,
        "claim": list(circle.claim) if circle.claim else None,
        "invitations": [[one.entry, text_of(one.seed), one.until] for one in circle.invitations],
        "applicants": [[one.entry, one.id, text_of(one.keys.sign), one.rules] for one in circle.applicants],
        "used": sorted(circle.used), "gone": sorted(circle.gone), "settled": circle.settled, "closed": circle.closed,
    }  # fmt: skip


def epoch_key(number: int) -> bytes:
    return hashlib.sha256(b"key of epoch %d" % number).digest()


def sealed(epoch: int, who: Person, gen: int = 0) -> e.Box:
    """As long as a box is; nobody can open it."""
    return e.Box(epoch, who.id, gen or who.gen, hashlib.shake_256(f"{epoch} {who.id} {gen}".encode()).digest(80))


class Story(Log):
    """A log that is written down as it grows, with what would not have been taken."""

    def __init__(self, founder: Person) -> None:
        first = [sealed(1, founder)]
        opened = e.Boxes(e.boxes_hash(first), e.epoch_hash("", 1, epoch_key(1)))
        super().__init__(founder, opened=opened)
        self.log: list[dict[str, Any]] = []
        self.broken: list[dict[str, Any]] = []
        self.odd_boxes: list[dict[str, Any]] = []
        self._note("found", first)

    def boxes(self, *opens_for: Person, also: tuple[int, ...] = (), late: Person | None = None) -> list[e.Box]:
        """Those of a new epoch for these, and of earlier ones for whoever comes late."""
        number = self.circle.epoch.number + 1
        found = [sealed(number, one) for one in opens_for]
        return found + [sealed(epoch, late) for epoch in also if late]

    def said(self, sent: list[e.Box]) -> e.Boxes:
        """What an entry signs of these."""
        number = self.circle.epoch.number + 1
        opens = any(one.epoch == number for one in sent)
        also = tuple(one.epoch for one in sent if one.epoch < number)
        key = e.epoch_hash(self.circle.id, number, epoch_key(number)) if opens else ""
        return e.Boxes(e.boxes_hash(sent), key, also)

    def write(self, by: Person, what: e.What, *, sent: list[e.Box] | None = None, days: float = 1) -> str:
        """Add an entry that is good, and write it down; its hash."""
        one = self.add(by, what, days=days)
        self._note(json.loads(one.body)["what"]["kind"], sent or [])
        return one.hash

    def refuse(self, why: str, by: Person, what: e.What, *, now: int = NOW, **other: Any) -> None:
        """Write down that this doesn't come next."""
        self.refuse_all(why, self.entry(by, what, **other), now=now)

    def refuse_body(self, why: str, body: bytes, by: Person) -> None:
        self.refuse_all(why, e.Signed(body, by.sign(e.to_sign(body))))

    def refuse_all(
        self, why: str, *entries: e.Signed, after: int | None = None, now: int = NOW, known: tuple[str, ...] = ()
    ) -> None:
        """Write down why so much of the log, and these, are not believed."""
        until = len(self.signed) if after is None else after
        try:
            read([*self.signed[:until], *entries], verify=verify, now=now, known=known)
        except Broken as broken:
            row: dict[str, Any] = {"why": why, "code": broken.code, "after": until, "now": now, "known": list(known)}
            self.broken.append(row | {"entries": [shown(one) for one in entries]})
        else:
            raise AssertionError(why)

    def refuse_boxes(self, why: str, sent: list[e.Box]) -> None:
        """Write down that these did not come with the latest entry."""
        try:
            check_boxes(self.circle, e.read(self.signed[-1].body), sent)
        except Broken as broken:
            at = len(self.signed) - 1
            row = {"why": why, "code": broken.code, "n": at, "boxes": [box_row(one) for one in sent]}
            self.odd_boxes.append(row)
        else:
            raise AssertionError(why)

    def _note(self, kind: str, sent: list[e.Box]) -> None:
        one = self.signed[-1]
        if sent:
            check_boxes(self.circle, e.read(one.body), sent)
        row = {"kind": kind, **shown(one), "boxes": [box_row(box) for box in sent], "then": state(self.circle)}
        self.log.append(row)


def _hashes(story: Story) -> dict[str, list[dict[str, Any]]]:
    """What is hashed and signed beside entries."""
    anna, bea = Person("anna"), Person("bea", 2)
    keys = {"sign": text_of(anna.keys.sign), "box": text_of(anna.keys.box)}
    sent = [sealed(10, anna), sealed(9, bea), sealed(9, anna, 10), sealed(9, anna, 9)]
    joining, proving = e.join_proof("an invitation", anna.keys), e.keys_proof(story.circle.id, "anna", 12, anna.keys)
    agreed = (e.Agreed(), e.Agreed("majority", "all"))
    return {
        "boxes_hash": [
            {"boxes": [box_row(one) for one in boxes], "hash": e.boxes_hash(boxes)} for boxes in ([], sent[:1], sent)
        ],
        "epoch_hash": [
            {"circle": circle, "epoch": n, "key": text_of(epoch_key(n)), "hash": e.epoch_hash(circle, n, epoch_key(n))}
            for circle, n in (("", 1), (story.circle.id, 2), (story.circle.id, 12))
        ],
        "join_proof": [{"invite": "an invitation", "keys": keys, "bytes": text_of(joining)}],
        "keys_proof": [
            {"circle": story.circle.id, "member": "anna", "gen": 12, "keys": keys, "bytes": text_of(proving)}
        ],
        "rules_subject": [
            {"rules": "a hash", "agreed": {"admit": one.admit, "remove": one.remove}, "subject": rules_subject("a hash", one)}
            for one in agreed
        ],
    }  # fmt: skip


def _compared(story: Story, fork: Circle) -> list[dict[str, Any]]:
    """``mine``: so many entries of the log."""
    all_, half = story.circle, read(story.signed[:5], verify=verify, now=NOW)
    cases: list[tuple[Circle, str, tuple[str, ...]]] = [
        (half, half.head, ()), (all_, half.head, ()), (half, all_.head, all_.hashes), (half, all_.head, ()),
        (half, fork.head, fork.hashes), (half, fork.head, fork.hashes[:-1]),
    ]  # fmt: skip
    return [
        {"mine": len(mine.hashes), "head": head, "theirs": list(theirs), "standing": compare(mine, head, theirs)}
        for mine, head, theirs in cases
    ]


def _forked(story: Story) -> Circle:
    """The log after four entries, with another fifth."""
    circle = begin(story.signed[0], verify=verify, now=NOW)
    for one in story.signed[1:4]:
        circle = follow(circle, one, verify=verify, now=NOW)
    entry = e.Entry(e.VERSION, circle.id, 4, circle.head, circle.at, "anna", 1, e.Leave())
    return follow(circle, signed(Person("anna"), entry), verify=verify, now=NOW)


def vectors() -> dict[str, Any]:
    from .story import told  # noqa: PLC0415 - the story is told with what stands here

    story = told()
    kept = {"now": NOW, "start": START, "log": story.log, "broken": story.broken, "odd_boxes": story.odd_boxes}
    return kept | _hashes(story) | {"compare": _compared(story, _forked(story))}


def text() -> str:
    """The file as it is kept: a line for each row."""
    parts = []
    for name, rows in vectors().items():
        lines = ",\n".join("  " + json.dumps(row) for row in rows) if isinstance(rows, list) else ""
        parts.append(f' "{name}": [\n{lines}\n ]' if lines else f' "{name}": {json.dumps(rows)}')
    return "{\n" + ",\n".join(parts) + "\n}\n"


if __name__ == "__main__":
    sys.stdout.buffer.write(text().encode())
