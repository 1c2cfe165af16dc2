"""The collector of garbage is told to look seldom only while rooms are served."""

from __future__ import annotations

import gc

from kring_room.server.gc_tuning import tuned_gc


def test_collector_is_as_it_was_once_nothing_is_served() -> None:
    # A server of another test may still be serving in this process.
    served = gc.get_threshold()
    gc.unfreeze()
    gc.set_threshold(700, 10, 10)
    thresholds = gc.get_threshold()

    with tuned_gc():
        assert gc.get_threshold() > thresholds
        assert gc.get_freeze_count() > 0

    assert gc.get_threshold() == thresholds
    assert gc.get_freeze_count() == 0
    gc.set_threshold(*served)
