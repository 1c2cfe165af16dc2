"""Kring as a stranger installs it: a wheel in a clean environment, with nothing of this checkout within reach."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.ports import free_port

ROOT = Path(__file__).parents[2]
CLIENT = ROOT / "src" / "kring_web" / "web" / "static" / "kring" / "manifest.json"
UV = Path(sys.executable).parent / "uv"


def build(folder: Path) -> Path:
    """The wheel, as ``make build`` makes it."""
    assert CLIENT.is_file(), "The client is not built. Run: make build"
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (wheel,) = folder.glob("*.whl")
    return wheel


class Installed:
    """A clean environment with the wheel and what it depends on: no tests, no build tools, no checkout."""

    def __init__(self, folder: Path, wheel: Path) -> None:
        self.home = folder / "home"
        self.home.mkdir(parents=True)
        self._bin = folder / "venv" / "bin"
        # The lock says which versions; what is installed is what the wheel itself asks for, and nothing else.
        locked = ["--constraint", str(ROOT / "requirements" / "run.txt")]
        python = ["--python", str(self._bin / "python")]
        for command in (
            [str(UV), "venv", "--quiet", "--python", sys.executable, str(folder / "venv")],
            [str(UV), "pip", "install", "--quiet", *python, *locked, str(wheel)],
        ):
            done = subprocess.run(command, cwd=self.home, capture_output=True, text=True, timeout=120, check=False)
            assert done.returncode == 0, done.stderr

    @property
    def environment(self) -> Mapping[str, str]:
        """Of a person who has nothing but this."""
        return {"PATH": f"{self._bin}:{os.defpath}", "HOME": str(self.home), "LANG": "C.UTF-8"}

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a command of the environment."""
        return subprocess.run(
            command, env=self.environment, cwd=self.home, capture_output=True, text=True, timeout=60, check=False
        )

    @contextlib.contextmanager
    def practice(self) -> Iterator[str]:
        """``kring practice`` on a free port, in a folder of its own; it must stop when asked, without a complaint."""
        port = free_port()
        data, log = self.home / "data", self.home / "log"
        command = ["kring", "practice", "--no-open", "--port", str(port), "--data", str(data)]
        with (
            log.open("wb") as said,
            subprocess.Popen(
                command,
                executable=self._bin / "kring",
                env=self.environment,
                cwd=self.home,
                stdout=subprocess.PIPE,
                stderr=said,
                text=True,
            ) as process,
        ):
            assert process.stdout is not None
            try:
                assert f"Kring is at http://localhost:{port}" in process.stdout.readline(), log.read_text()
                yield f"http://localhost:{port}"
            finally:
                process.send_signal(signal.SIGTERM)
                process.communicate(timeout=20)
        assert process.returncode == 0, log.read_text()
        assert "Traceback" not in log.read_text()
