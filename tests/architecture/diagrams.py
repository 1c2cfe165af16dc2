"""The diagrams of ARCHITECTURE.md, drawn from the import graph: who really imports whom.

``make generate`` writes each between its marks, ``<!-- made from kring_web -->`` and ``<!-- until here -->``. An arrow that others
imply is left out, as long as nobody imports in a circle; under a drawing each part stands with the first sentence of its docstring.
"""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Callable, Mapping
from pathlib import Path

import grimp

from tests.architecture import house

PAGE = Path("ARCHITECTURE.md")
MARKED = re.compile(r"(<!-- made from ([\w. ]+) -->\n)(.*?)(<!-- until here -->)", re.DOTALL)
Arrows = Mapping[str, frozenset[str]]


@functools.cache
def graph() -> grimp.ImportGraph:
    """The imports of all our packages."""
    return grimp.build_graph(*house.pyproject()["tool"]["importlinter"]["root_packages"], cache_dir=None)


def arrows(parts: Mapping[str, str]) -> Arrows:
    """Who imports whom. ``parts``: the name of each in the drawing, by its module."""

    def part_of(module: str) -> str | None:
        return next((name for root, name in parts.items() if f"{module}.".startswith(f"{root}.")), None)

    found: dict[str, set[str]] = {name: set() for name in parts.values()}
    for root, name in parts.items():
        for module in (root, *graph().find_descendants(root)):
            found[name] |= {
                other for one in graph().find_modules_directly_imported_by(module) if (other := part_of(one))
            }
    return {name: frozenset(others - {name}) for name, others in found.items()}


def beyond(drawn: Arrows, name: str) -> frozenset[str]:
    """All that can be reached from there, without the place itself unless in a circle."""
    seen: set[str] = set()
    waiting = set(drawn[name])
    while waiting:
        one = waiting.pop()
        seen.add(one)
        waiting |= drawn[one] - seen
    return frozenset(seen)


def needed(drawn: Arrows) -> Arrows:
    """Without the arrows that others imply; as it is when there is a circle."""
    if any(name in beyond(drawn, name) for name in drawn):
        return drawn
    return {
        name: frozenset(one for one in others if not any(one in beyond(drawn, other) for other in others))
        for name, others in drawn.items()
    }


def flowchart(parts: Mapping[str, str]) -> str:
    """A drawing in Mermaid, from those that import to those that are imported."""
    drawn = needed(arrows(parts))
    order = sorted(drawn, key=lambda name: (-len(beyond(drawn, name)), name))
    lines = [f"    {name}" for name in order]
    lines += [f"    {name} --> {other}" for name in order for other in order if other in drawn[name]]
    return "\n".join(("```mermaid", "flowchart TD", *lines, "```", ""))


def layers(package: str) -> list[str]:
    """The parts in the order that the contract of the package gives them, the highest first."""
    contracts = house.pyproject()["tool"]["importlinter"]["contracts"]
    named = [one["layers"] for one in contracts if one["type"] == "layers" and one.get("containers") == [package]]
    return re.findall(r"\w+", " ".join(named[0])) if named else []


def table(package: str, parts: Mapping[str, str]) -> str:
    """Each part in a line, the highest first, with what it is and what it imports."""
    drawn = arrows(parts)
    ranks = {name: rank for rank, name in enumerate(layers(package))}
    order = sorted(parts, key=lambda root: (ranks.get(parts[root], len(ranks)), parts[root]))
    rows = [
        f"| `{parts[root]}` | {purpose(root)} | {', '.join(f'`{one}`' for one in sorted(drawn[parts[root]])) or '-'} |"
        for root in order
    ]
    return "\n".join(("| part | what it is | imports |", "|---|---|---|", *rows, ""))


def purpose(module: str) -> str:
    """The first sentence of its docstring."""
    path = Path("src", *module.split("."))
    file = path / "__init__.py" if (house.ROOT / path).is_dir() else path.with_suffix(".py")
    said = ast.get_docstring(ast.parse(house.text(file))) or ""
    return re.split(r"(?<=\.)\s", " ".join(said.split()), maxsplit=1)[0]


def packages() -> dict[str, str]:
    """Our packages."""
    return {name: name for name in house.pyproject()["tool"]["importlinter"]["root_packages"]}


def children(package: str) -> dict[str, str]:
    """What stands right in a package."""
    return {module: module.rpartition(".")[2] for module in sorted(graph().find_children(package))}


def packages_drawn() -> str:
    """Our packages and who imports whom."""
    return flowchart(packages())


def drawn(package: str) -> str:
    """What stands in a package: a drawing, and a table."""
    parts = children(package)
    return f"{flowchart(parts)}\n{table(package, parts)}"


MADE: Mapping[str, Callable[[], str]] = {
    "all packages": packages_drawn,
    "kring": functools.partial(drawn, "kring"),
    "kring_room": functools.partial(drawn, "kring_room"),
    "kring_room.live": functools.partial(drawn, "kring_room.live"),
    "kring_web": functools.partial(drawn, "kring_web"),
}
"""What the marks in the page name."""


def page() -> str:
    """ARCHITECTURE.md as it must be."""
    return MARKED.sub(lambda found: f"{found[1]}{MADE[found[2]]()}{found[4]}", house.text(PAGE))


if __name__ == "__main__":
    (house.ROOT / PAGE).write_text(page(), encoding="utf-8")
