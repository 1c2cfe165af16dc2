"""A thread that works beside the pages, as long as this process serves: what is due, what the room tells."""

from __future__ import annotations

import threading
from typing import Final

from django.db import connections


class Worker:
    """Does a piece of work after the other until it is stopped. Whoever derives from it says what ``work`` is."""

    PATIENCE: float = 1.0
    """Seconds until another try, when one failed."""

    def __init__(self, name: str) -> None:
        self._stopping: Final = threading.Event()
        self._thread: Final = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin, also with what waited while nobody served."""
        self._thread.start()

    def stop(self, within: float = 5.0) -> None:
        """Begin nothing more, and wait until the piece at hand is done; ``within``: seconds."""
        self._stopping.set()
        self._thread.join(within)

    def work(self) -> float:
        """Do a piece; in how many seconds to look for the next."""
        raise NotImplementedError

    def report(self, error: Exception) -> None:
        """Log that a piece failed: its kind and place, never its text, which may quote what people wrote."""
        raise NotImplementedError

    def _run(self) -> None:
        try:
            while not self._stopping.is_set():
                try:
                    wait = self.work()
                except Exception as error:  # noqa: BLE001 -- should this thread end, none of its work would be done any more
                    self.report(error)
                    connections.close_all()
                    wait = self.PATIENCE
                self._stopping.wait(wait)
        finally:
            connections.close_all()
