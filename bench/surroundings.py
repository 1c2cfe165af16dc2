"""Where and with what it was measured: commit, versions, machine, and how busy it was before."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import re
import shutil
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

from bench.processes import Json
from bench.script import BODY_BYTES

PACKAGES = (
    "channels",
    "channels-redis",
    "django",
    "msgspec",
    "picows",
    "psycopg",
    "redis",
    "uvicorn",
    "uvloop",
    "websockets",
)
PROGRAMS = {
    "cc": ("cc", "--version"),
    "nginx": ("nginx", "-v"),
    "postgresql": ("psql", "--version"),
    "redis-server": ("redis-server", "--version"),
}
_NUMBER = re.compile(r"\d+(?:\.\d+)+")


def surroundings() -> Json:
    """What a reader needs to judge the figures by."""
    memory = int(_first("/proc/meminfo", "MemTotal").split()[0]) * 1024
    return {
        "when": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "commit": _output("git", "rev-parse", "HEAD").strip(),
        "changed": bool(_output("git", "status", "--porcelain", "--untracked-files=no", "src").strip()),
        "machine": {
            "processor": _first("/proc/cpuinfo", "model name"),
            "cores": os.cpu_count(),
            "memory_bytes": memory,
            "system": platform.platform(),
        },
        "load_before": os.getloadavg()[0],
        "versions": _versions(),
        "body_bytes": BODY_BYTES,
    }


def _versions() -> dict[str, str]:
    # A distribution builds its Python with a profile; one that is built at home mostly isn't, and takes a sixth longer.
    origin = "of the distribution" if sys.base_prefix == "/usr" else "built apart"
    found = {"python": f"{platform.python_version()} {origin}", "sqlite": sqlite3.sqlite_version}
    for name in PACKAGES:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    for name, command in PROGRAMS.items():
        number = _NUMBER.search(_output(*command).partition("\n")[0])
        if number:
            found[name] = number.group()
    return dict(sorted(found.items()))


def _output(*command: str) -> str:
    if shutil.which(command[0]) is None:
        return ""
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - fixed commands
    return done.stdout + done.stderr


def _first(file: str, name: str) -> str:
    lines = Path(file).read_text().splitlines()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(name)), "")
