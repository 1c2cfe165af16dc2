"""Nodes in processes of their own, to be killed in the middle of what they do."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import django

from kring_web import serving
from kring_web.config.current import environment as current
from kring_web.config.secret_key import prepare_folder
from tests.environment import clean_environment

FIRST = "first"
"""The node that makes the tables, before the others begin."""


def start(script: Path, environment: dict[str, str], *arguments: str) -> subprocess.Popen[str]:
    """Start a node that is set up by this environment alone; it has said that it is ready."""
    paths = os.pathsep.join(["src", "."])
    ours = {"PYTHONPATH": paths, "KRING_SECRET_KEY": "s" * 40, "KRING_LOG_LEVEL": "error", **environment}
    node = subprocess.Popen(
        [sys.executable, script, *arguments], env=clean_environment(**ours), stdout=subprocess.PIPE, text=True
    )
    assert node.stdout
    assert node.stdout.readline() == "ready\n"
    return node


def end(node: subprocess.Popen[str]) -> None:
    """Kill it."""
    node.kill()
    node.wait()
    assert node.stdout
    node.stdout.close()


def set_up(node: str) -> None:
    """Load the settings, in the process of a node of this name."""
    if node == FIRST:
        prepare_folder(current())
        serving.prepare(current())
    else:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kring_web.config.settings")
        django.setup()
