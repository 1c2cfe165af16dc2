"""The environment of this process, read once: the one place that looks at ``os.environ``."""

from __future__ import annotations

import os
from functools import cache

from kring_web.config.environment import Environment, read


@cache
def environment() -> Environment:
    """What the variables say; raises ``SettingsError``."""
    return read(os.environ)


_local_mailbox: list[bool] = []


def open_local_mailbox() -> None:
    """Mails may be looked at on a page of this machine. For ``kring practice`` alone: it shows codes to sign in."""
    _local_mailbox.append(True)


def has_local_mailbox() -> bool:
    """Whether that page is there: not where mail really goes, nor where others come from elsewhere.

    No variable opens it: a server for others that sets ``KRING_PRACTICE`` has none.
    """
    found = environment()
    return bool(_local_mailbox) and found.smtp_url is None and found.is_local
