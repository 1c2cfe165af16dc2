"""The tags that load the built client in a page, for an entry (``start``, ``room``) of Vite's manifest."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

logger = logging.getLogger(__name__)
FOLDER = "kring"
"""Below the address of the static files."""
BUILT = Path(__file__).resolve().parent / "static" / FOLDER
Manifest = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Tags:
    """``head`` loads an entry; ``error`` is a plain sentence for the operator of a server without a built client."""

    head: SafeString
    error: SafeString


def tags(entry: str, language: str | None = None) -> Tags:
    """Stylesheets, preloads and the module script of an entry; ``language``: the one whose texts it will ask for first."""
    manifest = read_manifest(BUILT)
    chunk = next((chunk for chunk in manifest.values() if chunk.get("isEntry") and chunk.get("name") == entry), None)
    if chunk is None:
        logger.error("client not built", extra={"entry": entry})
        error = format_html('<p class="notice" role="alert">{}</p>', "The client is not built. Run: make build")
        return Tags(SafeString(), error)
    imported = _imported(manifest, chunk)
    texts = _texts(manifest, (*imported, chunk), language) if language else []
    styles = dict.fromkeys(name for part in (*imported, chunk) for name in part.get("css", ()))
    parts = (
        format_html_join("", '<link rel="stylesheet" href="{}">', ((_url(name),) for name in styles)),
        format_html_join(
            "", '<link rel="modulepreload" href="{}">', ((_url(part["file"]),) for part in (*imported, *texts))
        ),
        format_html('<script type="module" src="{}"></script>', _url(chunk["file"])),
    )
    return Tags(SafeString("".join(parts)), SafeString())


def read_manifest(folder: Path) -> Manifest:
    """Vite's manifest, wherever this version of it puts it; empty when the client is not built."""
    for path in (folder / "manifest.json", folder / ".vite" / "manifest.json"):
        if path.is_file():
            return _parse(path, path.stat().st_mtime_ns)
    return {}


@cache
def _parse(path: Path, changed: int) -> Manifest:  # noqa: ARG001 -- a rebuilt client is read anew
    manifest: Manifest = json.loads(path.read_text(encoding="utf-8"))
    return manifest


def _imported(manifest: Manifest, chunk: dict[str, Any]) -> list[dict[str, Any]]:
    """Every chunk that this one imports, once, the deepest first."""
    found: dict[str, dict[str, Any]] = {}

    def visit(part: dict[str, Any]) -> None:
        for key in part.get("imports", ()):
            if key not in found and key in manifest:
                found[key] = manifest[key]
                visit(manifest[key])

    visit(chunk)
    return list(reversed(found.values()))


def _texts(manifest: Manifest, parts: Iterable[dict[str, Any]], language: str) -> list[dict[str, Any]]:
    """The chunks with texts in one language, of all that these parts may ask for: files are named by language."""
    asked = dict.fromkeys(key for part in parts for key in part.get("dynamicImports", ()))
    return [manifest[key] for key in asked if re.search(rf"[/.]{re.escape(language)}\.(ts|json)$", key)]


def _url(name: str) -> str:
    # Vite hashed the name already, and its chunks name each other: Django must not hash it once more.
    return f"{settings.STATIC_URL}{FOLDER}/{name}"
