"""What is kept of circles and of people's keyrings. All that people wrote is sealed; names, rules and purposes among it.

Times are milliseconds since the epoch, UTC. A member's id is theirs in one circle alone, and only here it stands beside an account.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Keyring(models.Model):  # noqa: DJ008 -- no screen shows it
    """An account's keyring: the ``generation`` of its master key, and the Ed25519 public key that follows from it.

    ``former``: the master keys before it, sealed under it.
    """

    account = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="+")
    generation = models.IntegerField()
    sign = models.BinaryField()
    former = models.BinaryField(default=b"")

    class Meta:
        """A table of its own."""

        db_table = "circle_keyring"


class Earlier(models.Model):  # noqa: DJ008 -- no screen shows it
    """A keyring that was given up without the signature of its key, which can put it back until ``until``. ``locks``: JSON."""

    account = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="+")
    generation = models.IntegerField()
    sign = models.BinaryField()
    former = models.BinaryField()
    locks = models.BinaryField()
    until = models.BigIntegerField()

    class Meta:
        """A table of its own."""

        db_table = "circle_earlier"


class Lock(models.Model):  # noqa: DJ008 -- no screen shows it
    """One lock that holds the master key. ``lock``: its id, of its owner's making; ``ends_at``: when it is to go, if it is."""

    pk = models.CompositePrimaryKey("keyring", "lock")
    keyring = models.ForeignKey(Keyring, models.CASCADE, related_name="locks")
    lock = models.TextField()
    kind = models.TextField()
    head = models.BinaryField()
    sealed = models.BinaryField()
    created_at = models.BigIntegerField(default=0)
    ends_at = models.BigIntegerField(null=True)

    class Meta:
        """A table of its own."""

        db_table = "circle_lock"


class Circle(models.Model):  # noqa: DJ008 -- no screen shows it
    """A circle. ``id``: the hash of its first entry; ``length``, ``head``: of its log."""

    id = models.TextField(primary_key=True)
    length = models.IntegerField()
    head = models.TextField()

    class Meta:
        """A table of its own."""

        db_table = "circle"


class Entry(models.Model):  # noqa: DJ008 -- no screen shows it
    """An entry of a log: the exact bytes that were signed."""

    pk = models.CompositePrimaryKey("circle", "n")
    circle = models.ForeignKey(Circle, models.CASCADE, related_name="entries")
    n = models.IntegerField()
    body = models.BinaryField()
    signature = models.BinaryField()

    class Meta:
        """A table of its own."""

        db_table = "circle_entry"


class Box(models.Model):  # noqa: DJ008 -- no screen shows it
    """A box that came with entry ``n``."""

    pk = models.CompositePrimaryKey("circle", "n", "epoch", "member", "gen")
    circle = models.ForeignKey(Circle, models.CASCADE, related_name="boxes")
    n = models.IntegerField()
    epoch = models.IntegerField()
    member = models.TextField()
    gen = models.IntegerField()
    sealed = models.BinaryField()

    class Meta:
        """A table of its own."""

        db_table = "circle_box"


class Membership(models.Model):  # noqa: DJ008 -- no screen shows it
    """Whose account a member's id is; gone with the account. ``state``: ``asked`` or ``member``; who left has no row."""

    pk = models.CompositePrimaryKey("circle", "member")
    circle = models.ForeignKey(Circle, models.CASCADE, related_name="memberships")
    member = models.TextField()
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    state = models.TextField()

    class Meta:
        """Nobody is in a circle twice."""

        db_table = "circle_membership"
        constraints = (models.UniqueConstraint(fields=("account", "circle"), name="circle_membership_account"),)


class Visit(models.Model):  # noqa: DJ008 -- no screen shows it
    """Somebody who showed that they have the link of an invitation, and may read the log until ``until``.

    ``invite``: the hash of the invitation's entry.
    """

    pk = models.CompositePrimaryKey("circle", "account")
    circle = models.ForeignKey(Circle, models.CASCADE, related_name="visits")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    invite = models.TextField(default="")
    until = models.BigIntegerField()

    class Meta:
        """A table of its own."""

        db_table = "circle_visit"


class Consent(models.Model):  # noqa: DJ008 -- no screen shows it
    """A consent that waits for the entry that will carry it. ``hash``: of its bytes; ``by``: whose it is."""

    pk = models.CompositePrimaryKey("circle", "hash")
    circle = models.ForeignKey(Circle, models.CASCADE, related_name="consents")
    hash = models.TextField()
    by = models.TextField()
    body = models.BinaryField()
    signature = models.BinaryField()
    until = models.BigIntegerField()

    class Meta:
        """A table of its own."""

        db_table = "circle_consent"


class Item(models.Model):  # noqa: DJ008 -- no screen shows it
    """A sealed thing of a circle. ``by``: the member who sealed it; ``version``: how often it, or its key, was sealed."""

    pk = models.CompositePrimaryKey("circle", "kind", "id")
    circle = models.ForeignKey(Circle, models.CASCADE, related_name="items")
    kind = models.TextField()
    id = models.TextField()
    by = models.TextField()
    epoch = models.IntegerField()
    wrap = models.BinaryField()
    body = models.TextField()
    version = models.IntegerField()

    class Meta:
        """A table of its own."""

        db_table = "circle_item"
