"""``kring`` knows its commands by name and loads the one that is asked for."""

from __future__ import annotations

import subprocess
import sys

import pytest

from kring_command.__main__ import COMMANDS
from tests.environment import clean_environment
from tests.web.serving import SOURCE

HEAVY = {"django", "kring.meeting", "kring.methods", "kring_room", "kring_web", "kring_client", "msgspec"}
LOADED = """
import atexit, sys
atexit.register(lambda: print("loaded:", *sys.modules))
from kring_command.__main__ import main
sys.exit(main(sys.argv[1:]))
"""


def ran(*words: str) -> tuple[str, set[str]]:
    """What a command printed, and all that was loaded for it."""
    done = subprocess.run(
        [sys.executable, "-c", LOADED, *words],
        env=clean_environment(PYTHONPATH=str(SOURCE), COLUMNS="200"), capture_output=True, text=True, check=True,
    )  # fmt: skip
    said, _, loaded = done.stdout.rpartition("loaded:")
    return said, set(loaded.split())


def commands_in(loaded: set[str]) -> set[str]:
    return {module for module, _ in COMMANDS.values() if f"kring_command.{module}" in loaded}


def test_help_lists_every_command_with_its_line_and_loads_none() -> None:
    said, loaded = ran("--help")
    listed = " ".join(said.partition("commands:")[2].split())
    assert " ".join(f"{name} {line}" for name, (_, line) in COMMANDS.items()) in listed
    assert commands_in(loaded) == set()
    assert not loaded & HEAVY


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_is_loaded_without_the_others(name: str) -> None:
    said, loaded = ran(name, "--help")
    assert said.startswith(f"usage: kring {name} ")
    assert "\n\noptions:" in said or "\n\npositional arguments:" in said
    assert commands_in(loaded) <= {COMMANDS[name][0], "serve" if name == "practice" else COMMANDS[name][0]}
