"""What our import contracts have in common: each gives its faults as sentences, and ``lint-imports`` says them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, output


class FaultContract(Contract):
    """A contract that is kept when it has no ``faults``."""

    def faults(self, graph: ImportGraph) -> Iterator[str]:
        """Every fault as a sentence."""
        raise NotImplementedError

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:  # noqa: ARG002 -- import-linter's signature
        """Look for them."""
        found = sorted(self.faults(graph))
        return ContractCheck(kept=not found, metadata={"faults": found})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Say them."""
        for fault in check.metadata["faults"]:
            output.print_error(fault, bold=False)


def strings(field: Any) -> list[str]:
    """What a field holds: import-linter types the field and not its value."""
    return list(field)
