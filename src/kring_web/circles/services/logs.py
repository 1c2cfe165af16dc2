"""Circles on the server: an entry goes in where ``kring.circle`` takes it, with its boxes, in one transaction, or not at all.

Who may read what: the log is for members, for who asked to join, and for an hour for who showed an invitation's link; all else
is for members. To everybody else there is no such circle. Whoever left reads nothing more. What is sealed is never looked into.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final, Literal, cast

from django.db import IntegrityError, transaction

from kring.circle import Broken, begin, check_boxes, follow
from kring.circle import entries as e
from kring.circle.log import SLACK
from kring.circle.state import DAY
from kring_room.cluster.clock import wall_clock
from kring_web.circles import shapes as s
from kring_web.circles.folding import remember
from kring_web.circles.models import Box, Circle, Consent, Entry, Membership, Visit
from kring_web.circles.services import items
from kring_web.circles.services.access import require
from kring_web.circles.services.states import folded_now, locked
from kring_web.circles.signatures import verify
from kring_web.web.json_api import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kring.circle import Circle as Folded
    from kring_web.accounts.services import Account

State = Literal["asked", "member"]
PAGE: Final = 200
"""Entries that are given at once."""
MOST_ENTRIES: Final = 20_000
MOST_MEMBERS: Final = 50
MOST_CONSENTS: Final = 200
MOST_CIRCLES: Final = 100
"""Circles that somebody is in."""
VISIT: Final = DAY // 24


def circles_of(account: Account) -> s.Circles:
    """The circles that somebody is in, or asked to join."""
    rows = Membership.objects.filter(account=account).order_by("circle_id").select_related("circle")
    mine = ((one.circle, one.member, cast("State", one.state)) for one in rows)
    return s.Circles([s.Mine(circle.id, member, state, circle.length, circle.head) for circle, member, state in mine])


def found(account: Account, new: s.Step) -> s.Appended:
    """Keep a circle's first entry. Raises ``Problem``; the same one again is kept already."""
    signed, boxes = _parts(new)
    now = wall_clock()
    try:
        circle = begin(signed, verify=verify, now=now)
        entry = e.read(signed.body)
        check_boxes(circle, entry, boxes)
    except Broken:
        raise Problem("entry-refused") from None
    if Membership.objects.filter(account=account).count() >= MOST_CIRCLES:
        raise Problem("circle-full")
    try:
        with transaction.atomic():
            Circle.objects.create(id=circle.id, length=1, head=circle.head)
            Membership.objects.create(circle_id=circle.id, member=entry.by, account=account, state="member")
            _keep(circle.id, 0, signed, boxes)
            items.put_all(circle, entry.by, new.items)
    except IntegrityError:
        if not Membership.objects.filter(circle_id=circle.id, account=account).exists():
            raise Problem("entry-refused") from None
    remember(circle)
    return s.Appended(circle.id, 0)


def log(account: Account, circle: str, since: int) -> s.Log:
    """The entries from number ``since`` on, with all their boxes."""
    require(account, circle, visitors=True)
    row = Circle.objects.filter(id=circle).first()
    if row is None:  # gone just now
        raise Problem("no-circle")
    until = min(since + PAGE, row.length)  # what came since would not lead to this head
    entries = Entry.objects.filter(circle_id=circle, n__gte=since, n__lt=until).order_by("n")
    boxes: dict[int, list[s.OneBox]] = {}
    for box in Box.objects.filter(circle_id=circle, n__gte=since, n__lt=until).order_by("n", "epoch", "member"):
        boxes.setdefault(box.n, []).append(s.OneBox(box.epoch, box.member, box.gen, bytes(box.sealed)))
    kept = [s.OneEntry(bytes(one.body), bytes(one.signature), tuple(boxes.get(one.n, ()))) for one in entries]
    return s.Log(kept, row.length, row.head)


def append(account: Account, circle: str, new: s.Step) -> s.Appended:
    """Keep a further entry, and the things that change with it.

    Raises ``Problem``: ``log-moved`` where another entry came first, ``item-moved``, ``epoch-moved``; the same one again is kept
    already.
    """
    require(account, circle, visitors=True)
    signed, boxes = _parts(new)
    try:
        entry = e.read(signed.body)
    except ValueError:
        raise Problem("entry-refused") from None
    with transaction.atomic():
        row = locked(circle)
        kept = Entry.objects.filter(circle_id=circle, n=entry.n).first()
        if kept is not None and bytes(kept.body) == signed.body:
            return s.Appended(circle, entry.n)
        if entry.n != row.length or entry.prev != row.head:
            raise Problem("log-moved")
        if row.length >= MOST_ENTRIES:
            raise Problem("circle-full")
        after = _follow(account, row, signed, entry, boxes)
        _keep(circle, entry.n, signed, boxes)
        row.length, row.head = entry.n + 1, after.head
        row.save()
        _tidy(account, after, entry)
        items.put_all(after, entry.by, new.items)
        items.tidy(after, entry.at)
        if not after.members:  # nobody can come back to it
            row.delete()
    remember(after)
    return s.Appended(circle, entry.n)


def visit(account: Account, circle: str, shown: s.Visiting) -> s.Until:
    """Let somebody read the log who shows that they have an invitation's link. Raises ``Problem`` (``no-circle``)."""
    now = wall_clock()
    row = Circle.objects.filter(id=circle).first()
    good = row is not None and abs(shown.at - now) <= SLACK
    if not good or row is None or not verify(shown.seed, shown.signature, visit_text(circle, account.pk, shown.at)):
        raise Problem("no-circle")
    invitations = folded_now(row, now).invitations
    invite = next((one.entry for one in invitations if one.seed == shown.seed and one.until > now), None)
    if invite is None:
        raise Problem("no-circle")
    until = now + VISIT
    Visit.objects.update_or_create(circle=row, account=account, defaults={"until": until, "invite": invite})
    return s.Until(until)


def visit_text(circle: str, account: str, at: int) -> bytes:
    """What the seed of an invitation signs, so that its holder may read the log."""
    return f"kring/2 visit\n{circle}\n{account}\n{at}".encode()


def consents(account: Account, circle: str) -> s.Consents:
    """The consents that wait for an entry to carry them."""
    require(account, circle)
    waiting = Consent.objects.filter(circle_id=circle, until__gt=wall_clock()).order_by("hash")
    return s.Consents([s.OneConsent(bytes(one.body), bytes(one.signature)) for one in waiting])


def consent(account: Account, circle: str, new: s.OneConsent) -> s.Done:
    """Keep a consent of one's own until an entry carries it. Which it is good for, clients and entries decide."""
    member, now = require(account, circle), wall_clock()
    until = now + 15 * DAY
    with transaction.atomic():
        Consent.objects.filter(circle_id=circle, until__lte=now).delete()
        if Consent.objects.filter(circle_id=circle, by=member).count() >= MOST_CONSENTS:
            raise Problem("circle-full")
        Consent.objects.update_or_create(
            circle_id=circle,
            hash=hashlib.sha256(new.body).hexdigest(),
            defaults={"by": member, "body": new.body, "signature": new.signature, "until": until},
        )
    return s.Done()


def withdraw(account: Account, circle: str, body: bytes) -> s.Done:
    """Take back a consent of one's own."""
    member = require(account, circle)
    Consent.objects.filter(circle_id=circle, by=member, hash=hashlib.sha256(body).hexdigest()).delete()
    return s.Done()


def _parts(new: s.Step) -> tuple[e.Signed, tuple[e.Box, ...]]:
    boxes = tuple(e.Box(one.epoch, one.member, one.gen, one.box) for one in new.boxes)
    return e.Signed(new.entry, new.signature), boxes


def _follow(account: Account, row: Circle, signed: e.Signed, entry: e.Entry, boxes: tuple[e.Box, ...]) -> Folded:
    """The circle after an entry of this account's own. Raises ``Problem``."""
    mine = Membership.objects.filter(circle_id=row.id, account=account).first()
    joins = isinstance(entry.what, e.Join)
    if (joins and mine is not None) or (not joins and (mine is None or mine.member != entry.by)):
        raise Problem("entry-refused")
    now = wall_clock()
    try:
        after = follow(folded_now(row, now), signed, verify=verify, now=now)
        if boxes or hasattr(entry.what, "boxes"):
            check_boxes(after, entry, boxes)
    except Broken:
        raise Problem("entry-refused") from None
    if len(after.members) + len(after.applicants) > MOST_MEMBERS and joins:
        raise Problem("circle-full")
    return after


def _keep(circle: str, n: int, signed: e.Signed, boxes: Iterable[e.Box]) -> None:
    Entry.objects.create(circle_id=circle, n=n, body=signed.body, signature=signed.signature)
    Box.objects.bulk_create(
        Box(circle_id=circle, n=n, epoch=one.epoch, member=one.member, gen=one.gen, sealed=one.sealed) for one in boxes
    )


def _tidy(account: Account, after: Folded, entry: e.Entry) -> None:
    """Who belongs to the circle is what the log says; a consent that was counted waits no more."""
    rows = Membership.objects.filter(circle_id=after.id)
    if isinstance(entry.what, e.Join):
        Membership.objects.create(circle_id=after.id, member=entry.by, account=account, state="asked")
        Visit.objects.filter(circle_id=after.id, account=account).delete()
    members = [one.id for one in after.members]
    rows.filter(member__in=members, state="asked").update(state="member")
    rows.exclude(member__in=[*members, *(one.id for one in after.applicants)]).delete()
    given = getattr(entry.what, "consents", ())
    Consent.objects.filter(
        circle_id=after.id, hash__in=[hashlib.sha256(one.body).hexdigest() for one in given]
    ).delete()
