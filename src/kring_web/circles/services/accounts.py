"""What goes with an account: who it was in its circles, how it was called there, its consents that wait, and its keyring.

The logs stay whole: no entry says whose account a member is. A circle that nobody is left to open goes with its last account.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from kring_web.circles.models import Circle, Consent, Item, Membership
from kring_web.circles.services.items import MEMBER

if TYPE_CHECKING:
    from kring_web.accounts.services import Account


def forget(account: Account) -> None:
    """Delete what is somebody's own; the rows that name the account go with it by themselves."""
    with transaction.atomic():
        for circle, member in Membership.objects.filter(account=account).values_list("circle_id", "member"):
            Consent.objects.filter(circle_id=circle, by=member).delete()
            Item.objects.filter(circle_id=circle, kind=MEMBER, id=member).delete()
            others = Membership.objects.filter(circle_id=circle, state="member").exclude(account=account)
            if not others.exists():
                Circle.objects.filter(id=circle).delete()
