"""The built client in a page, and static files as they are served."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client

from kring_web.web import assets

pytestmark = pytest.mark.usefixtures("built_client")


def test_without_a_built_client_the_page_says_so(
    visitor: Client, monkeypatch: pytest.MonkeyPatch, meeting: str, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(assets, "read_manifest", lambda _folder: {})
    for path in ("/", f"/m/{meeting}"):
        answer = visitor.get(path)
        assert answer.status_code == 200
        assert "make build" in answer.content.decode()
    assert "client not built" in caplog.text


def test_the_texts_of_the_page_s_language_come_with_the_page_and_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    manifest = {
        "main.ts": {
            "file": "room.js",
            "isEntry": True,
            "name": "room",
            "imports": ["_base"],
            "dynamicImports": ["a/fr.ts"],
        },
        "_base": {"file": "base.js", "dynamicImports": ["b/nl.ts", "b/fr.ts", "c.fr.json", "afr.ts"]},
        "a/fr.ts": {"file": "a-fr.js"},
        "b/nl.ts": {"file": "b-nl.js"},
        "b/fr.ts": {"file": "b-fr.js"},
        "c.fr.json": {"file": "c-fr.js"},
        "afr.ts": {"file": "afr.js"},
    }
    monkeypatch.setattr(assets, "read_manifest", lambda _folder: manifest)
    assert re.findall(r'modulepreload" href="[^"]*/([^"/]+)"', assets.tags("room", "fr").head) == [
        "base.js", "b-fr.js", "c-fr.js", "a-fr.js",
    ]  # fmt: skip
    assert re.findall(r'modulepreload" href="[^"]*/([^"/]+)"', assets.tags("room").head) == ["base.js"]


def test_manifests_are_read_where_vite_puts_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    assert assets.read_manifest(tmp_path) == {}
    (tmp_path / ".vite").mkdir()
    (tmp_path / ".vite" / "manifest.json").write_text('{"a": {"file": "a.js"}}')
    assert assets.read_manifest(tmp_path) == {"a": {"file": "a.js"}}


def test_hashed_files_are_kept_for_a_year_and_compressed(visitor: Client) -> None:
    html = visitor.get("/").content.decode()
    hashed = re.findall(r'"(/static/web/site\.[0-9a-f]{12}\.css)"', html)
    answer = visitor.get(hashed[0], headers={"accept-encoding": "gzip"})
    assert answer.status_code == 200
    assert answer["Content-Encoding"] == "gzip"
    assert "immutable" in answer["Cache-Control"]
    assert "immutable" not in visitor.get("/static/web/site.css")["Cache-Control"]
    font = visitor.get(re.findall(r'"(/static/web/fonts/[^"]+\.woff2)"', html)[0])
    assert font["Content-Type"] == "font/woff2"
    assert font.content[:4] == b"wOF2"


def test_a_client_built_anew_is_served_without_a_restart(
    visitor: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built = tmp_path / "kring" / "assets" / "room-NeW12345.js"
    built.parent.mkdir(parents=True)
    built.write_text("new()", "utf-8")
    (built.parent / "notes.txt").write_text("not hashed", "utf-8")
    monkeypatch.setattr("kring_web.config.static_files.finders.find", lambda name: str(tmp_path / name))

    answer = visitor.get("/static/kring/assets/room-NeW12345.js")

    assert (answer.status_code, answer.content) == (200, b"new()")
    assert "immutable" in answer["Cache-Control"]
    for name in ("assets/../assets/room-NeW12345.js", "assets/notes.txt", "assets/", "../x-AbCdEf12.js"):
        assert visitor.get(f"/static/kring/{name}").status_code == 404


def test_an_unchanged_file_is_not_sent_again(visitor: Client) -> None:
    first = visitor.get("/static/web/site.css")
    again = visitor.get(
        "/static/web/site.css",
        headers={"if-none-match": first.get("ETag", ""), "if-modified-since": first["Last-Modified"]},
    )
    assert (again.status_code, again.content) == (304, b"")
