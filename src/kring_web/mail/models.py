"""The outbox: every mail to be sent, and what became of those that were."""

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

    ``id`` is the left half of its Message-ID, so that a mail which is sent twice is seen as one. ``key``: a mail with the same key
    is sent once, however often it is queued. ``message``: the whole MIME text; emptied once it is sent. ``private``: it holds a
    sign-in code, and is left out of backups. ``state``: ``sending`` is noted before the first byte goes out, so that after a kill
    it is known that it may have been sent. ``repeat``: it is then sent again. Times: milliseconds since the epoch.
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
