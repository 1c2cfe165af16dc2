"""What is sealed opens for its place and key, and for nothing else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kring_client import vectors
from kring_client.sealing import BLOCK, Place, SealBroken, decode, encode, read_key, seal, unseal

FILE = Path(__file__).parents[1] / "fixtures" / "sealing.json"
VECTORS: dict[str, list[dict[str, Any]]] = json.loads(FILE.read_text("utf-8"))
PLACE = Place("k7d2m5qw3xza4bcn6vhj", "snoor5v8k2qa", "question", "c0ntent1d001")
KEY = bytes(range(32))


def _place(row: dict[str, Any]) -> Place:
    return Place(row["meeting"], row["seat"], row["kind"], row["id"])


def test_vectors_file_is_what_the_script_makes() -> None:
    assert FILE.read_text("utf-8") == vectors.text()


@pytest.mark.parametrize("row", VECTORS["opens"], ids=lambda row: str(row["id"]))
def test_sealing_gives_the_vector_and_opens(row: dict[str, Any]) -> None:
    key = read_key(row["key"])
    assert seal(key, _place(row), row["plain"], decode(row["nonce"])) == row["sealed"]
    assert unseal(key, _place(row), row["sealed"]) == row["plain"]


@pytest.mark.parametrize("row", VECTORS["fails"], ids=lambda row: str(row["why"]))
def test_what_was_changed_or_moved_does_not_open(row: dict[str, Any]) -> None:
    with pytest.raises(SealBroken):
        unseal(read_key(row["key"]), _place(row), row["sealed"])


def test_a_nonce_is_fresh_each_time() -> None:
    assert seal(KEY, PLACE, {"text": "a"}) != seal(KEY, PLACE, {"text": "a"})


@pytest.mark.parametrize("length", [0, 1, 100, BLOCK - 11])
def test_short_texts_are_all_one_block_long(length: int) -> None:
    assert len(decode(seal(KEY, PLACE, {"text": "x" * length}))) == 1 + 12 + BLOCK + 16


def test_a_key_of_another_length_is_refused() -> None:
    with pytest.raises(SealBroken):
        read_key(encode(b"short"))
