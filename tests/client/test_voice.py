"""The check by voice gives a key over only when both have typed what the other read aloud; whatever else comes ends it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kring_client import voice_vectors
from kring_client.encoding import decode, encode
from kring_client.voice import (
    TRIES,
    CheckEnded,
    Fellow,
    Message,
    Newcomer,
    Transcript,
    bound_to,
    box_info,
    digits,
)

FILE = Path(__file__).parents[1] / "fixtures" / "voice.json"
VECTORS: dict[str, list[dict[str, Any]]] = json.loads(FILE.read_text("utf-8"))
KEY = bytes(range(32))
MEETING = "k7d2m5qw3xza4bcn6vhj"


def _rows(side: str) -> list[Any]:
    return [pytest.param(row, id=row["why"]) for row in VECTORS[side]]


def _given(*texts: str) -> Any:
    drawn = iter([decode(text) for text in texts])
    return lambda _length: next(drawn)


def _newcomer(row: dict[str, Any]) -> Newcomer:
    chance = _given(row["nonce"], row["private"], row["receipt"])
    return Newcomer(row["purpose"], row["newcomer"], place=row["place"], shown=decode(row["shown"]), chance=chance)


def _fellow(row: dict[str, Any]) -> Fellow:
    key = decode(row["key"]) or None
    return Fellow(row["place"], row["fellow"], key=key, head=decode(row["head"]), chance=_given(row["nonce"]))


def _shown(gave: object) -> object:
    """What a step gave, as the vectors have it; of a box that was just sealed only that it is one."""
    match gave:
        case bytes():
            return {"key": encode(gave)}
        case tuple():
            return list(gave)
        case {"what": "box"}:
            return {"what": "box"}
    return gave


def _go_through(side: Newcomer | Fellow, step: dict[str, Any]) -> None:
    def act() -> object:
        if step["do"] == "begin":
            assert isinstance(side, Newcomer)
            return side.begin()
        return side.type(step["text"]) if step["do"] == "type" else side.receive(step["message"])

    if "ends" in step:
        with pytest.raises(CheckEnded) as ended:
            act()
        assert ended.value.code == step["ends"]
    else:
        assert _shown(act()) == step["gives"]
    assert side.state == step["state"]
    if isinstance(side, Newcomer):
        assert (side.nine, side.place) == (step["nine"], step["place"])
    else:
        assert (side.six, encode(side.newcomer_keys)) == (step["six"], step["newcomer_keys"])


def test_vectors_file_is_what_the_script_makes() -> None:
    assert FILE.read_text("utf-8") == voice_vectors.text()


@pytest.mark.parametrize("row", _rows("newcomer"))
def test_newcomer_goes_through_the_vectors(row: dict[str, Any]) -> None:
    side = _newcomer(row)
    for step in row["steps"]:
        _go_through(side, step)


@pytest.mark.parametrize("row", _rows("fellow"))
def test_fellow_goes_through_the_vectors(row: dict[str, Any]) -> None:
    side = _fellow(row)
    for step in row["steps"]:
        _go_through(side, step)


def test_transcripts_come_to_their_digits() -> None:
    for row in VECTORS["transcripts"]:
        seen = Transcript(
            row["purpose"], row["place"], row["newcomer"], row["fellow"], decode(row["bound"]), decode(row["nonce"]),
            decode(row["keys"]), decode(row["answer_nonce"]),
        )  # fmt: skip
        assert (encode(seen.hash()), digits(seen.hash(), 9), digits(seen.hash(), 6)) == (
            row["hash"],
            row["nine"],
            row["six"],
        )


def test_each_abort_is_among_the_vectors() -> None:
    source = (Path(voice_vectors.__file__).parent / "voice.py").read_text("utf-8")
    ended = {
        step["ends"]
        for side in ("newcomer", "fellow")
        for row in VECTORS[side]
        for step in row["steps"]
        if "ends" in step
    }
    known = {
        "bad-key", "bad-shape", "box-broken", "ended", "other-key", "other-place", "out-of-order", "repeated",
        "wrong-digits", "wrong-receipt", "wrong-reveal",
    }  # fmt: skip
    assert ended == known
    assert all(f'"{code}"' in source for code in known)


def _pair() -> tuple[Newcomer, Fellow]:
    return Newcomer("meeting", "n1"), Fellow(MEETING, "s1", key=KEY)


def _revealed(newcomer: Newcomer, fellow: Fellow) -> None:
    answer = fellow.receive(newcomer.begin())
    assert answer is not None
    reveal = newcomer.receive(answer)
    assert isinstance(reveal, dict)
    fellow.receive(reveal)


def test_key_goes_over_when_both_have_typed() -> None:
    newcomer, fellow = _pair()
    _revealed(newcomer, fellow)
    assert fellow.type(newcomer.nine) == "right"
    said, typed = newcomer.type(fellow.six)
    assert said == "right"
    assert typed is not None
    box = fellow.receive(typed)
    assert box is not None
    assert newcomer.receive(box) == KEY
    assert (newcomer.state, fellow.state) == ("open", "confirmed")


def test_whoever_stands_between_with_nonces_of_their_own_is_seen() -> None:
    newcomer, fellow = _pair()
    false_newcomer, false_fellow = _pair()
    _revealed(newcomer, false_fellow)
    _revealed(false_newcomer, fellow)
    assert fellow.type(newcomer.nine) == "wrong"
    assert fellow.six == ""


def test_half_a_character_in_an_id_ends_the_check() -> None:
    newcomer = Newcomer("meeting", "n1")
    newcomer.begin()
    zeros = encode(bytes(32))
    with pytest.raises(CheckEnded, match="bad-shape"):
        newcomer.receive({"what": "answer", "place": "p", "fellow": "\ud800", "nonce": zeros, "bound": zeros})


def test_head_that_is_no_hash_is_an_error_of_the_caller() -> None:
    with pytest.raises(ValueError, match="short"):
        Fellow("c1", "m1", head=b"short")


def test_commitment_to_a_key_is_another_in_another_meeting() -> None:
    assert len({bound_to(MEETING, KEY), bound_to("another", KEY), bound_to(MEETING, bytes(32))}) == 3
    assert box_info(bytes(32)) != box_info(bytes(31))


_MESSAGES: list[Message] = [
    step["message"]
    for row in (*VECTORS["newcomer"], *VECTORS["fellow"])
    for step in row["steps"]
    if step["do"] == "receive"
]
_DOINGS = st.one_of(
    st.sampled_from([*_MESSAGES, "begin", "000000000", "000000"]),
    st.dictionaries(st.sampled_from(["what", "nonce", "keys", "box", "receipt"]), st.text(max_size=44), max_size=4),
)


@given(st.lists(_DOINGS, max_size=12))
def test_nothing_but_right_digits_gives_a_key_away(doings: list[Any]) -> None:
    for side in _pair():
        for doing in doings:
            gave: Any = None
            try:
                if doing == "begin" and isinstance(side, Newcomer):
                    gave = side.begin()
                else:
                    gave = side.receive(doing) if isinstance(doing, dict) else side.type(doing)
            except CheckEnded:
                assert side.state == "ended"
            assert not isinstance(gave, bytes)
            assert not (isinstance(gave, dict) and gave["what"] == "box")
            assert side.state not in {"open", "confirmed"}


@given(st.integers(0, 10**9 - 1), st.integers(1, TRIES))
def test_digits_that_are_not_the_right_ones_never_pass(typed: int, times: int) -> None:
    newcomer, fellow = _pair()
    _revealed(newcomer, fellow)
    text = f"{typed:09}"
    if text == newcomer.nine:
        return
    for _ in range(times):
        try:
            assert fellow.type(text) == "wrong"
        except CheckEnded:
            assert times == TRIES
    assert fellow.six == ""
