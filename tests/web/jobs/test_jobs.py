"""What is due: scheduled once, done once, tried again, held back and let go."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest
from django.db import DatabaseError, InterfaceError, transaction

from kring_web.config.logs import LineFormatter
from kring_web.jobs import services
from kring_web.jobs.models import DONE, FAILED, RUNNING, WAITING, Hold, Job
from kring_web.jobs.services import BACKOFF_MS, BATCH, KEPT_MS, LEASE_MS, Kind

NOW = 1_800_000_000_000


class Clock:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> int:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(autouse=True)
def _empty(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(services, "_kinds", {})
    Job.objects.all().delete()
    Hold.objects.all().delete()
    yield
    Job.objects.all().delete()
    Hold.objects.all().delete()


def kind(name: str, handle: Callable[[Job], None], *, atomic: bool = True) -> list[str]:
    """Register a kind; the subjects for which it is called."""
    called: list[str] = []

    def handler(job: Job) -> None:
        called.append(job.subject)
        handle(job)

    services.register(Kind(name, handler, atomic=atomic))
    return called


def nothing(_: Job) -> None:
    """Succeed."""


def state(subject: str) -> str:
    return Job.objects.get(subject=subject).state


def test_a_job_is_done_when_it_is_due_and_not_before(clock: Clock) -> None:
    called = kind("remind", nothing)
    services.schedule("remind", "meeting", NOW + 10, now=NOW)
    assert services.run_due("node", clock) == 0
    clock.now += 10
    assert services.run_due("node", clock) == 1
    assert services.run_due("node", clock) == 0
    assert called == ["meeting"]
    assert state("meeting") == DONE


def test_the_longest_due_comes_first(clock: Clock) -> None:
    called = kind("remind", nothing)
    for number in (3, 1, 2):
        services.schedule("remind", f"m{number}", NOW - 10 + number, now=NOW)
    services.run_due("node", clock, most=2)
    assert called == ["m1", "m2"]


def test_scheduling_the_same_twice_is_one_job_also_when_it_is_done(clock: Clock) -> None:
    called = kind("remind", nothing)
    assert services.schedule("remind", "meeting", NOW, now=NOW)
    assert not services.schedule("remind", "meeting", NOW, now=NOW)
    services.run_due("node", clock)
    assert not services.schedule("remind", "meeting", NOW, now=NOW)
    services.run_due("node", clock)
    assert called == ["meeting"]


def test_jobs_about_nobody_are_one_too() -> None:
    kind("remind", nothing)
    services.schedule("remind", "meeting", NOW, now=NOW)
    services.schedule("remind", "meeting", NOW, now=NOW)
    services.schedule("remind", "meeting", NOW, now=NOW, member="m1")
    assert Job.objects.count() == 2


def test_an_unknown_kind_is_refused_and_never_claimed(clock: Clock) -> None:
    kind("remind", nothing)
    with pytest.raises(ValueError, match="'remimd'"):
        services.schedule("remimd", "meeting", NOW, now=NOW)
    Job.objects.create(kind="of a later release", subject="x", due_at=NOW)
    assert services.run_due("node", clock) == 0
    assert state("x") == WAITING


def test_what_is_so_long_past_that_it_may_have_been_done_is_refused() -> None:
    kind("remind", nothing)
    services.schedule("remind", "meeting", NOW - KEPT_MS, now=NOW)
    with pytest.raises(ValueError, match="long past"):
        services.schedule("remind", "meeting", NOW - KEPT_MS - 1, now=NOW)


def test_two_kinds_of_one_name_are_a_mistake() -> None:
    kind("remind", nothing)
    with pytest.raises(ValueError, match="another kind"):
        kind("remind", nothing)


def test_a_scheduled_job_goes_with_the_transaction_that_it_was_scheduled_in(clock: Clock) -> None:
    called = kind("remind", nothing)
    with transaction.atomic():
        services.schedule("remind", "meeting", NOW, now=NOW)
        transaction.set_rollback(True)
    services.run_due("node", clock)
    assert called == []


def test_what_a_failing_handler_wrote_is_taken_back_and_it_is_tried_later(clock: Clock) -> None:
    def fail(job: Job) -> None:
        if job.attempt == 1:
            Job.objects.create(kind="effect", subject="e", due_at=1)
            raise RuntimeError("secret words")
        Job.objects.create(kind="effect", subject="e", due_at=2)

    called = kind("remind", fail)
    services.schedule("remind", "meeting", NOW, now=NOW)
    services.run_due("node", clock)
    assert state("meeting") == WAITING
    assert not Job.objects.filter(kind="effect").exists()
    clock.now += BACKOFF_MS[0] - 1
    assert services.run_due("node", clock) == 0
    clock.now += 1
    services.run_due("node", clock)
    assert state("meeting") == DONE
    assert called == ["meeting", "meeting"]
    assert Job.objects.filter(kind="effect").count() == 1


def test_a_failure_is_logged_with_its_type_and_place_and_without_its_text(
    clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_: Job) -> None:
        raise RuntimeError("secret words")

    kind("remind", fail)
    services.schedule("remind", "meeting", NOW, now=NOW)
    services.run_due("node", clock)
    (line,) = (LineFormatter().format(record) for record in caplog.records)
    assert "job failed" in line
    assert "error=RuntimeError place=test_jobs.py:" in line
    assert "secret" not in line


def test_one_fault_does_not_keep_the_others_waiting(clock: Clock) -> None:
    def fail(job: Job) -> None:
        if job.subject == "bad":
            raise DatabaseError

    called = kind("remind", fail)
    for number, subject in enumerate(["bad", "good"]):
        services.schedule("remind", subject, NOW - 2 + number, now=NOW)
    services.run_due("node", clock)
    assert called == ["bad", "good"]
    assert (state("bad"), state("good")) == (WAITING, DONE)


def test_after_the_last_try_a_job_has_failed(clock: Clock) -> None:
    def fail(_: Job) -> None:
        raise RuntimeError

    called = kind("remind", fail)
    services.schedule("remind", "meeting", NOW, now=NOW)
    for wait in (0, *BACKOFF_MS, 10**9):
        clock.now += wait
        services.run_due("node", clock)
    assert len(called) == len(BACKOFF_MS) + 1
    assert state("meeting") == FAILED


def test_a_job_that_ends_the_process_each_time_fails_in_the_end(clock: Clock) -> None:
    called = kind("remind", nothing)
    services.schedule("remind", "meeting", NOW, now=NOW)
    for _ in range(len(BACKOFF_MS) + 1):
        assert len(services.claim("killed", now=clock.now)) == 1
        clock.now += LEASE_MS
    services.run_due("node", clock)
    assert state("meeting") == FAILED
    assert called == []


def test_a_lease_keeps_others_away_until_it_is_over(clock: Clock) -> None:
    kind("remind", nothing)
    services.schedule("remind", "meeting", NOW, now=NOW)
    (first,) = services.claim("killed", now=NOW)
    assert services.claim("other", now=NOW + LEASE_MS - 1) == []
    (second,) = services.claim("other", now=NOW + LEASE_MS)
    assert services.run(first, now=clock) == "lost"
    assert state("meeting") == RUNNING
    assert services.run(second, now=clock) == DONE


def test_what_was_done_under_a_lease_that_went_to_another_is_taken_back(clock: Clock) -> None:
    def leave(job: Job) -> None:
        Job.objects.create(kind="effect", subject=job.by, due_at=1)

    kind("remind", leave)
    services.schedule("remind", "meeting", NOW, now=NOW)
    (first,) = services.claim("slow", now=NOW)
    (second,) = services.claim("quick", now=NOW + LEASE_MS)
    services.run(second, now=clock)
    services.run(first, now=clock)
    assert [job.subject for job in Job.objects.filter(kind="effect")] == ["quick"]


def test_what_waits_behind_slow_jobs_is_done_too(clock: Clock) -> None:
    def slow(_: Job) -> None:
        clock.now += LEASE_MS // 3

    called = kind("mail", slow, atomic=False)
    subjects = [f"m{number:02}" for number in range(BATCH + 5)]
    for number, subject in enumerate(subjects):
        services.schedule("mail", subject, NOW - 100 + number, now=NOW)
    for _ in range(2 * len(BACKOFF_MS)):
        services.run_due("node", clock)
    assert called == subjects
    assert {job.state for job in Job.objects.all()} == {DONE}


def test_a_job_that_ends_the_process_takes_no_other_with_it(clock: Clock) -> None:
    class KilledError(BaseException):
        """What nobody catches."""

    def end(_: Job) -> None:
        raise KilledError

    kind("poison", end)
    called = kind("remind", nothing)
    services.schedule("poison", "p", NOW - 1, now=NOW)
    services.schedule("remind", "meeting", NOW, now=NOW)
    for _ in range(len(BACKOFF_MS) + 1):
        with pytest.raises(KilledError):
            services.run_due("node", clock)
        clock.now += LEASE_MS
    services.run_due("node", clock)
    assert state("p") == FAILED
    assert called == ["meeting"]


def test_a_kind_that_reaches_the_world_is_not_in_a_transaction(clock: Clock) -> None:
    seen: list[bool] = []
    kind("mail", lambda _: seen.append(transaction.get_connection().in_atomic_block), atomic=False)
    services.schedule("mail", "one", NOW, now=NOW)
    services.run_due("node", clock)
    assert seen == [False]
    assert state("one") == DONE


def test_cancelling_drops_what_waits_and_nothing_else(clock: Clock) -> None:
    called = kind("remind", nothing)
    for member in ("m1", "m2"):
        services.schedule("remind", "meeting", NOW, now=NOW, member=member)
    services.schedule("remind", "other", NOW, now=NOW)
    assert services.cancel("remind", "meeting", member="m1") == 1
    assert services.cancel("remind", "meeting") == 1
    services.run_due("node", clock)
    assert called == ["other"]


def test_while_it_is_held_nothing_is_done_and_nothing_is_lost(clock: Clock) -> None:
    called = kind("remind", nothing)
    services.schedule("remind", "meeting", NOW, now=NOW)
    services.hold("restored", now=NOW)
    services.hold("again", now=NOW + 1)
    held = services.held()
    assert held
    assert (held.reason, held.since) == ("restored", NOW)
    assert services.run_due("node", clock) == 0
    assert services.release()
    assert not services.release()
    services.run_due("node", clock)
    assert called == ["meeting"]


def test_what_was_over_long_ago_is_forgotten_and_what_waits_is_not() -> None:
    for number, (one, due) in enumerate([(DONE, 0), (FAILED, 0), (WAITING, 0), (DONE, NOW)]):
        Job.objects.create(kind="remind", subject=str(number), due_at=due, state=one)
    assert services.prune(now=NOW) == 2
    assert [job.subject for job in Job.objects.order_by("subject")] == ["2", "3"]


@pytest.mark.parametrize("jump", [10**9, -(10**9)])
def test_a_clock_that_jumps_does_nothing_twice(clock: Clock, jump: int) -> None:
    called = kind("remind", nothing)
    for number in range(5):
        services.schedule("remind", f"m{number}", NOW, now=NOW)
    services.run_due("node", clock, most=3)
    clock.now += jump
    services.run_due("other", clock)
    clock.now = NOW
    services.run_due("node", clock)
    assert sorted(called) == [f"m{number}" for number in range(5)]


@pytest.mark.parametrize("fault", [DatabaseError, InterfaceError, RuntimeError])
def test_the_loop_outlives_a_fault_of_any_kind(
    clock: Clock, fault: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    faults = [fault, fault]
    done = threading.Event()

    def cleanup() -> None:
        clock.now += services.HOUR_MS
        if faults:
            raise faults.pop()("nobody's text")
        done.set()

    monkeypatch.setattr(services, "_cleanups", [cleanup])
    loop = services.Loop("node", clock, every=0.01)
    loop.start()
    assert done.wait(10)
    loop.stop()
    assert not faults


def test_the_loop_does_what_is_due_and_stops(clock: Clock) -> None:
    done = threading.Event()
    kind("remind", lambda _: done.set())
    services.schedule("remind", "meeting", NOW, now=NOW)
    loop = services.Loop("node", clock, every=0.01)
    loop.start()
    assert done.wait(10)
    loop.stop()
    assert state("meeting") == DONE
