"""Delivering one mail to one SMTP server: sent, refused for good, to be tried again, or unknown.

SMTP promises no more: when the connection breaks after the last byte, the server may have accepted the mail or not.
"""

from __future__ import annotations

import contextlib
import smtplib
import ssl
from collections.abc import Iterator
from email.utils import parseaddr
from typing import Final

from django.core.mail.message import sanitize_address

from kring_web.config.values import Smtp

SECONDS: Final = 20.0
"""For each answer of the server."""
_PERMANENT: Final = 500


class DeliveryError(Exception):
    """``code``: the server's answer, or the kind of the fault; never its words, which may quote an address."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class NotSentError(DeliveryError):
    """It was not sent; it may be tried again."""


class RefusedError(DeliveryError):
    """The server refused it for good."""


class UnknownError(DeliveryError):
    """It may have been sent."""


def deliver(server: Smtp, sender: str, recipient: str, message: bytes) -> None:
    """Send it. Raises ``NotSentError``, ``RefusedError`` or ``UnknownError``."""
    with _signed_in(server) as client:
        with _not_sent():
            _expect(client.mail(parseaddr(sender)[1], [f"size={len(message)}"] if client.has_extn("size") else []))
            _expect(client.rcpt(sanitize_address(recipient, "ascii")))
        try:
            answer = client.data(message)
        except smtplib.SMTPDataError as error:
            raise _error_for(error.smtp_code) from None
        except (smtplib.SMTPException, OSError) as error:
            raise UnknownError(type(error).__name__) from None
        _expect(answer)


def check_login(server: Smtp) -> None:
    """Connect and sign in, send nothing. Raises ``RefusedError`` if the server refuses the login, else ``NotSentError``."""
    with _signed_in(server) as client, _not_sent():
        client.noop()


@contextlib.contextmanager
def _signed_in(server: Smtp) -> Iterator[smtplib.SMTP]:
    with _not_sent():
        if server.security == "tls":
            client: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, timeout=SECONDS, context=ssl.create_default_context()
            )
        else:
            client = smtplib.SMTP(server.host, server.port, timeout=SECONDS)
    try:
        with _not_sent():
            client.ehlo_or_helo_if_needed()
            if server.security == "starttls":
                client.starttls(context=ssl.create_default_context())
            if server.user:
                try:
                    client.login(server.user, server.password)
                except smtplib.SMTPAuthenticationError as error:
                    raise RefusedError(str(error.smtp_code)) from None
        yield client
    finally:
        with contextlib.suppress(smtplib.SMTPException, OSError):
            client.quit()
        client.close()


@contextlib.contextmanager
def _not_sent() -> Iterator[None]:
    """Whatever fails here, the mail has not been sent."""
    try:
        yield
    except (smtplib.SMTPException, OSError) as error:
        raise NotSentError(type(error).__name__) from None


def _expect(answer: tuple[int, bytes]) -> None:
    if answer[0] >= 400:  # noqa: PLR2004 -- RFC 5321, 4.2.1
        raise _error_for(answer[0])


def _error_for(code: int) -> DeliveryError:
    return RefusedError(str(code)) if code >= _PERMANENT else NotSentError(str(code))
