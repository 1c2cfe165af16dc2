"""Many writes in one commit: what nearly every write is goes into the journal, the rest into the tables at once.

Whether a write may be done is looked up for all of them together. Where one may not, nothing is done: the store then does
them one by one and so finds out which.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Final

from kring_room.store.port import Conflict, Write
from kring_room.store.sqlite import journal, rows
from kring_room.store.wrapping import wrap

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator

    from kring_room.store.port import Body
    from kring_room.store.wrapping import Keys, Row

_MOST: Final = 10_000
"""Meetings of which something is remembered."""
_ANSWERED: Final = (
    "WITH asked (meeting, device, command) AS (VALUES {})"
    " SELECT count(*) FROM asked CROSS JOIN room_answer USING (meeting, device, command)"
)
_TAKEN: Final = (
    "WITH named (meeting, content) AS (VALUES {})"
    " SELECT count(*) FROM named CROSS JOIN vault_body USING (meeting, content)"
)


class GroupCommit:
    """Writes over one connection. Remembers keys and due times, for as long as nobody else writes to the database."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._version = 0
        self._keys: dict[str, Keys] = {}
        self._dues: dict[str, int | None] = {}
        self._journal = journal.Journal(connection)

    def start(self) -> None:
        """Take up what an earlier run left in the journal."""
        self._journal.create()
        self._journal.look(anew=True)

    def waits(self, meeting: str) -> bool:
        """Whether something of this meeting may be durable and not in its place. From any thread."""
        return self._journal.waits(meeting)

    def settle(self, meetings: Iterable[str] | None = None) -> None:
        """Put what waits of these meetings, or of all, into its place."""
        with self._transaction():
            self._journal.settle(meetings)

    def write(self, writes: Iterable[Write]) -> None:
        """Do them all, in order, or nothing.

        Raises ``StoreError`` or ``sqlite3.Error`` when one of them can't be done; ``write_one`` tells which, and why.
        """
        with self._transaction():
            common: list[Write] = []
            for one in writes:
                if _is_common(one):
                    common.append(one)
                    continue
                self._write_common(common)
                common = []
                self._write_at_once(one)
            self._write_common(common)

    def write_one(self, one: Write) -> None:
        """Do this one, or say why not: ``Conflict``, ``Repeated``, ``StoreError``, ``sqlite3.Error``."""
        with self._transaction():
            self._write_at_once(one)

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        try:
            with rows.transaction(self._connection):
                self._see_who_wrote()
                yield
        except BaseException:
            self._keys.clear()
            self._dues.clear()
            self._journal.forget()
            raise
        self._journal.committed()

    def _see_who_wrote(self) -> None:
        version = self._connection.execute("PRAGMA data_version").fetchone()[0]
        others = version != self._version
        if others or len(self._dues) > _MOST:
            self._version = version
            self._keys.clear()
            self._dues.clear()
        self._journal.look(anew=others)

    def _write_at_once(self, one: Write) -> None:
        self._keys.pop(one.meeting, None)
        self._dues.pop(one.meeting, None)
        # A burn leaves no copy of what it destroys, not even one that nobody can read any more.
        self._journal.settle(None if one.burn_at is not None else (one.meeting,))
        rows.write(self._connection, one)

    def _write_common(self, writes: list[Write]) -> None:
        if writes:
            self._check_heads(writes)
            self._check_unique(writes)
            self._journal.add([self._entry(one) for one in writes])
            self._set_dues(writes)

    def _check_heads(self, writes: list[Write]) -> None:
        """They must build on the last there is, or upon each other."""
        heads: dict[str, int] = {}
        settled: list[tuple[str, int]] = []
        for one in writes:
            waiting = self._journal.waiting.get(one.meeting)
            known = heads.get(one.meeting, waiting.head if waiting else None)
            if known is None:
                settled.append((one.meeting, one.after))
            elif known != one.after:
                raise Conflict
            heads[one.meeting] = one.seq
        if not journal.ends_there(self._connection, settled):
            raise Conflict

    def _check_unique(self, writes: list[Write]) -> None:
        """A command is answered once, and a content id taken once."""
        answers = [(one.meeting, one.answer.device, one.answer.command) for one in writes if one.answer]
        contents = [(one.meeting, body.content) for one in writes for body in one.bodies]
        waiting = self._journal.waiting
        if (
            len(set(answers)) < len(answers)
            or len(set(contents)) < len(contents)
            or any(one[0] in waiting and waiting[one[0]].has_answer(one[1:]) for one in answers)
            or any(meeting in waiting and waiting[meeting].has_content(content) for meeting, content in contents)
            or journal.count(self._connection, _ANSWERED, answers)
            or journal.count(self._connection, _TAKEN, contents)
        ):
            raise Conflict

    def _entry(self, one: Write) -> journal.Entry:
        return journal.Entry(
            one.meeting,
            one.after,
            tuple([(event.version, event.body) for event in one.events]),
            tuple([self._wrapped(one.meeting, body) for body in one.bodies]),
            (one.answer.device, one.answer.command) if one.answer else None,
        )

    def _wrapped(self, meeting: str, body: Body) -> Row:
        known = self._keys.get(meeting)
        if known is None:
            known = self._keys[meeting] = rows.vault_keys(self._connection, meeting)
        return wrap(known, meeting, body)

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
        and not one.feed
    )
