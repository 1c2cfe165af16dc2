"""Admission: an address alone lets nobody in; whoever wants in proves that they have the meeting's key."""

from __future__ import annotations

import base64
import hashlib
import json
import logging
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.test import Client

from kring_client.keys import LinkKeys
from kring_room.meetings import new_meeting_id
from kring_web.meetings import admission, services
from kring_web.meetings.models import Meeting, Opening

VECTORS = json.loads((Path(__file__).parents[2] / "fixtures" / "admission.json").read_text(encoding="utf-8"))
KEYS, OTHERS = LinkKeys(b"k" * 32), LinkKeys(b"o" * 32)


def post(client: Client, path: str, body: object) -> Any:
    return client.post(path, json.dumps(body), content_type="application/json")


def wanted(meeting: str, keys: LinkKeys = KEYS) -> dict[str, object]:
    """What an opener's browser sends."""
    kept = hashlib.sha256(base64.urlsafe_b64decode(keys.admission(meeting) + "=")).digest()
    admission = base64.urlsafe_b64encode(kept).decode().rstrip("=")
    return {"method": "linxx-9", "language": "nl", "meeting": meeting, "admission": admission}


@pytest.fixture
def guarded(visitor: Client) -> str:
    """A meeting that an address alone does not open."""
    meeting = new_meeting_id()
    answer = post(visitor, "/api/meetings", wanted(meeting))
    assert (answer.status_code, answer.json()) == (201, {"meeting": meeting})
    return meeting


def tickets(client: Client, meeting: str, **more: object) -> tuple[int, str]:
    answer = post(client, f"/api/meetings/{meeting}/tickets", more)
    return answer.status_code, answer.json().get("code", "")


@pytest.mark.parametrize("vector", VECTORS)
def test_the_proof_is_hkdf_over_the_key_and_the_meeting(vector: dict[str, str]) -> None:
    key = base64.urlsafe_b64decode(vector["key"] + "=")
    info = f"kring/1\nadmission\n{vector['meeting']}".encode()
    proof = HKDF(hashes.SHA256(), 32, None, info).derive(key)
    text = base64.urlsafe_b64encode(proof).decode().rstrip("=")
    assert LinkKeys(key).admission(vector["meeting"]) == text == vector["proof"]
    assert admission.proof_of(vector["key"], vector["meeting"]) == text
    kept = base64.urlsafe_b64encode(hashlib.sha256(proof).digest()).decode().rstrip("=")
    assert kept == vector["hash"]


def test_the_key_lets_in_and_nothing_else_does(visitor: Client, guarded: str) -> None:
    proof = KEYS.admission(guarded)
    assert tickets(visitor, guarded, admission=proof) == (200, "")
    refused = (403, "wrong-key")
    assert tickets(visitor, guarded) == refused
    assert tickets(visitor, guarded, **{"as": "table"}) == refused
    assert tickets(visitor, guarded, admission=OTHERS.admission(guarded)) == refused
    assert tickets(visitor, guarded, admission=KEYS.admission(new_meeting_id())) == refused
    assert tickets(visitor, guarded, admission=wanted(guarded)["admission"]) == refused  # what the server keeps
    assert tickets(visitor, guarded, admission=proof[:-1]) == (400, "bad-shape")


def test_a_device_token_does_not_stand_for_the_key(visitor: Client, guarded: str) -> None:
    """One that a node of before this handed out would else hold for as long as the meeting."""
    proof = KEYS.admission(guarded)
    token = post(visitor, f"/api/meetings/{guarded}/tickets", {"admission": proof}).json()["device_token"]
    assert tickets(visitor, guarded, device_token=token) == (403, "wrong-key")
    assert tickets(visitor, guarded, device_token=token, admission=proof) == (200, "")


def test_a_meeting_of_before_admits_with_the_address(visitor: Client, meeting: str) -> None:
    assert tickets(visitor, meeting) == (200, "")
    assert tickets(visitor, meeting, admission=KEYS.admission(meeting)) == (200, "")


def test_an_opening_whose_answer_was_lost_may_be_asked_again_by_its_opener_alone(visitor: Client, guarded: str) -> None:
    again = post(visitor, "/api/meetings", wanted(guarded))
    assert (again.status_code, again.json()) == (201, {"meeting": guarded})
    other = post(visitor, "/api/meetings", wanted(guarded, OTHERS))
    assert (other.status_code, other.json()) == (409, {"code": "meeting-taken"})
    assert Meeting.objects.filter(id=guarded).count() == 1
    assert tickets(visitor, guarded, admission=KEYS.admission(guarded)) == (200, "")


def test_nobody_sets_the_proof_of_a_meeting_that_has_none(visitor: Client, meeting: str) -> None:
    Opening.objects.filter(meeting=meeting).delete()  # as one that a program opened
    assert post(visitor, "/api/meetings", wanted(meeting)).json() == {"code": "meeting-taken"}
    assert tickets(visitor, meeting) == (200, "")


def test_the_proof_is_there_before_the_meeting(visitor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that one that was cut short in between is never open to all."""
    meeting = new_meeting_id()

    def broken() -> object:
        raise RuntimeError

    with monkeypatch.context() as patched:
        patched.setattr(services, "rooms", broken)
        patched.setattr(services, "_opened_recently", lambda: 0)
        patched.setattr(services, "find", lambda _meeting: None)
        with pytest.raises(RuntimeError):
            post(visitor, "/api/meetings", wanted(meeting))
    assert post(visitor, "/api/meetings", wanted(meeting, OTHERS)).json() == {"code": "meeting-taken"}
    assert post(visitor, "/api/meetings", wanted(meeting)).status_code == 201
    assert tickets(visitor, meeting) == (403, "wrong-key")


@pytest.mark.parametrize("lacks", ["meeting", "admission"])
def test_an_id_and_its_proof_come_together(visitor: Client, lacks: str) -> None:
    body = wanted(new_meeting_id())
    del body[lacks]
    assert post(visitor, "/api/meetings", body).json() == {"code": "bad-shape"}
    for wrong in ("A" * 20, "a" * 19, "a" * 20 + "\n"):
        assert post(visitor, "/api/meetings", {**wanted(new_meeting_id()), "meeting": wrong}).json() == {
            "code": "bad-shape"
        }


def test_neither_proof_nor_hash_is_logged(visitor: Client, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    meeting = new_meeting_id()
    body = wanted(meeting)
    post(visitor, "/api/meetings", body)
    for proof in (KEYS.admission(meeting), OTHERS.admission(meeting)):
        tickets(visitor, meeting, admission=proof)
        assert proof not in caplog.text
    assert str(body["admission"]) not in caplog.text
