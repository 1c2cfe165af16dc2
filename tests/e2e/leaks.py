"""Looking for a secret where it must not be: in bytes, in files, in the memory of a process, in what an object holds."""

from __future__ import annotations

import asyncio
import base64
import gc
import os
import types
from collections.abc import Iterable, Iterator
from pathlib import Path

_CHUNK = 16 * 1024 * 1024
_LONGEST = 512
"""Bytes of the longest needle, so that none is missed between two chunks."""


class Needles:
    """What to look for: each secret in every guise in which a program may hold it, or just as it is."""

    def __init__(self, secrets: Iterable[bytes], *, guised: bool = True) -> None:
        self._guises = {guise: secret for secret in secrets for guise in (guises(secret) if guised else {secret})}
        assert all(8 <= len(guise) <= _LONGEST for guise in self._guises)

    def found(self, hay: bytes) -> set[bytes]:
        """The secrets of which some guise is in there."""
        return {secret for guise, secret in self._guises.items() if guise in hay}

    def found_in_files(self, paths: Iterable[Path]) -> set[bytes]:
        """The secrets of which some guise is in one of these files."""
        return set().union(*(self.found(path.read_bytes()) for path in paths))

    def found_in_memory(self, process: int | str) -> set[bytes]:
        """The secrets of which some guise is in the memory that a process may write: heap, stacks, mapped files."""
        return set().union(*(self.found(chunk) for chunk in memory(process)))


def guises(secret: bytes) -> set[bytes]:
    """As it is, in hex, inside base64 wherever it begins there, and, if it is text, in Python's wider strings."""
    found = {secret, secret.hex().encode(), secret.hex().upper().encode()}
    for before in range(3):
        # Characters at both ends also depend on the neighbours: only those in between are surely the same.
        encoded = base64.b64encode(b"\0" * before + secret)
        inner = encoded[-(-before * 8 // 6) : (before + len(secret)) * 8 // 6]
        found |= {inner, inner.translate(bytes.maketrans(b"+/", b"-_"))}
    if secret.isascii():
        found |= {secret.decode().encode("utf-16-le"), secret.decode().encode("utf-32-le")}
    return found


def slices(data: bytes, size: int = 32) -> tuple[bytes, ...]:
    """The beginning, the middle and the end: a store may cut long bytes into pages, or overwrite a part of them."""
    middle = len(data) // 2
    return data[:size], data[middle : middle + size], data[-size:]


def files(folder: Path) -> list[Path]:
    """Every file below."""
    return [path for path in sorted(folder.rglob("*")) if path.is_file()]


def memory(process: int | str) -> Iterator[bytes]:
    """What a process may write in its memory, in overlapping chunks. Raises ``PermissionError`` when not allowed."""
    if not Path("/proc/self/maps").exists():
        raise PermissionError("this system shows nobody the memory of a process")
    with Path(f"/proc/{process}/maps").open(encoding="utf-8") as maps:
        lines = [line.split() for line in maps]
    space = os.open(f"/proc/{process}/mem", os.O_RDONLY)
    try:
        for bounds, permissions, *_ in lines:
            if permissions.startswith("rw"):
                start, end = (int(bound, 16) for bound in bounds.split("-"))
                yield from _region(space, start, end)
    finally:
        os.close(space)


def _region(space: int, start: int, end: int) -> Iterator[bytes]:
    while start < end:
        try:
            chunk = os.pread(space, min(_CHUNK, end - start), start)
        except OSError:
            return  # Was let go of since, or belongs to a device.
        if not chunk:
            return
        yield chunk
        start += len(chunk) if start + len(chunk) >= end else max(1, len(chunk) - _LONGEST)


def held_by(start: object) -> bytes:
    """All text and bytes that an object holds, directly or through others: what it could still tell anyone."""
    elsewhere = (types.ModuleType, type, types.FrameType, asyncio.AbstractEventLoop, asyncio.Task)
    seen: set[int] = set()
    waiting: list[object] = [start]
    found: list[bytes] = []
    while waiting:
        one = waiting.pop()
        if id(one) in seen or isinstance(one, elsewhere):
            continue
        seen.add(id(one))
        if isinstance(one, str):
            found.append(one.encode("utf-8", "replace"))
        elif isinstance(one, bytes | bytearray):
            found.append(bytes(one))
        waiting += [] if isinstance(one, types.FunctionType) else gc.get_referents(one)
    return b"\n".join(found)
