"""The locks of an account: put in, opened nowhere, and never all gone."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kring_client.keyring import lock, new_master, unlock
from kring_client.keyring.locks import Lock as Kept
from kring_room.cluster.clock import wall_clock
from kring_web.circles.services import keyrings
from kring_web.circles.shapes import OneLock
from tests.web.circles.people import Refused, Web, data, text

MINE = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"mine").digest())
NEXT = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"next").digest())


def public(key: Ed25519PrivateKey) -> str:
    return text(key.public_key().public_bytes_raw())


def some_lock(web: Web, name: str, master: bytes, *, gen: int = 1) -> dict[str, Any]:
    assert web.account
    made = lock(master, name.encode(), "recovery", account=web.account.pk, gen=gen)
    return {"lock": name, "kind": "recovery", "head": text(made.head), "sealed": text(made.nonce + made.sealed)}


def signed_lock(web: Web, said: dict[str, Any], key: Ed25519PrivateKey = MINE, gen: int = 1) -> dict[str, Any]:
    """What is sent to put in a lock, signed by the account's key."""
    assert web.account
    one = OneLock(said["lock"], said["kind"], data(said["head"]), data(said["sealed"]))
    signature = key.sign(keyrings.lock_text(web.account.pk, gen, one))
    return {**said, "generation": gen, "sign": public(key), "signature": text(signature)}


def put(web: Web, name: str, master: bytes, key: Ed25519PrivateKey = MINE, gen: int = 1) -> Any:
    return web.post("keyring/lock", **signed_lock(web, some_lock(web, name, master), key, gen))


def renewal(web: Web, name: str, by: Ed25519PrivateKey | None = MINE) -> dict[str, Any]:
    """Another master key, under one lock, signed by the key of before or by none."""
    assert web.account
    said = {
        "generation": 1,
        "sign": public(NEXT),
        "former": text(b"those before"),
        "locks": [some_lock(web, name, new_master(), gen=2)],
    }
    signed = keyrings.renewal_text(web.account.pk, 1, NEXT.public_key().public_bytes_raw())
    return {**said, "signature": text(by.sign(signed)) if by else ""}


def restoring(web: Web, by: Ed25519PrivateKey = MINE) -> dict[str, Any]:
    assert web.account
    return {"generation": 2, "signature": text(by.sign(keyrings.restoring_text(web.account.pk, 1, 2)))}


def names(kept: Any) -> list[str]:
    return [one["lock"] for one in kept["locks"]]


def test_a_lock_comes_back_as_it_was_put_in_and_opens() -> None:
    web, master = Web.new(), new_master()
    assert web.account
    assert web.get("keyring") == {
        "account": web.account.pk,
        "generation": 0,
        "sign": "",
        "former": "",
        "locks": [],
        "earlier": None,
    }
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
    for gen in (0, 2):
        with pytest.raises(Refused, match="409 keyring-moved"):
            put(web, "code", master, gen=gen)
    put(web, "code", master)
    for key, gen in ((MINE, 2), (NEXT, 1)):
        with pytest.raises(Refused, match="409 keyring-moved"):
            put(web, "other", master, key, gen)


def test_who_has_a_session_alone_puts_no_lock_in_the_place_of_one() -> None:
    web, master = Web.new(), new_master()
    good = signed_lock(web, some_lock(web, "code", master))
    web.post("keyring/lock", **good)
    forged = signed_lock(web, some_lock(web, "code", new_master()), NEXT) | {"sign": public(MINE)}
    other = some_lock(web, "other", master)
    for odd in (
        forged,
        good | {"sealed": forged["sealed"]},
        good | {"head": other["head"]},
        good | {"lock": "x"},
        good | {"kind": "device"},
    ):
        with pytest.raises(Refused, match="403 wrong-key"):
            web.post("keyring/lock", **odd)
    stranger = Web.new()
    with pytest.raises(Refused, match="403 wrong-key"):
        stranger.post("keyring/lock", **good)
    (kept,) = web.get("keyring")["locks"]
    assert kept["sealed"] == good["sealed"]


def test_there_are_only_so_many() -> None:
    web, master = Web.new(), new_master()
    for number in range(keyrings.MOST_LOCKS):
        put(web, f"lock{number}", master)
    with pytest.raises(Refused, match="409 circle-full"):
        put(web, "one-more", master)


def test_a_lock_goes_at_once_by_ones_own_signature_and_the_last_never() -> None:
    web, master, now = Web.new(), new_master(), wall_clock()
    assert web.account
    with pytest.raises(Refused, match="409 keyring-moved"):
        web.post("keyring/unlock", lock="code")
    put(web, "code", master)
    put(web, "other", master)

    def signed(lock: str, at: int) -> str:
        assert web.account
        return text(MINE.sign(keyrings.unlock_text(web.account.pk, 1, lock, at)))

    for forged, at in (
        (text(NEXT.sign(b"x")), now),
        (signed("code", now), now),
        (signed("other", now), now + 1),
        (signed("other", 5), 5),
    ):
        with pytest.raises(Refused, match="403 wrong-key"):
            web.post("keyring/unlock", lock="other", signature=forged, at=at)
    assert names(web.post("keyring/unlock", lock="other", signature=signed("other", now), at=now)) == ["code"]
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
    web = Web.new()
    put(web, "code", new_master())
    put(web, "other", new_master())
    good = renewal(web, "new")
    with pytest.raises(Refused, match="403 wrong-key"):
        web.post("keyring/renew", **renewal(web, "new", NEXT))
    with pytest.raises(Refused, match="409 keyring-moved"):
        web.post("keyring/renew", **(good | {"generation": 2}))
    kept = web.post("keyring/renew", **good)
    assert (kept["generation"], kept["sign"], names(kept), kept["earlier"]) == (2, public(NEXT), ["new"], None)
    assert data(kept["former"]) == b"those before"
    with pytest.raises(Refused, match="409 keyring-moved"):
        web.post("keyring/renew", **good)


def test_who_lost_everything_begins_anew_and_the_key_of_before_can_take_that_back() -> None:
    web, master = Web.new(), new_master()
    put(web, "code", master)
    was = web.get("keyring")
    kept = web.post("keyring/renew", **renewal(web, "new", None))
    assert (kept["generation"], names(kept), kept["earlier"]["locks"]) == (2, ["new"], was["locks"])
    again = renewal(web, "newer", None) | {"generation": 2}
    assert web.post("keyring/renew", **again)["earlier"]["locks"] == was["locks"], "not in the place of the first"
    for odd in (restoring(web, NEXT), restoring(web)):
        with pytest.raises(Refused, match="409 keyring-moved"):
            web.post("keyring/restore", **odd)
    assert web.account
    signed = text(MINE.sign(keyrings.restoring_text(web.account.pk, 1, 3)))
    with pytest.raises(Refused, match="403 wrong-key"):
        web.post("keyring/restore", generation=3, signature=restoring(web)["signature"])
    assert web.post("keyring/restore", generation=3, signature=signed) == was
    with pytest.raises(Refused, match="409 keyring-moved"):
        web.post("keyring/restore", **restoring(web))


def test_what_was_given_up_is_kept_for_seven_days(monkeypatch: pytest.MonkeyPatch) -> None:
    web = Web.new()
    put(web, "code", new_master())
    until = web.post("keyring/renew", **renewal(web, "new", None))["earlier"]["until"]
    for now, is_kept in ((until - 1, True), (until, False)):
        monkeypatch.setattr("kring_web.circles.services.keyrings.wall_clock", lambda now=now: now)
        assert bool(web.get("keyring")["earlier"]) == is_kept
    with pytest.raises(Refused, match="409 keyring-moved"):
        web.post("keyring/restore", **restoring(web))
    web.post("keyring/renew", **(renewal(web, "newer", None) | {"generation": 2}))
    assert names(web.get("keyring")["earlier"]) == ["new"]
