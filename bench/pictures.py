"""The pictures of a run: small SVG on a light card of their own, so that they read well on light and on dark pages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import matplotlib as mpl
from matplotlib import pyplot as plt
from matplotlib.patches import Rectangle

from bench.figures import NAMES, Json, shown
from bench.stages import COMMIT, PARTS, REST, SOCKETS, part_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

CARD, INK, FAINT = "#fbfaf7", "#22262b", "#c9c5bb"
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#a6548a", "#b07800", "#3b8fc0", "#6d6a63", "#4b4b9b")
"""Told apart by everybody (after Okabe and Ito), and dark enough for white letters."""
_OF_PART = dict(zip((*PARTS, SOCKETS, REST, COMMIT), COLOURS, strict=True))
_BOUND_MS = 50
_THINNEST = 0.004
"""Of the flame graph's width: narrower frames are left out."""
_STYLE: dict[Any, Any] = {
    "axes.edgecolor": FAINT,
    "axes.facecolor": CARD,
    "axes.labelcolor": INK,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "figure.facecolor": CARD,
    "font.size": 10,
    "grid.color": FAINT,
    "grid.linewidth": 0.5,
    "legend.frameon": False,
    "savefig.facecolor": CARD,
    "svg.fonttype": "none",
    "svg.hashsalt": "kring",
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
}


def ratios(axes: Axes, results: Json) -> None:
    """Deliveries per second at saturation, and how Kring compares."""
    ordered = sorted(results["saturation"].items(), key=lambda item: float(item[1]["deliveries_per_second"]))
    own = results["saturation"]["kring"]["deliveries_per_second"]
    rates = [one["deliveries_per_second"] for _, one in ordered]
    axes.barh(
        [NAMES[name] for name, _ in ordered],
        rates,
        color=[COLOURS[1] if name == "kring" else COLOURS[0] for name, _ in ordered],
        height=0.62,
    )
    for place, (name, one) in enumerate(ordered):
        rate = one["deliveries_per_second"]
        compared = "" if name == "kring" else f", Kring has {shown(own / rate)} times that"
        axes.annotate(f"{shown(rate)}{compared}", (rate, place), (5, 0), textcoords="offset points", va="center")
    axes.set_xlim(0, max(rates) * 1.9)
    axes.locator_params(axis="x", nbins=6)
    axes.xaxis.set_major_formatter("{x:,.0f}")
    axes.set_xlabel("deliveries per second at saturation, one core")
    axes.tick_params(left=False)


def latency(axes: Axes, results: Json) -> None:
    """p50 and p99 against offered load."""
    for colour, (name, one) in zip(COLOURS, results["highest"].items(), strict=False):
        offered = [step["offered"] for step in one["steps"]]
        for point, line in (("p99_ms", "-"), ("p50_ms", ":")):
            label = f"{NAMES[name]}, {point[:3]}"
            axes.plot(
                offered, [step[point] for step in one["steps"]], line, color=colour, marker="o", ms=3, label=label
            )
    axes.axhline(_BOUND_MS, color=INK, linewidth=0.8, linestyle="--")
    axes.text(axes.get_xlim()[1], _BOUND_MS, "50 ms ", ha="right", va="bottom")
    axes.set_yscale("log")
    axes.xaxis.set_major_formatter("{x:,.0f}")
    axes.yaxis.set_major_formatter("{x:g}")
    axes.set_xlabel("contributions per second offered, at random times")
    axes.set_ylabel("ms until the last of six has heard")
    axes.grid(visible=True)
    axes.figure.legend(fontsize=8, loc="outside lower center", ncols=3)


def parts(axes: Axes, results: Json) -> None:
    """Where one contribution's time goes: one bar, cut into parts."""
    spent: dict[str, float] = results["stages"]["parts_us"]
    ordered = sorted(spent.items(), key=lambda item: -item[1])
    whole, left = sum(spent.values()), 0.0
    for name, us in ordered:
        axes.barh(
            [0], [us], left=left, color=_OF_PART[name], height=0.5, label=f"{name}: {shown(us)} µs ({us / whole:.0%})"
        )
        left += us
    axes.set_yticks([])
    axes.set_ylim(-0.3, 1.1)
    axes.spines["left"].set_visible(False)
    axes.set_xlabel("microseconds of one core for one contribution and its seven deliveries, at saturation")
    axes.legend(fontsize=8, ncols=2, loc="upper left", borderaxespad=0)


class Flame(NamedTuple):
    """A frame of the flame graph: place and width as shares of the whole."""

    depth: int
    start: float
    width: float
    stack: str


def flames(stacks: dict[str, int]) -> Iterator[Flame]:
    """Frames of the flame graph, those with the same callers side by side."""
    whole = sum(stacks.values())

    def below(depth: int, start: float, members: list[tuple[tuple[str, ...], int]]) -> Iterator[Flame]:
        groups: dict[str, list[tuple[tuple[str, ...], int]]] = defaultdict(list)
        for frames, count in members:
            if len(frames) > depth:
                groups[frames[depth]].append((frames, count))
        for _, group in sorted(groups.items()):
            width = sum(count for _, count in group) / whole
            if width >= _THINNEST:
                yield Flame(depth, start, width, ";".join(group[0][0][: depth + 1]))
                yield from below(depth + 1, start, group)
            start += width

    yield from below(0, 0.0, [(tuple(stack.split(";")), count) for stack, count in stacks.items()])


def flame(axes: Axes, results: Json) -> None:
    """The event loop's thread at saturation: what is wide takes time."""
    deepest = 0
    for one in flames(results["stages"]["stacks"]):
        colour = _OF_PART[part_of(one.stack)]
        axes.barh([one.depth], [one.width], left=one.start, height=0.94, color=colour, edgecolor=CARD, linewidth=0.4)
        deepest = max(deepest, one.depth)
        name = REST if one.stack == REST else one.stack.rpartition(";")[2].partition(" ")[0]
        fits = round(one.width * 150)
        if fits > 3:  # noqa: PLR2004 - shorter names say nothing
            text = name if len(name) <= fits else name[: fits - 1] + "…"
            axes.text(one.start + one.width / 2, one.depth, text, ha="center", va="center", fontsize=6, color="white")
    axes.set_xlim(0, 1)
    axes.set_ylim(-0.6, deepest + 2.2)
    axes.axis("off")
    named = [*PARTS, REST]
    handles = [Rectangle((0, 0), 1, 1, color=_OF_PART[name]) for name in named]
    axes.legend(handles, named, fontsize=8, ncols=3, loc="upper left", borderaxespad=0)


PICTURES: dict[str, tuple[str, tuple[float, float], Callable[[Axes, Json], None]]] = {
    "bench-ratios": ("saturation", (8, 3), ratios),
    "bench-latency": ("highest/kring", (8, 4), latency),
    "bench-parts": ("stages/parts_us", (8, 2.3), parts),
    "bench-flame": ("stages/stacks", (10, 5), flame),
}
"""By name: what must have been measured, width and height in inches, who draws it."""


def draw(results: Json, folder: Path) -> list[Path]:
    """Draw what was measured; the files."""
    drawn = []
    mpl.use("svg")
    with mpl.rc_context(_STYLE):
        for name, (section, size, paint) in PICTURES.items():
            if not _measured(results, section):
                continue
            figure, axes = plt.subplots(figsize=size, layout="constrained")
            paint(axes, results)
            drawn.append(folder / f"{name}.svg")
            figure.savefig(drawn[-1], metadata={"Date": None, "Creator": None})
            plt.close(figure)
    return drawn


def _measured(results: Json, section: str) -> bool:
    at = results
    for key in section.split("/"):
        if not at.get(key):
            return False
        at = at[key]
    return True
