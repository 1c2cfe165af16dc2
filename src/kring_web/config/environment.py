"""Every environment variable that Kring reads: one table, read once and checked at start.

``Environment`` is the table. Each of its fields describes one variable, whose name is the field's (``content_days`` is
``KRING_CONTENT_DAYS``): what it takes, its default, what it is for, and whether it is secret. Reading, checking, what is said at
start, and the tables of ``docs/settings.md`` (``kring_web.config.reference``) all come from there: a new setting is one field.

Rule 1: nothing else in the project reads ``os.environ`` for its settings. Rule 2: a wrong value is an error that names the
variable and says what to do. Rule 3: the value of a secret is never repeated.
"""

from __future__ import annotations

import difflib
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, Literal
from urllib.parse import urlsplit

from kring_room.store.erasures import Ledger
from kring_web.config.setting_fields import Variables, setting, settings_of
from kring_web.config.values import (
    PRIVATE,
    Address,
    DatabaseUrl,
    Folder,
    HostNames,
    Network,
    Networks,
    Number,
    OneOf,
    PublicUrl,
    RedisUrl,
    Secret,
    Sender,
    Smtp,
    SmtpUrl,
    Switch,
    is_this_machine,
)

LogLevel = Literal["debug", "info", "warning", "error"]
LogFormat = Literal["line", "json"]
LOG_LEVELS: tuple[LogLevel, ...] = ("debug", "info", "warning", "error")
LOG_FORMATS: tuple[LogFormat, ...] = ("line", "json")
PREFIX: Final = "KRING_"


class SettingsError(Exception):
    """One or more variables are wrong; ``problems`` has a sentence for each."""

    def __init__(self, *problems: str) -> None:
        """Keep the sentences, in the order in which they were found."""
        super().__init__("\n".join(problems))
        self.problems = problems


def user_data_folder(variables: Variables) -> Path:
    """The folder where programs of this user keep their data, on each system."""
    try:
        home = Path.home()
    except RuntimeError:
        raise ValueError("this user has no home folder; name a folder to keep everything in.") from None
    if sys.platform == "win32":  # pragma: no cover  another system
        return Path(variables.get("LOCALAPPDATA") or home / "AppData" / "Local") / "Kring"
    if sys.platform == "darwin":  # pragma: no cover  another system
        return home / "Library" / "Application Support" / "Kring"
    return Path(variables.get("XDG_DATA_HOME") or home / ".local" / "share") / "kring"


@dataclass(frozen=True, kw_only=True)
class Environment:
    """What the variables say, checked."""

    data: Path = setting(
        Folder(),
        "Folder for the databases and the secret key. Created if it is missing.",
        computed=lambda _values, variables: user_data_folder(variables),
        default_text="the user's data folder",
    )
    secret_key: str | None = setting(
        Secret(), "Signs tickets and cookies.", default_text="made and kept in the data folder", secret=True
    )
    database_url: str | None = setting(
        DatabaseUrl(),
        "Keeps everything in PostgreSQL instead; needed for more than one node.",
        default_text="SQLite files in the data folder",
        secret=True,
    )
    redis_url: str | None = setting(
        RedisUrl(),
        "Lets the nodes that share a PostgreSQL database hear of each other's writes at once.",
        default_text="none: one node",
        secret=True,
    )
    host: str = setting(
        Address(),
        "Address to listen on. 0.0.0.0: all of this machine's, over IPv4; `::`: the same over IPv4 and IPv6.",
        default="127.0.0.1",
    )
    port: int = setting(Number(1, 65535), "Port to listen on.", default=8000)
    public_url: str = setting(
        PublicUrl(),
        "The address that people type. https, except for this machine itself.",
        computed=lambda values, _variables: "http://localhost:{port}".format(port=values.get("port")),
        default_text="http://localhost:PORT",
    )
    allowed_hosts: tuple[str, ...] = setting(
        HostNames(),
        "More host names to answer to.",
        computed=lambda _values, _variables: (),
        default_text="the host of KRING_PUBLIC_URL",
    )
    proxies: int = setting(
        Number(0, 9),
        "How many proxies stand between people and this server; each must append the address it was called from to "
        "X-Forwarded-For.",
        computed=lambda values, _variables: int(str(values.get("public_url")).startswith("https://")),
        default_text="1 where KRING_PUBLIC_URL is https, else 0",
    )
    proxy_networks: tuple[Network, ...] = setting(
        Networks(),
        "Where the last of them connects from: X-Forwarded headers of anybody else are ignored.",
        computed=lambda _values, _variables: PRIVATE,
        default_text="this machine and private networks",
    )
    content_days: int = setting(
        Number(1, 3650), "Days after which the sealed content of a meeting is destroyed.", default=30
    )
    erasures: Path = setting(
        Folder(),
        "Folder for the erasure ledger: what was destroyed, so that restoring a backup destroys it again. "
        "Best on another disk; in no backup.",
        computed=lambda values, _variables: Path(str(values.get("data"))) / "erasures",
        default_text="`erasures` in the data folder",
    )
    backup_days: int = setting(
        Number(1, 3650),
        "Days that a backup may be old when it is restored; so long the erasure ledger is kept.",
        default=90,
    )
    practice: bool = setting(Switch(), "on: people may practise here with simulated colleagues.", default=False)
    smtp_url: Smtp | None = setting(
        SmtpUrl(),
        "The mail server. Without it no mail is sent; under `kring practice` a page on this machine shows what would be.",
        default_text="none: no mail",
        secret=True,
    )
    mail_from: str | None = setting(
        Sender(), "The sender of our mail; required with KRING_SMTP_URL.", default_text="none"
    )
    max_meetings: int = setting(
        Number(0, 1_000_000),
        "How many meetings may run at once before new ones are refused. 0: as many as this machine can carry.",
        default=0,
    )
    metrics_token: str | None = setting(
        Secret(), "The bearer token for /metrics; without it there are no metrics.", default_text="none", secret=True
    )
    log_level: LogLevel = setting(
        OneOf(LOG_LEVELS), "How much is logged. Content, keys and tickets never are.", default="info"
    )
    log_format: LogFormat = setting(
        OneOf(LOG_FORMATS),
        "line: one line per event, for people. json: one JSON object per line, for programs.",
        default="line",
    )
    remarks: tuple[str, ...] = ()
    """Sentences about variables that look like ours and are not, or that hardly go together: said at start, never fatal."""

    @property
    def database(self) -> Path:
        """The SQLite file of the rooms."""
        return self.data / "kring.sqlite3"

    @property
    def web_database(self) -> Path:
        """The SQLite file of all that is not the rooms': what people published, accounts, sessions."""
        return self.data / "web.sqlite3"

    @property
    def store(self) -> Path | str:
        """Where meetings are kept: the SQLite file, or the URL of a PostgreSQL database."""
        return self.database_url or self.database

    @property
    def ledger(self) -> Ledger:
        """Where it is noted what was destroyed."""
        return Ledger(self.erasures, self.backup_days)

    @property
    def secure(self) -> bool:
        """Whether people reach us over https."""
        return self.public_url.startswith("https://")

    @property
    def is_local(self) -> bool:
        """Whether nobody reaches us but this machine: what it listens on, and what people type."""
        return is_this_machine(self.host) and is_this_machine(urlsplit(self.public_url).hostname or "")

    @property
    def hosts(self) -> tuple[str, ...]:
        """Who we answer to: the public host, what was added, and this machine itself (for health checks)."""
        named = (urlsplit(self.public_url).hostname or "", *self.allowed_hosts, "localhost", "127.0.0.1", "[::1]")
        return tuple(dict.fromkeys(named))

    @property
    def local_url(self) -> str:
        """Where a program on this machine reaches the server, whatever the outside calls it."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104 -- compared, not bound
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"


SETTINGS: Final = settings_of(Environment, PREFIX)
"""Every variable by its field, in the order of the table."""


def read(variables: Variables) -> Environment:
    """Read and check everything; every problem is told at once."""
    problems: list[str] = []
    found: dict[str, Any] = {}
    for field, one in SETTINGS.items():
        text = variables.get(one.name, "").strip()
        try:
            found[field] = one.kind.parse(text) if text else one.default(found, variables)
        except ValueError as error:
            problems.append(f"{one.name}: {_redacted(text, error) if one.secret else error}")
    if problems:
        raise SettingsError(*problems)
    environment = Environment(**found)
    problems += _contradictions(environment)
    if problems:
        raise SettingsError(*problems)
    return replace(environment, remarks=(*_unknown(variables), *_doubts(environment)))


def _contradictions(environment: Environment) -> Iterator[str]:
    """What is wrong though each value is right."""
    if environment.redis_url and not environment.database_url:
        yield "KRING_REDIS_URL: needs KRING_DATABASE_URL too: nodes can only share what is in PostgreSQL."
    if environment.smtp_url and not environment.mail_from:
        yield "KRING_MAIL_FROM: set it too, such as Kring <kring@example.org>: mail needs a sender."
    if environment.database_url and not environment.secret_key and environment.redis_url:
        yield "KRING_SECRET_KEY: set it, the same for all nodes, or tickets of one are forged to another."


def _doubts(environment: Environment) -> Iterator[str]:
    """What is likely a mistake, and no reason not to start."""
    if environment.secure and not environment.proxies:
        yield (
            "KRING_PROXIES: 0, though KRING_PUBLIC_URL is https, so that a proxy must stand in front: what it says of who asks is "
            "ignored, and all share the limits of its one address. Leave it out, or say how many there are."
        )


def _redacted(text: str, error: ValueError) -> str:
    """What is wrong with a secret, without the secret, whatever its kind says."""
    return str(error).replace(text, "...")


def _unknown(variables: Variables) -> tuple[str, ...]:
    known = [one.name for one in SETTINGS.values()]
    return tuple(
        _did_you_mean(name, known) for name in sorted(variables) if name.startswith(PREFIX) and name not in known
    )


def _did_you_mean(name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    return f"{name} is not a setting of Kring." + (f" Did you mean {near[0]}?" if near else "")
