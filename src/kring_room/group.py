"""Many writes in few statements, for a commit that many rooms share.

Each statement gives up the interpreter's lock and waits for it again. Statement by statement a write costs more time in
that than in SQLite, while the event loop has work to do. So the rows of all writes go down together, table by table.
"""

from __future__ import annotations

import sqlite3
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

from kring_room import rows
from kring_room.store import Conflict, StoreError, Write
from kring_room.wrapping import wrap

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_SIZES: Final = (128, 32, 8, 2, 1)
"""Rows in one statement: few different statements, so that SQLite has them at hand."""
_MOST: Final = 10_000
"""Meetings of which something is remembered."""
_HEADS: Final = (
    "WITH head (meeting, seq) AS (VALUES {}) SELECT count(*) FROM head CROSS JOIN room_event USING (meeting, seq)"
)
_EVENTS: Final = "INSERT INTO room_event (meeting, seq, version, body) VALUES {}"
_BODIES: Final = "INSERT INTO vault_body (meeting, content, seat, body) VALUES {}"
_ANSWERS: Final = "INSERT INTO room_answer (meeting, device, command, seq) VALUES {}"


class Group:
    """Writes over one connection. Remembers keys and due times, for as long as nobody else writes to the database."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._version = 0
        self._keys: dict[str, AESGCM] = {}
        self._dues: dict[str, int | None] = {}

    def write(self, writes: Iterable[Write]) -> None:
        """Do them all, in order, inside a transaction.

        Raises ``StoreError`` or ``sqlite3.Error`` when one of them can't be done; ``rows.write`` tells which, and why.
        """
        self._see_who_wrote()
        common: list[Write] = []
        for one in writes:
            if _is_common(one):
                common.append(one)
                continue
            self._write_common(common)
            common = []
            self.forget(one.meeting)
            rows.write(self._connection, one)
        self._write_common(common)

    def forget(self, meeting: str) -> None:
        """What is remembered of this meeting may be wrong, or must go."""
        self._keys.pop(meeting, None)
        self._dues.pop(meeting, None)

    def forget_all(self) -> None:
        """What is remembered may be wrong."""
        self._keys.clear()
        self._dues.clear()

    def _see_who_wrote(self) -> None:
        version = self._connection.execute("PRAGMA data_version").fetchone()[0]
        if version != self._version or len(self._dues) > _MOST:
            self._version = version
            self.forget_all()

    def _write_common(self, writes: list[Write]) -> None:
        if not writes:
            return
        self._check_heads(writes)
        events = [
            (one.meeting, seq, event.version, event.body)
            for one in writes
            for seq, event in enumerate(one.events, one.after + 1)
        ]
        bodies = [
            (one.meeting, body.content, body.seat, wrap(self._key(one.meeting), one.meeting, body.content, body.sealed))
            for one in writes
            for body in one.bodies
        ]
        answers = [(one.meeting, one.answer.device, one.answer.command, one.seq) for one in writes if one.answer]
        for sql, table in ((_EVENTS, events), (_BODIES, bodies), (_ANSWERS, answers)):
            for statement, values in _statements(sql, table):
                self._connection.execute(statement, values)
        self._set_dues(writes)

    def _check_heads(self, writes: list[Write]) -> None:
        """What they build on must be there. That nothing is there beyond it, the tables see to themselves."""
        heads: dict[str, int] = {}
        first: list[tuple[str, int]] = []
        for one in writes:
            head = heads.get(one.meeting)
            if head is None:
                first.append((one.meeting, one.after))
            elif head != one.after:
                raise Conflict
            heads[one.meeting] = one.seq
        found = sum(
            self._connection.execute(statement, values).fetchone()[0]
            for statement, values in _statements(_HEADS, first)
        )
        if found != len(first):
            raise Conflict

    def _key(self, meeting: str) -> AESGCM:
        known = self._keys.get(meeting)
        if known is None:
            known = rows.vault_key(self._connection, meeting)
            if known is None:
                message = "the vault of this meeting is destroyed"
                raise StoreError(message)
            self._keys[meeting] = known
        return known

    def _set_dues(self, writes: list[Write]) -> None:
        """Mostly nothing has changed, and the row is a large one: the method is in it."""
        changed = {one.meeting: one.due_at for one in writes if self._dues.get(one.meeting, -1) != one.due_at}
        changed |= {one.meeting: one.due_at for one in writes if one.meeting in changed}
        if changed:
            sql = "UPDATE room_meeting SET due_at = ? WHERE id = ?"
            self._connection.executemany(sql, [(due, meeting) for meeting, due in changed.items()])
            self._dues |= changed


def _is_common(one: Write) -> bool:
    """Whether it is what nearly every write is: events, perhaps bodies, an answer, and perhaps another due time."""
    return (
        one.after > 0
        and bool(one.events)
        and not one.devices
        and one.close_at is None
        and one.burn_at is None
        and one.snapshot is None
    )


def _statements(sql: str, table: Sequence[tuple[Any, ...]]) -> list[tuple[str, list[Any]]]:
    """The statements, with their values, that together have all rows of the table."""
    made: list[tuple[str, list[Any]]] = []
    at = 0
    for size in _SIZES:
        while len(table) - at >= size:
            part = table[at : at + size]
            made.append((_statement(sql, size, len(part[0])), list(chain.from_iterable(part))))
            at += size
    return made


@cache
def _statement(sql: str, size: int, width: int) -> str:
    row = f"({', '.join('?' * width)})"
    return sql.format(", ".join([row] * size))
