"""A test mail, sent at once and not by the outbox, to check the settings."""

from __future__ import annotations

import secrets

from django.conf import settings

from kring.languages import SCREENS
from kring_room.cluster.clock import wall_clock
from kring_web.mail import delivery
from kring_web.mail.composing import ComposeError, Envelope, compose

OFF = "KRING_SMTP_URL: set it, and KRING_MAIL_FROM, or no mail can go."
_WHY = {
    delivery.NotSentError: "could not be reached, or could not take it now",
    delivery.RefusedError: "refused it",
    delivery.UnknownError: "closed the connection before it confirmed the mail",
}


def send_test(address: str, language: str, url: str) -> str:
    """Send the test mail; what went wrong in a sentence, or an empty text."""
    if language not in SCREENS:
        return f"There are no mails in {language!r}; choose one of {', '.join(SCREENS)}."
    server, sender = settings.KRING.smtp_url, settings.KRING.mail_from
    if server is None or sender is None:
        return OFF
    try:
        envelope = Envelope(secrets.token_hex(16), sender, address, wall_clock())
        message = compose("test", language, {"address": url}, envelope)
        delivery.deliver(server, sender, address, message)
    except ComposeError as error:
        return str(error)
    except delivery.DeliveryError as error:
        return f"KRING_SMTP_URL: {server.host} {_WHY[type(error)]} ({error.code})."
    return ""
