"""The mail app: registers the job that sends a mail."""

from __future__ import annotations

from django.apps import AppConfig


class MailConfig(AppConfig):
    """Mail."""

    name = "kring_web.mail"
    label = "mail"

    def ready(self) -> None:
        """Register the job, the test mail, and the cleanup."""
        from kring_web.jobs import services as jobs  # noqa: PLC0415 -- models are there only now
        from kring_web.mail import services  # noqa: PLC0415 -- models are there only now

        jobs.register(jobs.Kind(services.SEND, services.send, atomic=False))
        services.register(services.MailKind("test", fields=frozenset({"address"})))
        jobs.register_cleanup(services.delete_old)
