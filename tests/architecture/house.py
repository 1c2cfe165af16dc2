"""What the tests of the house look at: the files that belong to it, as git knows them."""

from __future__ import annotations

import functools
import subprocess
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
CODE = {".c", ".css", ".h", ".html", ".js", ".mjs", ".py", ".sh", ".svelte", ".ts"}
DATA = (
    "client/package-lock.json",
    "requirements/",
    "src/kring/methods/library/",
    "src/kring_client/wire.py",
    "tests/fixtures/",
)
"""Written by tools or for tools: no rule on how people write code applies to them."""


@functools.cache
def files() -> tuple[Path, ...]:
    """Every file that is or would be committed, relative to the root."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    found = {Path(name) for name in listed.split("\0") if name}
    return tuple(sorted(path for path in found if (ROOT / path).is_file()))


@functools.cache
def text(path: Path) -> str:
    """What is in it; nothing for a picture, a font or a sound."""
    try:
        return (ROOT / path).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def code(*folders: str) -> list[Path]:
    """The code that people write, in these folders or everywhere; scripts without an ending count too."""
    return [
        path
        for path in files()
        if (path.suffix in CODE or path.name == "Makefile" or (path.parts[0] == "tools" and not path.suffix))
        and not path.as_posix().startswith(DATA)
        and ".gen." not in path.name
        and (not folders or path.as_posix().startswith(folders))
    ]


def is_example(path: Path) -> bool:
    """A test beside the code, or a screen drawn from a made-up meeting to look at: it may name what it shows."""
    return ".test." in path.name or "stories" in path.parts


def python(*folders: str) -> list[Path]:
    """The Python that people write: migrations are Django's."""
    return [path for path in code(*folders) if path.suffix == ".py" and "migrations" not in path.parts]


def pyproject() -> dict[str, Any]:
    """The settings of the house."""
    return tomllib.loads(text(Path("pyproject.toml")))


def lines_with(pattern: Any, paths: list[Path] | tuple[Path, ...]) -> list[str]:
    """``file:line: what`` for each match of a compiled pattern, ready to click on."""
    return [
        f"{path}:{number}: {match.group(0).strip()}"
        for path in paths
        for number, line in enumerate(text(path).splitlines(), start=1)
        for match in pattern.finditer(line)
    ]
