"""Tickets of both versions open; one says who comes, the other that somebody has the link. Old ones are kept as fixtures."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from kring.meeting import WITH_LINK, Person
from kring_room import tickets

SECRET = b"a secret of this test and no other"
MEETING = "k7d2m5qw3xza4bcn6vhj"
NOW = 1_790_000_000_000
MEMBER = Person(account="member", member="m-7f3a9c0d", waited=3)
RECORDED: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[1] / "fixtures" / "tickets.json").read_text(encoding="utf-8")
)


def sign(**how: Any) -> str:
    return tickets.sign_ticket(SECRET, meeting=MEETING, device="dddddddd", now=NOW, **how)


def opened(token: str) -> tickets.Ticket:
    return tickets.open_ticket(SECRET, token, meeting=MEETING, now=NOW)


@pytest.mark.parametrize("recorded", RECORDED, ids=[one["name"] for one in RECORDED])
def test_recorded_ticket_still_opens(recorded: dict[str, Any]) -> None:
    ticket = opened(recorded["token"])
    assert msgspec.to_builtins(ticket) == recorded["says"]
    assert msgspec.to_builtins(ticket.person) == recorded["person"]


def test_this_release_writes_the_version_that_the_one_before_reads() -> None:
    """An older node knows four fields of a ticket, and takes any other for forged."""
    for person in (WITH_LINK, MEMBER):
        token = sign(person=person)
        assert set(payload(token)) == {"meeting", "device", "table", "exp"}
        assert opened(token).person == WITH_LINK


def test_ticket_of_the_second_version_says_who_comes() -> None:
    for person in (MEMBER, Person(account="member", member="m-1"), WITH_LINK):
        ticket = opened(sign(person=person, version=2))
        assert (ticket.person, ticket.v, ticket.table) == (person, 2, False)
    assert opened(sign(person=MEMBER, version=2, table=True)).table


@pytest.mark.parametrize(
    "more",
    [
        {"v": 3},
        {"v": 2, "account": "owner"},
        {"v": 2, "waited": -1},
        {"v": 2, "member": "m" * 65},
        {"v": 2, "name": "Noor"},
    ],
    ids=str,
)
def test_ticket_that_says_otherwise_is_forged_though_it_was_signed(more: dict[str, Any]) -> None:
    says = {"meeting": MEETING, "device": "dddddddd", "table": False, "exp": NOW + 1000, **more}
    body = tickets._base64(json.dumps(says).encode())
    with pytest.raises(tickets.TokenError) as refused:
        opened(f"{body}.{tickets._signature(SECRET, 'ticket', body)}")
    assert refused.value.code == "ticket-forged"


def payload(token: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(token.split(".", maxsplit=1)[0] + "=="))
    return found


def test_a_device_token_with_an_end_is_good_until_then() -> None:
    """This release reads it, and the next one writes it."""
    ending = tickets.sign_device(SECRET, meeting=MEETING, device="dddddddd", ends=NOW + 1)
    assert tickets.open_device(SECRET, ending, meeting=MEETING, now=NOW) == "dddddddd"
    with pytest.raises(tickets.TokenError, match="ticket-expired"):
        tickets.open_device(SECRET, ending, meeting=MEETING, now=NOW + 1)
    written = tickets.sign_device(SECRET, meeting=MEETING, device="dddddddd")
    assert set(payload(written)) == {"meeting", "device"}
    assert tickets.open_device(SECRET, written, meeting=MEETING, now=2**60) == "dddddddd"
