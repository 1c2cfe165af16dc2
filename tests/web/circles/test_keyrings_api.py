"""The locks of an account: put in, opened nowhere, and never all gone."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kring_client.keyring import lock, new_master, unlock
from kring_client.keyring.locks import Lock as Kept
from kring_web.circles.services import keyrings
from tests.web.circles.people import Refused, Web, data, text

MINE = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"mine").digest())
NEXT = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"next").digest())


def public(key: Ed25519PrivateKey) -> str:
    return text(key.public_key().public_bytes_raw())


def some_lock(web: Web, name: str, master: bytes, *, gen: int = 1) -> dict[str, Any]:
    assert web.account
    made = lock(master, name.encode(), "recovery", account=web.account.pk, gen=gen)
    return {"lock": name, "kind": "recovery", "head": text(made.head), "sealed": text(made.nonce + made.sealed)}


def put(web: Web, name: str, master: bytes, **other: Any) -> Any:
    said = {"generation": 1, "sign": public(MINE), **some_lock(web, name, master), **other}
    return web.post("keyring/lock", **said)


def names(kept: Any) -> list[str]:
    return [one["lock"] for one in kept["locks"]]


def test_a_lock_comes_back_as_it_was_put_in_and_opens() -> None:
    web, master = Web.new(), new_master()
    assert web.account
    assert web.get("keyring") == {"account": web.account.pk, "generation": 0, "sign": "", "locks": []}
    put(web, "code", master)
    (kept,) = web.get("keyring")["locks"]
    sealed = data(kept["sealed"])
    opened = unlock(Kept(data(kept["head"]), sealed[:12], sealed[12:]), b"code", account=web.account.pk, gen=1)
    assert opened == master
    put(web, "code", master)
    assert names(put(web, "other", master)) == ["code", "other"]
    assert Web.new().get("keyring")["locks"] == []


def test_a_keyring_has_one_generation_and_one_key() -> None:
    web, master = Web.new(), new_master()
    for odd in ({"generation": 2}, {"generation": 0}):
        with pytest.raises(Refused, match="409 keyring-moved"):
            put(web, "code", master, **odd)
    put(web, "code", master)
    odds: tuple[dict[str, Any], ...] = ({"generation": 2}, {"sign": public(NEXT)})
    for odd in odds:
        with pytest.raises(Refused, match="409 keyring-moved"):
            put(web, "other", master, **odd)


def test_there_are_only_so_many() -> None:
    web, master = Web.new(), new_master()
    for number in range(keyrings.MOST_LOCKS):
        put(web, f"lock{number}", master)
    with pytest.raises(Refused, match="409 circle-full"):
        put(web, "one-more", master)


def test_a_lock_goes_at_once_by_ones_own_signature_and_the_last_never() -> None:
    web, master = Web.new(), new_master()
    assert web.account
    with pytest.raises(Refused, match="409 keyring-moved"):
        web.post("keyring/unlock", lock="code")
    put(web, "code", master)
    put(web, "other", master)
    for forged in (NEXT.sign(b"x"), MINE.sign(keyrings.unlock_text(web.account.pk, 1, "code"))):
        with pytest.raises(Refused, match="403 wrong-key"):
            web.post("keyring/unlock", lock="other", signature=text(forged))
    signed = text(MINE.sign(keyrings.unlock_text(web.account.pk, 1, "other")))
    assert names(web.post("keyring/unlock", lock="other", signature=signed)) == ["code"]
    with pytest.raises(Refused, match="409 last-lock"):
        web.post("keyring/unlock", lock="code")


def test_without_a_signature_a_lock_goes_in_seven_days_unless_somebody_keeps_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    web, master = Web.new(), new_master()
    put(web, "code", master)
    put(web, "other", master)
    told = {one["lock"]: one["ends_at"] for one in web.post("keyring/unlock", lock="other")["locks"]}
    assert told["code"] is None
    with pytest.raises(Refused, match="409 last-lock"):
        web.post("keyring/unlock", lock="code")  # the other goes
    assert [one["ends_at"] for one in web.post("keyring/keep", lock="other")["locks"]] == [None, None]
    ends = {one["lock"]: one["ends_at"] for one in web.post("keyring/unlock", lock="other")["locks"]}["other"]
    monkeypatch.setattr("kring_web.circles.services.keyrings.wall_clock", lambda: ends - 1)
    assert names(web.get("keyring")) == ["code", "other"]
    monkeypatch.setattr("kring_web.circles.services.keyrings.wall_clock", lambda: ends)
    assert names(web.get("keyring")) == ["code"]


def test_another_master_key_replaces_all_locks_at_once_signed_by_the_one_before() -> None:
    web, master = Web.new(), new_master()
    assert web.account
    put(web, "code", new_master())
    put(web, "other", new_master())
    new = {"sign": public(NEXT), "locks": [some_lock(web, "new", master, gen=2)]}
    good = MINE.sign(keyrings.renewal_text(web.account.pk, 1, NEXT.public_key().public_bytes_raw()))
    with pytest.raises(Refused, match="403 wrong-key"):
        web.post("keyring/renew", **new, generation=1, signature=text(NEXT.sign(b"x")))
    with pytest.raises(Refused, match="409 keyring-moved"):
        web.post("keyring/renew", **new, generation=2, signature=text(good))
    kept = web.post("keyring/renew", **new, generation=1, signature=text(good))
    assert (kept["generation"], kept["sign"], names(kept)) == (2, public(NEXT), ["new"])
    with pytest.raises(Refused, match="409 keyring-moved"):
        web.post("keyring/renew", **new, generation=1, signature=text(good))
