"""The import contract of Django's apps: one for all of them, so that a new app is under it from its first line.

In each package of ``container`` the ``layers`` stand in one order, the highest first, and import downwards alone. What is above
the ``doors`` (addresses, pages, endpoints) and what is below them (the tables) is the app's own: other apps come in by the
doors, or by modules that are in no layer; tables are reached by the doors alone. Run by ``lint-imports``.
"""

from __future__ import annotations

from collections.abc import Iterator

import grimp
from grimp import ImportGraph
from importlinter import fields

from tests.architecture.fault_contract import FaultContract, strings


class AppContract(FaultContract):
    """``layers``: names of modules, ``|`` between those that don't know each other; ``doors``: one of the layers.

    ``beside``: packages of an app that reach its tables as the doors do.
    """

    type_name = "apps"
    container = fields.StringField()
    layers = fields.ListField(subfield=fields.StringField())
    doors = fields.StringField()
    beside = fields.SetField(subfield=fields.StringField())

    def faults(self, graph: ImportGraph) -> Iterator[str]:
        """See ``Rules``."""
        rules = Rules(
            str(self.container),
            tuple(frozenset(name.strip() for name in layer.split("|")) for layer in strings(self.layers)),
            frozenset(name.strip() for name in str(self.doors).split("|")),
            frozenset(strings(self.beside)),
        )
        return rules.faults(graph)


class Rules:
    """The contract without import-linter's forms around it."""

    def __init__(
        self, container: str, layers: tuple[frozenset[str], ...], doors: frozenset[str], beside: frozenset[str]
    ) -> None:
        """See ``AppContract``."""
        self.container = container
        self.layers = layers
        self.place = {name: number for number, layer in enumerate(layers) for name in layer}
        self.doors = doors
        self.beside = beside

    def faults(self, graph: ImportGraph) -> Iterator[str]:
        """What is imported where it may not be, each as a sentence."""
        for app in sorted(graph.find_children(self.container)):
            yield from self._upwards(graph, app)
            for module in sorted({app, *graph.find_descendants(app)}):
                for importer in sorted(graph.find_modules_that_directly_import(module)):
                    if importer.startswith(f"{self.container}.") and not self._may(importer, module, app):
                        yield f"{importer} imports {module}"

    def _upwards(self, graph: ImportGraph, app: str) -> Iterator[str]:
        """What a layer imports from above it, also by way of others."""
        names = ({name for name in layer if f"{app}.{name}" in graph.modules} for layer in self.layers)
        layers = [grimp.Layer(*sorted(layer), independent=True) for layer in names if layer]
        if layers:
            for found in graph.find_illegal_dependencies_for_layers(layers=layers, containers={app}):
                yield f"{found.importer} imports {found.imported}, which is not below it (perhaps by way of others)"

    def _may(self, importer: str, module: str, app: str) -> bool:
        name = _inside(module, app)
        if name not in self.place or name in self.doors:
            return True
        if not f"{importer}.".startswith(f"{app}."):
            return False
        own = _inside(importer, app)
        if self.place[name] > max(map(self.place.__getitem__, self.doors)):
            return own == name or own in self.doors | self.beside
        return own in self.place


def _inside(module: str, app: str) -> str:
    """The name right below the app: ``views`` of ``kring_web.meetings.views.room``."""
    return module.removeprefix(app).lstrip(".").partition(".")[0]
