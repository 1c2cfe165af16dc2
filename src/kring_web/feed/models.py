"""How far the room's feed was applied."""

from __future__ import annotations

from django.db import models


class FeedCursor(models.Model):  # noqa: DJ008 -- no screen shows it
    """Up to which entry the room's feed was applied. One row, changed in the transaction of the effect."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    last = models.BigIntegerField(default=0)

    class Meta:
        """Its own name."""

        db_table = "feed_cursor"
