"""The sealed things of a circle. The server looks at whose each is and under which epoch, and at nothing in it.

``about`` is the circle's own: any member may seal it anew. All else belongs to who sealed it; who takes care of the circle may
delete it too. Whoever opens an epoch wraps the keys of what all read by it, whoever sealed that. An ``invitation`` is for its one
guest, under a key from the link, and goes with the invitation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.db.models import Count

from kring_room.cluster.clock import wall_clock
from kring_web.circles import shapes as s
from kring_web.circles.models import Item, Membership
from kring_web.circles.services.access import require, visited
from kring_web.circles.services.states import folded_now, locked
from kring_web.web.json_api import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kring.circle import Circle as Folded
    from kring_web.accounts.services import Account

MOST_ITEMS: Final = 5_000
MOST_OF_A_KIND: Final = 500
"""Since they are given all at once."""
ABOUT: Final = "about"
"""What a circle says of itself."""
MEMBER: Final = "member"
"""How a member is called; its id is the member's."""
INVITATION: Final = "invitation"
"""What an invited person reads before they accept; its id is the hash of the invitation's entry, and its epoch is 0."""
FOR_ALL: Final = (ABOUT, MEMBER)


def items(account: Account, circle: str, kind: str) -> s.Items:
    """What a circle keeps of a kind: for members; of an invitation, for whoever has its link."""
    rows = Item.objects.filter(circle_id=circle, kind=kind).order_by("id")
    if kind == INVITATION and not Membership.objects.filter(circle_id=circle, account=account).exists():
        rows = rows.filter(id=visited(account, circle))
    else:
        require(account, circle)
    return s.Items(
        [s.KeptItem(one.kind, one.id, one.by, one.epoch, bytes(one.wrap), one.body, one.version) for one in rows]
    )


def put(account: Account, circle: str, new: s.OneItem) -> s.Version:
    """Keep a thing. Raises ``Problem``: ``item-moved`` where it was sealed anew meanwhile, ``epoch-moved``, ``not-yours``."""
    member = require(account, circle)
    with transaction.atomic():
        row = locked(circle)
        put_all(folded_now(row, wall_clock()), member, [new])
    return s.Version(new.version + 1)


def put_all(circle: Folded, member: str, new: Iterable[s.OneItem]) -> None:
    """Keep several things, in the caller's transaction. Raises ``Problem``."""
    new = tuple(new)
    if not new:
        return
    if circle.member(member) is None:  # who asks to join, or leaves
        raise Problem("not-yours")
    kept = {(one.kind, one.id): one for one in Item.objects.filter(circle_id=circle.id, id__in={one.id for one in new})}
    for one in new:
        row = kept.get((one.kind, one.id))
        if (row.version if row else 0) != one.version or (row is None and one.body is None):
            raise Problem("item-moved")
        _allowed(circle, member, one, row)
        kept[one.kind, one.id] = _sealed(circle.id, member, one, row)
    rows = [kept[one.kind, one.id] for one in new]
    Item.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["circle", "kind", "id"],
        update_fields=["by", "epoch", "wrap", "body", "version"],
    )  # fmt: skip
    counts = dict(Item.objects.filter(circle_id=circle.id).values_list("kind").annotate(Count("id")))
    if sum(counts.values()) > MOST_ITEMS or max(counts.values()) > MOST_OF_A_KIND:
        raise Problem("circle-full")


def forget(account: Account, circle: str, which: s.Which) -> s.Done:
    """Delete a thing of mine, or whatever it is if I take care of the circle; its key goes with it. Raises ``Problem``."""
    member = require(account, circle)
    with transaction.atomic():
        row = locked(circle)
        item = Item.objects.filter(circle_id=circle, kind=which.kind, id=which.id).first()
        if item is not None and item.by != member and folded_now(row, wall_clock()).carer != member:
            raise Problem("not-yours")
        if item is not None:
            item.delete()
    return s.Done()


def tidy(circle: Folded, at: int) -> None:
    """Let go of what was for people who are gone: their names, and invitations that are over at ``at``."""
    rows = Item.objects.filter(circle_id=circle.id)
    rows.filter(kind=MEMBER).exclude(id__in=[one.id for one in circle.members]).delete()
    rows.filter(kind=INVITATION).exclude(id__in=_open(circle, at)).delete()


def _open(circle: Folded, at: int) -> list[str]:
    return [one.entry for one in circle.invitations if one.until >= at]


def _allowed(circle: Folded, member: str, new: s.OneItem, row: Item | None) -> None:
    """Whose it is, and under which epoch. Raises ``Problem``."""
    owner = new.id if new.kind == MEMBER else row.by if row else member
    shared = new.kind == ABOUT or (new.body is None and new.kind in FOR_ALL)
    if not shared and owner != member:
        raise Problem("not-yours")
    if new.kind == INVITATION:
        if new.epoch or new.id not in _open(circle, wall_clock()):
            raise Problem("epoch-moved")
    elif new.epoch != circle.epoch.number:
        raise Problem("epoch-moved")


def _sealed(circle: str, member: str, new: s.OneItem, row: Item | None) -> Item:
    by, body = (row.by, row.body) if row and new.body is None else (member, new.body or "")
    return Item(
        circle_id=circle, kind=new.kind, id=new.id, by=by, epoch=new.epoch, wrap=new.wrap, body=body,
        version=new.version + 1,
    )  # fmt: skip
