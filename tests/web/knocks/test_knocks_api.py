"""Join codes and knocks over HTTP: who may what, what nobody learns, and what is refused by which code."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from kring.meeting import events, knocking, upcasting
from kring_client.keys import LinkKeys
from kring_client.voice import Fellow, Newcomer
from kring_room.meetings import new_meeting_id
from kring_web.jobs import services as jobs
from kring_web.knocks.models import JoinCode, Knock
from kring_web.meetings import services as meetings
from kring_web.meetings.models import Device, Event
from kring_web.web import quotas
from kring_web.web.quotas import Quota
from tests.web.meetings.test_admission import KEYS, OTHERS, wanted

KEY = KEYS.current().secret
HOSPITAL, ELSEWHERE = "203.0.113.7", "198.51.100.9"


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nobody has asked for anything yet."""
    monkeypatch.setattr(quotas, "CODES", Quota(5, 3600))
    monkeypatch.setattr(quotas, "FAILURES", Quota(1000, 1))
    yield
    JoinCode.objects.all().delete()
    Knock.objects.all().delete()


def post(client: Client, path: str, body: object, address: str = HOSPITAL) -> Any:
    return client.post(path, json.dumps(body), content_type="application/json", headers={"x-forwarded-for": address})


class Inside:
    """A device that sits in a meeting."""

    def __init__(self, client: Client, meeting: str, seat: str = "snoor5v8k2qa", keys: LinkKeys = KEYS) -> None:
        self.client, self.meeting, self.seat = client, meeting, seat
        proof = keys.admission(meeting)
        token = post(client, f"/api/meetings/{meeting}/tickets", {"admission": proof}).json()["device_token"]
        self.who = {"admission": proof, "device_token": token}
        self.device = meetings.device_of(meetings.require_open(meeting), token)

    def sit(self) -> Inside:
        Device.objects.create(meeting=self.meeting, device=self.device, seat=self.seat)
        return self

    def ask(self, path: str, **more: object) -> Any:
        return post(self.client, f"/api/meetings/{self.meeting}/{path}", self.who | more)

    def knocks(self) -> Any:
        return self.ask("knocks").json()["knocks"]

    def code(self) -> str:
        answer = self.ask("code").json()
        assert 0 < answer["left"] <= 30 * 60
        return str(answer["code"])


class Outside:
    """A device that has nothing but a code."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.check = Newcomer("meeting", "nnewcomer")
        self.first = self.check.begin()
        self.path = self.secret = ""

    def knock(self, code: str, address: str = HOSPITAL) -> tuple[int, str]:
        answer = post(self.client, "/api/knocks", {"code": code, "message": self.first}, address)
        said = answer.json()
        if answer.status_code == 201:
            assert set(said) == {"knock", "secret"}
            self.path, self.secret = f"/api/knocks/{said['knock']}", said["secret"]
        return answer.status_code, said.get("code", "")

    def say(self, message: object = None, since: int = 0) -> Any:
        return post(self.client, self.path, {"secret": self.secret, "since": since, "message": message})


@pytest.fixture
def meeting(visitor: Client) -> str:
    """One that an address alone does not open."""
    found = new_meeting_id()
    assert post(visitor, "/api/meetings", wanted(found)).status_code == 201
    return found


@pytest.fixture
def noor(visitor: Client, meeting: str) -> Inside:
    return Inside(visitor, meeting).sit()


def shut(meeting: str, *, again: bool = False) -> None:
    """The doors close, or open again, as the room writes it down."""
    event = events.DoorsOpened(at=1) if again else events.DoorsClosed(at=1)
    seq = Event.objects.filter(meeting=meeting).count() + 1
    Event.objects.create(meeting=meeting, seq=seq, version=upcasting.VERSION, body=upcasting.encode(event))


def later(monkeypatch: pytest.MonkeyPatch, milliseconds: int) -> None:
    now = meetings.now() + milliseconds
    monkeypatch.setattr(meetings, "now", lambda: now)


def refused(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_the_key_goes_from_who_sits_inside_to_who_has_the_code(visitor: Client, noor: Inside) -> None:
    sam = Outside(visitor)
    assert sam.knock(noor.code()) == (201, "")
    heard = sam.say().json()
    assert heard == {"messages": [], "next": 1, "over": False}  # nothing is told, not even which meeting

    (waiting,) = noor.knocks()
    assert waiting["message"] == sam.first
    assert 0 < waiting["left"] <= 60
    fellow = Fellow(noor.meeting, noor.seat, key=KEY)
    path = f"knocks/{waiting['knock']}"
    answered = noor.ask(path, message=fellow.receive(waiting["message"])).json()
    assert answered["next"] == 2

    (answer,) = sam.say(since=1).json()["messages"]
    reveal = sam.check.receive(answer)
    assert sam.say(reveal, since=2).json() == {"messages": [], "next": 3, "over": False}
    (heard,) = noor.ask(path, since=2).json()["messages"]
    fellow.receive(heard)
    assert fellow.type(sam.check.nine) == "right"
    _, typed = sam.check.type(fellow.six)
    sam.say(typed, since=3)
    (heard,) = noor.ask(path, since=3).json()["messages"]
    noor.ask(path, since=4, message=fellow.receive(heard))
    (box,) = sam.say(since=4).json()["messages"]
    assert sam.check.receive(box) == KEY
    assert sam.check.place == noor.meeting
    assert all(KEYS.admission(noor.meeting) not in row.messages for row in Knock.objects.all())


def test_a_code_is_six_digits_the_same_until_it_is_stopped(noor: Inside) -> None:
    code = noor.code()
    assert len(code) == 6
    assert code.isdecimal()
    assert noor.code() == code
    assert noor.ask("code", live=False).json() == {"code": "", "left": 0}
    assert not JoinCode.objects.filter(code=code).exists()


def test_all_inside_see_one_code_and_that_it_was_stopped(visitor: Client, noor: Inside) -> None:
    bram = Inside(visitor, noor.meeting, "sbram7t1m4wz").sit()
    code = noor.code()
    assert bram.code() == code
    assert noor.ask("knocks").json() == {"code": code, "knocks": []}
    bram.ask("code", live=False)
    assert noor.ask("knocks").json() == {"code": "", "knocks": []}


def test_who_does_not_sit_inside_gets_no_code_and_hears_no_knock(visitor: Client, meeting: str, noor: Inside) -> None:
    sam = Outside(visitor)
    sam.knock(noor.code())
    knock = sam.path.rpartition("/")[2]
    standing = Inside(visitor, meeting)
    other = new_meeting_id()
    post(visitor, "/api/meetings", wanted(other))
    elsewhere = Inside(visitor, other).sit()
    gone = Inside(visitor, meeting)
    Device.objects.create(meeting=meeting, device=gone.device, seat="sgone0000000", shown_out=True)
    for path in ("code", "knocks", f"knocks/{knock}"):
        assert refused(standing.ask(path)) == (403, "not-seated")
        assert refused(gone.ask(path)) == (403, "not-seated")
        for who, expected in (
            ({**noor.who, "admission": OTHERS.admission(meeting)}, "wrong-key"),
            ({"device_token": noor.who["device_token"]}, "wrong-key"),
            ({**noor.who, "device_token": elsewhere.who["device_token"]}, "bad-token"),
        ):
            assert refused(post(visitor, f"/api/meetings/{meeting}/{path}", who)) == (403, expected)
        assert refused(post(visitor, f"/api/meetings/{'a' * 20}/{path}", noor.who)) == (404, "unknown-meeting")
    assert refused(elsewhere.ask(f"knocks/{knock}")) == (410, "knock-over")
    assert elsewhere.knocks() == []


def test_a_code_lives_for_half_an_hour_and_while_doors_are_open(
    visitor: Client, noor: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = noor.code()
    shut(noor.meeting)
    assert refused(noor.ask("code")) == (409, "doors-closed")
    assert Outside(visitor).knock(code) == (404, "wrong-code")
    shut(noor.meeting, again=True)
    assert Outside(visitor).knock(code) == (404, "wrong-code")  # an old one does not come to life again
    code = noor.code()
    with monkeypatch.context() as patched:
        later(patched, knocking.CODE_MS)
        assert Outside(visitor).knock(code) == (404, "wrong-code")


def test_nobody_answers_once_the_doors_are_closed(visitor: Client, noor: Inside) -> None:
    sam = Outside(visitor)
    sam.knock(noor.code())
    shut(noor.meeting)
    (waiting,) = noor.knocks()
    answer = Fellow(noor.meeting, noor.seat, key=KEY).receive(waiting["message"])
    assert refused(noor.ask(f"knocks/{waiting['knock']}", message=answer)) == (409, "doors-closed")


def test_three_knock_at_a_time_and_each_is_dropped_after_a_minute(
    visitor: Client, noor: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = noor.code()
    people = [Outside(visitor) for _ in range(4)]
    assert [one.knock(code) for one in people] == [(201, "")] * 3 + [(409, "too-many-knocks")]
    assert len(noor.knocks()) == 3
    people[0].say({"what": "end"})
    assert people[3].knock(code) == (409, "too-many-knocks")  # going away makes nobody ring more often
    with monkeypatch.context() as patched:
        later(patched, knocking.ANSWER_MS)
        assert noor.knocks() == []
        assert people[2].say().json()["over"]
        assert refused(people[2].say({"what": "end"})) == (410, "knock-over")
        assert Outside(visitor).knock(code) == (201, "")


def test_three_are_three_when_all_knock_at_once(visitor: Client, noor: Inside, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quotas, "CODES", Quota(8, 3600))
    code = noor.code()
    found: list[tuple[int, str]] = []

    def knock() -> None:
        found.append(Outside(visitor).knock(code))
        connections.close_all()

    threads = [threading.Thread(target=knock) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [(201, "")] * 3 + [(409, "too-many-knocks")] * 5


def test_the_first_who_answers_goes_on_alone(visitor: Client, noor: Inside) -> None:
    bram = Inside(visitor, noor.meeting, "sbram7t1m4wz").sit()
    sam = Outside(visitor)
    sam.knock(noor.code())
    (waiting,) = bram.knocks()
    path = f"knocks/{waiting['knock']}"
    answers = [Fellow(noor.meeting, one.seat, key=KEY).receive(waiting["message"]) for one in (noor, bram)]
    assert noor.ask(path, message=answers[0]).status_code == 200
    assert refused(bram.ask(path, message=answers[1])) == (409, "knock-taken")
    assert refused(bram.ask(path)) == (409, "knock-taken")
    assert bram.knocks() == noor.knocks() == []  # a page of hers that was reloaded could not go on with it
    assert noor.ask(path, message=answers[0]).status_code == 200  # the answer was lost: the same again is no second one
    second = Fellow(noor.meeting, noor.seat, key=KEY).receive(waiting["message"])
    assert refused(noor.ask(path, message=second)) == (409, "out-of-turn")


def test_a_knock_is_heard_by_nobody_who_lacks_its_secret(visitor: Client, noor: Inside) -> None:
    sam, eve = Outside(visitor), Outside(visitor)
    code = noor.code()
    sam.knock(code)
    eve.knock(code)
    eve.path = sam.path
    assert refused(eve.say()) == (410, "knock-over")
    eve.path = "/api/knocks/nosuchknock"
    assert refused(eve.say()) == (410, "knock-over")
    assert refused(eve.say({"what": "end"})) == (410, "knock-over")
    assert sam.say().status_code == 200


@pytest.mark.parametrize(
    ("what", "expected"),
    [
        ("commit", "bad-shape"),
        ("answer", "bad-shape"),
        ("box", "bad-shape"),
        ("reveal", "out-of-turn"),
        ("typed", "out-of-turn"),
    ],
)
def test_who_knocked_says_nothing_out_of_turn(visitor: Client, noor: Inside, what: str, expected: str) -> None:
    sam = Outside(visitor)
    sam.knock(noor.code())
    assert sam.say({"what": what, "nonce": "AAAA"}).json() == {"code": expected}


def test_wrong_codes_slow_an_address_and_never_bar_it(
    visitor: Client, noor: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [0.0]
    monkeypatch.setattr(quotas, "CODES", Quota(5, 6, lambda: clock[0]))
    code = noor.code()
    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    tries = [Outside(visitor).knock(wrong) for _ in range(7)]
    assert tries == [(404, "wrong-code")] * 5 + [(429, "too-many")] * 2
    assert Outside(visitor).knock(code) == (429, "too-many")  # else trying all would tell which is right
    assert Outside(visitor).knock(code, ELSEWHERE) == (201, "")
    clock[0] += 6
    assert Outside(visitor).knock(code) == (201, "")
    assert Outside(visitor).knock(code) == (201, "")  # right ones are not counted
    assert Outside(visitor).knock(wrong) == (404, "wrong-code")
    assert Outside(visitor).knock(wrong) == (429, "too-many")


def test_rubbish_is_refused_by_its_shape(visitor: Client, noor: Inside) -> None:
    first = Outside(visitor).first
    for body in (
        {}, {"code": "12345", "message": first}, {"code": "１２３４５６", "message": first}, {"code": "123456\n", "message": first},
        {"code": "123456"}, {"code": "123456", "message": {}}, {"code": "123456", "message": {"what": "reveal"}},
        {"code": "123456", "message": first | {"commitment": "x" * 201}}, {"code": "123456", "message": first | {"more": "é"}},
        {"code": "123456", "message": {f"p{n}": "x" for n in range(7)}}, {"code": "123456", "message": first, "name": "Sam"},
    ):  # fmt: skip
        assert refused(post(visitor, "/api/knocks", body)) == (400, "bad-shape"), body
    assert refused(noor.ask("code", live="yes")) == (400, "bad-shape")
    assert refused(noor.ask("knocks/x", since=-1)) == (400, "bad-shape")
    assert refused(noor.ask("knocks/x", message={"what": "reveal"})) == (400, "bad-shape")


def test_what_is_over_is_forgotten(visitor: Client, noor: Inside, monkeypatch: pytest.MonkeyPatch) -> None:
    Outside(visitor).knock(noor.code())
    with monkeypatch.context() as patched:
        later(patched, knocking.CODE_MS + 1)
        noor.ask("code")
        assert Knock.objects.count() == 0
        assert JoinCode.objects.count() == 1
        Outside(visitor).knock(noor.code())
    with monkeypatch.context() as patched:
        later(patched, 3 * knocking.CODE_MS)
        jobs.Loop("node", meetings.now).work()  # nobody knocks or shows a code any more
        assert (Knock.objects.count(), JoinCode.objects.count()) == (0, 0)


def test_who_waits_hears_that_the_code_was_stopped(visitor: Client, noor: Inside) -> None:
    sam, ada = Outside(visitor), Outside(visitor)
    code = noor.code()
    sam.knock(code)
    (waiting,) = noor.knocks()
    noor.ask(f"knocks/{waiting['knock']}", message=Fellow(noor.meeting, noor.seat, key=KEY).receive(waiting["message"]))
    ada.knock(code)
    noor.ask("code", live=False)
    assert ada.say(since=1).json()["over"]
    assert noor.knocks() == []
    assert not sam.say(since=1).json()["over"]  # a check goes on


def test_another_sites_page_knocks_for_nobody(stranger: Client) -> None:
    assert refused(post(stranger, "/api/knocks", {"code": "123456", "message": {"what": "commit"}})) == (
        403,
        "other-origin",
    )


def test_neither_code_nor_secret_is_logged(visitor: Client, noor: Inside, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    code = noor.code()
    sam = Outside(visitor)
    sam.knock(code)
    sam.say({"what": "reveal"})
    Outside(visitor).knock("000001" if code != "000001" else "000002")
    logged = "\n".join(f"{one.getMessage()} {one.__dict__}" for one in caplog.records if one.name.startswith("kring"))
    assert sam.secret not in logged
    assert code not in logged
