"""The vault's keys, apart from the rest of a copy: without their file what was said in it can't be read, by anybody."""

from __future__ import annotations

import contextlib
import sqlite3
from typing import TYPE_CHECKING, Final

from kring_room.store.backup import BackupError
from kring_room.store.sqlite import rows
from kring_room.store.wrapping import KEY

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_TABLE: Final = (
    "CREATE TABLE apart.vault_key (meeting TEXT, retention TEXT, key BLOB, PRIMARY KEY (meeting, retention))"
)
_TAKE: Final = (
    """
    INSERT INTO apart.vault_key SELECT meeting, 'case', key FROM main.vault_key WHERE key != zeroblob(:size)
    UNION ALL SELECT meeting, retention, key FROM main.vault_retention WHERE key != zeroblob(:size)
    """,
    "UPDATE main.vault_key SET key = zeroblob(:size)",
    "UPDATE main.vault_retention SET key = zeroblob(:size)",
)
_PUT: Final = (
    """
    UPDATE main.vault_key SET key = other.key FROM apart.vault_key AS other
    WHERE other.meeting = main.vault_key.meeting AND other.retention = 'case'
    """,
    """
    UPDATE main.vault_retention SET key = other.key FROM apart.vault_key AS other
    WHERE other.meeting = main.vault_retention.meeting AND other.retention = main.vault_retention.retention
    """,
)


def take_out(copied: Path, keys: Path) -> None:
    """Move the keys out of a copy into a new file, so that no trace of them stays. Raises ``BackupError``."""
    keys.touch(mode=0o600)
    with _both(copied, str(keys)) as opened:
        opened.execute(_TABLE)
        with rows.transaction(opened):
            for sql in _TAKE:
                opened.execute(sql, {"size": KEY})
        opened.execute("DETACH apart")
        opened.execute("VACUUM")


def put_back(copied: Path, keys: Path) -> None:
    """The same the other way round. Raises ``BackupError``."""
    with _both(copied, f"{keys.absolute().as_uri()}?mode=ro") as opened, rows.transaction(opened):
        for sql in _PUT:
            opened.execute(sql)


@contextlib.contextmanager
def _both(copied: Path, keys: str) -> Iterator[sqlite3.Connection]:
    try:
        with contextlib.closing(sqlite3.connect(copied.absolute().as_uri(), uri=True, isolation_level=None)) as opened:
            opened.execute("PRAGMA secure_delete=ON")
            opened.execute("ATTACH ? AS apart", (keys,))
            yield opened
    except sqlite3.Error as error:
        raise BackupError(f"The vault's keys cannot be told from the rest: {error}.") from None
