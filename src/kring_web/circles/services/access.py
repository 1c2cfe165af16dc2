"""Who may read what of a circle. To whoever may read nothing there is no such circle."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kring_room.cluster.clock import wall_clock
from kring_web.circles.models import Membership, Visit
from kring_web.web.json_api import Problem

if TYPE_CHECKING:
    from kring_web.accounts.services import Account


def require(account: Account, circle: str, *, visitors: bool = False) -> str:
    """The member that this account is. Raises ``Problem``: ``no-circle`` to strangers, ``not-a-member`` to who only asked.

    ``visitors``: who asked, and who has an invitation's link, may come too; the latter are no member yet: an empty string.
    """
    row = Membership.objects.filter(circle_id=circle, account=account).first()
    if row is not None:
        if row.state != "member" and not visitors:
            raise Problem("not-a-member")
        return row.member
    if not visitors or not Visit.objects.filter(circle_id=circle, account=account, until__gt=wall_clock()).exists():
        raise Problem("no-circle")
    return ""


def visited(account: Account, circle: str) -> str:
    """The invitation by whose link somebody visits a circle: the hash of its entry. Raises ``Problem`` (``no-circle``)."""
    row = Visit.objects.filter(circle_id=circle, account=account, until__gt=wall_clock()).first()
    if row is None:
        raise Problem("no-circle")
    return row.invite
