"""``kring bench`` runs the benches of a checkout, and says so where there is none."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from kring_command import bench
from kring_command.__main__ import parser
from kring_command.errors import CommandError


def arguments(*words: str) -> argparse.Namespace:
    return parser().parse_args(["bench", *words])


def test_it_says_that_the_package_carries_no_benches(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="get the sources"):
        bench.run(arguments(), tmp_path)


@pytest.mark.parametrize(("words", "form"), [((), "short"), (("--full",), "full")])
def test_it_runs_make_in_the_checkout_and_gives_its_exit_code(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], words: tuple[str, ...], form: str
) -> None:
    (tmp_path / "bench").mkdir()
    (tmp_path / "bench/__main__.py").touch()
    (tmp_path / "Makefile").write_text(
        ".PHONY: bench\nbench:\n\t@echo $(if $(FULL),full,short)\n\t@test -z '$(FULL)'\n"
    )
    code = bench.run(arguments(*words), tmp_path)
    assert form in capfd.readouterr().out.split()
    assert (code == 0) is (form == "short")


def test_this_checkout_has_the_benches() -> None:
    assert (bench.CHECKOUT / "bench/__main__.py").exists()
