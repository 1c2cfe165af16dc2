"""A program that fills every table, copies everything, changes it all, and puts the copy back; it prints all before and after.

The environment says where: a data folder, or a PostgreSQL. A model with a kind of field that is not known here ends it with a word.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from kring.meeting import INITIAL, evolve, snapshot, upcasting
from kring.methods import library
from kring_room import adapters
from kring_room.meetings import Meetings
from kring_room.store.backup import BackupError
from kring_room.store.port import Answer, Body, Device, FeedRow, Removal, Write
from kring_web.config.current import environment
from kring_web.config.secret_key import prepare_folder
from kring_web.serving import set_up

prepare_folder(environment())
set_up()

from django.apps import apps  # noqa: E402 -- needs the settings
from django.contrib.contenttypes.models import ContentType  # noqa: E402 -- with the rest
from django.db import connections, models, router  # noqa: E402 -- with the rest

from kring_web import backup  # noqa: E402 -- with the rest
from kring_web.config.migrating import make_tables  # noqa: E402 -- with the rest

SAID: dict[str, dict[str, Any]] = {
    "job_hold": {"id": 1},
    "job": {"state": "waiting"},
    "mail": {"state": "queued", "private": False},
}
"""What constraints ask for, by table."""


def value(field: models.Field[Any, Any], number: int) -> Any:
    """Something that is not the default, and the same again in no other row."""
    match field:
        case models.ForeignKey():
            if field.related_model is ContentType:
                return ContentType.objects.order_by("pk")[0].pk
            return made(field.related_model, number + 500).pk
        case models.EmailField():
            return f"somebody{number}@example.org"
        case models.CharField() | models.TextField():
            return f"é {field.name} {number}"[: field.max_length or 99]
        case models.BinaryField():
            return b"\0\xff" + number.to_bytes(4, "big")
        case models.BooleanField():
            return True
        case models.IntegerField():
            return 1000 + number
        case models.DateTimeField():
            return dt.datetime(2026, 11, 29, 12, 30, 15, 123456 + number, dt.UTC)
        case models.JSONField():
            return {"number": [number, None, "é"]}
    message = f"{field}: tell tests/web/everything.py what to put in a {type(field).__name__}"
    raise AssertionError(message)


def made(model: type[models.Model], number: int, **more: Any) -> models.Model:
    """A row of this model."""
    fields = [one for one in model._meta.concrete_fields if not isinstance(one, models.CompositePrimaryKey)]
    values = {one.attname: value(one, number) for one in fields} | SAID.get(model._meta.db_table, {}) | more
    row = model(**values)
    row.save_base(raw=True, using=router.db_for_write(model), force_insert=True)
    return row


async def meet() -> None:
    """Something in each of the room's tables."""
    where = environment().store
    meeting = Meetings(where).open_meeting(library.load("troika"))
    store = adapters.store_of(where, create=False)
    await store.start()
    loaded = await store.load(meeting, whole=True)
    assert loaded
    state = INITIAL
    for event in loaded.events:
        state = evolve(state, upcasting.upcast(event.version, event.body))
    body, device = Body("content1", "seat0001", b"\1" + b"sealed" * 9), Device("device01", table=True)
    answer, told = Answer("device01", "command1"), FeedRow(5, 1, b"{}")
    await store.append(
        Write(
            meeting, 1, bodies=(body,), devices=(device,), answer=answer, snapshot=snapshot.encode(state), feed=(told,)
        )
    )
    await store.stop()
    await asyncio.to_thread(adapters.ask_removal, where, Removal(meeting, "member01", 5))


def shown(cell: Any) -> Any:
    return bytes(cell).hex() if isinstance(cell, bytes | memoryview) else str(cell)


def all_rows(found: Iterable[type[models.Model]]) -> dict[str, list[Any]]:
    """Every table whole."""
    dumped = {}
    for model in found:
        names = [one.attname for one in model._meta.concrete_fields if not isinstance(one, models.CompositePrimaryKey)]
        rows: Iterable[Any] = models.QuerySet(model).using(router.db_for_read(model)).values_list(*names)
        dumped[model._meta.db_table] = sorted([shown(cell) for cell in row] for row in rows)
    return dumped


make_tables()
every = [one for one in apps.get_models(include_auto_created=True) if one._meta.managed and not one._meta.proxy]
asyncio.run(meet())
for at, one in enumerate(backup.own_models(), 1):
    if one is not ContentType:  # Django fills it, and permissions are about what is in it
        made(one, at)
made(apps.get_model("mail", "Mail"), 99, private=True)
before = all_rows(every)
with tempfile.TemporaryDirectory() as folder:
    connections.close_all()
    backup.copy(environment(), Path(folder))
    held = backup.check(Path(folder))
    asyncio.run(meet())
    for at, one in enumerate(backup.own_models(), 101):
        if one is not ContentType and one._meta.db_table != "job_hold":
            made(one, at)
    changed = all_rows(every)
    connections.close_all()
    refused = ""
    try:
        backup.restore(Path(folder), environment(), [], replace=False, now=0)
    except BackupError as error:
        refused = str(error)
    connections.close_all()
    backup.restore(Path(folder), environment(), [], replace=True, now=0)
after = all_rows(every)
asyncio.run(meet())  # and it takes new ones
for at, one in enumerate(backup.own_models(), 201):
    if isinstance(one._meta.pk, models.AutoField) and one._meta.db_table == "job":
        models.QuerySet(one).create(kind="later", subject="x", due_at=at)
connections.close_all()
said = {"before": before, "changed": changed, "after": after, "rows": held[1], "refused": refused}
sys.stdout.write(json.dumps(said))
