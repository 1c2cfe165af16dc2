"""A mail's text: from templates and a few plain fields, in one language, as MIME with a fixed Message-ID.

A field is a short line of text, so that content or a key can't get in: no line breaks, no ``#`` (behind which links carry the
keys of meetings), 200 characters at most.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.template import Context
from django.template.loader import get_template
from django.utils.translation import override

LONGEST: Final = 200


class ComposeError(ValueError):
    """Why there can be no such mail, in a sentence that repeats nothing of what was given."""


@dataclass(frozen=True)
class Envelope:
    """Who writes to whom, and when: ``sender`` as ``Name <address>``, ``at`` in milliseconds since the epoch."""

    id: str
    sender: str
    recipient: str
    at: int


def compose(kind: str, language: str, fields: Mapping[str, str], envelope: Envelope) -> bytes:
    """The whole mail, ready to be sent. Raises ``ComposeError``."""
    check_address(envelope.recipient)
    for name, value in fields.items():
        _check_field(name, value)
    message = EmailMessage(policy=SMTP)
    message["From"] = envelope.sender
    message["To"] = envelope.recipient
    message["Message-ID"] = message_id(envelope.id, envelope.sender)
    message["Date"] = format_datetime(datetime.fromtimestamp(envelope.at / 1000, UTC))
    message["Auto-Submitted"] = "auto-generated"
    with override(language):
        message["Subject"] = " ".join(_render(f"mail/{kind}.subject.txt", fields, html=False).split())
        message.set_content(_render(f"mail/{kind}.txt", fields, html=False).strip() + "\n")
        message.add_alternative(
            _render(f"mail/{kind}.html", {**fields, "language": language}, html=True), subtype="html"
        )
    message["Content-Language"] = language  # last: making the parts moves headers like this one into them
    return message.as_bytes()


def message_id(mail: str, sender: str) -> str:
    """The Message-ID: always the same for the same mail."""
    return f"<{mail}@{parseaddr(sender)[1].rpartition('@')[2]}>"


def check_address(address: str) -> None:
    """Raise ``ComposeError`` unless this is one plain address, in ASCII apart from its domain."""
    local = address.rpartition("@")[0]
    wrong = ComposeError("Mail can't be sent to that address.")
    if not local.isascii() or not address.isprintable() or "," in address:
        raise wrong
    try:
        validate_email(address)
    except ValidationError:
        raise wrong from None


def _check_field(name: str, value: str) -> None:
    if len(value) > LONGEST or "#" in value or any(unicodedata.category(one).startswith("C") for one in value):
        raise ComposeError(f"The field {name!r} of a mail is one short line of text, without #.")


def _render(name: str, fields: Mapping[str, str], *, html: bool) -> str:
    # Text is not HTML: an apostrophe stays one.
    return str(get_template(name).template.render(Context(dict(fields), autoescape=html)))  # type: ignore[attr-defined]  # the engine is Django's own
