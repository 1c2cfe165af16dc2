"""An account: an e-mail address, and how its owner wants to be spoken to. No user name, and no password unless one is set."""

from __future__ import annotations

import unicodedata
import zoneinfo
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower

from kring import languages
from kring_web.web import ids


def canonical(email: str) -> str:
    """An address in the one form that is kept: however somebody writes it, it is the same account."""
    return unicodedata.normalize("NFC", email.strip()).lower()


def validate_language(code: str) -> None:
    """Raise ``ValidationError`` for what is none of our languages."""
    if code not in languages.LANGUAGES:
        raise ValidationError("This is none of the languages of Kring.", code="unknown-language")


def validate_time_zone(name: str) -> None:
    """Raise ``ValidationError`` for what the time zone database doesn't know."""
    if name not in zoneinfo.available_timezones():
        raise ValidationError("There is no such time zone.", code="unknown-time-zone")


class UserManager(BaseUserManager["User"]):
    """Makes accounts and finds them."""

    def create_user(self, email: str, password: str | None = None, **more: Any) -> User:  # noqa: ANN401 -- Django's
        """A new account, checked and kept. Without a password nobody can sign in by one. Raises ``IntegrityError``."""
        user = self.model(email=canonical(email), **more)
        user.set_password(password)
        user.full_clean(validate_unique=False, validate_constraints=False)  # saving tells, also of two at once
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        """The account with this address, however it is written."""
        return self.get(email=canonical(username or ""))


class User(AbstractBaseUser):
    """An account. ``id`` is opaque and never reused. ``joined_at``: milliseconds since the epoch, UTC."""

    id = models.CharField(primary_key=True, max_length=ids.LENGTH, default=ids.new_id, editable=False)
    email = models.EmailField(max_length=254, unique=True)
    language = models.CharField(max_length=8, default="en", validators=[validate_language])
    time_zone = models.CharField(max_length=64, default="UTC", validators=[validate_time_zone])
    joined_at = models.BigIntegerField()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = UserManager()

    class Meta:
        """One account an address, whatever wrote it."""

        db_table = "account_user"
        constraints = (models.UniqueConstraint(Lower("email"), name="account_user_email"),)

    def __str__(self) -> str:
        """Its id: an address has no business in a log."""
        return self.id

    def save(self, *args: Any, **named: Any) -> None:  # noqa: ANN401 -- Django's
        """Keep it, with its address in its one form."""
        self.email = canonical(self.email)
        super().save(*args, **named)
