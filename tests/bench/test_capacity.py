"""The capacity model: what more seats cost, in numbers that one can check by hand."""

from __future__ import annotations

import pytest

from bench import capacity
from bench.capacity import Inputs

MEASURED = Inputs(
    contribution_us=200,
    repeated_us=50,
    seat_bytes=10_000,
    room_bytes=35_000,
    empty_bytes=40e6,
    delivery_bytes=1000,
    stored_bytes=700,
)
RESULTS = {
    "bytes_per_delivery": 1000,
    "saturation": {"kring": {"contributions_per_second": 5000, "stored_bytes_per_event": 700}},
    "memory": {"kring": {"bytes_per_seat": 10_000, "bytes_per_room": 35_000, "empty": {"pss": 40e6}}},
    "stages": {
        "parts_us": {"deciding and folding": 20, "views, facts, encoding": 30, "the kernel's sockets": 60},
    },
}


def test_inputs_come_from_the_results_of_a_run() -> None:
    assert capacity.inputs(RESULTS) == MEASURED


def test_a_need_is_what_one_reckons_by_hand() -> None:
    need = capacity.need(MEASURED, 35_000)  # 5,000 meetings, 1,000 contributions a second
    assert (need.meetings, need.contributions, need.deliveries) == (5000, 1000, 7000)
    assert need.cores == pytest.approx(1000 * 250e-6 / 0.6)
    assert need.nodes == 2
    assert need.memory_gb == pytest.approx((35_000 * 10_000 + 5000 * 2 * 35_000 + 2 * 40e6) / 1e9)
    assert need.network_mbit == pytest.approx(56)
    assert (need.databases, need.redis) == (1, 1)
    assert need.stored_gb_a_day == pytest.approx(1000 * 8 * 3600 * 700 / 1e9)


def test_ten_times_the_seats_need_ten_times_the_cores() -> None:
    small, large = (capacity.need(MEASURED, seats) for seats in (100_000, 1_000_000))
    assert large.cores == pytest.approx(10 * small.cores)
    assert large.nodes > small.nodes
    assert large.databases >= 2


def test_meetings_that_are_spread_out_make_the_second_node_worth_less() -> None:
    assert capacity.speedup(MEASURED, 1) == 1
    assert capacity.speedup(MEASURED, 2) == pytest.approx(2 * 200 / 250)
    assert 1 < capacity.speedup(MEASURED, 2) < 2


def test_documents_may_quote_the_model() -> None:
    assert capacity.quoted(RESULTS, "cores_35000") == pytest.approx(1000 * 250e-6 / 0.6)
    assert capacity.quoted(RESULTS, "databases_35000") == 1
    assert capacity.quoted(RESULTS, "model_efficiency") == pytest.approx(0.8)
    with pytest.raises(KeyError):
        capacity.quoted(RESULTS, "wishes_35000")
