"""The test vectors of keys, locks, boxes and wraps, for every client.

``python -m tests.client.keyring.vectors > tests/fixtures/keyring_keys.json``. What opens to what, and what doesn't. All that is
random elsewhere is made from labels here and stands in the file, so that another client must come to the very same bytes. What
a browser wrote, with chance as it comes, is in ``keyring_browser.json`` (``client/tests/keyring-vectors.ts``).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import Any, Final

import msgspec
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from msgspec.structs import replace

from kring_client.keyring import (
    Item,
    Lock,
    LockBroken,
    MemberKeys,
    invitation_key,
    lock,
    owner_key,
    read_code,
    seal_former,
    seed_key,
    spelled,
    unlock,
    wrap,
)
from kring_client.keyring.locks import Fixed, Head, Kind

from . import hpke
from .people import NOW, RULES, Kept, secret, text, told

ACCOUNT: Final = "acc0unt-0f-v3ct0rs"
MASTER: Final = secret("master key")
PHRASE: Final = "zes woorden die echt niemand ráádt"


def _member_keys() -> Iterator[dict[str, Any]]:
    for member, gen in (("anna", 1), ("anna", 2), ("anna", 12), ("A-z_09", 1)):
        mine = MemberKeys.of(MASTER, member, gen)
        keys = {"sign": text(mine.keys.sign), "box": text(mine.keys.box)}
        yield {
            "master": text(MASTER),
            "member": member,
            "gen": gen,
            **keys,
            "bytes": text(b"signed"),
            "signature": text(mine.sign(b"signed")),
        }


def _seeds() -> dict[str, str]:
    seed = secret("a seed")
    shown = seed_key(seed).public_key().public_bytes_raw()
    return {"seed": text(seed), "shown": text(shown), "key": text(invitation_key(seed))}


def _owner() -> dict[str, Any]:
    owner = owner_key(MASTER, ACCOUNT, 3).public_key().public_bytes_raw()
    return {"master": text(MASTER), "account": ACCOUNT, "gen": 3, "shown": text(owner)}


def _lock_row(one: Lock, given: bytes | str, gen: int = 1, account: str = ACCOUNT) -> dict[str, Any]:
    said = {"phrase": given} if isinstance(given, str) else {"secret": text(given)}
    return {"account": account, "gen": gen, **said, "head": text(one.head), "sealed": text(one.nonce + one.sealed)}


def _made(kind: Kind, given: bytes | str, gen: int = 1) -> tuple[Lock, Fixed]:
    fixed = Fixed(secret(f"salt of {kind} {gen}", 16), secret(f"nonce of {kind} {gen}", 12))
    return lock(MASTER, given, kind, account=ACCOUNT, gen=gen, fixed=fixed), fixed


def _locks() -> Iterator[dict[str, Any]]:
    kinds: tuple[tuple[Kind, bytes | str, int], ...] = (
        ("recovery", secret("a recovery code", 16), 1), ("passkey", secret("what a passkey gives"), 1),
        ("device", secret("a device's secret"), 1), ("device", secret("a device's secret"), 2), ("passphrase", PHRASE, 1),
    )  # fmt: skip
    for kind, given, gen in kinds:
        one, fixed = _made(kind, given, gen)
        row = {"kind": kind, "salt": text(fixed.salt), "nonce": text(fixed.nonce), "master": text(MASTER)}
        yield row | _lock_row(one, given, gen)
    yield {"kind": "passphrase", "master": text(MASTER)} | _lock_row(_made("passphrase", PHRASE)[0], TYPED)


TYPED: Final = "  Zes woorden\tdie  echt niemand ra\u0301a\u0301dt\n"
"""The same passphrase, as a telephone has it."""


def _changed(one: Lock, **other: object) -> Lock:
    return replace(one, head=msgspec.json.encode(replace(msgspec.json.decode(one.head, type=Head), **other)))


def _shut() -> Iterator[tuple[str, Lock, bytes | str, dict[str, Any]]]:
    """Why, a lock, the secret, and for whom it is opened."""
    given = secret("a device's secret")
    one, phrase = _made("device", given)[0], _made("passphrase", PHRASE)[0]
    yield "another secret", one, secret("another"), {}
    yield "another account", one, given, {"account": "another"}
    yield "another generation", one, given, {"gen": 2}
    yield "an account put in", _changed(one, account="another"), given, {"account": "another"}
    yield "a generation put in", _changed(one, gen=2), given, {"gen": 2}
    yield "another kind", _changed(one, kind="recovery"), given, {}
    yield "another salt", _changed(one, salt=bytes(16)), given, {}
    yield "another spelling", replace(one, head=one.head.replace(b":", b": ", 1)), given, {}
    yield "another nonce", replace(one, nonce=bytes(12)), given, {}
    yield "changed", replace(one, sealed=bytes([one.sealed[0] ^ 1]) + one.sealed[1:]), given, {}
    yield "cut short", replace(one, sealed=one.sealed[:-1]), given, {}
    yield "nothing in it", replace(one, nonce=b"", sealed=b""), given, {}
    for why, head in (
        ("no JSON", b"{"), ("no object", b"[]"), ("nothing said", b"{}"), ("no kind of lock", one.head.replace(b"device", b"door")),
        ("a field more", one.head.replace(b"{", b'{"more":1,')), ("a cost that is no number", one.head.replace(b":0", b':"0"')),
        ("a cost below nothing", phrase.head.replace(b"65536", b"-65536")), ("half a pass", phrase.head.replace(b":3", b":3.5")),
        ("a salt that is no base64", one.head.replace(b'"salt":"', b'"salt":"-')),
    ):  # fmt: skip
        yield why, replace(one, head=head), given, {}
    for why, cost in (
        ("less memory", {"memory": 65535}), ("fewer passes", {"passes": 2}), ("no cost", {"memory": 0, "passes": 0}),
        ("more memory than there is", {"memory": 1 << 30}), ("passes without end", {"passes": 33}),
    ):  # fmt: skip
        yield why, _changed(phrase, **cost), PHRASE, {}
    yield "another passphrase", phrase, PHRASE + "e", {}


def _locks_shut() -> Iterator[dict[str, Any]]:
    for why, one, given, who in _shut():
        row = _lock_row(one, given, **who)
        try:
            unlock(one, given, account=row["account"], gen=row["gen"])
        except LockBroken as broken:
            yield {"why": why, "code": broken.code} | row
        else:
            raise AssertionError(why)


def _codes() -> Iterator[dict[str, Any]]:
    for code in (secret("a recovery code", 16), bytes(16), b"\xff" * 16, b"\x00" * 15 + b"\x25"):
        written = spelled(code)
        mistaken = written.lower().replace("0", "o").replace("1", "l").replace("-", " ")
        yield {"code": text(code), "spelled": written, "typed": [mistaken, written.replace("-", ""), f" {written}\n"]}


def _slips() -> Iterator[str]:
    good = spelled(secret("a recovery code", 16)).replace("-", "")
    yield from (
        "",
        good[:-1],
        good + "0",
        "!" + good[1:],
        "U" + good[1:],
        "Z" * 26 + good[-1],
        good[1] + good[0] + good[2:],
    )
    for at in (0, 7, 13, 25):
        yield good[:at] + ("7" if good[at] != "7" else "8") + good[at + 1 :]


def _boxes_shut(kept: Kept) -> Iterator[dict[str, Any]]:
    """Changes of a row of ``opens``: none of these opens."""
    good = next(row for row in kept.opens if row["member"] == "bea" and row["epoch"] == 2)
    other = next(row for row in kept.opens if row["member"] == "anna" and row["epoch"] == 2)
    for why, change in (
        ("another's master key", {"master": other["master"]}), ("another's box", {"sealed": other["sealed"]}),
        ("another generation", {"gen": 2}), ("another epoch", {"epoch": 1}), ("an epoch that there isn't", {"epoch": 99}),
        ("another place", {"prev": kept.now().head}), ("the first place", {"prev": ""}),
        ("cut short", {"sealed": good["sealed"][:-4]}),
        ("nothing", {"sealed": ""}), ("no point", {"sealed": text(bytes(80))}),
    ):  # fmt: skip
        yield {"why": why, "code": "box"} | good | change
    info = f"kring/2 epoch\n{kept.now().id}\n2\nbea\n1\n{good['prev']}".encode()
    keys = MemberKeys.of(secret("master key of bea"), "bea", 1).keys
    odd = hpke.seal(keys.box, info, secret("another key"), X25519PrivateKey.from_private_bytes(secret("odd")))
    yield {"why": "another key than the others have", "code": "epoch-key"} | good | {"sealed": text(odd)}


_ITEM: Final = Item("c1rcle", 12, "about", "circle")


def _wrap_row(item: Item, wrapped: bytes, epoch_key: bytes) -> dict[str, Any]:
    return item._asdict() | {"epoch_key": text(epoch_key), "wrap": text(wrapped)}


def _wraps() -> Iterator[dict[str, Any]]:
    for item in (_ITEM, _ITEM._replace(epoch=0, kind="invitation", id="f" * 64), _ITEM._replace(kind="meeting")):
        key, epoch_key, nonce = (secret(f"{what} {item.kind}") for what in ("key", "epoch key", "nonce"))
        wrapped = wrap(key, epoch_key, item, nonce[:12])
        yield {"key": text(key), "nonce": text(nonce[:12])} | _wrap_row(item, wrapped, epoch_key)


def _wraps_shut() -> Iterator[dict[str, Any]]:
    key, other = secret("epoch key"), secret("another epoch key")
    good = wrap(secret("key"), key, _ITEM, secret("nonce", 12))
    for why, item, wrapped, epoch_key in (
        ("another circle", _ITEM._replace(circle="c2rcle"), good, key), ("another epoch", _ITEM._replace(epoch=11), good, key),
        ("another kind", _ITEM._replace(kind="member"), good, key), ("another id", _ITEM._replace(id="other"), good, key),
        ("parts put together otherwise", _ITEM._replace(kind="aboutc", id="ircle"), good, key),
        ("another epoch's key", _ITEM, good, other), ("another format", _ITEM, b"\x02" + good[1:], key),
        ("changed", _ITEM, good[:-1] + bytes([good[-1] ^ 1]), key), ("cut short", _ITEM, good[:-1], key),
        ("nothing", _ITEM, b"", key),
    ):  # fmt: skip
        yield {"why": why} | _wrap_row(item, wrapped, epoch_key)


def _former() -> dict[str, Any]:
    old = [secret("the master key before"), secret("the one before that")]
    nonce = secret("nonce of former", 12)
    sealed = seal_former(old, MASTER, account=ACCOUNT, gen=3, nonce=nonce)
    said = {"account": ACCOUNT, "gen": 3, "master": text(MASTER), "nonce": text(nonce)}
    return said | {"former": [text(one) for one in old], "sealed": text(sealed)}


def vectors() -> dict[str, Any]:
    """By what they are of."""
    kept = told()
    rules = {
        "salt": text(secret("salt of the rules", 16)),
        "text": "Wat hier gezegd wordt, blijft hier.",
        "hash": RULES,
    }
    assert all(read_code(slip) is None for slip in _slips())
    return {
        "now": NOW, "member_keys": list(_member_keys()), "seed": _seeds(), "owner": _owner(), "locks": list(_locks()),
        "locks_shut": list(_locks_shut()),
        "codes": list(_codes()), "slips": list(_slips()), "log": kept.log, "boxes": kept.opens,
        "boxes_shut": list(_boxes_shut(kept)),
        "wraps": list(_wraps()), "wraps_shut": list(_wraps_shut()), "former": _former(), "rules": rules,
    }  # fmt: skip


def written() -> str:
    """The file as it is kept: a line for each row."""
    parts = []
    for name, rows in vectors().items():
        lines = ",\n".join("  " + json.dumps(row) for row in rows) if isinstance(rows, list) else ""
        parts.append(f' "{name}": [\n{lines}\n ]' if lines else f' "{name}": {json.dumps(rows)}')
    return "{\n" + ",\n".join(parts) + "\n}\n"


if __name__ == "__main__":
    sys.stdout.buffer.write(written().encode())
