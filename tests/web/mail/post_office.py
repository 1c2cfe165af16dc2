"""A real SMTP server on loopback: it takes mails, refuses them, breaks off, and asks for a password, as it is told to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword

from tests.ports import free_port

USER, PASSWORD = "kring", "p/w #1"


class PostOffice:
    """What came in, and how the next mails are answered."""

    def __init__(self) -> None:
        self.taken: list[Envelope] = []
        self.port = free_port()
        self.at_rcpt = "250 OK"
        self.at_data = "250 OK"
        self.break_off = False
        """Take the mail, and go away without a word."""

    async def handle_RCPT(self, server: Any, session: Any, envelope: Envelope, address: str, options: list[str]) -> str:  # noqa: ARG002, N802 -- aiosmtpd's own signature
        if self.at_rcpt.startswith("2"):
            envelope.rcpt_tos.append(address)
        return self.at_rcpt

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:  # noqa: ARG002, N802 -- aiosmtpd's own signature
        if self.at_data.startswith("2"):
            self.taken.append(envelope)
        if self.break_off:
            server.transport.abort()
        return self.at_data

    def read(self) -> list[EmailMessage]:
        """What came in, as a mail program reads it."""
        raw = [cast("bytes", envelope.content) for envelope in self.taken]
        return [message_from_bytes(one, policy=default) for one in raw]


def _signs_in(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:  # noqa: ARG001 -- aiosmtpd's own signature
    right = isinstance(data, LoginPassword) and (data.login.decode(), data.password.decode()) == (USER, PASSWORD)
    return AuthResult(success=right, handled=False)


@contextmanager
def post_office(*, password: bool = False) -> Iterator[PostOffice]:
    """Open for as long as the block runs. ``password``: only for whoever signs in."""
    office = PostOffice()
    more: dict[str, Any] = (
        {"authenticator": _signs_in, "auth_required": True, "auth_require_tls": False} if password else {}
    )
    controller = Controller(office, hostname="127.0.0.1", port=office.port, **more)
    controller.start()
    try:
        yield office
    finally:
        controller.stop()
