-- The room's tables. The Django migrations make the same ones; the store makes them itself where there is no Django.

-- One meeting: its method as it was when the meeting opened, and when something must happen to it (ms epoch, UTC).
CREATE TABLE IF NOT EXISTS room_meeting (
    id         TEXT NOT NULL PRIMARY KEY,
    method_id  TEXT NOT NULL,
    method     BLOB NOT NULL,
    practice   INTEGER NOT NULL DEFAULT 0,
    opened_at  INTEGER NOT NULL,
    closed_at  INTEGER,
    expires_at INTEGER NOT NULL,
    due_at     INTEGER,
    burned_at  INTEGER
);
CREATE INDEX IF NOT EXISTS room_meeting_due ON room_meeting (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS room_meeting_expires ON room_meeting (expires_at) WHERE burned_at IS NULL;
CREATE INDEX IF NOT EXISTS room_meeting_burned ON room_meeting (burned_at) WHERE burned_at IS NOT NULL;

-- The log: append-only, and no case content in it.
CREATE TABLE IF NOT EXISTS room_event (
    meeting TEXT NOT NULL,
    seq     INTEGER NOT NULL,
    version INTEGER NOT NULL,
    body    BLOB NOT NULL,
    PRIMARY KEY (meeting, seq)
) WITHOUT ROWID;

-- Which command of which device was answered, and by what event: a repeat gets the first answer.
CREATE TABLE IF NOT EXISTS room_answer (
    meeting TEXT NOT NULL,
    device  TEXT NOT NULL,
    command TEXT NOT NULL,
    seq     INTEGER NOT NULL,
    PRIMARY KEY (meeting, device, command)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS room_answer_seq ON room_answer (meeting, seq);

-- The state as of some event, so that a long log need not be replayed; it may be missing, and holds no case content.
CREATE TABLE IF NOT EXISTS room_snapshot (
    meeting TEXT NOT NULL PRIMARY KEY,
    seq     INTEGER NOT NULL,
    body    BLOB NOT NULL
);

-- Which device has which seat (NULL: none any more), is a table screen, or was shown out; the newest seal format that it reads.
CREATE TABLE IF NOT EXISTS room_device (
    meeting   TEXT NOT NULL,
    device    TEXT NOT NULL,
    seat      TEXT,
    is_table  INTEGER NOT NULL DEFAULT 0,
    shown_out INTEGER NOT NULL DEFAULT 0,
    seal      INTEGER NOT NULL DEFAULT 1,
    PRIMARY KEY (meeting, device)
) WITHOUT ROWID;

-- What the web is to know: written with the event that it is about, read in the order of the ids, kept for some days.
CREATE TABLE IF NOT EXISTS room_feed (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    meeting TEXT NOT NULL,
    at      INTEGER NOT NULL,
    version INTEGER NOT NULL,
    body    BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS room_feed_at ON room_feed (at);

-- Seats of former members of a circle that the web asks to remove.
CREATE TABLE IF NOT EXISTS room_removal (
    meeting  TEXT NOT NULL,
    member   TEXT NOT NULL,
    asked_at INTEGER NOT NULL,
    PRIMARY KEY (meeting, member)
) WITHOUT ROWID;

-- The vault: ciphertext of the circle, wrapped once more with the key of its class: for a case the meeting's in vault_key,
-- for another class the one in vault_retention.
CREATE TABLE IF NOT EXISTS vault_body (
    meeting   TEXT NOT NULL,
    content   TEXT NOT NULL,
    seat      TEXT NOT NULL,
    body      BLOB NOT NULL,
    retention TEXT NOT NULL DEFAULT 'case',
    PRIMARY KEY (meeting, content)
);

-- What unwraps a meeting's bodies of its cases. Rows are only added, and overwritten with zeros in place, never deleted: moving rows
-- between pages leaves copies behind in a SQLite file, even with secure_delete, so bodies alone can't be made to vanish.
CREATE TABLE IF NOT EXISTS vault_key (
    number  INTEGER PRIMARY KEY,
    meeting TEXT NOT NULL UNIQUE,
    key     BLOB NOT NULL
);

-- The same for each class beside the cases, with the time at which it goes (NULL: with them), and went.
CREATE TABLE IF NOT EXISTS vault_retention (
    number     INTEGER PRIMARY KEY,
    meeting    TEXT NOT NULL,
    retention  TEXT NOT NULL,
    key        BLOB NOT NULL,
    expires_at INTEGER,
    gone_at    INTEGER,
    UNIQUE (meeting, retention)
);
CREATE INDEX IF NOT EXISTS vault_retention_expires ON vault_retention (expires_at) WHERE gone_at IS NULL;
CREATE INDEX IF NOT EXISTS vault_retention_gone ON vault_retention (gone_at) WHERE gone_at IS NOT NULL;
