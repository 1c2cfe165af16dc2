"""What the value of a setting may look like: reading it, checking it, and saying in a document what is taken.

Each kind has ``takes``, the words of the document, and ``parse``, which gives the value or raises ``ValueError`` with the end of
a sentence that begins with the variable's name. A kind that may hold a secret never repeats what it was given.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import formataddr, parseaddr
from pathlib import Path
from typing import Generic, Literal, Protocol, TypeVar, cast
from urllib.parse import SplitResult, unquote, urlsplit

T_co = TypeVar("T_co", covariant=True)
Word = TypeVar("Word", bound=str)
SHORTEST_SECRET = 32
"""Characters: 192 bits where they are base64."""


class Kind(Protocol[T_co]):
    """A kind of value."""

    @property
    def takes(self) -> str:
        """What a value looks like, for the document."""

    def parse(self, text: str) -> T_co:
        """The value; ``text`` is not empty and has no blanks around it."""


@dataclass(frozen=True)
class Number:
    """A whole number of a range."""

    least: int
    most: int

    @property
    def takes(self) -> str:
        """The range."""
        return f"a whole number from {self.least} to {self.most}"

    def parse(self, text: str) -> int:
        """Plain digits, nothing else that Python might take for a number."""
        if not text.isascii() or not text.isdigit() or not self.least <= int(text) <= self.most:
            raise ValueError(f"must be {self.takes}, not {text[:40]!r}.")
        return int(text)


@dataclass(frozen=True)
class Switch:
    """On or off."""

    takes: str = "on or off"

    def parse(self, text: str) -> bool:
        """``True`` for on."""
        if text.lower() not in ("on", "off"):
            raise ValueError(f"must be on or off, not {text[:40]!r}.")
        return text.lower() == "on"


@dataclass(frozen=True)
class OneOf(Generic[Word]):
    """One of a few words."""

    words: Sequence[Word]

    @property
    def takes(self) -> str:
        """All of them."""
        return f"one of {', '.join(self.words)}"

    def parse(self, text: str) -> Word:
        """The word, in lower case."""
        if text.lower() not in self.words:
            raise ValueError(f"must be {self.takes}, not {text[:40]!r}.")
        return cast("Word", text.lower())


@dataclass(frozen=True)
class Folder:
    """A folder, which need not be there yet."""

    takes: str = "a folder"

    def parse(self, text: str) -> Path:
        """An absolute path."""
        try:
            path = Path(text).expanduser()
        except RuntimeError:
            raise ValueError(
                f"{text[:80]!r} begins with a home folder that is not there; write the whole path."
            ) from None
        if path.exists() and not path.is_dir():
            raise ValueError(f"{path} is a file; name a folder.")
        return path.absolute()


@dataclass(frozen=True)
class Secret:
    """A text that nobody guesses."""

    takes: str = f"at least {SHORTEST_SECRET} characters"

    def parse(self, text: str) -> str:
        """As it is."""
        if len(text) < SHORTEST_SECRET:
            raise ValueError(
                f"has {len(text)} characters and needs at least {SHORTEST_SECRET}. "
                'Make one with: python -c "import secrets; print(secrets.token_urlsafe(48))"'
            )
        return text


@dataclass(frozen=True)
class Address:
    """An IP address of this machine."""

    takes: str = "an address"

    def parse(self, text: str) -> str:
        """As ``ipaddress`` writes it."""
        if text == "localhost":
            return "127.0.0.1"
        try:
            return str(ipaddress.ip_address(text.strip("[]")))
        except ValueError:
            raise ValueError(f"must be an address such as 127.0.0.1 or 0.0.0.0, not {text[:60]!r}.") from None


Network = ipaddress.IPv4Network | ipaddress.IPv6Network
PRIVATE: tuple[Network, ...] = tuple(
    ipaddress.ip_network(one)
    for one in ("127.0.0.0/8", "::1/128", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7", "fe80::/10")
)
"""This machine and private networks (RFC 1918, RFC 4193, RFC 4291)."""


@dataclass(frozen=True)
class Networks:
    """Addresses and networks with commas between them."""

    takes: str = "addresses or networks such as 10.0.0.0/8, with commas between them"

    def parse(self, text: str) -> tuple[Network, ...]:
        """As ``ipaddress`` reads them."""
        try:
            return tuple(ipaddress.ip_network(one.strip()) for one in text.split(",") if one.strip())
        except ValueError:
            raise ValueError(f"must be {self.takes}, not {text[:80]!r}.") from None


@dataclass(frozen=True)
class HostNames:
    """Host names with commas between them."""

    takes: str = "host names, with commas between them"

    def parse(self, text: str) -> tuple[str, ...]:
        """In lower case, without empty ones."""
        names = tuple(name for name in (one.strip().lower() for one in text.split(",")) if name)
        if any("*" in name for name in names):
            raise ValueError("name the hosts; * would let anybody pretend to be this server.")
        return names


@dataclass(frozen=True)
class PublicUrl:
    """The address that people type: a scheme and a host."""

    takes: str = "a scheme and a host, such as https://kring.example.org"

    def parse(self, text: str) -> str:
        """Without a slash at the end."""
        parts = _split(text)
        if parts is None or parts.scheme not in ("http", "https") or not parts.hostname or "*" in parts.hostname:
            raise ValueError(f"must look like https://kring.example.org, not {text[:80]!r}.")
        if parts.path not in ("", "/") or parts.query or parts.fragment or parts.username:
            raise ValueError("must be a scheme and a host only, without a path: give Kring a host name of its own.")
        if parts.scheme == "http" and not is_this_machine(parts.hostname):
            raise ValueError(
                "must start with https://: browsers only encrypt on secure pages (http works for localhost alone)."
            )
        return f"{parts.scheme}://{parts.netloc.lower()}"


@dataclass(frozen=True)
class DatabaseUrl:
    """The address of a PostgreSQL database, with a password in it."""

    takes: str = "postgresql://USER:PASSWORD@HOST:PORT/NAME"

    def parse(self, text: str) -> str:
        """As it is."""
        example = "postgresql://kring:PASSWORD@db.example.org:5432/kring"
        if not _service(text, ("postgresql", "postgres"), example).path.strip("/"):
            raise ValueError("names no database: end it with /NAME, such as /kring.")
        return text


@dataclass(frozen=True)
class RedisUrl:
    """The address of a Redis, perhaps with a password in it."""

    takes: str = "redis://HOST:PORT/NUMBER"

    def parse(self, text: str) -> str:
        """As it is."""
        number = _service(text, ("redis", "rediss"), "redis://redis.example.org:6379/0").path.strip("/")
        if number and not number.isdigit():
            raise ValueError("must end with the number of a database, such as /0.")
        return text


@dataclass(frozen=True)
class Smtp:
    """A mail server. ``security``: ``starttls`` (a line that becomes secret), ``tls`` (secret from the start), or ``none``."""

    host: str
    port: int
    user: str
    password: str
    security: Literal["starttls", "tls", "none"]


@dataclass(frozen=True)
class SmtpUrl:
    """The address of a mail server, with a user and a password where it asks for them."""

    takes: str = "smtp://USER:PASSWORD@HOST:PORT, or smtps:// for TLS from the start"

    def parse(self, text: str) -> Smtp:
        """Its parts. Without TLS only on this machine itself."""
        parts = _service(text, ("smtp", "smtps"), "smtp://USER:PASSWORD@smtp.example.org:587")
        if parts.path.strip("/") or parts.query or parts.fragment:
            raise ValueError("must end after the port; write / ? and # in a password as %2F %3F and %23.")
        if (parts.username is None) != (parts.password is None):
            raise ValueError("must have both a user and a password, or neither.")
        host = parts.hostname or ""
        implicit = parts.scheme == "smtps"
        security: Literal["starttls", "tls", "none"] = "tls" if implicit else "starttls"
        if not implicit and is_this_machine(host):
            security = "none"
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        return Smtp(host, parts.port or (465 if implicit else 587), user, password, security)


@dataclass(frozen=True)
class Sender:
    """Who mails come from."""

    takes: str = "NAME <ADDRESS>, or ADDRESS"

    def parse(self, text: str) -> str:
        """As a header says it."""
        name, address = parseaddr(text)
        local, _, domain = address.rpartition("@")
        if not text.isprintable() or not address.isascii() or not local or "." not in domain.strip("."):
            raise ValueError("must look like Kring <kring@example.org>.")
        return formataddr((name, address))


def _service(text: str, schemes: tuple[str, ...], example: str) -> SplitResult:
    """An address with perhaps a password in it, which is why it is never repeated in what we say."""
    parts = _split(text)
    if parts is None or parts.scheme not in schemes or not parts.hostname:
        raise ValueError(f"must look like {example}.")
    return parts


def _split(text: str) -> SplitResult | None:
    """The parts of an address; ``None`` when it is none, for the library's own words would repeat it."""
    try:
        parts = urlsplit(text)
        odd = parts.port == 0
    except ValueError:
        return None
    return None if odd else parts


def is_this_machine(host: str) -> bool:
    """Whether a host's name or address means the machine that we run on."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
