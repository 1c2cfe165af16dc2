"""The tables of a run, in Markdown: the terminal shows the same ones as the documents. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from bench import capacity, targets
from bench.figures import NAMES, Json, NotMeasured, shown


def markdown(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table whose columns stand under each other: texts to the left, the rest to the right."""
    lines = [list(head), *(list(row) for row in rows)]
    widths = [max(len(line[n]) for line in lines) for n in range(len(head))]
    shaped = [[line[0].ljust(widths[0]), *(line[n].rjust(widths[n]) for n in range(1, len(head)))] for line in lines]
    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    return "\n".join("| " + " | ".join(line) + " |" for line in (shaped[0], rule, *shaped[1:]))


def run_table(results: Json) -> str:
    """Where and with what it was measured."""
    about = results["surroundings"]
    machine = about["machine"]
    rows = [
        ("when", about["when"] + ("" if results["in_one_run"] else ", in several runs")),
        ("commit", about["commit"][:12] + (", with changes" if about["changed"] else "")),
        ("machine", f"{machine['cores']} cores ({machine['processor']}), {machine['memory_bytes'] / 1e9:.0f} GB"),
        ("system", machine["system"]),
        ("load before", f"{about['load_before']:.2f}"),
        ("versions", ", ".join(f"{name} {version}" for name, version in about["versions"].items())),
    ]
    return "\n".join(["| | |", "|---|---|", *(f"| {name} | {value} |" for name, value in rows)])


def targets_table(results: Json) -> str:
    """What was to be shown, and what was reached."""
    return markdown(("target", "bound", "measured", ""), targets.rows(results))


def saturation_table(results: Json) -> str:
    """Everybody as fast as it goes."""
    rows = []
    for name, one in results["saturation"].items():
        ratio = results["saturation"]["kring"]["deliveries_per_second"] / one["deliveries_per_second"]
        rows.append(
            (
                NAMES[name],
                str(one["rooms"]),
                shown(one["contributions_per_second"]),
                shown(one["deliveries_per_second"]),
                shown(1e6 / one["contributions_per_second"]),
                "" if name == "kring" else f"{shown(ratio)}x",
                f"{one['server_busy']:.0%}",
                f"{one['generator_busy']:.0%}",
            )
        )
    head = ("", "rooms", "contributions/s", "deliveries/s", "µs each", "Kring against it", "server", "generator")
    return markdown(head, rows)


def steady_table(results: Json) -> str:
    """500 rooms at people's pace."""
    rows = [
        (NAMES[name], *(f"{one[point]:.2f}" for point in ("p50_ms", "p90_ms", "p99_ms", "max_ms")), _busy(one))
        for name, one in results["steady"].items()
    ]
    return markdown(("", "p50 ms", "p90 ms", "p99 ms", "most ms", "server"), rows)


def highest_table(results: Json) -> str:
    """Latency against load."""
    rows = [
        (
            NAMES[name],
            shown(step["offered"]),
            f"{step['p50_ms']:.2f}",
            f"{step['p99_ms']:.2f}",
            _busy(step),
            _within(step),
        )
        for name, one in results["highest"].items()
        for step in one["steps"]
    ]
    return markdown(("", "contributions/s offered", "p50 ms", "p99 ms", "server", "within 50 ms"), rows)


def memory_table(results: Json) -> str:
    """What a seat and a meeting take."""
    rows = [
        (NAMES[name], f"{one['bytes_per_seat'] / 1000:.1f}", f"{max(0, one['bytes_per_room']) / 1000:.1f}",
         f"{one['empty']['pss'] / 1e6:.1f}", f"{one['seven']['pss'] / 1e6:.1f}")
        for name, one in results["memory"].items()
    ]  # fmt: skip
    return markdown(("", "kB a seat", "kB a meeting besides", "MB empty", "MB with all seats"), rows)


def parts_table(results: Json) -> str:
    """Where one contribution's time goes."""
    parts: dict[str, float] = results["stages"]["parts_us"]
    whole = sum(parts.values())
    rows = [(name, shown(us), f"{us / whole:.0%}") for name, us in sorted(parts.items(), key=lambda item: -item[1])]
    return markdown(("part", "µs a contribution", "share"), [*rows, ("all", shown(whole), "100%")])


def cluster_table(results: Json) -> str:
    """One node and two, over PostgreSQL and Redis."""
    rows = [
        (
            LAYOUTS[name],
            shown(one["saturation"]["deliveries_per_second"]),
            f"{one['steady']['p50_ms']:.2f}",
            f"{one['steady']['p99_ms']:.2f}",
            _busy(one["saturation"]),
        )
        for name, one in results["cluster"].items()
    ]
    return markdown(("", "deliveries/s", "steady p50 ms", "steady p99 ms", "nodes' cores"), rows)


def capacity_table(results: Json) -> str:
    """What so many seats need, by the model. Whole machines are whole numbers."""
    inputs = capacity.inputs(results)
    needs = [capacity.need(inputs, seats) for seats in capacity.SIZES]
    rows = [(label, *(shown(getattr(need, name)) for need in needs)) for name, label in capacity.LABELS.items()]
    return markdown(("", *(f"{seats:,} seats" for seats in capacity.SIZES)), rows)


def _busy(one: Json) -> str:
    return f"{one['server_busy']:.0%}"


def _within(one: Json) -> str:
    return "yes" if one["within"] else "no"


LAYOUTS = {
    "one": "one node with a core",
    "two_sharing": "two nodes that share that core",
    "two_apart": "two nodes, the second on the core of all the rest",
}
TABLES: dict[str, tuple[str, Callable[[Json], str]]] = {
    "run": ("surroundings", run_table),
    "targets": ("", targets_table),
    "saturation": ("saturation", saturation_table),
    "steady": ("steady", steady_table),
    "highest": ("highest/kring", highest_table),
    "memory": ("memory", memory_table),
    "parts": ("stages/parts_us", parts_table),
    "cluster": ("cluster/one", cluster_table),
    "capacity": ("memory", capacity_table),
}
"""By name: the part of the JSON that a table needs, and how it is made."""


def table(results: Json, name: str) -> str:
    """A table by its name. Raises ``NotMeasured``."""
    section, make = TABLES[name]
    at = results
    for key in filter(None, section.split("/")):
        if key not in at:
            raise NotMeasured(section)
        at = at[key]
    return make(results)
