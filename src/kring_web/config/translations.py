"""The translations of the pages: ``.po`` files that people edit, compiled to ``.mo`` files that gettext reads.

A build step (``python -m kring_web.config.translations``); needs Babel, which a running server does without.
"""

from __future__ import annotations

import gettext
import hashlib
import struct
import sys
from pathlib import Path
from typing import Final

FOLDER = Path(__file__).resolve().parent.parent / "locale"
_SOURCE: Final = "kring: SHA-256 of the catalogue that this was compiled from"
"""A text that no page says: it tells an installation, whose files all have the same time, what belongs together."""


def compile_catalogues(folder: Path = FOLDER) -> tuple[Path, ...]:
    """Compile each ``.po`` under ``folder``; the result is what was written. Raises ``ValueError`` on a faulty one."""
    from babel.messages.mofile import write_mo  # noqa: PLC0415 -- a build dependency
    from babel.messages.pofile import read_po  # noqa: PLC0415 -- a build dependency

    written = []
    for source in sorted(folder.rglob("*.po")):
        with source.open("rb") as file:
            catalogue = read_po(file, locale=source.parent.parent.name, abort_invalid=True)
        faults = [f"{source}: {message.id!r}: {error}" for message, errors in catalogue.check() for error in errors]
        if faults:
            raise ValueError("\n".join(faults))
        catalogue.add(_SOURCE, _digest(source))
        target = source.with_suffix(".mo")
        with target.open("wb") as file:
            write_mo(file, catalogue)
        written.append(target)
    return tuple(written)


def is_stale(folder: Path = FOLDER) -> bool:
    """Whether some catalogue was never compiled, or was edited since; by what is in it, not by the clock."""
    return any(_compiled_from(source.with_suffix(".mo")) != _digest(source) for source in folder.rglob("*.po"))


def _digest(source: Path) -> str:
    return hashlib.sha256(source.read_bytes()).hexdigest()


def _compiled_from(target: Path) -> str | None:
    try:
        with target.open("rb") as file:
            return gettext.GNUTranslations(file).gettext(_SOURCE)
    except (OSError, ValueError, struct.error):  # none there, or none that can be read
        return None


if __name__ == "__main__":
    for path in compile_catalogues():
        sys.stdout.write(f"{path}\n")
