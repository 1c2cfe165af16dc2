"""A lock opens by its secret alone, and says so when it is anything else than it was."""

from __future__ import annotations

import os

import msgspec
import pytest
from msgspec.structs import replace

from kring_client.keyring import Lock, LockBroken, lock, new_code, new_master, read_code, spelled, unlock
from kring_client.keyring.locks import MEMORY, Head, Kind

ACCOUNT = "account"
PHRASE = "zes woorden die niemand raadt"


def why(one: Lock, secret: bytes | str, account: str = ACCOUNT, gen: int = 1) -> str:
    with pytest.raises(LockBroken) as raised:
        unlock(one, secret, account=account, gen=gen)
    return raised.value.code


@pytest.mark.parametrize("kind", ["recovery", "passkey", "device"])
def test_a_lock_gives_back_the_master_key(kind: Kind) -> None:
    master, secret = new_master(), os.urandom(32)
    one = lock(master, secret, kind, account=ACCOUNT, gen=1)
    assert unlock(one, secret, account=ACCOUNT, gen=1) == master
    assert why(one, os.urandom(32)) == "wrong"


def test_a_passphrase_opens_however_its_letters_are_put_together() -> None:
    master = new_master()
    one = lock(master, "één kring  ", "passphrase", account=ACCOUNT, gen=1)
    assert unlock(one, " e\u0301e\u0301n kring", account=ACCOUNT, gen=1) == master
    assert why(one, "een kring") == "wrong"


def test_a_lock_is_of_one_account_and_generation() -> None:
    one = lock(new_master(), b"secret", "device", account=ACCOUNT, gen=2)
    assert why(one, b"secret", account="another", gen=2) == "other"
    assert why(one, b"secret", gen=1) == "other"


def changed(one: Lock, **other: object) -> Lock:
    head = msgspec.json.decode(one.head, type=Head)
    return replace(one, head=msgspec.json.encode(replace(head, **other)))


def test_whatever_is_changed_the_lock_stays_shut() -> None:
    one = lock(new_master(), b"secret", "device", account=ACCOUNT, gen=1)
    assert why(changed(one, account="another"), b"secret", account="another") == "wrong"
    assert why(changed(one, gen=2), b"secret", gen=2) == "wrong"
    assert why(changed(one, kind="recovery"), b"secret") == "wrong"
    assert why(changed(one, salt=b"0" * 16), b"secret") == "wrong"
    assert why(replace(one, nonce=b"0" * 12), b"secret") == "wrong"
    assert why(replace(one, nonce=b""), b"secret") == "wrong"
    assert why(replace(one, sealed=b""), b"secret") == "wrong"
    assert why(replace(one, head=b"{}"), b"secret") == "unreadable"
    assert why(replace(one, head=one.head.replace(b"{", b'{"more":1,')), b"secret") == "unreadable"


@pytest.mark.parametrize(
    "cost", [{"memory": MEMORY - 1}, {"passes": 2}, {"memory": 1 << 30}, {"passes": 1000}], ids=str
)
def test_a_passphrase_is_never_tried_more_cheaply_nor_at_any_cost(cost: dict[str, int]) -> None:
    one = lock(new_master(), PHRASE, "passphrase", account=ACCOUNT, gen=1)
    assert why(changed(one, **cost), PHRASE) == "cheap"


def test_a_recovery_code_is_read_back_however_it_was_copied() -> None:
    for code in (new_code(), bytes(16), b"\xff" * 16):
        text = spelled(code)
        assert len(text.replace("-", "")) == 27
        assert read_code(text) == code
        assert read_code(text.lower().replace("-", " ").replace("0", "o").replace("1", "l")) == code


def test_a_slip_of_the_pen_is_noticed() -> None:
    code = bytes(range(16))
    text = spelled(code).replace("-", "")
    for at in range(26):
        other = "7" if text[at] != "7" else "8"
        assert read_code(text[:at] + other + text[at + 1 :]) is None
    swaps = [at for at in range(25) if text[at] != text[at + 1]]
    for at in swaps:
        assert read_code(text[:at] + text[at + 1] + text[at] + text[at + 2 :]) is None
    for wrong in ("", text[:-1], text + "0", "!" + text[1:], "Z" * 26 + text[-1]):
        assert read_code(wrong) is None
