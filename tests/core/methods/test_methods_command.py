"""``kring methods`` lists, shows and checks, and its exit code tells whether something is wrong."""

from __future__ import annotations

import argparse
from pathlib import Path

import msgspec
import pytest

from kring.methods import library
from kring.methods.model import Method
from kring_command import methods_command
from tests.core.methods.mistakes import GOOD, HERE


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    methods_command.add_parser(parser.add_subparsers())
    args = parser.parse_args(["methods", *words])
    return int(args.run(args))


def test_list_names_every_method(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("list", "--language", "nl") == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == list(library.names())


@pytest.mark.parametrize("name", library.names())
def test_show_tells_every_phase(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("show", name) == 0
    told = capsys.readouterr().out
    assert all(phase.id in told for phase in library.load(name).round)


def test_show_as_json_is_the_whole_method(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("show", "troika", "--json") == 0
    assert msgspec.json.decode(capsys.readouterr().out, type=Method) == library.load("troika")


def test_show_unknown_method_fails(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("show", "trojka") == 1
    assert "Did you mean `troika`?" in capsys.readouterr().err


def test_check_says_ok(capsys: pytest.CaptureFixture[str]) -> None:
    file = str(HERE / "small-circle.yaml")
    assert run("check", file, file) == 0
    assert capsys.readouterr().out == f"{file}: ok\n" * 2


def test_check_says_where_and_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text(GOOD.replace("minutes: 40\n", "minutes: 41\n"), "utf-8")
    assert run("check", str(HERE / "small-circle.yaml"), str(bad)) == 1
    assert f"{bad}:8:10: The phases take 40 minutes" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["nowhere.yaml", "."])
def test_check_what_cannot_be_read_fails(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("check", str(tmp_path / name)) == 1
    assert "cannot be read" in capsys.readouterr().out


def test_check_reads_no_more_than_it_needs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    huge = tmp_path / "huge.yaml"
    with huge.open("wb") as opened:
        opened.truncate(1 << 31)
    assert run("check", str(huge)) == 1
    assert "256 KiB" in capsys.readouterr().out


def test_schema_is_the_committed_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("schema") == 0
    assert msgspec.json.decode(capsys.readouterr().out)["title"] == "A method of Kring"
