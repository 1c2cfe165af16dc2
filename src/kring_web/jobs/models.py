"""The table of what is due, and the one row that holds it all back after a restore."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

WAITING = "waiting"
RUNNING = "running"
DONE = "done"
FAILED = "failed"
STATES = (WAITING, RUNNING, DONE, FAILED)


class Job(models.Model):  # noqa: DJ008 -- no screen shows it
    """One thing to do once, at ``due_at`` or soon after.

    ``kind`` names its handler, ``subject`` and ``member`` are opaque ids of what and whom it is about; ``member`` is empty,
    never NULL, where it is about nobody, since NULLs are all different to a unique key. ``until``: while it is running, the
    end of the lease of node ``by``; while it is waiting, the moment before which it is not tried again. ``attempt`` counts
    the tries. Times are milliseconds since the epoch.
    """

    kind = models.TextField()
    subject = models.TextField()
    member = models.TextField(default="")
    due_at = models.BigIntegerField()
    state = models.TextField(default=WAITING)
    by = models.TextField(default="")
    until = models.BigIntegerField(default=0)
    attempt = models.IntegerField(default=0)

    class Meta:
        """An index of what is still to be done alone: it stays small however much was done."""

        db_table = "job"
        constraints = (
            models.UniqueConstraint(fields=["kind", "subject", "member", "due_at"], name="job_once"),
            models.CheckConstraint(condition=Q(state__in=STATES), name="job_state"),
        )
        indexes = (
            models.Index(fields=["due_at"], name="job_open", condition=Q(state__in=[WAITING, RUNNING])),
            models.Index(fields=["due_at"], name="job_over", condition=Q(state__in=[DONE, FAILED])),
        )


class Hold(models.Model):  # noqa: DJ008 -- no screen shows it
    """While this row is there nothing that is due is done. ``since``: milliseconds since the epoch."""

    id = models.IntegerField(primary_key=True, default=1)
    since = models.BigIntegerField()
    reason = models.TextField()

    class Meta:
        """One row at most."""

        db_table = "job_hold"
        constraints = (models.CheckConstraint(condition=Q(id=1), name="job_hold_one"),)
