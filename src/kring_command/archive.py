"""A backup as a file: a tar with a manifest, the meetings, what the web keeps, and, only if asked for, the secret key.

The vault's keys are a file of their own beside it, so that they can go first. The manifest says with which version it was made,
when, how much is in it, and a checksum of each part, the keys included.
"""

from __future__ import annotations

import hashlib
import io
import tarfile
from pathlib import Path
from typing import IO, Final, NamedTuple

import msgspec

from kring_command.errors import CommandError
from kring_room.store.backup import Tally

FORMAT: Final = 3
"""3: the vault's keys are apart. 2 had them among the meetings, 1 had the meetings alone; both are still read."""
MANIFEST: Final = "manifest.json"
MEETINGS: Final = "kring.sqlite3"
WEB: Final = "web.sqlite3"
SECRET: Final = "secret-key"  # noqa: S105 -- the name of a part, not a secret
KEYS: Final = ".keys"
"""What the name of the file of the vault's keys ends in."""
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
    keys: Part | None = None
    """The file of the vault's keys, since format 3."""


_MANIFEST = msgspec.json.Decoder(Manifest)


class Held(NamedTuple):
    """What a manifest says of the whole: when it was made (UTC), how much it holds, and the file of the vault's keys."""

    made_at: str
    counts: Tally
    rows: dict[str, int]
    keys: Path


def pack(out: IO[bytes], parts: dict[str, Path], held: Held, *, version: str) -> Manifest:
    """Write the parts and their manifest, the manifest first."""
    described = {name: _part(path) for name, path in parts.items()}
    manifest = Manifest(FORMAT, version, held.made_at, held.counts, described, held.rows, _part(held.keys))
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


def is_whole(manifest: Manifest, keys: Path) -> bool:
    """Whether this is the file of the keys that belongs to a backup. Raises ``OSError``."""
    return _part(keys) == manifest.keys


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
    if not needed <= manifest.parts.keys() <= needed | {SECRET} or (manifest.keys is None) != (manifest.format < 3):  # noqa: PLR2004 - see FORMAT
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
    if _part(target) != part:
        raise CommandError(f"The backup is damaged: {name} is not what its manifest says.")


def _entry(name: str, size: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, 0o600
    return entry


def _part(path: Path) -> Part:
    with path.open("rb") as file:
        return Part(path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())
