"""A real server of the command line, for the tests that want one."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "src"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
    return port


def environment(folder: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("KRING_")}
    return {**kept, "PYTHONPATH": str(SOURCE), "KRING_DATA": str(folder), **more}


@contextlib.contextmanager
def served(folder: Path, command: str, *options: str) -> Iterator[str]:
    """A server on a free port; it must stop by itself, cleanly and without a warning, when asked."""
    port = free_port()
    arguments = [sys.executable, "-W", "error", "-m", "kring_command", command, "--port", str(port), *options]
    with subprocess.Popen(
        arguments, env=environment(folder), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        said = process.stdout.readline()
        try:
            assert f"Kring is at http://localhost:{port}" in said
            yield f"http://localhost:{port}"
        finally:
            process.send_signal(signal.SIGTERM)
            _, err = process.communicate(timeout=20)
    assert process.returncode == 0, err
    assert "Traceback" not in err
    assert "Warning" not in err
