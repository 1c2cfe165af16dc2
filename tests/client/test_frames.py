"""Every frame of a whole meeting between this client and the real room, against the schema that both are told by."""

from __future__ import annotations

import asyncio
import copy
import functools
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from websockets.asyncio.client import ClientConnection

from kring.methods import library
from kring.methods.model import Method
from kring_client import client as client_module
from kring_client.client import Client, Refused, new_id
from kring_client.colleagues import Config, Group
from kring_client.encoding import encode
from kring_client.keys import LinkKeys
from kring_client.tickets import Ticket
from kring_room import tickets
from kring_room.cluster.clock import wall_clock
from kring_room.settings import Rate
from tests.room.support import SECRET, Running

KEY = bytes(range(32))
SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "protocol.schema.json").read_text("utf-8"))
UNHURRIED = Rate(10_000, 10_000)


def _strict(node: Any) -> Any:
    """The same schema, with no field allowed that it does not name: newer clients may meet such, these two may not."""
    if isinstance(node, list):
        return [_strict(one) for one in node]
    if not isinstance(node, dict):
        return node
    closed = {"additionalProperties": False} if "properties" in node else {}
    return {**closed, **{key: _strict(value) for key, value in node.items()}}


class Recording(ClientConnection):
    """A line that keeps what goes over it."""

    sent: list[Any]
    heard: list[Any]

    async def send(self, message: Any, *, text: bool | None = None) -> None:
        self.sent.append(message)
        await super().send(message, text=text)

    async def recv(self, decode: bool | None = None) -> Any:
        message = await super().recv(decode)
        self.heard.append(message)
        return message


@pytest.fixture
def frames(monkeypatch: pytest.MonkeyPatch) -> type[Recording]:
    """Lines of this test keep what goes over them."""
    kept: type[Recording] = type("Kept", (Recording,), {"sent": [], "heard": []})
    monkeypatch.setattr(client_module, "_Direct", functools.partial(client_module._Direct, create_connection=kept))

    async def fetch_ticket(_url: str, meeting: str, token: str | None, *, table: bool, **_: str) -> Ticket:
        device = token or new_id()
        ticket = tickets.sign_ticket(SECRET, meeting=meeting, device=device, now=wall_clock(), table=table)
        return Ticket(ticket, device, f"/room/{meeting}")

    monkeypatch.setattr(client_module, "fetch_ticket", fetch_ticket)
    return kept


async def _play(room: Running, meeting: str, method: Method) -> list[str]:
    """A meeting, sixty times as fast, with a line that breaks, a thing that is refused, and a table screen."""
    url = f"ws://127.0.0.1:{room.port}"
    config = Config(
        url, meeting, encode(KEY), seats=method.group.min, newcomer="nobody", language="nl", pace=0.002, patience=20
    )
    group = Group(config, method)
    first = group.colleagues[0].client
    async with Client(url, meeting, LinkKeys(KEY), table=True) as table:
        playing = asyncio.create_task(group.play())
        while len(table.view["seats"]) < group.count:
            await table.changed(5)
        await first.act({"type": "speed", "factor": 60})
        with pytest.raises(Refused, match="already-seated"):
            await first.act({"type": "take-seat", "seat": new_id()}, {"name": "Nog een keer"})
        assert first._connection is not None
        first._connection.transport.abort()
        return await playing


@pytest.mark.parametrize("name", ["linxx-9", "leading-org-7", "tietze-6"])
async def test_every_frame_fits_the_schema(name: str, frames: type[Recording], tmp_path: Path) -> None:
    method = library.load(name)
    room = await Running(tmp_path, method=method, commands=UNHURRIED).start()
    try:
        ends = await _play(room, room.open_meeting(practice=True), method)
    finally:
        await room.close()

    assert ends == ["done"] * method.group.min
    for told, said, kinds in (
        ("Received", frames.sent, {"hello", "do"}),
        ("Sent", frames.heard, {"welcome", "facts", "done", "refused"}),
    ):
        validator = jsonschema.Draft202012Validator(
            _strict(copy.deepcopy(SCHEMA) | {"oneOf": [{"$ref": f"#/$defs/{told}"}]})
        )
        messages = [json.loads(frame) for frame in said]
        for message in messages:
            validator.validate(message)
        # Whoever waited a while before they sat down was a visitor, of whom the others were told.
        assert {message["type"] for message in messages} - {"devices"} == kinds
    welcomes = [message for message in map(json.loads, frames.heard) if message["type"] == "welcome"]
    assert any(message.get("facts") for message in welcomes), "the line that broke came back with what was missed"
