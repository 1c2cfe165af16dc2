"""What the web keeps of meetings, and the room's tables, so that Django's migrations make them.

The room reads and writes its own through its store port, never through the ORM. They mirror
``kring_room/store/sqlite/tables.sql``; a test compares the two.
"""

from __future__ import annotations

from django.db import models


class Meeting(models.Model):  # noqa: DJ008 -- no screen shows it
    """One meeting: its method as it was when it opened, and when something must happen to it (ms epoch, UTC)."""

    id = models.TextField(primary_key=True)
    method_id = models.TextField()
    method = models.BinaryField()
    practice = models.BooleanField(default=False, db_default=False)
    opened_at = models.BigIntegerField()
    closed_at = models.BigIntegerField(null=True)
    expires_at = models.BigIntegerField()
    due_at = models.BigIntegerField(null=True)
    burned_at = models.BigIntegerField(null=True)

    class Meta:
        """The room's name for it."""

        db_table = "room_meeting"
        indexes = (
            models.Index(fields=["due_at"], name="room_meeting_due", condition=models.Q(due_at__isnull=False)),
            models.Index(
                fields=["expires_at"], name="room_meeting_expires", condition=models.Q(burned_at__isnull=True)
            ),
            models.Index(fields=["burned_at"], name="room_meeting_burned", condition=models.Q(burned_at__isnull=False)),
        )


class Event(models.Model):  # noqa: DJ008 -- no screen shows it
    """The log: append-only, and no case content in it."""

    pk = models.CompositePrimaryKey("meeting", "seq")
    meeting = models.TextField()
    seq = models.BigIntegerField()
    version = models.IntegerField()
    body = models.BinaryField()

    class Meta:
        """The room's name for it."""

        db_table = "room_event"


class Answer(models.Model):  # noqa: DJ008 -- no screen shows it
    """Which command of which device was answered, and by what event: a repeat gets the first answer."""

    pk = models.CompositePrimaryKey("meeting", "device", "command")
    meeting = models.TextField()
    device = models.TextField()
    command = models.TextField()
    seq = models.BigIntegerField()

    class Meta:
        """The room's name for it."""

        db_table = "room_answer"
        indexes = (models.Index(fields=["meeting", "seq"], name="room_answer_seq"),)


class Snapshot(models.Model):  # noqa: DJ008 -- no screen shows it
    """The state as of some event, so that a long log need not be replayed; it may be missing."""

    meeting = models.TextField(primary_key=True)
    seq = models.BigIntegerField()
    body = models.BinaryField()

    class Meta:
        """The room's name for it."""

        db_table = "room_snapshot"


class Device(models.Model):  # noqa: DJ008 -- no screen shows it
    """Which device has which seat (none: none any more), is a table screen, or was shown out; the newest seal it reads."""

    pk = models.CompositePrimaryKey("meeting", "device")
    meeting = models.TextField()
    device = models.TextField()
    seat = models.TextField(null=True)  # noqa: DJ001 -- NULL says "no seat"; an empty id would be a lie
    is_table = models.BooleanField(default=False, db_default=False)
    shown_out = models.BooleanField(default=False, db_default=False)
    seal = models.IntegerField(default=1, db_default=1)

    class Meta:
        """The room's name for it."""

        db_table = "room_device"


class FeedEntry(models.Model):  # noqa: DJ008 -- no screen shows it
    """What the room tells the web, written with the event that it is about; read by ``kring_room.feed``."""

    id = models.BigAutoField(primary_key=True)
    meeting = models.TextField()
    at = models.BigIntegerField()
    version = models.IntegerField()
    body = models.BinaryField()

    class Meta:
        """The room's name for it."""

        db_table = "room_feed"
        indexes = (models.Index(fields=["at"], name="room_feed_at"),)


class Removal(models.Model):  # noqa: DJ008 -- no screen shows it
    """The seat of a former member of a circle that the web asks the room to remove."""

    pk = models.CompositePrimaryKey("meeting", "member")
    meeting = models.TextField()
    member = models.TextField()
    asked_at = models.BigIntegerField()

    class Meta:
        """The room's name for it."""

        db_table = "room_removal"


class Opening(models.Model):  # noqa: DJ008 -- no screen shows it
    """The web's own: how a meeting was opened.

    ``language``: the opener's, for whoever is invited; the meeting has none. ``admission``: SHA-256 of what whoever wants in must
    show to prove that they have the meeting's key; none: the meeting was opened by a page of before that.
    """

    meeting = models.TextField(primary_key=True)
    language = models.TextField()
    admission = models.BinaryField(null=True)

    class Meta:
        """Not the room's: its tables begin with ``room_``."""

        db_table = "meeting_opening"
