"""The keyring of an account on the server: the locks that hold its master key, of which none opens here.

Whoever got hold of a session could throw away somebody's locks, and with them all that they can read. So a lock goes at once only
by the signature of the account's own key, and by notice of seven days without, which whoever is signed in sees and can take back;
the last lock never goes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db import IntegrityError, transaction

from kring.circle.state import DAY
from kring_room.cluster.clock import wall_clock
from kring_web.circles import shapes as s
from kring_web.circles.models import Keyring, Lock
from kring_web.circles.signatures import verify
from kring_web.web.json_api import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kring_web.accounts.services import Account

NOTICE: Final = 7 * DAY
MOST_LOCKS: Final = 16


def keyring(account: Account) -> s.Keyring:
    """The keyring of an account; of generation 0 where there is none."""
    row = Keyring.objects.filter(account=account).first()
    if row is None:
        return s.Keyring(account.pk, 0, b"", [])
    locks = [s.KeptLock(one.lock, one.kind, bytes(one.head), bytes(one.sealed), one.ends_at) for one in _locks(row)]
    return s.Keyring(account.pk, row.generation, bytes(row.sign), locks)


def add(account: Account, new: s.NewLock) -> s.Keyring:
    """Put a lock in, in the place of the one with its id; the first makes the keyring.

    Raises ``Problem``: ``keyring-moved`` for another generation or key than that of now, ``circle-full`` for too many.
    """
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
    with transaction.atomic():
        row = _required(account)
        staying = [one for one in _locks(row) if one.lock != which.lock and one.ends_at is None]
        if not staying:
            raise Problem("last-lock")
        locks = Lock.objects.filter(keyring=row, lock=which.lock)
        text = unlock_text(account.pk, row.generation, which.lock)
        if which.signature and not verify(bytes(row.sign), which.signature, text):
            raise Problem("wrong-key")
        if which.signature:
            locks.delete()
        else:
            locks.filter(ends_at=None).update(ends_at=wall_clock() + NOTICE)
    return keyring(account)


def keep(account: Account, lock: str) -> s.Keyring:
    """Take back the notice that a lock goes."""
    Lock.objects.filter(keyring__account=account, lock=lock, ends_at__gt=wall_clock()).update(ends_at=None)
    return keyring(account)


def renew(account: Account, new: s.Renewal) -> s.Keyring:
    """Another master key, and its locks in the place of all others; signed by the key of before. Raises ``Problem``."""
    with transaction.atomic():
        row = _required(account)
        if row.generation != new.generation:
            raise Problem("keyring-moved")
        if not verify(bytes(row.sign), new.signature, renewal_text(account.pk, new.generation, new.sign)):
            raise Problem("wrong-key")
        Lock.objects.filter(keyring=row).delete()
        row.generation, row.sign = new.generation + 1, new.sign
        row.save()
        _put(row, new.locks)
    return keyring(account)


def unlock_text(account: str, generation: int, lock: str) -> bytes:
    """What is signed for a lock to go at once."""
    return f"kring/2 unlock\n{account}\n{generation}\n{lock}".encode()


def renewal_text(account: str, generation: int, sign: bytes) -> bytes:
    """What the key of before signs of the next one."""
    return f"kring/2 renew\n{account}\n{generation}\n{sign.hex()}".encode()


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


def _put(row: Keyring, locks: Iterable[s.OneLock]) -> None:
    for one in locks:
        Lock.objects.update_or_create(
            keyring=row,
            lock=one.lock,
            defaults={"kind": one.kind, "head": one.head, "sealed": one.sealed, "ends_at": None},
        )
