"""The sentences of this package, from its own ``texts``: one file for each subject and language, shared with the client.

A file is a table of codes and sentences. Python reads one when it is first asked for; the workbench bundles the same files, so
that both say the same. ``remarks`` and ``meanings`` say what the codes are.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from importlib import resources
from typing import Literal

import msgspec

_TABLE = msgspec.json.Decoder(dict[str, str])


@functools.cache
def sentences(subject: Literal["remarks", "meanings"], language: str) -> Mapping[str, str]:
    """Return every sentence of a subject by its code, in the order of the file; ``language``: of ``kring.languages``."""
    file = resources.files("kring.methods") / "texts" / f"{subject}.{language}.json"
    return _TABLE.decode(file.read_bytes())
