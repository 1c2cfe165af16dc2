"""What is durable and not yet in its place: a commit adds one row here, and the tables get it later, many rows at a time.

A write of one meeting alone touches a page or two in each of five indexes; five times as much goes to the disk as it says.
In the journal it takes its own size. When much is waiting, the meetings that wait longest are put in their place, each as a
whole: what was said there since the last time lies side by side. (A log-structured merge, O'Neil et al. 1996.)
"""

from __future__ import annotations

from functools import cache
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

import msgspec

from kring.meeting.retention import CASE
from kring_room.store.port import StoredEvent, StoreError
from kring_room.store.sqlite import rows
from kring_room.store.wrapping import Row

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence

    from kring_room.store.port import Loaded

FORMAT: Final = 2
"""Of a row's body. Raise it when ``Entry`` changes, and keep reading the older one."""
MOST: Final = 4096
"""Writes that may wait: some 4 MB of memory, and 20 ms to read them at a start."""
_AT_ONCE: Final = 16
"""When too much waits, this part of it is put into its place in one go: few, large statements."""
MOST_OF_ONE: Final = 64
"""Writes of one meeting that may wait."""
MOST_ROWS: Final = 512
"""Rows there may be: whoever waits in an older one has its place now, however little it is."""
_SIZES: Final = (128, 32, 8, 2, 1)
"""Rows in one statement: few different statements, so that SQLite has them at hand."""
_TABLE: Final = (
    "CREATE TABLE IF NOT EXISTS room_journal (number INTEGER PRIMARY KEY, format INTEGER NOT NULL, body BLOB NOT NULL)"
)
_THERE: Final = "SELECT 1 FROM sqlite_master WHERE name = 'room_journal'"
_EVENTS: Final = "INSERT INTO room_event (meeting, seq, version, body) VALUES {}"
_BODIES: Final = "INSERT INTO vault_body (meeting, content, seat, body, retention) VALUES {}"
_ANSWERS: Final = "INSERT INTO room_answer (meeting, device, command, seq) VALUES {}"
_ELSEWHERE: Final = (
    "WITH head (meeting, seq) AS (VALUES {}) SELECT count(*) FROM head"
    " WHERE seq IS NOT (SELECT max(seq) FROM room_event WHERE room_event.meeting = head.meeting)"
)


class Entry(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One write. Events are ``(version, body)``, bodies as they are stored, an answer ``(device, command)``."""

    meeting: str
    after: int
    events: tuple[tuple[int, bytes], ...]
    bodies: tuple[Row, ...] = ()
    answer: tuple[str, str] | None = None

    @property
    def seq(self) -> int:
        """The last ``seq`` after it."""
        return self.after + len(self.events)


class EntryOfFormat1(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One write as it was before there were classes: bodies are ``(content, seat, wrapped)``."""

    meeting: str
    after: int
    events: tuple[tuple[int, bytes], ...]
    bodies: tuple[tuple[str, str, bytes], ...] = ()
    answer: tuple[str, str] | None = None

    def today(self) -> Entry:
        """The same in today's form."""
        bodies = tuple((*body, CASE) for body in self.bodies)
        return Entry(self.meeting, self.after, self.events, bodies, self.answer)


_decoder: Final = msgspec.msgpack.Decoder(list[Entry])
_older: Final = msgspec.msgpack.Decoder(list[EntryOfFormat1])


class Waiting:
    """The writes of one meeting that wait. ``number``: of the row that the first of them is in."""

    __slots__ = ("entries", "number")

    def __init__(self, number: int) -> None:
        self.number = number
        self.entries: list[Entry] = []

    @property
    def head(self) -> int:
        """The last ``seq`` of the meeting."""
        return self.entries[-1].seq

    def has_answer(self, answer: tuple[str, str]) -> bool:
        """Whether this command of this device was answered here."""
        return any(one.answer == answer for one in self.entries)

    def has_content(self, content: str) -> bool:
        """Whether a body of this id is here."""
        return any(body[0] == content for one in self.entries for body in one.bodies)


class Journal:
    """The journal over one connection, and in ``waiting`` what of it has no place yet, the oldest first.

    Everything but ``create`` happens in a transaction of the caller's: then call ``committed``, or ``forget`` if it failed.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._number = 0
        self._size = 0
        self._known = False
        self._moved: set[str] = set()
        self.waiting: dict[str, Waiting] = {}

    def waits(self, meeting: str) -> bool:
        """Whether something of this meeting may be durable and not in its place. From any thread."""
        return not self._known or meeting in self.waiting or meeting in self._moved

    def create(self) -> None:
        """Make the table where there is none: it is this adapter's own, and empty after a regular end."""
        self._connection.execute(_TABLE)

    def committed(self) -> None:
        """What was put into its place can be read there."""
        self._moved.clear()

    def forget(self) -> None:
        """The transaction failed: what is remembered is wrong."""
        self._known = False
        self._moved.clear()

    def look(self, *, anew: bool) -> None:
        """Know what waits. ``anew``: somebody else has written to the database, perhaps here."""
        if self._known and (not anew or self._in_place()):
            return
        self.waiting, self._number, self._size = {}, 0, 0
        for number, entries in _all(self._connection):
            self._number = number
            for entry in entries:
                if entry.after >= self._head(entry.meeting):  # else it has its place already
                    self._wait(entry)
        self._known = True

    def add(self, entries: Sequence[Entry]) -> None:
        """Keep these, and put into place what has waited longest where too much waits."""
        self._number += 1
        self._connection.execute(
            "INSERT INTO room_journal (number, format, body) VALUES (?, ?, ?)",
            (self._number, FORMAT, msgspec.msgpack.encode(entries)),
        )
        for entry in entries:
            self._wait(entry)
        full = [one.meeting for one in entries if len(self.waiting[one.meeting].entries) >= MOST_OF_ONE]
        spare = MOST - self._size
        if spare < 0:
            spare -= MOST // _AT_ONCE
        for meeting, one in self.waiting.items():
            if spare >= 0 and one.number > self._number - MOST_ROWS:
                break
            full.append(meeting)
            spare += len(one.entries)
        self.settle(full)

    def settle(self, meetings: Iterable[str] | None = None) -> None:
        """Put into place what waits of these meetings; of all, if not told of which."""
        wanted = dict.fromkeys(self.waiting if meetings is None else meetings)
        names = [one for one in wanted if one in self.waiting]
        if not names:
            return
        self._moved.update(names)
        entries = [entry for one in names for entry in self.waiting.pop(one).entries]
        self._size -= len(entries)
        put(self._connection, entries)
        oldest = next(iter(self.waiting.values()), None)
        before = oldest.number if oldest else self._number + 1
        self._connection.execute("DELETE FROM room_journal WHERE number < ?", (before,))

    def _wait(self, entry: Entry) -> None:
        found = self.waiting.get(entry.meeting)
        if found is None:
            found = self.waiting[entry.meeting] = Waiting(self._number)
        found.entries.append(entry)
        self._size += 1

    def _head(self, meeting: str) -> int:
        found = self.waiting.get(meeting)
        return found.head if found else rows.head(self._connection, meeting)

    def _in_place(self) -> bool:
        """Whether the tables still end where what waits begins."""
        return ends_there(self._connection, [(meeting, one.entries[0].after) for meeting, one in self.waiting.items()])


def unsettled(connection: sqlite3.Connection, meeting: str) -> list[Entry]:
    """What waits of a meeting, for whoever only reads."""
    last = rows.head(connection, meeting)
    return [one for _, entries in _all(connection) for one in entries if one.meeting == meeting and one.after >= last]


def load(connection: sqlite3.Connection, meeting: str, *, whole: bool) -> Loaded | None:
    """A meeting as of one moment, with what waits, for whoever only reads. Answers that wait are left out."""
    with rows.transaction(connection, "DEFERRED"):
        loaded = rows.in_place(connection, meeting, whole=whole)
        if loaded is None or not connection.execute(_THERE).fetchone():
            return loaded
        waiting = unsettled(connection, meeting)
    events = (StoredEvent(*event) for entry in waiting for event in entry.events)
    return msgspec.structs.replace(loaded, events=(*loaded.events, *events))


def empty(connection: sqlite3.Connection) -> None:
    """Put everything into place and take the journal away: in a copy, which is to be tables alone."""
    journal = Journal(connection)
    journal.create()
    journal.look(anew=True)
    journal.settle()
    discard(connection)


def discard(connection: sqlite3.Connection) -> None:
    """Take the journal away with all that waits in it: the tables are to hold something else altogether."""
    connection.execute("DROP TABLE IF EXISTS main.room_journal")


def ends_there(connection: sqlite3.Connection, heads: Sequence[tuple[str, int]]) -> bool:
    """Whether the tables end at these ``(meeting, seq)``."""
    return not count(connection, _ELSEWHERE, heads)


def put(connection: sqlite3.Connection, entries: Iterable[Entry]) -> None:
    """Write them into the tables, table by table.

    Each statement gives up the interpreter's lock and waits for it again. Statement by statement a write costs more time
    in that than in SQLite, while the event loop has work to do.
    """
    events: list[tuple[Any, ...]] = []
    bodies: list[tuple[Any, ...]] = []
    answers: list[tuple[Any, ...]] = []
    for one in entries:
        events += [(one.meeting, seq, *event) for seq, event in enumerate(one.events, one.after + 1)]
        bodies += [(one.meeting, *body) for body in one.bodies]
        if one.answer:
            answers.append((one.meeting, *one.answer, one.seq))
    for sql, table in ((_EVENTS, events), (_BODIES, bodies), (_ANSWERS, answers)):
        for statement, values in _statements(sql, table):
            connection.execute(statement, values)


def count(connection: sqlite3.Connection, sql: str, table: Sequence[tuple[Any, ...]]) -> int:
    """The sum of what ``sql``, which counts, finds for the rows of this table."""
    found = [connection.execute(statement, values).fetchone()[0] for statement, values in _statements(sql, table)]
    return sum(found)


def _all(connection: sqlite3.Connection) -> Iterable[tuple[int, list[Entry]]]:
    for number, form, body in connection.execute("SELECT number, format, body FROM room_journal ORDER BY number"):
        if form == FORMAT:
            yield number, _decoder.decode(body)
        elif form == 1:
            yield number, [one.today() for one in _older.decode(body)]
        else:
            message = "the journal is of another release: start that one once more, it empties it when it ends"
            raise StoreError(message)


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
