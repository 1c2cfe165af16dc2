"""The translations of the pages: ``.po`` files that people edit, compiled to ``.mo`` files that gettext reads.

A build step (``python -m kring_web.config.translations``); needs Babel, which a running server does without.
"""

from __future__ import annotations

import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "locale"


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
        target = source.with_suffix(".mo")
        with target.open("wb") as file:
            write_mo(file, catalogue)
        written.append(target)
    return tuple(written)


def is_stale(folder: Path = FOLDER) -> bool:
    """Whether some catalogue was never compiled, or was edited since."""
    return any(
        not source.with_suffix(".mo").is_file() or source.stat().st_mtime > source.with_suffix(".mo").stat().st_mtime
        for source in folder.rglob("*.po")
    )


if __name__ == "__main__":
    for path in compile_catalogues():
        sys.stdout.write(f"{path}\n")
