"""The import contract of a package that others may only come into by some of its modules: its doors. Run by ``lint-imports``."""

from __future__ import annotations

from collections.abc import Iterator

from grimp import ImportGraph
from importlinter import fields

from tests.architecture.fault_contract import FaultContract, strings


class DoorsContract(FaultContract):
    """``package``: whose doors they are; ``doors``: its modules that others may import, each of them used by somebody."""

    type_name = "doors"
    package = fields.StringField()
    doors = fields.SetField(subfield=fields.StringField())

    def faults(self, graph: ImportGraph) -> Iterator[str]:
        """See ``faults`` below."""
        package = str(self.package)
        return faults(graph, package, {f"{package}.{door}" for door in strings(self.doors)})


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
