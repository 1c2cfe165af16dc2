"""Quotas: one address can't use up what is there for all, and 60 people behind one are never held back."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from kring.methods import library
from kring_client.keys import LinkKeys
from kring_room.meetings import new_meeting_id
from kring_web.config import proxies
from kring_web.config.values import PRIVATE, Networks
from kring_web.web import quotas
from kring_web.web.json_api import Problem
from kring_web.web.quotas import Quota, groups
from tests.web.meetings.test_admission import KEYS, OTHERS, wanted

HOSPITAL, ELSEWHERE = "203.0.113.7", "198.51.100.9"


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody has asked for anything yet."""
    for name, at_once in (("OPENINGS", 5), ("PUBLICATIONS", 2), ("NEWCOMERS", 5), ("FAILURES", 5)):
        monkeypatch.setattr(quotas, name, Quota(at_once, 3600))


def post(client: Client, path: str, body: object, address: str = HOSPITAL) -> Any:
    # The proxy adds the last one; what stands before it somebody made up.
    headers = {"x-forwarded-for": f"192.0.2.99, {address}"}
    return client.post(path, json.dumps(body), content_type="application/json", headers=headers)


def opened(client: Client, address: str) -> int:
    status: int = post(client, "/api/meetings", {"method": "linxx-9"}, address).status_code
    return status


def test_new_meetings_are_counted_for_each_address(visitor: Client) -> None:
    assert [opened(visitor, HOSPITAL) for _ in range(7)] == [201] * 5 + [429] * 2
    assert opened(visitor, ELSEWHERE) == 201
    answer = post(visitor, "/api/meetings", {"method": "linxx-9"})
    assert answer.json() == {"code": "too-many"}
    assert 0 < int(answer["Retry-After"]) <= 3600


def test_an_opening_that_is_asked_again_is_not_counted(visitor: Client) -> None:
    bodies = [wanted(new_meeting_id()) for _ in range(5)]
    for body in bodies * 2:
        assert post(visitor, "/api/meetings", body).status_code == 201
    assert opened(visitor, HOSPITAL) == 429
    again = post(visitor, "/api/meetings", bodies[0])
    assert (again.status_code, again.json()) == (201, {"meeting": bodies[0]["meeting"]})
    assert post(visitor, "/api/meetings", wanted(str(bodies[0]["meeting"]), OTHERS)).status_code == 429


def test_an_ipv6_network_is_one_and_its_site_has_eight_shares(visitor: Client) -> None:
    assert [opened(visitor, f"2001:db8:1:2::{host:x}") for host in range(1, 8)] == [201] * 5 + [429] * 2
    sites = [opened(visitor, f"2001:db8:1:{network:x}::1") for network in range(3, 40)]
    assert sites == [201] * 35 + [429] * 2
    assert opened(visitor, "2001:db8:2:1::1") == 201


def test_publications_are_counted_for_each_address(visitor: Client) -> None:
    body = {"text": library.source("troika").decode()}
    found = [post(visitor, "/api/workbench/publish", body).status_code for _ in range(3)]
    assert found == [201, 201, 429]
    assert post(visitor, "/api/workbench/publish", body, ELSEWHERE).status_code == 201


def test_sixty_people_behind_one_address_join_and_come_back_together(visitor: Client) -> None:
    """While somebody beside them, at the same address, tries keys and openings."""
    meetings = []
    for _ in range(5):
        meeting = new_meeting_id()
        assert post(visitor, "/api/meetings", wanted(meeting)).status_code == 201
        meetings.append(meeting)
    for _ in range(10):
        post(visitor, f"/api/meetings/{meetings[0]}/tickets", {"admission": OTHERS.admission(meetings[0])})
    assert opened(visitor, HOSPITAL) == 429
    people = []
    for number in range(60):
        meeting = meetings[number % 5]
        answer = post(visitor, f"/api/meetings/{meeting}/tickets", {"admission": KEYS.admission(meeting)})
        assert answer.status_code == 200
        people.append((meeting, answer.json()["device_token"]))
    for meeting, token in people * 3:
        body = {"admission": KEYS.admission(meeting), "device_token": token}
        assert post(visitor, f"/api/meetings/{meeting}/tickets", body).status_code == 200


def test_tries_that_fail_are_counted_and_the_right_key_still_lets_in(visitor: Client) -> None:
    meeting = new_meeting_id()
    post(visitor, "/api/meetings", wanted(meeting))
    path = f"/api/meetings/{meeting}/tickets"
    wrong = {"admission": OTHERS.admission(meeting)}
    assert [post(visitor, path, wrong).status_code for _ in range(7)] == [403] * 5 + [429] * 2
    assert post(visitor, f"/api/meetings/{'z' * 20}/tickets", {}).status_code == 429
    assert post(visitor, path, wrong, ELSEWHERE).status_code == 403
    right = {"admission": KEYS.admission(meeting)}
    assert post(visitor, path, right).status_code == 200
    # A device whose token is of another secret is told so, however many others failed at its address.
    assert post(visitor, path, {**right, "device_token": "old.one"}).json() == {"code": "bad-token"}


def test_a_meeting_without_proofs_takes_so_many_new_devices_and_all_known_ones(visitor: Client, meeting: str) -> None:
    path = f"/api/meetings/{meeting}/tickets"
    answers = [post(visitor, path, {}) for _ in range(7)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429] * 2
    token = answers[0].json()["device_token"]
    assert post(visitor, path, {"device_token": token}).status_code == 200


def test_where_the_proxy_names_nobody_nobody_is_held_back(visitor: Client, caplog: pytest.LogCaptureFixture) -> None:
    proxies._warned.clear()
    found = [
        visitor.post(
            "/api/meetings", {"method": "linxx-9"}, content_type="application/json",
            headers={"x-forwarded-proto": "https"},
        ).status_code
        for _ in range(7)
    ]  # fmt: skip
    assert found == [201] * 7
    assert caplog.text.count("proxy names no addresses") == 1


def test_a_program_of_this_machine_is_no_proxy_that_names_nobody(caplog: pytest.LogCaptureFixture) -> None:
    proxies._warned.clear()
    Client(SERVER_NAME="kring.example").get("/api/methods")
    assert "proxy" not in caplog.text


def test_a_proxy_of_no_stated_network_is_told_once(visitor: Client, caplog: pytest.LogCaptureFixture) -> None:
    proxies._warned.clear()
    for _ in range(3):
        visitor.get("/api/methods", REMOTE_ADDR="203.0.113.80", headers={"x-forwarded-for": HOSPITAL})
    assert caplog.text.count("proxy of no stated network") == 1


def test_a_quota_fills_again_and_forgets_who_asked_longest_ago(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    quota = Quota(2, 10, lambda: now)
    one, other = groups("192.0.2.1"), groups("192.0.2.2")
    assert [quota._take(one) for _ in range(3)] == [0, 0, 10]
    assert quota._take(other) == 0
    now = 9.0
    assert quota._take(one) == pytest.approx(1)
    now = 10.0
    assert [quota._take(one) for _ in range(2)] == [0, 10]
    monkeypatch.setattr(quotas, "_MOST", 1)
    quota._take(other)
    assert [quota._take(one) for _ in range(3)][:2] == [0, 0]


def test_what_an_address_counts_as() -> None:
    assert groups("::ffff:192.0.2.1") == groups("192.0.2.1") == (("192.0.2.1", 1),)
    assert groups("fe80::1%eth0")[0] == ("fe80::/64", 1)
    assert groups("") == groups("unix") == ()


@pytest.mark.parametrize(
    ("named", "stated", "found"),
    [
        ("", 1, ""), ("1.1.1.1", 1, "1.1.1.1"), ("6.6.6.6, 1.1.1.1", 1, "1.1.1.1"), ("1.1.1.1", 2, ""),
        ("6.6.6.6, 1.1.1.1, 10.0.0.2", 2, "1.1.1.1"), (" [2001:db8::1] ,", 1, "2001:db8::1"),
        ("1.1.1.1:4711", 1, "1.1.1.1"), ("[2001:db8::1]:443", 1, "2001:db8::1"), ("unknown", 1, ""), ("_hidden", 1, ""),
    ],
)  # fmt: skip
def test_of_so_many_proxies_the_outermost_says_who_asks(named: str, stated: int, found: str) -> None:
    assert proxies.asked_by(named, stated) == found


def test_only_stated_proxies_are_believed() -> None:
    assert proxies.is_of("127.0.0.1", PRIVATE)
    assert proxies.is_of("::ffff:10.1.2.3", PRIVATE)
    assert not proxies.is_of("203.0.113.1", PRIVATE)
    assert not proxies.is_of("unix:", PRIVATE)
    assert proxies.is_of("203.0.113.1", Networks().parse("203.0.113.0/24, 2001:db8::1"))
    with pytest.raises(ValueError, match="addresses or networks"):
        Networks().parse("10.0.0.1/8")


def test_a_stranger_does_not_say_where_it_comes_from_nor_by_which_scheme(visitor: Client) -> None:
    def told(peer: str) -> tuple[bool, int]:
        answer = visitor.get("/robots.txt", headers={"x-forwarded-for": HOSPITAL}, REMOTE_ADDR=peer)
        return "Strict-Transport-Security" in answer.headers, answer.status_code

    assert told("127.0.0.1") == (True, 200)
    assert told("203.0.113.200") == (False, 200)


def test_a_stranger_can_not_borrow_anothers_quota(visitor: Client) -> None:
    def from_outside(named: str) -> int:
        answer = visitor.post(
            "/api/meetings", {"method": "linxx-9"}, content_type="application/json",
            headers={"x-forwarded-for": named}, REMOTE_ADDR="203.0.113.200",
        )  # fmt: skip
        return answer.status_code

    assert [from_outside(f"192.0.2.{number}") for number in range(7)] == [201] * 5 + [429] * 2


def test_a_problem_says_when_to_come_back() -> None:
    assert Problem("too-many", retry_after=3).answer()["Retry-After"] == "3"
    assert LinkKeys(b"k" * 32).admission("m") == KEYS.admission("m")
