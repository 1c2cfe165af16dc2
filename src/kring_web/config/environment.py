"""Every environment variable that Kring reads, read once, checked at start.

Rule 1: nothing else in the project reads ``os.environ`` for its settings. Rule 2: a wrong value is an error that names
the variable and says what to do. ``docs/settings.md`` describes the same table; a test keeps the two in step.
"""

from __future__ import annotations

import difflib
import ipaddress
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeVar, cast
from urllib.parse import SplitResult, urlsplit

T = TypeVar("T")
LogLevel = Literal["debug", "info", "warning", "error"]
LogFormat = Literal["line", "json"]
LOG_LEVELS: tuple[LogLevel, ...] = ("debug", "info", "warning", "error")
LOG_FORMATS: tuple[LogFormat, ...] = ("line", "json")
LONGEST_KEEP = 3650
MOST_MEETINGS = 1_000_000
SHORTEST_SECRET = 32


@dataclass(frozen=True)
class Setting:
    """One variable, as ``docs/settings.md`` lists it."""

    name: str
    default: str
    meaning: str


SETTINGS: tuple[Setting, ...] = (
    Setting(
        "KRING_DATA", "the user's data folder", "Folder for the database and the secret key. Made when it is not there."
    ),
    Setting(
        "KRING_SECRET_KEY", "made and kept in the data folder", "At least 32 characters. Signs tickets and cookies."
    ),
    Setting(
        "KRING_DATABASE_URL",
        "an SQLite file in the data folder",
        "postgresql://USER:PASSWORD@HOST:PORT/NAME keeps meetings in PostgreSQL instead, for more nodes than one.",
    ),
    Setting(
        "KRING_REDIS_URL",
        "none: one node",
        "redis://HOST:PORT/NUMBER lets nodes that share a PostgreSQL tell each other at once what happened.",
    ),
    Setting("KRING_HOST", "127.0.0.1", "Address to listen on. Use 0.0.0.0 to be reached from other machines."),
    Setting("KRING_PORT", "8000", "Port to listen on, 1 to 65535."),
    Setting(
        "KRING_PUBLIC_URL",
        "http://localhost:PORT",
        "The address that people type. https, except for this machine itself.",
    ),
    Setting(
        "KRING_ALLOWED_HOSTS", "the host of KRING_PUBLIC_URL", "More host names to answer to, with commas between them."
    ),
    Setting("KRING_CONTENT_DAYS", "30", "After how many days the sealed content of a meeting is destroyed, 1 to 3650."),
    Setting("KRING_PRACTICE", "off", "on: people may practise here with simulated colleagues."),
    Setting(
        "KRING_MAX_MEETINGS",
        "0",
        "How many meetings may run at once before new ones are refused. 0: as many as this machine carries.",
    ),
    Setting(
        "KRING_METRICS_TOKEN", "none", "At least 32 characters. Who shows it may read /metrics; without it nobody may."
    ),
    Setting("KRING_LOG_LEVEL", "info", "debug, info, warning or error. Logs never hold content, keys or tickets."),
    Setting(
        "KRING_LOG_FORMAT", "line", "line: one line an event, for people. json: one JSON object a line, for programs."
    ),
)


class SettingsError(Exception):
    """One or more variables are wrong; ``problems`` has a sentence for each."""

    def __init__(self, *problems: str) -> None:
        """Keep the sentences, in the order in which they were found."""
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Environment:
    """What the variables say, checked."""

    data: Path
    secret_key: str | None
    host: str
    port: int
    public_url: str
    allowed_hosts: tuple[str, ...]
    content_days: int
    practice: bool
    log_level: LogLevel
    log_format: LogFormat = "line"
    max_meetings: int = 0
    metrics_token: str | None = None
    database_url: str | None = None
    redis_url: str | None = None
    unknown: tuple[str, ...] = ()
    """Sentences about variables that look like ours and are not: said at start, never fatal."""

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.data / "kring.sqlite3"

    @property
    def store(self) -> Path | str:
        """Where meetings are kept: the SQLite file, or the URL of a PostgreSQL database."""
        return self.database_url or self.database

    @property
    def secure(self) -> bool:
        """Whether people reach us over https."""
        return self.public_url.startswith("https://")

    @property
    def local_url(self) -> str:
        """Where a program on this machine reaches the server, whatever the outside calls it."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104 -- compared, not bound
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"


def read(variables: Mapping[str, str]) -> Environment:
    """Read and check everything; every problem is told at once."""
    problems: list[str] = []

    def value(name: str, default: T, parse: Callable[[str], T]) -> T:
        text = variables.get(name, "").strip()
        if not text:
            return default
        try:
            return parse(text)
        except ValueError as error:
            problems.append(f"{name}: {error}")
            return default

    port = value("KRING_PORT", 8000, lambda text: _number(text, 1, 65535))
    public_url = value("KRING_PUBLIC_URL", f"http://localhost:{port}", _public_url)
    environment = Environment(
        data=value("KRING_DATA", user_data_folder(variables), _folder),
        secret_key=value("KRING_SECRET_KEY", None, _secret),
        host=value("KRING_HOST", "127.0.0.1", _address),
        port=port,
        public_url=public_url,
        allowed_hosts=_hosts(public_url, variables.get("KRING_ALLOWED_HOSTS", "")),
        content_days=value("KRING_CONTENT_DAYS", 30, lambda text: _number(text, 1, LONGEST_KEEP)),
        practice=value("KRING_PRACTICE", False, _switch),  # noqa: FBT003 -- the default of a switch
        log_level=value("KRING_LOG_LEVEL", "info", _level),
        log_format=value("KRING_LOG_FORMAT", "line", _format),
        max_meetings=value("KRING_MAX_MEETINGS", 0, lambda text: _number(text, 0, MOST_MEETINGS)),
        metrics_token=value("KRING_METRICS_TOKEN", None, _secret),
        database_url=value("KRING_DATABASE_URL", None, _database_url),
        redis_url=value("KRING_REDIS_URL", None, _redis_url),
        unknown=_unknown(variables),
    )
    problems += _odd(environment, variables)
    if problems:
        raise SettingsError(*problems)
    return environment


def _odd(environment: Environment, variables: Mapping[str, str]) -> Iterator[str]:
    """What is wrong though each value is right."""
    if environment.redis_url and not variables.get("KRING_DATABASE_URL", "").strip():
        yield "KRING_REDIS_URL: needs KRING_DATABASE_URL too: nodes can only share what is in PostgreSQL."
    if environment.database_url and not environment.secret_key and environment.redis_url:
        yield "KRING_SECRET_KEY: set it, the same for all nodes, or tickets of one are forged to another."
    if any("*" in host for host in environment.allowed_hosts):
        yield "KRING_ALLOWED_HOSTS: name the hosts; * would let anybody pretend to be this server."


def user_data_folder(variables: Mapping[str, str]) -> Path:
    """The folder where programs of this user keep their data, on each system."""
    home = Path.home()
    if sys.platform == "win32":  # pragma: no cover  another system
        return Path(variables.get("LOCALAPPDATA") or home / "AppData" / "Local") / "Kring"
    if sys.platform == "darwin":  # pragma: no cover  another system
        return home / "Library" / "Application Support" / "Kring"
    return Path(variables.get("XDG_DATA_HOME") or home / ".local" / "share") / "kring"


def _number(text: str, least: int, most: int) -> int:
    if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
        raise ValueError(f"must be a whole number from {least} to {most}, not {text[:40]!r}.")
    return int(text)


def _switch(text: str) -> bool:
    if text.lower() not in ("on", "off"):
        raise ValueError(f"must be on or off, not {text[:40]!r}.")
    return text.lower() == "on"


def _level(text: str) -> LogLevel:
    if text.lower() not in LOG_LEVELS:
        raise ValueError(f"must be one of {', '.join(LOG_LEVELS)}, not {text[:40]!r}.")
    return cast("LogLevel", text.lower())


def _format(text: str) -> LogFormat:
    if text.lower() not in LOG_FORMATS:
        raise ValueError(f"must be one of {', '.join(LOG_FORMATS)}, not {text[:40]!r}.")
    return cast("LogFormat", text.lower())


def _folder(text: str) -> Path:
    path = Path(text).expanduser()
    if path.exists() and not path.is_dir():
        raise ValueError(f"{path} is a file; name a folder.")
    return path.absolute()


def _secret(text: str) -> str:
    if len(text) < SHORTEST_SECRET:
        raise ValueError(
            f"has {len(text)} characters and needs at least {SHORTEST_SECRET}. "
            'Make one with: python -c "import secrets; print(secrets.token_urlsafe(48))"'
        )
    return text


def _address(text: str) -> str:
    if text == "localhost":
        return "127.0.0.1"
    try:
        return str(ipaddress.ip_address(text.strip("[]")))
    except ValueError:
        raise ValueError(f"must be an address such as 127.0.0.1 or 0.0.0.0, not {text[:60]!r}.") from None


def _public_url(text: str) -> str:
    parts = urlsplit(text)
    try:
        odd = parts.port == 0
    except ValueError:
        odd = True
    if odd or parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"must look like https://kring.example.org, not {text[:80]!r}.")
    if parts.path not in ("", "/") or parts.query or parts.fragment or parts.username:
        raise ValueError("must be a scheme and a host only, without a path: give Kring a host name of its own.")
    if parts.scheme == "http" and not _this_machine(parts.hostname):
        raise ValueError(
            "must start with https://: browsers only encrypt on secure pages (http works for localhost alone)."
        )
    return f"{parts.scheme}://{parts.netloc.lower()}"


def _database_url(text: str) -> str:
    parts = _service(text, ("postgresql", "postgres"), "postgresql://kring:PASSWORD@db.example.org:5432/kring")
    if not parts.path.strip("/"):
        raise ValueError("names no database: end it with /NAME, such as /kring.")
    return text


def _redis_url(text: str) -> str:
    parts = _service(text, ("redis", "rediss"), "redis://redis.example.org:6379/0")
    if not parts.path.strip("/").isdigit() and parts.path.strip("/"):
        raise ValueError("must end with the number of a database, such as /0.")
    return text


def _service(text: str, schemes: tuple[str, ...], example: str) -> SplitResult:
    """An address with perhaps a password in it, which is why it is never repeated in what we say."""
    parts = urlsplit(text)
    try:
        odd = parts.port == 0
    except ValueError:
        odd = True
    if odd or parts.scheme not in schemes or not parts.hostname:
        raise ValueError(f"must look like {example}.")
    return parts


def _this_machine(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _hosts(public_url: str, more: str) -> tuple[str, ...]:
    """Who we answer to: the public host, what was added, and this machine itself (for health checks)."""
    hosts = [urlsplit(public_url).hostname or "", *(host.strip().lower() for host in more.split(","))]
    return tuple(dict.fromkeys(host for host in (*hosts, "localhost", "127.0.0.1", "[::1]") if host))


def _unknown(variables: Mapping[str, str]) -> tuple[str, ...]:
    known = [setting.name for setting in SETTINGS]
    return tuple(
        _did_you_mean(name, known) for name in sorted(variables) if name.startswith("KRING_") and name not in known
    )


def _did_you_mean(name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    return f"{name} is not a setting of Kring." + (f" Did you mean {near[0]}?" if near else "")
