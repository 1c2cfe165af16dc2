"""What docs/operations.md shows is run for real: its nginx block before a server, its unit past systemd's own checks."""

from __future__ import annotations

import asyncio
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from kring_client.client import Client
from kring_client.keys import LinkKeys
from tests.cluster.cluster import Proxy
from tests.web.serving import ask, running

PAGE = (Path(__file__).parents[2] / "docs" / "operations.md").read_text("utf-8")
KEYS = LinkKeys(b"k" * 32)
WHERE = "http://127.0.0.1:8000"
HTTP = """
daemon off;
pid nginx.pid;
error_log stderr warn;
events {{ worker_connections 64; }}
http {{
    access_log off;
    client_body_temp_path body;
    proxy_temp_path proxy;
    fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
    server {{
        listen 127.0.0.1:{port};
        {block}
    }}
}}
"""


def shown(kind: str) -> str:
    """The one block of this kind on the page."""
    (block,) = re.findall(rf"```{kind}\n(.*?)```", PAGE, re.DOTALL)
    return str(block)


class PageProxy(Proxy):
    """nginx with what the page shows, before the server at this URL."""

    def __init__(self) -> None:
        super().__init__([])
        self.server = ""

    def prepare(self) -> None:
        """The page's block, with the server's port."""
        super().prepare()
        assert WHERE in shown("nginx")
        block = shown("nginx").replace(WHERE, self.server)
        (self.folder / "nginx.conf").write_text(HTTP.format(port=self.port, block=block), "utf-8")


@pytest.fixture
def proxied(tmp_path: Path) -> Iterator[str]:
    """Where people come in: the page's proxy."""
    proxy = PageProxy()
    token = "a metrics token of this test and of no other"
    try:
        with running(tmp_path, "serve", public=proxy.url, KRING_METRICS_TOKEN=token) as (url, _process):
            proxy.server = url.replace("localhost", "127.0.0.1")
            proxy.start()
            yield proxy.url
    finally:
        proxy.close()


def test_the_proxy_of_the_page_passes_pages_api_and_rooms_and_keeps_the_metrics(proxied: str) -> None:
    meeting = ask(proxied, "/api/meetings", "POST", {"method": "troika"}, origin=proxied).json["meeting"]

    asyncio.run(two_hear_each_other(proxied, meeting))

    assert ask(proxied, "/").status == 200
    assert ask(proxied, "/readyz").json["ready"] is True
    assert ask(proxied, "/metrics", authorization="Bearer a metrics token of this test and of no other").status == 403


async def two_hear_each_other(url: str, meeting: str) -> None:
    async with Client(url, meeting, KEYS) as noor, Client(url, meeting, KEYS) as sam:
        for number, client in enumerate((noor, sam)):
            await client.act({"type": "take-seat", "seat": f"seatnumber{number}"}, {"name": f"canary {number}"})
        while len(noor.view["seats"]) < 2:
            assert await noor.changed(5)
        assert noor.name("seatnumber1") == "canary 1"


def test_the_unit_of_the_page_says_nothing_that_systemd_does_not_know(tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("there is no systemd here to ask")
    program = shutil.which("true")
    unit = shown("ini")
    assert "ExecStart=/opt/kring/bin/kring serve\n" in unit
    made = unit.replace("/opt/kring/bin/kring", str(program)).replace("User=kring", "User=root")
    (tmp_path / "kring.service").write_text(made, "utf-8")

    command = [analyze, "verify", "--man=no", "--recursive-errors=no", str(tmp_path / "kring.service")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)

    assert (done.returncode, done.stderr) == (0, "")
