"""The test vectors of the check by voice, for every client: ``python -m kring_client.voice_vectors > tests/fixtures/voice.json``.

Each row is what one side goes through: what it is given, what it gives back, and in which state it is then, up to the end;
``why`` says what is shown. Deterministic, so that a change of the format shows as a change of the file; of a box that is
sealed on the way only that it opens can be told. Keys, nonces and receipts are made from labels and protect nothing.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from typing import Any

from kring_client.encoding import decode, encode
from kring_client.voice import BYTES, CheckEnded, Fellow, Newcomer, Purpose, Transcript, digits
from kring_client.voice_examples import (
    ANSWER,
    CIRCLE,
    END,
    FELLOW,
    HEAD,
    KEY,
    MEETING,
    NEWCOMER,
    OTHER,
    SECRETS,
    SIGNING,
    TYPED,
    answer_of,
    box_of,
    commit_of,
    flipped,
    keys_of,
    of_circle,
    reveal_of,
    shapes,
    transcript,
)


class _Chance:
    """Gives what was made from labels, in the order in which a newcomer asks."""

    def __init__(self, *given: bytes) -> None:
        self._given = iter(given)

    def __call__(self, length: int) -> bytes:
        found = next(self._given)
        assert len(found) == length  # noqa: S101 -- of vectors
        return found


class _Recorded:
    """One side, and what it went through."""

    def __init__(self, side: Newcomer | Fellow, why: str, setup: dict[str, str]) -> None:
        self.side = side
        self.row: dict[str, Any] = {"why": why, **setup, "steps": []}

    def step(self, what: dict[str, Any], act: Callable[[], object]) -> None:
        """Do it, and note what came of it."""
        gives: object = None
        try:
            gives = act()
        except CheckEnded as ended:
            what = what | {"ends": ended.code}
        else:
            what = what | {"gives": _shown(gives)}
        now = {"state": self.side.state}
        if isinstance(self.side, Newcomer):
            now |= {"nine": self.side.nine, "place": self.side.place}
        else:
            now |= {"six": self.side.six, "newcomer_keys": encode(self.side.newcomer_keys)}
        self.row["steps"].append(what | now)

    def receive(self, message: dict[str, Any]) -> None:
        self.step({"do": "receive", "message": message}, lambda: self.side.receive(message))

    def type(self, text: str) -> None:
        self.step({"do": "type", "text": text}, lambda: self.side.type(text))


class _N(_Recorded):
    def __init__(self, why: str, purpose: Purpose = "meeting") -> None:
        chance = _Chance(*SECRETS.values())
        place, shown = ("", b"") if purpose == "meeting" else (CIRCLE, SIGNING)
        side = Newcomer(purpose, NEWCOMER, place=place, shown=shown, chance=chance)
        public = keys_of()[:BYTES]
        setup = {
            "purpose": purpose,
            "newcomer": NEWCOMER,
            "place": place,
            "shown": encode(shown),
            "public": encode(public),
        }
        super().__init__(side, why, setup | {part: encode(data) for part, data in SECRETS.items()})

    def begin(self) -> None:
        assert isinstance(self.side, Newcomer)  # noqa: S101 -- as it was made
        self.step({"do": "begin"}, self.side.begin)


class _F(_Recorded):
    def __init__(self, why: str, purpose: str = "meeting") -> None:
        place, key, head = (MEETING, KEY, b"") if purpose == "meeting" else (CIRCLE, None, HEAD)
        side = Fellow(place, FELLOW, key=key, head=head, chance=_Chance(ANSWER))
        setup = {"purpose": purpose, "place": place, "fellow": FELLOW, "nonce": encode(ANSWER)}
        super().__init__(side, why, setup | {"key": encode(key or b""), "head": encode(head)})


def _run(row: _Recorded, *doings: dict[str, Any] | str) -> _Recorded:
    """Let it receive each message and type each text."""
    for doing in doings:
        if isinstance(doing, str):
            row.type(doing)
        else:
            row.receive(doing)
    return row


def _shown(gives: object) -> object:
    if isinstance(gives, bytes):
        return {"key": encode(gives)}
    if isinstance(gives, tuple):
        return list(gives)
    if isinstance(gives, dict) and gives["what"] == "box":
        return {"what": "box"}
    return gives


def _wrong(right: str) -> str:
    """As long, but another."""
    return f"{(int(right) + 1) % 10 ** len(right):0{len(right)}}"


def _newcomers() -> Iterator[_Recorded]:
    seen = transcript()
    six = digits(seen.hash(), 6)
    for why, text, again in (
        ("all goes well", six, False),
        ("digits in groups", f" {six[:3]} {six[3:5]}-{six[5]} ", False),
        ("a second box", six, True),
    ):
        row = _committed(why)
        row.receive(answer_of(seen))
        row.type(text)
        row.receive(box_of(seen))
        if again:
            row.receive(box_of(seen))
        yield row
    yield _run(_committed("all goes well in a circle", "circle"), answer_of(of_circle()), digits(of_circle().hash(), 6))
    yield from _newcomers_order(seen, six)
    yield from _newcomers_typing(seen, six)
    yield from _newcomers_messages(seen)


def _committed(why: str, purpose: Purpose = "meeting") -> _N:
    row = _N(why, purpose)
    row.begin()
    return row


def _newcomers_order(seen: Transcript, six: str) -> Iterator[_Recorded]:
    yield _run(_N("an answer before the beginning"), answer_of(seen))
    row = _committed("a second commitment")
    row.begin()
    yield row
    yield _run(_committed("a second answer, the same"), answer_of(seen), answer_of(seen), six)
    yield _run(_committed("a second answer, with another nonce"), answer_of(seen), answer_of(transcript(answer=OTHER)))
    yield _run(_committed("a second answer after typing"), answer_of(seen), six, answer_of(seen), box_of(seen))
    yield _run(_committed("a box before the answer"), box_of(seen))
    yield _run(_committed("a box before anything was typed"), answer_of(seen), box_of(seen), six)
    yield _run(_committed("what newcomers say, said to one"), reveal_of(seen))
    yield _run(_committed("typing before there is an answer"), six)
    yield _run(_committed("typing twice"), answer_of(seen), six, six)


def _newcomers_typing(seen: Transcript, six: str) -> Iterator[_Recorded]:
    row = _committed("two wrong typings, then the right one")
    row.receive(answer_of(seen))
    for text in (_wrong(six), six[:5], "", f"{six}0", "１２３４５６", _wrong(six), six):
        row.type(text)
    yield row
    row = _committed("three wrong typings")
    row.receive(answer_of(seen))
    for _ in range(3):
        row.type(_wrong(six))
    row.type(six)
    yield row
    yield _run(_committed("the six of another transcript"), answer_of(transcript(answer=OTHER)), six)


def _newcomers_messages(seen: Transcript) -> Iterator[_Recorded]:
    for why, message in shapes(answer_of(seen), "nonce"):
        yield _run(_committed(f"an answer: {why}"), message)
    for why, message in (
        ("an id with a line in it", answer_of(seen) | {"fellow": "s\nx"}),
        ("an id with a line at its end", answer_of(seen) | {"fellow": "s\n"}),
        ("an id in other letters", answer_of(seen) | {"fellow": "sé"}),
        ("a commitment to the key that is none", answer_of(seen) | {"bound": "AAAA"}),
        ("the other side ended it", END),
    ):
        yield _run(_committed(why), message)
    yield _run(_committed("another circle", "circle"), answer_of(of_circle()) | {"place": "another"})
    lied = transcript(key=OTHER)
    for why, told, box in (
        ("a box with another key than was committed to", lied, box_of(lied)),
        ("a box for another transcript", seen, box_of(transcript(answer=OTHER))),
        ("a box whose first byte was changed", seen, flipped(box_of(seen), "box", 0)),
        ("a box whose last byte was changed", seen, flipped(box_of(seen), "box", -1)),
        ("a box that is short", seen, {"what": "box", "box": encode(decode(box_of(seen)["box"])[:-1])}),
        ("a box with no point", seen, {"what": "box", "box": encode(bytes(80))}),
    ):
        yield _run(_committed(why), answer_of(told), digits(told.hash(), 6), box, box_of(seen))


def _fellows() -> Iterator[_Recorded]:
    for purpose, seen in (("meeting", transcript()), ("circle", of_circle())):
        yield _run(
            _F(f"all goes well in a {purpose}", purpose),
            commit_of(seen),
            reveal_of(seen),
            digits(seen.hash(), 9),
            TYPED,
        )
    seen = transcript()
    yield from _fellows_order(seen, digits(seen.hash(), 9))
    yield from _fellows_typing(seen, digits(seen.hash(), 9))
    yield from _fellows_messages(seen)


def _revealed(why: str, seen: Transcript) -> _F:
    row = _F(why)
    row.receive(commit_of(seen))
    row.receive(reveal_of(seen))
    return row


def _fellows_order(seen: Transcript, nine: str) -> Iterator[_Recorded]:
    yield _run(_F("a second commitment, the same"), commit_of(seen), commit_of(seen), reveal_of(seen))
    yield _run(_F("a second commitment, to other keys"), commit_of(seen), commit_of(transcript(keys=OTHER + OTHER)))
    yield _run(_revealed("a second reveal, the same", seen), reveal_of(seen), nine)
    yield _run(_revealed("a second reveal, after typing", seen), nine, reveal_of(seen), TYPED)
    yield _run(_F("a reveal before the commitment"), reveal_of(seen))
    yield _run(_F("a receipt before the reveal"), commit_of(seen), TYPED)
    yield _run(_revealed("a receipt before the nine were typed", seen), TYPED, nine)
    yield _run(_F("typing before there is anything to type"), commit_of(seen), nine)
    yield _run(_revealed("typing twice", seen), nine, nine)
    yield _run(_F("what fellows say, said to one"), commit_of(seen), answer_of(seen))


def _fellows_typing(seen: Transcript, nine: str) -> Iterator[_Recorded]:
    row = _revealed("two wrong typings, then the right one", seen)
    six = digits(seen.hash(), 6)
    for text in (_wrong(nine), six, _wrong(nine), f"{nine[:3]} {nine[3:6]} {nine[6:]}"):
        row.type(text)
    yield row
    row = _revealed("three wrong typings", seen)
    for _ in range(3):
        row.type(_wrong(nine))
    row.type(nine)
    yield row
    yield _run(
        _revealed("somebody stands between: the newcomer had another nonce to answer to", seen),
        digits(transcript(answer=OTHER).hash(), 9),
    )
    yield _run(
        _revealed("somebody stands between: the newcomer was told of another key", seen),
        digits(transcript(key=OTHER).hash(), 9),
    )


def _fellows_messages(seen: Transcript) -> Iterator[_Recorded]:
    for why, message in shapes(commit_of(seen), "commitment"):
        yield _run(_F(f"a commitment: {why}"), message)
    for why, message in (
        ("another nonce than was committed to", flipped(reveal_of(seen), "nonce", 0)),
        ("other keys than were committed to", flipped(reveal_of(seen), "keys", 0)),
        ("another receipt than was committed to", flipped(reveal_of(seen), "keys", -1)),
        ("bytes moved from the keys to the nonce", reveal_of(seen) | {"nonce": encode(seen.nonce + seen.keys[:1])}),
        ("the other side ended it", END),
    ):
        yield _run(_F(why), commit_of(seen), message)
    for why, keys in (
        ("keys that are short", seen.keys[:-1]),
        ("keys that are long", bytes(129)),
        ("a key that everybody could open", bytes(BYTES) + seen.keys[BYTES:]),
    ):
        changed = transcript(keys=keys)
        yield _run(_revealed(why, changed), digits(changed.hash(), 9), TYPED)
    yield _run(
        _revealed("the receipt of somebody else", seen),
        digits(seen.hash(), 9),
        {"what": "typed", "receipt": encode(OTHER)},
        TYPED,
    )


def _transcripts() -> Iterator[dict[str, str]]:
    for one in (transcript(), transcript(key=OTHER), transcript(answer=OTHER), of_circle()):
        shown = {name: encode(part) if isinstance(part, bytes) else part for name, part in one._asdict().items()}
        yield shown | {"hash": encode(one.hash()), "nine": digits(one.hash(), 9), "six": digits(one.hash(), 6)}


def vectors() -> dict[str, list[dict[str, Any]]]:
    """What transcripts come to, and what each side goes through."""
    return {
        "transcripts": list(_transcripts()),
        "newcomer": [one.row for one in _newcomers()],
        "fellow": [one.row for one in _fellows()],
    }


def text() -> str:
    """The file as it is kept."""
    return json.dumps(vectors(), ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    sys.stdout.buffer.write(text().encode())
