"""The outbox: a mail is queued in the transaction of what it is about, and sent by a job as soon as that is committed.

SMTP is never exactly once. So the outbox notes that it is sending a mail before it does. If that note is found later
without a result, nobody knows whether the mail was sent: a kind says whether it is then sent again (with the same Message-ID), or
never twice.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.policy import default
from typing import Final

from django.conf import settings
from django.db import transaction

from kring_room.cluster.clock import shared_clock
from kring_web.config.current import has_local_mailbox
from kring_web.jobs import services as jobs
from kring_web.mail import delivery
from kring_web.mail.composing import ComposeError, Envelope, compose
from kring_web.mail.models import EXPIRED, QUEUED, REFUSED, SENDING, SENT, UNKNOWN, Mail

SEND: Final = "mail.send"
DAY_MS: Final = 24 * 60 * 60 * 1000
KEPT_MS: Final = 30 * DAY_MS
"""How long the row of a sent mail is kept (without its text), and so for how long its key is known."""
LOCAL_SENDER: Final = "Kring <kring@localhost>"
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class MailKind:
    """``name``: of its templates, ``mail/<name>.subject.txt``, ``.txt`` and ``.html``. ``fields``: all that may stand in it.

    ``private``: it lets its reader sign in, so it is left out of backups. ``repeat``: better sent twice than never.
    """

    name: str
    fields: frozenset[str]
    private: bool = False
    repeat: bool = False


class MailOffError(Exception):
    """No mail can be sent: no SMTP server is set."""

    code: Final = "mail-off"


_kinds: dict[str, MailKind] = {}


def register(kind: MailKind) -> None:
    """Make a kind of mail known. Raises ``ValueError`` where another has its name."""
    if _kinds.setdefault(kind.name, kind) != kind:
        raise ValueError(f"There is another kind of mail called {kind.name!r}.")


def is_on() -> bool:
    """Whether mail can be sent, or is shown on this machine."""
    return settings.KRING.smtp_url is not None or has_local_mailbox()


def queue(
    kind: str,
    recipient: str,
    language: str,
    fields: Mapping[str, str],
    *,
    key: str = "",
    keep: int = 2 * DAY_MS,
) -> str:
    """Queue a mail; returns its id. Part of the caller's transaction: what is rolled back is not sent.

    ``key``: a mail with the same key is sent once, however often it is queued. ``keep``: milliseconds after which it is no longer
    sent. Raises ``MailOffError``, and ``ComposeError`` for an invalid address or field.
    """
    if not is_on():
        raise MailOffError
    known = _kinds[kind]
    if set(fields) != known.fields:
        raise ComposeError(f"A mail of the kind {kind!r} has the fields {sorted(known.fields)}, no others.")
    now, mail = _now(), secrets.token_hex(16)
    sender = settings.KRING.mail_from or LOCAL_SENDER
    with transaction.atomic():
        kept, is_new = Mail.objects.get_or_create(
            key=key or mail,
            defaults={
                "id": mail,
                "kind": kind,
                "recipient": recipient,
                "message": compose(kind, language, fields, Envelope(mail, sender, recipient, now)),
                "private": known.private,
                "repeat": known.repeat,
                "queued_at": now,
                "expires_at": now + keep,
            },
        )
        if is_new:
            jobs.schedule(SEND, mail, now, now=now)
    return kept.id


def send(job: jobs.Job) -> None:
    """Send the mail that the job names. Raises ``NotSentError`` if it may be tried again."""
    mail = _take(job.subject)
    if mail is None:
        return
    server, sender = settings.KRING.smtp_url, settings.KRING.mail_from
    if server is None or sender is None:  # the mailbox page shows it, as long as it is of use
        _end(mail, SENT, keep_message=True)
        return
    try:
        delivery.deliver(server, sender, mail.recipient, bytes(mail.message))
    except delivery.NotSentError:
        Mail.objects.filter(id=mail.id, state=SENDING).update(state=QUEUED)
        raise
    except delivery.RefusedError as error:
        _log.warning("mail refused", extra={"entry": mail.id, "kind": mail.kind, "reason": error.code})
        _end(mail, REFUSED)
    except delivery.UnknownError as error:
        if mail.repeat:
            raise  # it stays in `sending`, so that the next try knows that it may have been sent
        _log.warning("mail may have gone", extra={"entry": mail.id, "kind": mail.kind, "reason": error.code})
        _end(mail, UNKNOWN)
    else:
        _end(mail, SENT)


def _take(mail_id: str) -> Mail | None:
    """The mail, noted as being sent; ``None`` if there is nothing to send any more."""
    with transaction.atomic():
        mail = Mail.objects.filter(id=mail_id, state__in=[QUEUED, SENDING]).first()
        if mail is None:
            return None
        if mail.expires_at <= _now():
            _end(mail, EXPIRED)
        elif mail.state == SENDING and not mail.repeat:
            _log.warning("mail may have gone", extra={"entry": mail.id, "kind": mail.kind, "reason": "killed"})
            _end(mail, UNKNOWN)
        else:
            Mail.objects.filter(id=mail.id).update(state=SENDING)
            return mail
    return None


def _end(mail: Mail, state: str, *, keep_message: bool = False) -> None:
    message = {} if keep_message else {"message": b""}
    Mail.objects.filter(id=mail.id).update(state=state, ended_at=_now(), **message)


def delete_old() -> int:
    """Delete old rows of the outbox, and the text of mails that the mailbox page need not show any more; how many rows."""
    Mail.objects.filter(state=SENT, expires_at__lte=_now()).exclude(message=b"").update(message=b"")
    return Mail.objects.filter(queued_at__lt=_now() - KEPT_MS).delete()[0]


@dataclass(frozen=True)
class MailboxEntry:
    """A mail as the mailbox page shows it."""

    id: str
    to: str
    subject: str
    text: str
    at: datetime


def mailbox() -> list[MailboxEntry]:
    """The latest mails, newest first, for the mailbox page."""
    kept = Mail.objects.filter(state=SENT).exclude(message=b"").order_by("-queued_at")
    return [_entry(mail) for mail in kept[:100]]


def find_in_mailbox(mail_id: str) -> MailboxEntry | None:
    """One mail of the mailbox page, or ``None``."""
    mail = Mail.objects.filter(id=mail_id, state=SENT).exclude(message=b"").first()
    return _entry(mail) if mail else None


def _entry(mail: Mail) -> MailboxEntry:
    read = message_from_bytes(bytes(mail.message), policy=default)
    body = read.get_body(("plain",))
    text = body.get_content() if body else ""
    return MailboxEntry(mail.id, mail.recipient, str(read["Subject"]), text, read["Date"].datetime)


def _now() -> int:
    return shared_clock(settings.KRING.store)()
