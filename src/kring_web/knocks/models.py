"""What is kept of join codes and knocks, for an hour or so. Nothing here opens anything, and no name is here."""

from __future__ import annotations

from django.db import models


class JoinCode(models.Model):  # noqa: DJ008 -- no screen shows it
    """The six digits that lead to a meeting's door. ``until``: milliseconds since the epoch."""

    code = models.TextField(primary_key=True)
    meeting = models.TextField(unique=True)
    until = models.BigIntegerField()

    class Meta:
        """One for each meeting."""

        db_table = "knock_code"


class Knock(models.Model):  # noqa: DJ008 -- no screen shows it
    """One knock, as ``kring.meeting.knocking`` has it. ``secret``: SHA-256 of what the newcomer's device shows.

    ``messages``: JSON, a list of ``[side, message]``: what was said, in order.
    """

    id = models.TextField(primary_key=True)
    meeting = models.TextField(db_index=True)
    secret = models.BinaryField()
    until = models.BigIntegerField()
    said = models.IntegerField()
    fellow = models.TextField()
    over = models.BooleanField(default=False)
    messages = models.TextField()

    class Meta:
        """A table of its own."""

        db_table = "knock"
