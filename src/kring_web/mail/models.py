"""The outbox: every mail that is to go, and what became of those that went."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

QUEUED = "queued"
SENDING = "sending"
SENT = "sent"
REFUSED = "refused"
EXPIRED = "expired"
UNKNOWN = "unknown"
STATES = (QUEUED, SENDING, SENT, REFUSED, EXPIRED, UNKNOWN)


class Mail(models.Model):  # noqa: DJ008 -- no screen shows it
    """One mail to one person.

    ``id`` is the left half of its Message-ID, so that a mail which is sent twice is seen as one. ``key``: the same key is the
    same mail, however often it is asked for. ``message``: the whole MIME text; emptied when it has gone. ``private``: it holds a
    code to sign in, and is in no backup. ``state``: what became of it; ``sending`` is noted before the first byte goes out, so
    that after a kill it is known that nobody knows. ``repeat``: then it is sent once more. Times: milliseconds since the epoch.
    """

    id = models.TextField(primary_key=True)
    key = models.TextField(unique=True)
    kind = models.TextField()
    recipient = models.TextField()
    message = models.BinaryField()
    private = models.BooleanField()
    repeat = models.BooleanField()
    state = models.TextField(default=QUEUED)
    queued_at = models.BigIntegerField()
    expires_at = models.BigIntegerField()
    ended_at = models.BigIntegerField(null=True)

    class Meta:
        """By when it was queued, for the mailbox page and for forgetting."""

        db_table = "mail"
        constraints = (models.CheckConstraint(condition=Q(state__in=STATES), name="mail_state"),)
        indexes = (models.Index(fields=["queued_at"], name="mail_queued"),)
