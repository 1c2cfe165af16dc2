"""Every app of the web holds what is its own: templates, static files, addresses and tests."""

from __future__ import annotations

from pathlib import Path, PurePath

from tests.architecture import house

WEB = PurePath("src/kring_web")
FILES = [path for path in house.files() if path.is_relative_to(WEB)]


def apps() -> set[str]:
    return {path.relative_to(WEB).parts[0] for path in FILES if len(path.relative_to(WEB).parts) > 1} - {"locale"}


def test_templates_and_static_files_are_found_under_the_name_of_their_app() -> None:
    kept = [path.relative_to(WEB).parts for path in FILES if {"templates", "static"} & set(path.parts)]
    assert kept
    assert [parts for parts in kept if parts[1] not in ("templates", "static") or parts[2] != parts[0]] == []


def test_every_app_has_tests_of_its_own() -> None:
    tests = Path("tests/web")
    tested = {path.relative_to(tests).parts[0] for path in house.files() if path.match("tests/web/*/test_*.py")}
    assert tested == apps()


def test_every_address_is_in_its_apps_own_list() -> None:
    (root,) = [path for path in FILES if path == WEB / "config/urls.py"]
    listed = {path.parts[2] for path in FILES if path.name == "urls.py" and path != root}
    assert {app for app in apps() if f"kring_web.{app}.urls" in house.text(root)} == listed
