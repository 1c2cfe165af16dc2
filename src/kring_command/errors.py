"""How a command says that it cannot do what it was asked."""

from __future__ import annotations


class CommandError(Exception):
    """What the user should know, in one sentence or a few lines; printed without a traceback."""
