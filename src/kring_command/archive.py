"""A backup as one file: a tar with a manifest, the meetings, what the web keeps, and, only if asked for, the secret key.

The manifest says with which version it was made, when, how much is in it, and a checksum of each part.
"""

from __future__ import annotations

import hashlib
import io
import tarfile
from pathlib import Path
from typing import IO, Final

import msgspec

from kring_command.errors import CommandError
from kring_room.store.backup import Tally

FORMAT: Final = 2
"""2: with what the web keeps. 1 had the meetings alone, and is still read."""
MANIFEST: Final = "manifest.json"
MEETINGS: Final = "kring.sqlite3"
WEB: Final = "web.sqlite3"
SECRET: Final = "secret-key"  # noqa: S105 -- the name of a part, not a secret
_LARGEST_MANIFEST = 64 * 1024


class Part(msgspec.Struct, frozen=True):
    """One file in it."""

    bytes: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is in it. ``made_at``: UTC; all that was acknowledged before then is in it."""

    format: int
    version: str
    made_at: str
    counts: Tally
    parts: dict[str, Part]
    rows: dict[str, int] = {}
    """Of what the web keeps, by table."""


_MANIFEST = msgspec.json.Decoder(Manifest)


def pack(
    out: IO[bytes], parts: dict[str, Path], *, version: str, made_at: str, counts: Tally, rows: dict[str, int]
) -> Manifest:
    """Write the parts and their manifest, the manifest first."""
    described = {name: Part(path.stat().st_size, _checksum(path)) for name, path in parts.items()}
    manifest = Manifest(FORMAT, version, made_at, counts, described, rows)
    raw = msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n"
    with tarfile.open(fileobj=out, mode="w|", format=tarfile.PAX_FORMAT) as tar:
        tar.addfile(_entry(MANIFEST, len(raw)), io.BytesIO(raw))
        for name, path in parts.items():
            with path.open("rb") as file:
                tar.addfile(_entry(name, described[name].bytes), file)
    return manifest


def unpack(file: Path, folder: Path) -> Manifest:
    """Write the parts into ``folder``, checked against the manifest. Raises ``CommandError``."""
    try:
        with tarfile.open(file, mode="r:") as tar:
            manifest = _manifest(tar)
            for name, part in manifest.parts.items():
                _extract(tar, name, part, folder / name)
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror or error}.") from None
    except (tarfile.TarError, msgspec.MsgspecError, KeyError):
        raise CommandError(f"{file} is no backup of Kring, or is damaged.") from None
    return manifest


def _manifest(tar: tarfile.TarFile) -> Manifest:
    first = tar.next()
    found = tar.extractfile(first) if first and first.name == MANIFEST and first.size <= _LARGEST_MANIFEST else None
    if found is None:
        raise KeyError(MANIFEST)
    manifest = _MANIFEST.decode(found.read())
    if not 1 <= manifest.format <= FORMAT:
        raise CommandError(
            f"The backup was made by Kring {manifest.version}: restore it with that version or a later one."
        )
    needed = {MEETINGS} if manifest.format == 1 else {MEETINGS, WEB}
    if not needed <= manifest.parts.keys() <= needed | {SECRET}:
        raise KeyError(MEETINGS)
    return manifest


def _extract(tar: tarfile.TarFile, name: str, part: Part, target: Path) -> None:
    found = tar.extractfile(name)
    if found is None:
        raise KeyError(name)
    target.touch(mode=0o600)
    with target.open("wb") as file:
        while some := found.read(1 << 20):
            file.write(some)
    if (target.stat().st_size, _checksum(target)) != (part.bytes, part.sha256):
        raise CommandError(f"The backup is damaged: {name} is not what its manifest says.")


def _entry(name: str, size: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, 0o600
    return entry


def _checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
