"""The vault's tables, so that Django's migrations make them: ciphertext, wrapped with a key that can be wiped.

They mirror ``kring_room/store/sqlite/tables.sql``; a test compares the two. The room writes them, in one commit with the log.
"""

from __future__ import annotations

from django.db import models


class Body(models.Model):  # noqa: DJ008 -- no screen shows it
    """One sealed content of a meeting. ``seat``: its author's. ``retention``: the class that says how long it is kept."""

    pk = models.CompositePrimaryKey("meeting", "content")
    meeting = models.TextField()
    content = models.TextField()
    seat = models.TextField()
    body = models.BinaryField()
    retention = models.TextField(default="case", db_default="case")

    class Meta:
        """The room's name for it."""

        db_table = "vault_body"


class Key(models.Model):  # noqa: DJ008 -- no screen shows it
    """What unwraps a meeting's bodies of its cases. Overwritten with zeros in place, never deleted: tables.sql tells why."""

    number = models.AutoField(primary_key=True)
    meeting = models.TextField(unique=True)
    key = models.BinaryField()

    class Meta:
        """The room's name for it."""

        db_table = "vault_key"


class Retention(models.Model):  # noqa: DJ008 -- no screen shows it
    """The same for each class beside the cases, with the time at which it goes (none: with them), and went."""

    number = models.AutoField(primary_key=True)
    meeting = models.TextField()
    retention = models.TextField()
    key = models.BinaryField()
    expires_at = models.BigIntegerField(null=True)
    gone_at = models.BigIntegerField(null=True)

    class Meta:
        """The room's name for it."""

        db_table = "vault_retention"
        constraints = (models.UniqueConstraint(fields=["meeting", "retention"], name="vault_retention_class"),)
        indexes = (
            models.Index(
                fields=["expires_at"], name="vault_retention_expires", condition=models.Q(gone_at__isnull=True)
            ),
            models.Index(fields=["gone_at"], name="vault_retention_gone", condition=models.Q(gone_at__isnull=False)),
        )
