"""What is sealed opens for its place and key, and for nothing else; in both formats."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kring_client import vectors
from kring_client.encoding import SealBroken, decode, encode
from kring_client.keys import Key, Keys, LinkKeys
from kring_client.sealing import BLOCK, MOST_BYTES, Place, TooLong, excess, format_for, seal, seal_bytes, unseal
from kring_room.wire.codec import unseal_text

FILE = Path(__file__).parents[1] / "fixtures" / "sealing.json"
VECTORS: dict[str, dict[str, list[dict[str, Any]]]] = json.loads(FILE.read_text("utf-8"))
PLACE = Place("k7d2m5qw3xza4bcn6vhj", "snoor5v8k2qa", "question", "c0ntent1d001")
KEYS = LinkKeys(bytes(range(32)))
FORMATS = (1, 2)


class Ring:
    """Several keys, of which the first is sealed with; as a circle that changed its key has them."""

    def __init__(self, *secrets: bytes, nameless: bytes) -> None:
        self._keys = [Key.of(secret) for secret in secrets]
        self._nameless = Key.of(nameless)

    def current(self) -> Key:
        return self._keys[0]

    def find(self, key_id: bytes | None) -> Key:
        if key_id is None:
            return self._nameless
        found = [key for key in self._keys if key.id == key_id]
        if not found:
            raise SealBroken
        return found[0]

    def admission(self, meeting: str) -> str:
        return LinkKeys(self._nameless.secret).admission(meeting)


def _rows(what: str) -> list[Any]:
    return [
        pytest.param(int(name.removeprefix("format ")), row, id=f"{name}: {row.get('why', row['id'])}")
        for name, both in VECTORS.items()
        for row in both[what]
    ]


def _place(row: dict[str, Any]) -> Place:
    return Place(row["meeting"], row["seat"], row["kind"], row["id"])


def test_vectors_file_is_what_the_script_makes() -> None:
    assert FILE.read_text("utf-8") == vectors.text()


@pytest.mark.parametrize(("form", "row"), _rows("opens"))
def test_sealing_gives_the_vector_and_opens(form: int, row: dict[str, Any]) -> None:
    keys = LinkKeys.read(row["key"])
    assert seal(keys, _place(row), row["plain"], form, decode(row["nonce"])) == row["sealed"]
    assert unseal(keys, _place(row), row["sealed"]) == row["plain"]


@pytest.mark.parametrize(("form", "row"), _rows("fails"))
def test_what_was_changed_or_moved_does_not_open(form: int, row: dict[str, Any]) -> None:  # noqa: ARG001 -- in the id
    with pytest.raises(SealBroken):
        unseal(LinkKeys.read(row["key"]), _place(row), row["sealed"])


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("plain", [b"[" * 12_000, b"\xff", b"[1]", b'{"a": {}}', b"1"])
def test_what_is_no_filled_form_does_not_open(form: int, plain: bytes) -> None:
    with pytest.raises(SealBroken):
        unseal(KEYS, PLACE, seal_bytes(KEYS, PLACE, plain, form))


@pytest.mark.parametrize("form", FORMATS)
def test_a_nonce_is_fresh_each_time(form: int) -> None:
    assert seal(KEYS, PLACE, {"text": "a"}, form) != seal(KEYS, PLACE, {"text": "a"}, form)


@pytest.mark.parametrize("length", [0, 1, 100, BLOCK - 11])
@pytest.mark.parametrize(("form", "head"), [(1, 1), (2, 1 + 1 + 16)])
def test_short_texts_are_all_one_block_long(form: int, head: int, length: int) -> None:
    assert len(decode(seal(KEYS, PLACE, {"text": "x" * length}, form))) == head + 12 + BLOCK + 16


def test_a_key_of_another_length_is_refused() -> None:
    with pytest.raises(SealBroken):
        LinkKeys.read(encode(b"short"))


def test_the_key_is_found_by_the_id_that_the_text_names() -> None:
    old, new = bytes([1] * 32), bytes([2] * 32)
    before = Ring(old, nameless=old)
    texts = [seal(before, PLACE, {"text": "before"}, form) for form in FORMATS]
    after: Keys = Ring(new, old, nameless=old)
    texts.append(seal(after, PLACE, {"text": "after"}, 2))
    assert [unseal(after, PLACE, text)["text"] for text in texts] == ["before", "before", "after"]
    with pytest.raises(SealBroken):
        unseal(Ring(new, nameless=new), PLACE, texts[1])


def test_the_format_is_the_newest_that_everybody_reads() -> None:
    assert [format_for(read) for read in (None, 0, 1, 2, 3)] == [1, 1, 1, 2, 2]


LIMITS = json.loads((Path(__file__).parents[1] / "fixtures" / "limits.json").read_text())


@pytest.mark.parametrize("form", [1, 2])
@pytest.mark.parametrize("case", LIMITS["cases"], ids=lambda case: str(case["name"]))
def test_what_does_not_fit_is_counted_as_in_the_browser_and_the_room(form: int, case: dict[str, Any]) -> None:
    fields = {name: text["of"] * text["times"] for name, text in case["fields"].items()}
    assert LIMITS["most-bytes"] == MOST_BYTES
    assert excess(fields) == case["excess"]
    keys, place = LinkKeys(bytes(32)), Place("m", "s", "tip", "b")
    if case["excess"]:
        with pytest.raises(TooLong) as caught:
            seal(keys, place, fields, form)
        assert caught.value.excess == case["excess"]
    else:
        assert unseal_text(seal(keys, place, fields, form)) is not None


def test_a_block_more_than_fits_is_more_than_the_room_takes() -> None:
    whole = seal_bytes(LinkKeys(bytes(32)), Place("m", "s", "tip", "b"), b" " * (MOST_BYTES + BLOCK), 2)
    assert unseal_text(whole) is None
    assert excess({"rating": 5}) == 0
