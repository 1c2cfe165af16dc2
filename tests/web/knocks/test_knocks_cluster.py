"""A knock over two nodes and PostgreSQL, behind a proxy that sends each request to another: one row decides."""

from __future__ import annotations

import asyncio
import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest

from kring.methods import library
from kring_client.client import Client, new_id
from kring_client.keys import LinkKeys
from kring_client.voice import Fellow, Newcomer
from tests.cluster.cluster import Cluster

KEY = b"k" * 32


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with Cluster(durable=False) as running:
        yield running


def ask(cluster: Cluster, path: str, **body: object) -> Any:
    request = urllib.request.Request(  # noqa: S310 -- our own server's
        f"{cluster.url}{path}", json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 -- as above
            return json.load(answer)
    except urllib.error.HTTPError as error:
        return json.load(error)


async def test_a_key_goes_over_though_each_request_comes_to_another_node(cluster: Cluster) -> None:
    meeting = await asyncio.to_thread(cluster.meetings.open_meeting, library.load("linxx-9"))
    async with Client(cluster.url, meeting, LinkKeys(KEY)) as noor:
        await noor.act({"type": "take-seat", "seat": "snoor5v8k2qa"}, {"name": "Noor"})
        inside = {"device_token": noor.device_token}
        path = f"/api/meetings/{meeting}"

        async def asked(path: str, **body: object) -> Any:
            return await asyncio.to_thread(ask, cluster, path, **body)

        code = (await asked(f"{path}/code", **inside))["code"]
        assert {(await asked(f"{path}/code", **inside))["code"] for _ in range(4)} == {code}
        people = [Newcomer("meeting", new_id()) for _ in range(8)]
        answers = await asyncio.gather(*(asked("/api/knocks", code=code, message=one.begin()) for one in people))
        assert sorted(one.get("code", "in") for one in answers) == ["in"] * 3 + ["too-many-knocks"] * 5

        sam, knock = next((one, said) for one, said in zip(people, answers, strict=True) if "knock" in said)
        mine, his = f"{path}/knocks/{knock['knock']}", f"/api/knocks/{knock['knock']}"
        waiting = (await asked(f"{path}/knocks", **inside))["knocks"]
        (first,) = [one for one in waiting if one["knock"] == knock["knock"]]
        fellow = Fellow(meeting, "snoor5v8k2qa", key=KEY)
        await asked(mine, **inside, message=fellow.receive(first["message"]))
        (answer,) = (await asked(his, secret=knock["secret"], since=1))["messages"]
        reveal = sam.receive(answer)
        await asked(his, secret=knock["secret"], since=2, message=reveal)
        (heard,) = (await asked(mine, **inside, since=2))["messages"]
        fellow.receive(heard)
        assert fellow.type(sam.nine) == "right"
        _, typed = sam.type(fellow.six)
        await asked(his, secret=knock["secret"], since=3, message=typed)
        (heard,) = (await asked(mine, **inside, since=3))["messages"]
        await asked(mine, **inside, since=4, message=fellow.receive(heard))
        (box,) = (await asked(his, secret=knock["secret"], since=4))["messages"]
        assert sam.receive(box) == KEY

        await noor.act({"type": "close-doors"})
        assert await asked("/api/knocks", code=code, message=Newcomer("meeting", "n1").begin()) == {
            "code": "wrong-code"
        }
        assert await asked(f"{path}/code", **inside) == {"code": "doors-closed"}
