"""``make bench-keep``: takes the latest full results for the record."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from bench import pictures
from bench.documents import COMMITTED, ROOT, committed, filled, pages

PICTURES = ROOT / "docs/pictures"


def keep(results: Path) -> None:
    """Take the results of a full run for the record: JSON, pictures, and every figure that a document quotes."""
    COMMITTED.parent.mkdir(exist_ok=True)
    shutil.copyfile(results, COMMITTED)
    drawn = pictures.draw(committed(), PICTURES)
    for page in pages():
        page.write_text(filled(page.read_text(), committed()))
        sys.stdout.write(f"{page.relative_to(ROOT)}\n")
    for picture in drawn:
        sys.stdout.write(f"{picture.relative_to(ROOT)}\n")
