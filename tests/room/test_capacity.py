"""When new meetings are refused: by what was measured, for how long, and never because of a single pause."""

from __future__ import annotations

import pytest

from kring_room.server.capacity import EASED, LATER, SAMPLES, SOON, Bounds, Capacity, Full, Level, Load

CALM = {"lag": 0.001, "commit": 0.002, "busy": 0.1}
BOUNDS = Bounds(rooms=3, connections=30, lag=0.02, commit=0.25, busy=0.9)


def measured(*samples: dict[str, float]) -> Capacity:
    capacity = Capacity(BOUNDS)
    for sample in samples:
        capacity.sample(**{**CALM, **sample})
    capacity.evaluate()
    return capacity


def test_nothing_measured_is_room_enough() -> None:
    assert Capacity(Bounds()).full(Load(rooms=10_000, connections=10_000)) is None


def test_calm_is_room_enough() -> None:
    assert measured(*[CALM] * SAMPLES).full(Load(rooms=2, connections=29)) is None


@pytest.mark.parametrize("measure", ["lag", "commit", "busy"])
def test_a_measure_that_stays_at_its_limit_refuses(measure: str) -> None:
    limit = getattr(BOUNDS, measure)

    found = measured(*[{measure: limit}] * SAMPLES).full(Load())

    assert found is not None
    assert (found.reason, found.code, found.retry_after, found.minutes) == (measure, "overloaded", SOON, 2)
    assert measured(*[{measure: limit * 0.99}] * SAMPLES).full(Load()) is None


@pytest.mark.parametrize("measure", ["lag", "commit", "busy"])
def test_single_pauses_refuse_nobody(measure: str) -> None:
    pauses = [{measure: 10.0}] * (SAMPLES // 2 - 1) + [CALM] * (SAMPLES // 2 + 1)

    assert measured(*pauses).full(Load()) is None


def test_too_few_samples_tell_nothing() -> None:
    assert measured(*[{"lag": 9.0}] * (SAMPLES - 1)).full(Load()) is None


def test_what_was_too_high_must_ease_and_not_only_touch_its_limit() -> None:
    level = Level(1.0)

    def settle(value: float) -> bool:
        for _ in range(SAMPLES):
            level.add(value)
        return level.high()

    assert not settle(0.9)
    assert settle(1.0)
    assert settle(0.9)
    assert settle(EASED)
    assert not settle(EASED - 0.01)
    assert not settle(0.9)


def test_no_limit_is_never_reached() -> None:
    level = Level(0)
    for _ in range(SAMPLES):
        level.add(100)

    assert not level.high()
    assert Capacity(Bounds(rooms=0, connections=0)).full(Load(rooms=9, connections=9)) is None


@pytest.mark.parametrize(
    ("load", "expected"),
    [
        (Load(rooms=3), Full("rooms", "overloaded", LATER)),
        (Load(rooms=2), None),
        (Load(connections=30), Full("connections", "overloaded", LATER)),
        (Load(connections=29), None),
        (Load(rooms=3, connections=30), Full("rooms", "overloaded", LATER)),
        (Load(store_fails=True, rooms=3), Full("store", "store-trouble", SOON)),
        (Load(stopping=True, store_fails=True, rooms=3), Full("stopping", "restarting", SOON)),
    ],
)
def test_the_gravest_reason_is_told(load: Load, expected: Full | None) -> None:
    assert measured(*[CALM] * SAMPLES).full(load) == expected


def test_what_is_measured_is_believed_until_the_next_look() -> None:
    capacity = measured(*[{"lag": 1.0}] * SAMPLES)
    for _ in range(SAMPLES):
        capacity.sample(**CALM)
    assert capacity.full(Load()) is not None

    capacity.evaluate()

    assert capacity.full(Load()) is None
