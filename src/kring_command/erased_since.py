"""What was destroyed since a backup was made, by the erasure ledger: what a restore needs before it may begin."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from kring_command.errors import CommandError
from kring_room.cluster.clock import wall_clock
from kring_room.store.erasures import DAY, KINDS

if TYPE_CHECKING:
    from kring_room.store.erasures import Ledger
    from kring_room.store.port import Erasure

_SLACK: Final = 15 * 60 * 1000
"""Milliseconds by which the clocks of two machines may differ."""


def erased_since(ledger: Ledger, made_at: str, *, lost: bool) -> list[Erasure]:
    """What the ledger says. ``made_at``: when the backup was begun, as its manifest has it.

    Raises ``CommandError`` where the ledger does not reach back so far, unless it is ``lost``: then that is said, and what there is
    of it counts. Raises it also when this machine's clock is before the backup, so that what is overdue is not known.
    """
    made, now = round(datetime.fromisoformat(made_at).timestamp() * 1000), wall_clock()
    if now < made - _SLACK:
        raise CommandError(
            f"This machine's clock says {_date(now)}, and the backup is of {_date(made)}. Put the clock right: content that is "
            "overdue goes by it."
        )
    try:
        since = ledger.since()
        found, unreadable = ledger.read()
    except OSError as error:
        raise CommandError(
            f"The erasure ledger in {ledger.folder} cannot be read: {error.strerror or error}."
        ) from None
    if unknown := {one.what for one in found} - KINDS:
        raise CommandError(
            f"The erasure ledger is of a newer release ({', '.join(unknown)}). Restore with that release."
        )
    gap = _gap(ledger, since, made, now)
    if gap and not lost:
        raise CommandError(
            f"{gap} What was destroyed since the backup of {_date(made)} would come back. Put the server's erasure ledger into "
            f"{ledger.folder}, or name its folder in KRING_ERASURES. If it is lost, add --without-erasures."
        )
    if gap:
        print(
            f"kring: {gap} What was destroyed between the backup of {_date(made)} and now may be back. "
            "Before people come: ask who had something destroyed since, and have it destroyed again.",
            file=sys.stderr,
        )
    if unreadable:
        print(f"kring: {unreadable} lines of the erasure ledger cannot be read, and are passed over.", file=sys.stderr)
    return found


def _gap(ledger: Ledger, since: int | None, made: int, now: int) -> str:
    if since is None:
        return f"There is no erasure ledger in {ledger.folder}."
    if since > made:
        return f"The erasure ledger in {ledger.folder} begins at {_date(since)}, after the backup."
    if made < now - ledger.days * DAY:
        return f"The erasure ledger is kept for {ledger.days} days (KRING_BACKUP_DAYS), and the backup is older."
    return ""


def _date(at: int) -> str:
    return datetime.fromtimestamp(at / 1000, UTC).strftime("%Y-%m-%d %H:%M UTC")
