"""The app tells the jobs what sending a mail is."""

from __future__ import annotations

from django.apps import AppConfig


class MailConfig(AppConfig):
    """Mail."""

    name = "kring_web.mail"
    label = "mail"

    def ready(self) -> None:
        """Register the kind of job, and the mail that tries the settings."""
        from kring_web.jobs import services as jobs  # noqa: PLC0415 -- models are there only now
        from kring_web.mail import services  # noqa: PLC0415 -- models are there only now

        jobs.register(jobs.Kind(services.SEND, services.send, atomic=False))
        services.register(services.MailKind("test", fields=frozenset({"address"})))
        jobs.register_cleanup(services.delete_old)
