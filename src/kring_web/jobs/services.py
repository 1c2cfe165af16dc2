"""Scheduling, and doing what is due once: by however many nodes, through kills, and whatever their clocks do.

An app registers a ``Kind`` with a handler when it starts, and schedules jobs of that kind. A node claims one job after the
other, each with one statement and under a lease. A handler's changes to the database and the note that its job is done are one
transaction, which fails if somebody else has claimed the job meanwhile: so what a handler writes is written exactly once.
What goes out into the world (a mail) can't be taken back by a transaction; such a kind is not ``atomic``, may be called
again after a kill, and keeps its own account of what it sent.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.db import DatabaseError, connections, router, transaction

from kring_web.jobs.models import DONE, FAILED, RUNNING, WAITING, Hold, Job
from kring_web.web.worker import Worker

__all__ = [
    "Job",
    "Kind",
    "Loop",
    "LostError",
    "cancel",
    "claim",
    "held",
    "hold",
    "prune",
    "register",
    "register_cleanup",
    "release",
    "run",
    "run_due",
    "schedule",
]
LEASE_MS: Final = 60_000
"""For how long a claimed job is nobody else's; a node that was killed loses its jobs after that."""
BATCH: Final = 20
HOUR_MS: Final = 3_600_000
KEPT_MS: Final = 30 * 24 * 60 * 60 * 1000
"""For how long a job that is over is kept, and how far back one may be scheduled: so it is never done twice."""
BACKOFF_MS: Final = (5_000, 30_000, 120_000, 600_000, 3_600_000)
"""How long to wait after each failure; after the last one the job has failed."""
_log = logging.getLogger(__name__)

Handler = Callable[[Job], None]


@dataclass(frozen=True)
class Kind:
    """What is done for one kind of job. ``atomic``: in one transaction with the note that it is done."""

    name: str
    handle: Handler
    atomic: bool = True


class LostError(Exception):
    """Somebody else has claimed this job meanwhile: what was done for it is taken back."""


_kinds: dict[str, Kind] = {}
_cleanups: list[Callable[[], object]] = []


def register(kind: Kind) -> None:
    """Make a kind known to this process. Raises ``ValueError`` where another has its name."""
    if _kinds.setdefault(kind.name, kind) != kind:
        raise ValueError(f"There is another kind of job called {kind.name!r}.")


def register_cleanup(cleanup: Callable[[], object]) -> None:
    """Have ``cleanup`` called every hour, by every node: it deletes rows that are of no use any more."""
    if cleanup not in _cleanups:
        _cleanups.append(cleanup)


def schedule(kind: str, subject: str, due_at: int, *, now: int, member: str = "") -> bool:
    """Have it done at ``due_at``; ``False`` where that is so already, or was. Commits with the caller's transaction.

    Raises ``ValueError`` for a kind that nobody registered, and for a time so long past that its like may be forgotten.
    """
    if kind not in _kinds:
        raise ValueError(f"No kind of job is called {kind!r}.")
    if due_at < now - KEPT_MS:
        raise ValueError("What is due so long past may have been done.")
    made = Job.objects.get_or_create(kind=kind, subject=subject, member=member, due_at=due_at)
    return made[1]


def cancel(kind: str, subject: str, *, member: str | None = None) -> int:
    """Drop what waits of this kind about ``subject`` (and ``member``); how many. What is running ends by itself."""
    found = Job.objects.filter(kind=kind, subject=subject, state=WAITING)
    return (found if member is None else found.filter(member=member)).delete()[0]


def hold(reason: str, *, now: int) -> None:
    """Do nothing that is due until ``release``."""
    Hold.objects.get_or_create(id=1, defaults={"since": now, "reason": reason})


def release() -> bool:
    """Go on with what is due; whether it was held."""
    return Hold.objects.all().delete()[0] > 0


def held() -> Hold | None:
    """Why nothing is done, if so."""
    return Hold.objects.first()


def prune(*, now: int) -> int:
    """Forget what was over long ago; how many."""
    return Job.objects.filter(state__in=[DONE, FAILED], due_at__lt=now - KEPT_MS).delete()[0]


def claim(node: str, *, now: int, most: int = BATCH) -> list[Job]:
    """Take up to ``most`` jobs that are due and nobody's, the longest due first. Each is given to one node alone."""
    using = router.db_for_write(Job)
    names = sorted(_kinds)
    open_now = Job.objects.filter(state__in=[WAITING, RUNNING], due_at__lte=now, until__lte=now, kind__in=names)
    if not open_now.exists():  # nearly always: a look is no write, and holds up nobody's
        return []
    skip = "FOR UPDATE SKIP LOCKED" if connections[using].vendor == "postgresql" else ""
    marks = ", ".join(["%s"] * len(names))
    sql = f"""
        UPDATE job SET state = %s, by = %s, until = %s, attempt = attempt + 1
        WHERE id IN (
            SELECT id FROM job
            WHERE state IN ('waiting', 'running') AND due_at <= %s AND until <= %s AND kind IN ({marks})
                AND NOT EXISTS (SELECT 1 FROM job_hold)
            ORDER BY due_at LIMIT %s {skip}
        )
        RETURNING id, kind, subject, member, due_at, state, by, until, attempt
    """  # noqa: S608 -- constants; values are bound
    with connections[using].cursor() as cursor:
        cursor.execute(sql, [RUNNING, node, now + LEASE_MS, now, now, *names, most])
        columns = [column[0] for column in cursor.description]
        rows = [Job(**dict(zip(columns, row, strict=True))) for row in cursor.fetchall()]
    return sorted(rows, key=lambda job: (job.due_at, job.id))


def run(job: Job, *, now: Callable[[], int]) -> str:
    """Do a claimed job; the state that it is in then, or ``"lost"`` where it is somebody else's."""
    kind = _kinds[job.kind]
    try:
        if job.attempt > len(BACKOFF_MS) + 1:  # each try ended without a word: it may have ended the process
            _finish(job, FAILED)
            return FAILED
        if kind.atomic:
            with transaction.atomic(using=router.db_for_write(Job)):
                kind.handle(job)
                _finish(job, DONE)
        else:
            kind.handle(job)
            _finish(job, DONE)
    except LostError:
        _log.warning("job lost", extra={"kind": job.kind, "entry": job.id})
        return "lost"
    except Exception as error:  # noqa: BLE001 -- a fault in one job must not keep the others waiting
        return _failed(job, error, now())
    return DONE


def _finish(job: Job, state: str, until: int = 0) -> None:
    """Note what became of a job; raises ``LostError`` unless it is still this node's, by this claim."""
    mine = Job.objects.filter(id=job.id, state=RUNNING, by=job.by, attempt=job.attempt)
    if not mine.update(state=state, until=until):
        raise LostError


def _failed(job: Job, error: Exception, now: int) -> str:
    over = job.attempt > len(BACKOFF_MS)
    state, until = (FAILED, 0) if over else (WAITING, now + BACKOFF_MS[job.attempt - 1])
    # The log has the error's type and place, never its text, which may quote what people wrote.
    _log.warning("job failed", extra={"kind": job.kind, "entry": job.id}, exc_info=error)
    try:
        _finish(job, state, until)
    except LostError:
        return "lost"
    return state


def run_due(node: str, now: Callable[[], int], *, most: int = BATCH) -> int:
    """Do what is due, up to ``most`` jobs; how many were done. Raises ``DatabaseError``.

    Each is claimed when it is its turn: what waits behind a slow job, or one that ends the process, has not been tried.
    """
    for done in range(most):
        claimed = claim(node, now=now(), most=1)
        if not claimed:
            return done
        run(claimed[0], now=now)
    return most


class Loop(Worker):
    """Does what is due, and every hour cleans up."""

    def __init__(self, node: str, now: Callable[[], int], *, every: float = 1.0) -> None:
        super().__init__("jobs")
        self._node, self._now, self._every = node, now, every
        self._cleaned: int | None = None

    def work(self) -> float:
        """Do what is due; at once again where there may be more."""
        done = run_due(self._node, self._now)
        now = self._now()
        if self._cleaned is None or now - self._cleaned >= HOUR_MS:
            self._cleaned = now
            _clean_up(now)
        return 0 if done else self._every

    def report(self, error: Exception) -> None:
        """Log what kept it: the database, or a fault in a cleanup."""
        if isinstance(error, DatabaseError):
            _log.warning("jobs wait for the database", extra={"error": type(error).__name__})
        else:
            _log.error("job loop failed", exc_info=error)


def _clean_up(now: int) -> None:
    prune(now=now)
    for cleanup in _cleanups:
        cleanup()
