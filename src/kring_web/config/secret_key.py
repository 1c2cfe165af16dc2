"""The secret that signs tickets and cookies: from the environment, or made once and kept beside the database."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import logging
import os
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path

from kring_web.config.environment import Environment, SettingsError
from kring_web.config.values import SHORTEST_SECRET

FILE = "secret-key"
logger = logging.getLogger(__name__)
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def prepare_folder(environment: Environment) -> None:
    """Make the data folder and the ledger's, for their owner alone, and the secret; say plainly what is in the way."""
    with _own("KRING_DATA", environment.data):
        if environment.secret_key is None:
            _make(environment.data / FILE)
    with _own("KRING_ERASURES", environment.erasures):
        pass


def secret_key(environment: Environment) -> str:
    """The secret. Before ``prepare_folder`` has run (checks, builds) one that lives only in this process."""
    return kept_key(environment) or secrets.token_urlsafe(48)


def kept_key(environment: Environment) -> str | None:
    """The secret that was set, or kept in the data folder; ``None`` where there is none. Raises ``SettingsError``."""
    if environment.secret_key is not None:
        return environment.secret_key
    path = environment.data / FILE
    if not path.is_file():
        return None
    raw = path.read_bytes()
    key = raw.decode("ascii", errors="ignore").strip()
    if not raw.isascii() or len(key) < SHORTEST_SECRET:
        raise SettingsError(
            f"KRING_SECRET_KEY: {path} is damaged. Remove it (people then sit down anew), or set the variable."
        )
    return key


def close_to_others(environment: Environment) -> None:
    """Let nobody but its owner read the secret's file, and log it when others could: somebody may have read it."""
    path = environment.data / FILE
    if os.name != "posix" or environment.secret_key is not None or not path.stat().st_mode & _OTHERS:
        return
    try:
        path.chmod(stat.S_IRUSR | stat.S_IWUSR)
    except OSError:
        raise SettingsError(f"KRING_SECRET_KEY: others can read {path}. Make it yours alone: chmod 600.") from None
    logger.warning("secret key was readable by others")


def ticket_secret(key: str) -> bytes:
    """The room's own secret, derived, so that a Django signature is never a ticket."""
    return hmac.new(key.encode(), b"kring/tickets/1", hashlib.sha256).digest()


@contextlib.contextmanager
def _own(name: str, folder: Path) -> Iterator[None]:
    """Make a folder that can be written in."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        probe = folder / ".writable"
        probe.touch()
        probe.unlink()
        yield
    except OSError as error:
        raise SettingsError(
            f"{name}: cannot write in {folder} ({error.strerror}). Choose a folder of your own."
        ) from None


def _make(path: Path) -> None:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48))
