"""One server for a data folder: each would acknowledge what the other never gets to know of, and lose it in the end.

The lock is the operating system's own and goes with its process, however that ends. Where the rooms are in PostgreSQL several
servers may share them, and keep nothing of meetings in the folder.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from filelock import FileLock, Timeout

from kring_web.config.environment import Environment, SettingsError

FILE = "server.lock"


@contextlib.contextmanager
def only_server(environment: Environment) -> Iterator[None]:
    """Be the only server of the data folder, which must be there. Raises ``SettingsError`` where another one is."""
    if environment.database_url:
        yield
        return
    lock = FileLock(environment.data / FILE, mode=0o600, blocking=False)
    try:
        lock.acquire()
    except Timeout:
        raise SettingsError(
            f"KRING_DATA: another server is running on {environment.data}. "
            "Stop it first, or give this one a folder of its own."
        ) from None
    except (NotImplementedError, OSError) as error:
        raise SettingsError(
            f"KRING_DATA: cannot lock {environment.data / FILE} ({error}). Choose a folder on a disk of this machine."
        ) from None
    try:
        yield
    finally:
        lock.release()
