"""The keyring of an account on the server: the locks that hold its master key, of which none opens here.

Whoever got hold of a session could throw away somebody's locks, and with them all that they can read. So whoever puts a lock in, or
renews the master key, signs that with the account's own key, which follows from the master key. Without it a lock goes in seven
days, which whoever is signed in sees and can take back; the last lock never goes.

Who lost everything has no such key, and begins anew without: what was there before is then kept for seven days, in which the key of
before can put it back.
"""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING, Final

import msgspec
from django.db import IntegrityError, transaction

from kring.circle.log import SLACK
from kring.circle.state import DAY
from kring_room.cluster.clock import wall_clock
from kring_web.circles import shapes as s
from kring_web.circles.models import Earlier, Keyring, Lock
from kring_web.circles.signatures import verify
from kring_web.web.json_api import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kring_web.accounts.services import Account

NOTICE: Final = 7 * DAY
"""Milliseconds for which a lock that is to go, or a keyring that was given up, can be kept after all."""
MOST_LOCKS: Final = 16
_locks_of: Final = msgspec.json.Decoder(list[s.KeptLock])


def keyring(account: Account) -> s.Keyring:
    """The keyring of an account; of generation 0 where there is none."""
    row = Keyring.objects.filter(account=account).first()
    if row is None:
        return s.Keyring(account.pk, 0, b"", b"", [], None)
    return s.Keyring(account.pk, row.generation, bytes(row.sign), bytes(row.former), _kept(row), _earlier(account))


def add(account: Account, new: s.NewLock) -> s.Keyring:
    """Put a lock in, in the place of the one with its id; the first makes the keyring.

    Raises ``Problem``: ``keyring-moved`` for another generation or key than that of now, ``wrong-key``, ``circle-full``.
    """
    if not verify(new.sign, new.signature, lock_text(account.pk, new.generation, new)):
        raise Problem("wrong-key")
    try:
        with transaction.atomic():
            row = Keyring.objects.select_for_update().filter(account=account).first()
            if row is None and new.generation == 1:
                row = Keyring.objects.create(account=account, generation=1, sign=new.sign)
            if row is None or (row.generation, bytes(row.sign)) != (new.generation, new.sign):
                raise Problem("keyring-moved")
            others = [one for one in _locks(row) if one.lock != new.lock]
            if len(others) >= MOST_LOCKS:
                raise Problem("circle-full")
            _put(row, [new])
    except IntegrityError:  # two devices made a keyring at once
        raise Problem("keyring-moved") from None
    return keyring(account)


def remove(account: Account, which: s.Unlock) -> s.Keyring:
    """Take a lock out: at once by the account's own signature, else in seven days. Raises ``Problem``: ``last-lock``."""
    now = wall_clock()
    with transaction.atomic():
        row = _required(account)
        staying = [one for one in _locks(row) if one.lock != which.lock and one.ends_at is None]
        if not staying:
            raise Problem("last-lock")
        locks = Lock.objects.filter(keyring=row, lock=which.lock)
        text = unlock_text(account.pk, row.generation, which.lock, which.at)
        if which.signature and not (verify(bytes(row.sign), which.signature, text) and abs(which.at - now) <= SLACK):
            raise Problem("wrong-key")
        if which.signature:
            locks.delete()
        else:
            locks.filter(ends_at=None).update(ends_at=now + NOTICE)
    return keyring(account)


def keep(account: Account, lock: str) -> s.Keyring:
    """Take back the notice that a lock goes."""
    Lock.objects.filter(keyring__account=account, lock=lock, ends_at__gt=wall_clock()).update(ends_at=None)
    return keyring(account)


def renew(account: Account, new: s.Renewal) -> s.Keyring:
    """Another master key, and its locks in the place of all others. Raises ``Problem``.

    Signed by the key of before; or not at all, by who lost it: then what was before is kept for seven days.
    """
    with transaction.atomic():
        row = _required(account)
        if row.generation != new.generation:
            raise Problem("keyring-moved")
        text = renewal_text(account.pk, new.generation, new.sign)
        if new.signature and not verify(bytes(row.sign), new.signature, text):
            raise Problem("wrong-key")
        if not new.signature:
            _set_aside(account, row)
        _replace(row, new.generation + 1, new.sign, new.former)
        _put(row, new.locks)
    return keyring(account)


def restore(account: Account, which: s.Restoring) -> s.Keyring:
    """Put back the keyring that was given up without its own signature: by that. Raises ``Problem``."""
    with transaction.atomic():
        row = _required(account)
        before = Earlier.objects.filter(account=account, until__gt=wall_clock()).first()
        if before is None or row.generation != which.generation:
            raise Problem("keyring-moved")
        text = restoring_text(account.pk, before.generation, row.generation)
        if not verify(bytes(before.sign), which.signature, text):
            raise Problem("wrong-key")
        _replace(row, before.generation, bytes(before.sign), bytes(before.former))
        kept = _locks_of.decode(bytes(before.locks))
        Lock.objects.bulk_create(
            Lock(keyring=row, lock=one.lock, kind=one.kind, head=one.head, sealed=one.sealed, created_at=one.created_at)
            for one in kept
        )
        before.delete()
    return keyring(account)


def lock_text(account: str, generation: int, new: s.OneLock) -> bytes:
    """What is signed of a lock that is put in."""
    head, sealed = (hashlib.sha256(part).hexdigest() for part in (new.head, new.sealed))
    return f"kring/2 put\n{account}\n{generation}\n{new.lock}\n{new.kind}\n{head}\n{sealed}".encode()


def unlock_text(account: str, generation: int, lock: str, at: int) -> bytes:
    """What is signed for a lock to go at once."""
    return f"kring/2 unlock\n{account}\n{generation}\n{lock}\n{at}".encode()


def renewal_text(account: str, generation: int, sign: bytes) -> bytes:
    """What the key of before signs of the next one."""
    return f"kring/2 renew\n{account}\n{generation}\n{base64.b64encode(sign).decode()}".encode()


def restoring_text(account: str, before: int, generation: int) -> bytes:
    """What the key of before signs to be the key again. ``generation``: that of now."""
    return f"kring/2 restore\n{account}\n{before}\n{generation}".encode()


def _required(account: Account) -> Keyring:
    row = Keyring.objects.select_for_update().filter(account=account).first()
    if row is None:
        raise Problem("keyring-moved")
    return row


def _locks(row: Keyring) -> list[Lock]:
    """Those that hold: one whose notice is over is deleted."""
    now = wall_clock()
    Lock.objects.filter(keyring=row, ends_at__lte=now).delete()
    return list(Lock.objects.filter(keyring=row).order_by("lock"))


def _kept(row: Keyring) -> list[s.KeptLock]:
    return [
        s.KeptLock(one.lock, one.kind, bytes(one.head), bytes(one.sealed), one.created_at, one.ends_at)
        for one in _locks(row)
    ]


def _earlier(account: Account) -> s.Earlier | None:
    row = Earlier.objects.filter(account=account, until__gt=wall_clock()).first()
    if row is None:
        return None
    return s.Earlier(row.generation, bytes(row.sign), bytes(row.former), _locks_of.decode(bytes(row.locks)), row.until)


def _set_aside(account: Account, row: Keyring) -> None:
    """Keep what is given up; not in the place of what was given up already, which whoever comes second may have made."""
    now = wall_clock()
    Earlier.objects.filter(account=account, until__lte=now).delete()
    said = {"generation": row.generation, "sign": row.sign, "former": row.former, "until": now + NOTICE}
    locks = msgspec.json.encode([msgspec.structs.replace(one, ends_at=None) for one in _kept(row)])
    Earlier.objects.get_or_create(account=account, defaults={**said, "locks": locks})


def _replace(row: Keyring, generation: int, sign: bytes, former: bytes) -> None:
    """Another master key, of which there are no locks yet."""
    Lock.objects.filter(keyring=row).delete()
    row.generation, row.sign, row.former = generation, sign, former
    row.save()


def _put(row: Keyring, locks: Iterable[s.OneLock]) -> None:
    now = wall_clock()
    for one in locks:
        Lock.objects.update_or_create(
            keyring=row,
            lock=one.lock,
            defaults={"kind": one.kind, "head": one.head, "sealed": one.sealed, "created_at": now, "ends_at": None},
        )
