"""PostgreSQL, Redis and nginx for tests: each on a port of its own, over temporary data, gone when stopped.

Nothing that runs on this machine already is touched. PostgreSQL refuses to run as root, so it runs as ``postgres`` then.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Self

import psycopg

from tests.ports import free_port

STARTS_WITHIN = 90.0
_STOPS_WITHIN = 10.0


class CannotStart(Exception):
    """Why a service does not run here, in a sentence that says what to do."""


def program(name: str, package: str, folders: str = "") -> str:
    """Where a program is; Debian keeps some of them out of the path."""
    found = sorted(Path("/").glob(folders.lstrip("/")), reverse=True) if folders else []
    for path in (*map(str, found), shutil.which(name) or "", f"/usr/sbin/{name}"):
        if path and Path(path).is_file():
            return path
    raise CannotStart(f"{name} is not installed. Run: tools/services   or: sudo apt-get install {package}")


def _listens(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.5):
        return True
    return False


class Service:
    """A program of our own that listens on ``port``."""

    name = "service"

    def __init__(self, port: int = 0) -> None:
        self.port = port or free_port()
        self.folder = Path(tempfile.mkdtemp(prefix=f"kring-{self.name}-"))
        self._process: subprocess.Popen[bytes] | None = None

    def command(self) -> list[str]:
        """What to run."""
        raise NotImplementedError

    def prepare(self) -> None:
        """Make what it needs, before its first start."""

    def user(self) -> str | None:
        """Whom it runs as, where it won't run as root."""
        return None

    def ready(self) -> bool:
        """Whether it answers."""
        return _listens(self.port)

    @property
    def pid(self) -> int:
        """Its process, to be stopped and killed by whoever tests that."""
        assert self._process, f"{self.name} does not run"
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether its process lives."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> Self:
        """Start, also again after ``stop`` or ``kill``, and wait until it answers."""
        self.launch()
        return self.wait()

    def launch(self) -> None:
        """Start, and don't wait."""
        user = self.user()
        if self._process is None:
            if user:
                shutil.chown(self.folder, user)
            self.prepare()
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                self.command(), stdout=log, stderr=log, stdin=subprocess.DEVNULL, user=user, group=_group(user),
                extra_groups=[] if user else None, cwd=self.folder, env=self.environment(), start_new_session=True,
            )  # fmt: skip

    def wait(self) -> Self:
        """Until it answers."""
        end = time.monotonic() + STARTS_WITHIN
        while not self.ready():
            if not self.running:
                code = self._process.returncode if self._process else None
                raise CannotStart(
                    f"{self.name} stopped with {code} while it started; its last words:\n{self.last_words()}"
                )
            if time.monotonic() > end:
                raise CannotStart(
                    f"{self.name} does not answer after {STARTS_WITHIN:.0f} s; its last words:\n{self.last_words()}"
                )
            time.sleep(0.02)
        return self

    def last_words(self) -> str:
        """The end of its log, which goes with its folder."""
        return (self.folder / "log").read_text("utf-8", "replace")[-2000:]

    def environment(self) -> dict[str, str]:
        """What it finds in its environment."""
        return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C.UTF-8"}

    def terminate(self, number: signal.Signals = signal.SIGTERM) -> None:
        """Ask it to stop, and don't wait."""
        if self.running:
            os.kill(self.pid, number)

    def stop(self) -> None:
        """Ask it to stop, and wait; what it keeps stays for the next ``start``."""
        self.terminate()
        self._wait()

    def kill(self) -> None:
        """No time for last words. Its whole group, since some have workers."""
        if self.running:
            os.killpg(self.pid, signal.SIGKILL)
        self._wait()

    def freeze(self) -> None:
        """Let it stand still."""
        os.kill(self.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        os.kill(self.pid, signal.SIGCONT)

    def restart(self) -> None:
        """Stop and start."""
        self.stop()
        self.start()

    def close(self) -> None:
        """Stop for good, and leave nothing behind."""
        if self.running:
            self.thaw()
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _wait(self) -> None:
        if self._process is None:
            return
        try:
            self._process.wait(_STOPS_WITHIN)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()


def _group(user: str | None) -> int | None:
    return pwd.getpwnam(user).pw_gid if user else None


class Postgres(Service):
    """A PostgreSQL server with the database ``kring``. ``durable=False``: for tests that never pull the plug."""

    name = "postgres"

    def __init__(self, port: int = 0, *, durable: bool = True) -> None:
        super().__init__(port)
        self.addresses: list[str] = []
        """Where it listens, beside loopback: in the range for tests (RFC 2544) alone."""
        self._durable = durable
        self._bin = Path(program("postgres", "postgresql", "/usr/lib/postgresql/*/bin/postgres")).parent
        self._databases = 0

    @property
    def url(self) -> str:
        """Its first database."""
        return self.url_of("kring")

    def url_of(self, database: str) -> str:
        """A database of it."""
        return f"postgresql://kring@127.0.0.1:{self.port}/{database}"

    def user(self) -> str | None:
        """PostgreSQL won't run as root."""
        return "postgres" if os.geteuid() == 0 else None

    def prepare(self) -> None:
        """A cluster of databases of our own."""
        user = self.user()
        arguments = ["-D", str(self.folder / "data"), "-U", "kring", "-A", "trust", "-E", "UTF8", "--locale=C"]
        done = subprocess.run(
            [str(self._bin / "initdb"), *arguments, "--no-sync"], user=user, group=_group(user), check=False,
            extra_groups=[] if user else None, cwd=self.folder, env=self.environment(), capture_output=True,
        )  # fmt: skip
        if done.returncode:
            raise CannotStart(f"initdb failed: {done.stderr.decode()[-500:]}")
        with (self.folder / "data" / "pg_hba.conf").open("a") as rules:
            rules.write("host all all 198.18.0.0/15 trust\n")

    def command(self) -> list[str]:
        """By TCP alone."""
        options = {
            "listen_addresses": ",".join(["127.0.0.1", *self.addresses]), "port": str(self.port), "unix_socket_directories": "",
            "max_connections": "200", "fsync": "on" if self._durable else "off",
        }  # fmt: skip
        return [
            str(self._bin / "postgres"), "-D", str(self.folder / "data"),
            *(part for name, value in options.items() for part in ("-c", f"{name}={value}")),
        ]  # fmt: skip

    def ready(self) -> bool:
        """Whether it takes a connection, and has our database."""
        try:
            with psycopg.connect(self.url_of("postgres"), autocommit=True, connect_timeout=2) as connection:
                known = connection.execute("SELECT 1 FROM pg_database WHERE datname = 'kring'").fetchone()
                if not known:
                    connection.execute("CREATE DATABASE kring")
        except psycopg.OperationalError:
            return False
        return True

    def terminate(self, number: signal.Signals = signal.SIGINT) -> None:
        """SIGINT is what it calls a fast shutdown: it waits for nobody's connection."""
        super().terminate(number)

    def new_database(self, template: str = "template1") -> str:
        """The URL of a fresh database."""
        self._databases += 1
        name = f"kring{self._databases}"
        with psycopg.connect(self.url_of("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self.url_of(name)


class Redis(Service):
    """A Redis that keeps nothing."""

    name = "redis"

    def __init__(self, port: int = 0) -> None:
        super().__init__(port)
        self.addresses: list[str] = []
        """As PostgreSQL's."""

    @property
    def url(self) -> str:
        """Where it is."""
        return f"redis://127.0.0.1:{self.port}/0"

    def command(self) -> list[str]:
        """Without a file, and without a password."""
        return [
            program("redis-server", "redis-server"), "--port", str(self.port), "--bind", "127.0.0.1", *self.addresses,
            "--protected-mode", "no", "--save", "", "--appendonly", "no", "--dir", str(self.folder),
        ]  # fmt: skip

    def prepare(self) -> None:
        """Nothing is kept."""

    def flush(self) -> None:
        """Let it forget all that it has."""
        with socket.create_connection(("127.0.0.1", self.port), 5) as line:
            line.sendall(b"FLUSHALL\r\n")
            line.recv(64)
