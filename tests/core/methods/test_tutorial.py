"""``docs/write-your-own-method.md`` says what really happens: its snippets are written, changed and run, one after another.

A block ``yaml coffee.yaml`` is the whole file, ``yaml +`` is added to it, ``diff`` replaces lines, ``console`` runs a command and
shows what it prints (a line ``...`` stands for any lines).
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kring_command.__main__ import main

PAGE = Path(__file__).parents[3] / "docs" / "write-your-own-method.md"
BLOCK = re.compile(r"^```(yaml coffee\.yaml|yaml \+|diff|console)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FILE = "coffee.yaml"


def changed(text: str, diff: str) -> str:
    old, new = ("".join(line[1:] + "\n" for line in diff.splitlines() if line.startswith(sign)) for sign in ("-", "+"))
    assert text.count(old) == 1, old
    return text.replace(old, new)


def matches(shown: list[str], said: list[str]) -> bool:
    if shown[:1] == ["..."]:
        return any(matches(shown[1:], said[start:]) for start in range(len(said) + 1))
    return (not shown and not said) or (shown[:1] == said[:1] != [] and matches(shown[1:], said[1:]))


def test_every_snippet_does_what_the_page_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    text, ends = "", []
    for kind, block in BLOCK.findall(PAGE.read_text("utf-8")):
        match kind:
            case "diff":
                text = changed(text, block)
            case "console":
                Path(FILE).write_text(text, "utf-8")
                command, *shown = block.splitlines()
                ends.append(main(command.removeprefix("$ kring ").split()))
                said = capsys.readouterr().out.splitlines()
                assert matches(shown, said), "\n".join([command, *said])
            case _:
                text = block if kind.endswith(FILE) else text + block
    assert 0 in ends
    assert 1 in ends
