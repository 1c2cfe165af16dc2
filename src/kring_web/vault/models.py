"""The vault's tables, so that Django's migrations make them: ciphertext, wrapped with a key that can be wiped.

They mirror ``kring_room/store/sqlite/tables.sql``; a test compares the two. The room writes them, in one commit with the log.
"""

from __future__ import annotations

from django.db import models


class Body(models.Model):  # noqa: DJ008 -- no screen shows it
    """One sealed content of a meeting. ``seat``: its author's."""

    pk = models.CompositePrimaryKey("meeting", "content")
    meeting = models.TextField()
    content = models.TextField()
    seat = models.TextField()
    body = models.BinaryField()

    class Meta:
        """The room's name for it."""

        db_table = "vault_body"


class Key(models.Model):  # noqa: DJ008 -- no screen shows it
    """What unwraps a meeting's bodies. Overwritten with zeros in place, never deleted: tables.sql tells why."""

    number = models.AutoField(primary_key=True)
    meeting = models.TextField(unique=True)
    key = models.BinaryField()

    class Meta:
        """The room's name for it."""

        db_table = "vault_key"
