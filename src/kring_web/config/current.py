"""The environment of this process, read once: the one place that looks at ``os.environ``."""

from __future__ import annotations

import os
from functools import cache

from kring_web.config.environment import Environment, read


@cache
def environment() -> Environment:
    """What the variables say; raises ``SettingsError``."""
    return read(os.environ)
