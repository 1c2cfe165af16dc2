"""A program that keeps a circle, and is killed at each statement of an entry's way into the database; it prints what was there.

The environment says where. For each act: how often it was killed, and whether log, boxes and members were all as before each time.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from typing import TYPE_CHECKING, Any

from kring_web.config.current import environment
from kring_web.config.secret_key import prepare_folder
from kring_web.serving import set_up

prepare_folder(environment())
set_up()

from django.db import connection, connections  # noqa: E402 -- needs the settings

from kring_client.circle import Membership, Step  # noqa: E402 -- with the rest
from kring_web.circles import models  # noqa: E402 -- with the rest
from kring_web.circles.services import logs  # noqa: E402 -- with the rest
from kring_web.circles.shapes import OneBox, OneItem  # noqa: E402 -- with the rest
from kring_web.circles.shapes import Step as Sent  # noqa: E402 -- with the rest
from kring_web.config.migrating import make_tables  # noqa: E402 -- with the rest
from tests.web.circles.people import WebTown, prepared  # noqa: E402 -- with the rest

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from kring_web.accounts.models import User


def there(circle: str) -> list[Any]:
    """All that an entry changes."""
    tables = (models.Circle, models.Entry, models.Box, models.Membership, models.Consent, models.Item)
    found = []
    for table in tables:
        name = "id" if table is models.Circle else "circle_id"
        found.append(sorted(map(repr, table.objects.filter(**{name: circle}).values_list())))
    connections.close_all()
    return found


def killed(account: User, circle: str, sent: Sent, at: int) -> bool:
    """Append in a process of its own that is killed when the database begins the statement with this number."""
    child = os.fork()
    if child == 0:
        connection.ensure_connection()
        left = [at]

        def count(_statement: str) -> None:
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)

        connection.connection.set_trace_callback(count)
        logs.append(account, circle, sent)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def wrapped_anew(circle: str, step: Step) -> tuple[OneItem, ...]:
    """What a circle says of itself, under the key of the epoch that an entry opens: the server sees no difference."""
    epoch = max((one.epoch for one in step.boxes), default=0)
    kept = models.Item.objects.filter(circle_id=circle, kind="about")
    return tuple(OneItem(one.kind, one.id, epoch, b"wrapped anew", one.version) for one in kept if epoch)


async def tried(town: WebTown, who: Membership, name: str, act: Callable[[], Awaitable[object]]) -> dict[str, Any]:
    """An act, killed at each statement in turn until it is done."""
    step, account = await prepared(who, act), town.webs[who.reading.identity.member].account
    assert account
    boxes = tuple(OneBox(one.epoch, one.member, one.gen, one.sealed) for one in step.boxes)
    sent = Sent(step.signed.body, step.signed.signature, boxes, wrapped_anew(who.circle.id, step))
    circle, before, kills, whole = who.circle.id, there(who.circle.id), 0, True
    while killed(account, circle, sent, kills + 1):
        kills += 1
        whole = whole and there(circle) == before
    row = models.Circle.objects.get(id=circle)
    under = {one.epoch for one in models.Item.objects.filter(circle_id=circle) if sent.items}
    done = under <= {one.epoch for one in sent.items}
    done = done and row.head == step.signed.hash and row.length == models.Entry.objects.filter(circle_id=circle).count()
    return {"act": name, "kills": kills, "whole": whole, "done": done}


async def story() -> list[dict[str, Any]]:
    """Letting in, leaving, a new epoch, being let in again: then the circle goes on."""
    town = WebTown()
    anna, bea, cees = await town.circle("anna", "bea", "cees")
    await anna.keep("about", "circle", {"name": "Thursday nurses"})
    await town.asking(anna, "dora")
    found = [await tried(town, anna, "admit", lambda: anna.admit("dora"))]
    await town.meet(anna, bea, cees)
    found.append(await tried(town, cees, "leave", cees.leave))
    await town.meet(anna, bea)
    found.append(await tried(town, bea, "rekey", bea.settle))
    await anna.refresh()
    master = town.master()
    keys, proof = bea.returning(master, 2)
    found.append(await tried(town, anna, "readmit", lambda: anna.readmit("bea", keys, proof)))
    await anna.refresh()
    await anna.keep("note", "after", {"t": "the circle goes on"})
    found.append({"act": "after", "kept": await anna.kept("note")})
    return found


make_tables()
telling = story()
try:
    telling.send(None)
except StopIteration as ended:
    sys.stdout.write(json.dumps(ended.value))
