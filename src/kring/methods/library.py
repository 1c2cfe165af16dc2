"""The methods that come with Kring.

``load`` reads one by its id, once in a process: methods don't change while it runs. They were checked by tests, so they
are read without the checker. ``shelf`` has the files as they are.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from kring.methods.reader import read
from kring.methods.shelf import ENDING, UnknownMethodError, names, source

if TYPE_CHECKING:
    from kring.methods.model import Method

__all__ = ["UnknownMethodError", "load", "names", "source"]


@functools.cache
def load(method_id: str) -> Method:
    """Return a method of the library by its id; raise ``UnknownMethodError`` when there is none."""
    return read(source(method_id), f"{method_id}{ENDING}")
