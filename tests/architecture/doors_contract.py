"""The import contract of a package that others may only come into by some of its modules: its doors. Run by ``lint-imports``."""

from __future__ import annotations

from collections.abc import Iterator

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class DoorsContract(Contract):
    """``package``: whose doors they are; ``doors``: its modules that others may import, each of them used by somebody."""

    type_name = "doors"
    package = fields.StringField()
    doors = fields.SetField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:  # noqa: ARG002 -- import-linter's signature
        """Every fault as a sentence."""
        package = str(self.package)
        doors = {f"{package}.{door}" for door in self.doors}  # type: ignore[attr-defined]  # the library has no types
        found = sorted(faults(graph, package, doors))
        return ContractCheck(kept=not found, metadata={"faults": found})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Say them."""
        for fault in check.metadata["faults"]:
            output.print_error(fault, bold=False)


def faults(graph: ImportGraph, package: str, doors: set[str]) -> Iterator[str]:
    """Imports that go past the doors, and doors that nobody uses."""
    inside = {package} | graph.find_descendants(package)
    used = set()
    for module in inside:
        for importer in graph.find_modules_that_directly_import(module) - inside:
            used.add(module)
            if module not in doors:
                yield f"{importer} imports {module}, which is no door of {package}"
    for door in doors - used:
        yield f"{door} is a door of {package} that nobody uses"
