"""What the rest of the web does with accounts. There are no pages to sign in by yet; this is the ground that they will stand on."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.http import HttpRequest

from kring_room.cluster.clock import wall_clock
from kring_web.accounts.models import User, canonical

Account = User
"""An account, for the apps above, which know it by these services alone."""


class AddressTakenError(Exception):
    """There is an account with this address already."""


def register(email: str, *, language: str = "en", time_zone: str = "UTC") -> User:
    """A new account that nobody can sign in to by a password.

    Raises ``AddressTakenError``, or ``ValidationError`` for what is no address, language or time zone.
    """
    joined_at = wall_clock()
    try:
        with transaction.atomic():
            return User.objects.create_user(email, language=language, time_zone=time_zone, joined_at=joined_at)
    except IntegrityError:
        raise AddressTakenError from None


def find(email: str) -> User | None:
    """The account with this address, however it is written."""
    return User.objects.filter(email=canonical(email)).first()


def signed_in(request: HttpRequest) -> Account | None:
    """Whose session a request comes with."""
    return request.user if isinstance(request.user, User) else None
