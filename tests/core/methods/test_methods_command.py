"""``kring methods`` lists, shows and checks, and its exit code tells whether something is wrong."""

from __future__ import annotations

import argparse
import itertools
from pathlib import Path

import msgspec
import pytest

from kring.methods import library
from kring.methods.model import Method
from kring_command import methods_command
from kring_command.errors import CommandError
from tests.core.methods.mistakes import GOOD, HERE


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    methods_command.add_arguments(parser)
    args = parser.parse_args(words)
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


def shown(capsys: pytest.CaptureFixture[str], phase: str) -> list[str]:
    """What is told of a phase, without the name that comes first."""
    lines = capsys.readouterr().out.splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith(f"  {phase} "))
    told = itertools.takewhile(lambda line: line.startswith("      "), lines[start + 1 :])
    return [line.strip() for line in told]


def test_show_tells_turns_hiding_places_roles_and_ends_in_the_words_of_the_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "small-circle.yaml"
    file.write_text(GOOD, "utf-8")
    assert run("show", str(file)) == 0
    assert shown(capsys, "cases") == [
        "gives: {who: everyone, what: case, least: 1, most: 1, turns: alone, order: circle, by: written, form: sentence}",
        "hidden: done",
        "ends: [done]",
        "extend: {times: 2, minutes: 5}",
        "fills: [scribe]",
        "prompts: everyone",
    ]
    assert run("show", str(file)) == 0
    told = shown(capsys, "gossip")
    assert "position: {owner: out}" in told
    assert "withheld: {from: owner, until: thanks}" in told


def test_show_tells_who_replies_and_which_roles_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("show", "tietze-6", "--language", "de") == 0
    told = capsys.readouterr().out
    for name, role in library.load("tietze-6").roles.items():
        assert f"role {name}: {role.name['de']}" in told
    assert run("show", "leading-org-7") == 0
    assert any("reply: {who: owner, what: answer}" in line for line in capsys.readouterr().out.splitlines())


@pytest.mark.parametrize("name", library.names())
def test_show_tells_all_that_a_method_says(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Every setting of every phase that is not as it would be if it were left out; so new words are told too."""
    assert run("show", name) == 0
    method, told = library.load(name), capsys.readouterr().out
    for phase in (*method.opening, *method.round, *method.closing):
        block = told[told.index(f"\n  {phase.id} ") :].split("\n  ")[1:]
        settings = msgspec.to_builtins(phase).keys() - {"id", "kind", "name", "minutes", "hours", "hints"}
        lines = list(itertools.takewhile(lambda line: line.startswith("    "), block[1:]))
        assert settings | {"ends"} == {line.split(":")[0].strip() for line in lines} - {"hours"}, phase.id


def test_show_takes_a_file_in_this_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("mine.yaml", "mine"):
        Path(name).write_text(GOOD, "utf-8")
        assert run("show", name, "--json") == 0
        assert msgspec.json.decode(capsys.readouterr().out, type=Method).id == "small-circle"


def test_a_file_named_like_a_method_of_the_library_needs_its_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("troika").write_text(GOOD, "utf-8")
    assert run("show", "troika") == 0
    assert "(troika)" in capsys.readouterr().out
    assert run("show", str(tmp_path / "troika")) == 0
    assert "(small-circle)" in capsys.readouterr().out


def test_show_shows_what_cannot_be_run_and_says_why(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text(GOOD.replace("minutes: 40\n", "minutes: 41\n"), "utf-8")
    assert run("show", str(bad)) == 1
    out, err = capsys.readouterr()
    assert "(small-circle)" in out
    assert err.startswith(f"{bad}:8:10: The phases take 40 minutes")


@pytest.mark.parametrize("name", ["nowhere.yaml", "./nowhere", "."])
def test_show_what_is_not_there_fails(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CommandError, match="cannot be read"):
        run("show", name)


def test_show_what_is_no_method_says_where(tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text(GOOD.replace("advice: late", "advice: later"), "utf-8")
    with pytest.raises(CommandError, match=r"bad\.yaml:10:9: `later` is not possible"):
        run("show", str(bad))


def test_show_as_json_is_the_whole_method(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("show", "troika", "--json") == 0
    assert msgspec.json.decode(capsys.readouterr().out, type=Method) == library.load("troika")


def test_show_unknown_method_fails() -> None:
    with pytest.raises(CommandError, match="Did you mean `troika`"):
        run("show", "trojka")


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
