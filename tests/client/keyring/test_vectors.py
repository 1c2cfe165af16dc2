"""The vectors that every client is held against are what this client makes; and it opens what a browser wrote."""

from __future__ import annotations

import json
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest

from kring.circle import Circle, begin, check_boxes, follow
from kring.circle import entries as e
from kring_client.encoding import SealBroken
from kring_client.keyring import Item, Lock, MemberKeys, open_box, open_former, read_code, unlock, unwrap, verify

from . import vectors

FIXTURES = Path(__file__).parents[2] / "fixtures"
OURS: dict[str, Any] = json.loads((FIXTURES / "keyring_keys.json").read_text("utf-8"))
THEIRS: dict[str, Any] = json.loads((FIXTURES / "keyring_browser.json").read_text("utf-8"))


def folded(rows: list[dict[str, Any]], now: int) -> tuple[Circle, list[tuple[e.Box, str]]]:
    """The circle, and every box with the hash before the entry that it came with."""
    circle: Circle | None = None
    found: list[tuple[e.Box, str]] = []
    for row in rows:
        signed, prev = e.Signed(b64decode(row["body"]), b64decode(row["signature"])), circle.head if circle else ""
        circle = follow(circle, signed, verify=verify, now=now) if circle else begin(signed, verify=verify, now=now)
        boxes = [e.Box(epoch, who, gen, b64decode(sealed)) for epoch, who, gen, sealed in row["boxes"]]
        if boxes:
            check_boxes(circle, e.read(signed.body), boxes)
        found += [(box, prev) for box in boxes]
    assert circle
    return circle, found


def test_the_file_is_what_the_script_makes() -> None:
    assert (FIXTURES / "keyring_keys.json").read_text("utf-8") == vectors.written()


def test_a_log_that_a_browser_wrote_is_believed_and_its_boxes_open() -> None:
    circle, boxes = folded(THEIRS["log"], THEIRS["now"])
    keys = {number: b64decode(key) for number, key in THEIRS["keys"]}
    assert circle.closed
    assert len(boxes) == 4
    for box, prev in boxes:
        mine = MemberKeys.of(b64decode(THEIRS["masters"][box.member]), box.member, box.gen)
        assert open_box(box, mine, circle, prev=prev) == keys[box.epoch]


def test_what_a_browser_writes_is_spelt_as_here() -> None:
    for row in THEIRS["log"]:
        body = b64decode(row["body"])
        assert e.write(e.read(body)) == body


@pytest.mark.parametrize("row", THEIRS["locks"]["rows"], ids=lambda row: str(row["kind"]))
def test_a_lock_that_a_browser_made_opens(row: dict[str, Any]) -> None:
    said = THEIRS["locks"]
    sealed = b64decode(row["sealed"])
    one = Lock(b64decode(row["head"]), sealed[:12], sealed[12:])
    secret = row["phrase"] if "phrase" in row else b64decode(row["secret"])
    assert unlock(one, secret, account=said["account"], gen=said["gen"]) == b64decode(said["master"])


def test_a_wrap_that_a_browser_made_opens() -> None:
    row = THEIRS["wrap"]
    item = Item(row["circle"], row["epoch"], row["kind"], row["id"])
    assert unwrap(b64decode(row["wrap"]), b64decode(row["epoch_key"]), item) == b64decode(row["key"])


def test_our_boxes_open_and_those_that_were_tampered_with_do_not() -> None:
    circle, _ = folded(OURS["log"], OURS["now"])
    for row in OURS["boxes"]:
        assert _opened(row, circle) == b64decode(row["key"])
    for row in OURS["boxes_shut"]:
        with pytest.raises(SealBroken):
            _opened(row, circle)


def _opened(row: dict[str, Any], circle: Circle) -> bytes:
    mine = MemberKeys.of(b64decode(row["master"]), row["member"], 1)
    box = e.Box(row["epoch"], row["member"], row["gen"], b64decode(row["sealed"]))
    return open_box(box, mine, circle, prev=row["prev"])


def test_wraps_that_were_tampered_with_do_not_open() -> None:
    for row in OURS["wraps_shut"]:
        item = Item(row["circle"], row["epoch"], row["kind"], row["id"])
        with pytest.raises(SealBroken):
            unwrap(b64decode(row["wrap"]), b64decode(row["epoch_key"]), item)


def test_recovery_codes_are_read_and_slips_noticed() -> None:
    for row in OURS["codes"]:
        assert {read_code(text) for text in [row["spelled"], *row["typed"]]} == {b64decode(row["code"])}
    assert {read_code(slip) for slip in OURS["slips"]} == {None}


def test_master_keys_of_before_open_with_the_present_one_alone() -> None:
    row = OURS["former"]
    sealed, master = b64decode(row["sealed"]), b64decode(row["master"])
    former = open_former(sealed, master, account=row["account"], gen=row["gen"])
    assert former == tuple(b64decode(one) for one in row["former"])
    for account, gen, data in (("another", 3, sealed), (row["account"], 2, sealed), (row["account"], 3, b"")):
        with pytest.raises(SealBroken):
            open_former(data, master, account=account, gen=gen)
