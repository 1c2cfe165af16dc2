"""Every address of circles as a stranger, as somebody of another circle, who asked, a former member, a member, and the carer."""

from __future__ import annotations

from typing import Any

import pytest

from tests.web.circles.people import Refused, Web, WebTown, at_once, text

SOMETHING = {
    "log/0": None, "consents": None, "items/about": None, "items/invitation": None,
    "append": {"entry": text(b"{}"), "signature": text(bytes(64))},
    "consent": {"body": text(b"{}"), "signature": text(bytes(64))},
    "withdraw": {"body": text(b"{}")},
    "item": {"kind": "about", "id": "x", "epoch": 1, "wrap": text(b"1"), "body": "AA", "version": 9},
    "forget": {"kind": "about", "id": "nothing"},
    "visit": {"seed": text(bytes(32)), "at": 1, "signature": text(bytes(64))},
}  # fmt: skip
"""Every address below a circle's, and what is sent there."""
OK = "200"
MAY = {
    "stranger": dict.fromkeys(SOMETHING, "401 sign-in"),
    "other": dict.fromkeys(SOMETHING, "404 no-circle"),
    "former": dict.fromkeys(SOMETHING, "404 no-circle"),
    "asked": {
        **dict.fromkeys(SOMETHING, "403 not-a-member"), "log/0": OK, "append": "422 entry-refused",
        "visit": "404 no-circle",
    },
    "member": {**dict.fromkeys(SOMETHING, OK), "append": "422 entry-refused", "item": "409 item-moved", "visit": "404 no-circle"},
}  # fmt: skip
MAY["carer"] = MAY["member"]


def outcome(who: Web, circle: str, what: str) -> str:
    body: Any = SOMETHING[what]
    try:
        who.get(f"circles/{circle}/{what}") if body is None else who.post(f"circles/{circle}/{what}", **body)
    except Refused as refused:
        return str(refused)
    return OK


@at_once
async def test_who_may_do_what(town_: WebTown) -> None:
    anna, _, cees = await town_.circle("anna", "bea", "cees")
    await cees.leave()
    await anna.refresh()
    await anna.settle()
    await town_.asking(anna, "dora")
    other = await town_.founded("emil")
    people = {
        "stranger": Web(), "other": town_.webs["emil"], "former": town_.webs["cees"], "asked": town_.webs["dora"],
        "member": town_.webs["bea"], "carer": town_.webs["anna"],
    }  # fmt: skip
    circle = anna.circle.id
    found = {name: {what: outcome(web, circle, what) for what in SOMETHING} for name, web in people.items()}
    assert found == MAY
    assert {outcome(town_.webs["emil"], "f" * 64, what) for what in SOMETHING} == {"404 no-circle"}, (
        "as if there were none"
    )
    assert other.circle.id != circle


@pytest.fixture
def town_() -> WebTown:
    return WebTown()


@pytest.mark.parametrize("path", ["circles", "keyring"])
def test_what_is_somebodys_own_is_told_to_whoever_is_signed_in(path: str) -> None:
    with pytest.raises(Refused, match="401 sign-in"):
        Web().get(path)
    assert Web.new().get(path)


@pytest.mark.parametrize(
    "path", ["circles/found", "keyring/lock", "keyring/unlock", "keyring/keep", "keyring/renew", "keyring/restore"]
)
def test_a_stranger_changes_nothing(path: str) -> None:
    lock = {"lock": "a", "kind": "device", "head": text(b"1"), "sealed": text(b"1")}
    bodies: dict[str, dict[str, Any]] = {
        "circles/found": {"entry": text(b"{}"), "signature": text(bytes(64))},
        "keyring/lock": {**lock, "generation": 1, "sign": text(bytes(32)), "signature": text(bytes(64))},
        "keyring/unlock": {"lock": "a"},
        "keyring/keep": {"lock": "a"},
        "keyring/restore": {"generation": 1, "signature": text(bytes(64))},
        "keyring/renew": {
            "generation": 1, "sign": text(bytes(32)), "signature": text(bytes(64)), "locks": [lock],
        },
    }  # fmt: skip
    with pytest.raises(Refused, match="401 sign-in"):
        Web().post(path, **bodies[path])
