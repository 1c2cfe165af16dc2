"""Published methods, each version as it was: what a meeting began with never changes."""

from __future__ import annotations

from django.db import models


class Publication(models.Model):  # noqa: DJ008 -- no screen shows it
    """One version of a method. ``id``: can't be guessed; whoever has the address may use the method.

    ``key_hash``: SHA-256 of the key that lets its author publish the next version. ``published_at``, and ``used_at``, when a
    meeting was last opened by the method: ms since the epoch, UTC.
    """

    pk = models.CompositePrimaryKey("id", "version")
    id = models.TextField()
    version = models.IntegerField()
    text = models.TextField()
    method = models.BinaryField()
    key_hash = models.BinaryField()
    published_at = models.BigIntegerField()
    used_at = models.BigIntegerField(null=True)

    class Meta:
        """One table, and an index for the limit on publications per minute."""

        db_table = "method_publication"
        indexes = (models.Index(fields=["published_at"], name="method_published"),)
