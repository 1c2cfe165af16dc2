"""The app of circles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import AppConfig
from django.db.models.signals import pre_delete

if TYPE_CHECKING:
    from kring_web.accounts.services import Account


class CirclesConfig(AppConfig):
    """With an account goes what is its own in circles, however it is deleted."""

    name = "kring_web.circles"

    def ready(self) -> None:
        """Listen for that."""
        from kring_web.accounts.services import Account  # noqa: PLC0415 -- models are there only now

        pre_delete.connect(_forget, sender=Account)


def _forget(instance: Account, **_: object) -> None:
    from kring_web.circles.services import accounts  # noqa: PLC0415 -- models are there only now

    accounts.forget(instance)
