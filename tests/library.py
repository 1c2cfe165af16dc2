"""Which methods of the library, and which group sizes, a test goes through: some in the ordinary run, all in the slow one."""

from __future__ import annotations

import os
from random import Random
from typing import Any

import pytest

from kring.methods import library, yaml_source

NAMES = library.names()


def _said(name: str) -> dict[str, Any]:
    """What a file says, with what it extends, unchecked: every worker of the tests asks this of all files."""
    raw: dict[str, Any] = yaml_source.parse(library.source(name), name)[0]
    return _said(raw["extends"]) | raw if "extends" in raw else raw


_FILES = {name: _said(name) for name in NAMES}
FIRST = tuple(name for name in NAMES if _FILES[name].get("featured"))
"""The few that every test takes, always."""
SEED = os.environ.get("LIBRARY_SEED", "1")
"""Another seed draws other sizes for the ordinary run."""


def sizes(name: str) -> range:
    """All group sizes that a method is for."""
    group = _FILES[name]["group"]
    return range(group["min"], group["max"] + 1)


def drawn(name: str) -> int:
    """One size of a method, by the lot of this run."""
    return Random(f"{SEED} {name}").choice(sizes(name))


def marked(*values: object, slow: bool) -> object:
    """A parameter set, marked as slow where it is."""
    return pytest.param(*values, marks=pytest.mark.slow if slow else ())


EVERY_METHOD = [marked(name, slow=name not in FIRST) for name in NAMES]
"""Every method, the first ones also in the ordinary run."""
PAIR = frozenset(Random(SEED).sample(FIRST, 2))
EVERY_METHOD_SELDOM = [marked(name, slow=name not in PAIR) for name in NAMES]
"""Every method, only two of the first in the ordinary run: for tests that play a whole meeting."""
WAYS: dict[str, list[str]] = {name: _FILES[name]["ways"] for name in NAMES}
"""How each method may be held."""
EVERY_WRITTEN_METHOD = [marked(name, slow=name != "leading-org-7") for name in NAMES if "written" in WAYS[name]]
"""Those that may be held over days."""
SAMPLE = frozenset(Random(SEED).sample([name for name in NAMES if name not in FIRST], 1))
"""Methods beyond the first that the ordinary run takes, by the lot of this run."""
EVERY_SIZE = [
    marked(name, size, slow=size != drawn(name) or name not in SAMPLE.union(FIRST))
    for name in NAMES
    for size in sizes(name)
]
"""Every method with every size; in the ordinary run one size of the first and of the sample."""
