"""The proof of a meeting's key follows from it as the vectors say, which the browser's and the web's tests read too."""

import json
from base64 import urlsafe_b64decode
from pathlib import Path

import pytest

from kring.meeting.admission import proof_of

VECTORS = json.loads((Path(__file__).parents[2] / "fixtures" / "admission.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("vector", VECTORS)
def test_the_proof_follows_from_the_key_and_the_meeting(vector: dict[str, str]) -> None:
    key, proof = (urlsafe_b64decode(vector[name] + "=") for name in ("key", "proof"))
    assert proof_of(key, vector["meeting"]) == proof
    assert proof_of(key, vector["meeting"] + "a") != proof
