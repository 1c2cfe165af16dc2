"""The figures in the documents, taken from the committed JSON. ``make bench-keep`` writes them, a test compares them.

In a page, ``<!-- figure: NAME -->...<!-- /figure -->`` holds one figure (``figures.py`` and ``capacity.py`` have the names),
and ``<!-- table: NAME -->...<!-- /table -->`` a table (``tables.py``).
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import cast

from bench import capacity, tables
from bench.figures import RECIPES, Json, NotMeasured, figure, shown

ROOT = Path(__file__).resolve().parents[1]
COMMITTED = ROOT / "docs/measurements/bench.json"
_FIGURE = re.compile(r"<!-- figure: ([\w-]+) -->.*?<!-- /figure -->", re.DOTALL)
_TABLE = re.compile(r"<!-- table: ([\w-]+) -->.*?<!-- /table -->", re.DOTALL)
NOT_MEASURED = "(not measured)"


def filled(page: str, results: Json) -> str:
    """The page with all its figures and tables. Raises ``KeyError`` for a name that nobody knows."""
    page = _FIGURE.sub(lambda found: f"<!-- figure: {found[1]} -->{_figure(results, found[1])}<!-- /figure -->", page)
    return _TABLE.sub(lambda found: f"<!-- table: {found[1]} -->\n{_table(results, found[1])}\n<!-- /table -->", page)


def _figure(results: Json, name: str) -> str:
    try:
        return shown(figure(results, name) if name in RECIPES else capacity.quoted(results, name))
    except NotMeasured:
        return NOT_MEASURED


def _table(results: Json, name: str) -> str:
    try:
        return tables.table(results, name)
    except NotMeasured:
        return NOT_MEASURED


def committed() -> Json:
    """The figures for the record."""
    return cast("Json", json.loads(COMMITTED.read_text()))


def pages() -> list[Path]:
    """All documents that quote a figure."""
    listed = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    return [
        path for path in sorted(listed) if "<!-- figure: " in path.read_text() or "<!-- table: " in path.read_text()
    ]
