"""``kring rehearse``: what it prints, and what it says when there is nothing to play."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import pytest

from kring.methods import library
from kring.rehearsal.rehearsal import Rehearsal
from kring_command import rehearse


def _run(*args: str) -> int:
    parser = argparse.ArgumentParser()
    rehearse.add_arguments(parser)
    parsed = parser.parse_args(args)
    return int(parsed.run(parsed))


def test_json_is_one_object_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert _run("linxx-9", "--people", "4", "--seed", "2", "--json") == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {line["line"] for line in lines} == {"did", "log", "saw", "end"}
    assert lines[-1]["line"] == "end"


def test_without_json_people_can_read_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert _run("leading-org-7", "--people", "4", "--no-facilitator", "--chairs", "1") == 0
    out = capsys.readouterr().out
    assert "seat-taken seat=D account=link device=False by=table" in out
    assert "-- round:2:gossip --" in out
    assert "meeting-closed because=done" in out
    assert "facilitator-changed" not in out


def test_a_file_is_played_as_well(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "mine.yaml"
    file.write_bytes(library.source("vijf-stappen"))
    assert _run(str(file), "--written") == 0
    assert "method=vijf-stappen" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["linxx-8"], "linxx-9"),
        (["linxx-9", "--people", "3"], "4 to 9"),
        (["troika", "--written"], "troika has no written form."),
        (["linxx-9", "--people", "5", "--chairs", "6"], "5"),
    ],
)
def test_what_cannot_be_played_is_said(args: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(*args) == 2
    assert said in capsys.readouterr().err


def test_a_file_that_is_no_method_is_said_with_its_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "none.yaml"
    file.write_text("kring: 1\nid: [\n")
    assert _run(str(file)) == 2
    assert f"{file}:" in capsys.readouterr().err


def test_a_broken_promise_is_said(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(Rehearsal, "_someone", lambda _self: None)
    assert _run("linxx-9") == 1
    assert "Broken off: Nobody can do anything" in capsys.readouterr().err
