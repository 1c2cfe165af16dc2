"""Draws the flow of a method as SVG: a ring of its steps, or one line of them.

A function of the method as it is described, so that the page, the paper, the documents and an editor show the same picture.
The length of a step is its minutes (the shortest are drawn a little longer, to be seen at all); its colour says who speaks;
the ochre line is the case owner's way: inside the ring in the circle, outside it when they only listen.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterator
from itertools import pairwise
from typing import Literal, NamedTuple

from django.utils import translation
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from kring_web.methods.method_text import MethodText, Step
from kring_web.web.tokens import LIGHT, TYPE

SIDE = 420
_CENTRE = SIDE / 2
_TABLE, _RING, _WIDTH, _ADVICE = 76, 130, 38, 156
_INSIDE, _OUTSIDE = 97, 176
_PERSON, _CHAIR = 9, 13.5
_SMALLEST = 0.035
"""The least share of the ring that a step gets: a number must fit in."""
_GAP, _WIDE_GAP = 0.008, 0.022
"""Turns between two steps, and between opening, round and closing."""
_LINE_WIDTH, _LINE_HEIGHT = 600, 20
_BESIDE, _ABOVE = 148, 22
"""Room for names: on either side of the ring, and above and below it."""
_NAMES, _NAMES_AWAY = 168, 200
"""The radius outside which a name is: in the circle, and where the owner's way goes round it."""
_CHARACTERS, _NAME_LINE, _BETWEEN = 19, 19, 7
"""Of a name: characters on a line, the height of a line, and what is left free below it."""


class Arc(NamedTuple):
    """A step on the ring, from ``start`` to ``end`` in turns, clockwise from the top."""

    step: Step
    start: float
    end: float

    @property
    def middle(self) -> float:
        """Halfway between the two."""
        return (self.start + self.end) / 2


def ring(text: MethodText, *, styled: bool = False, named: bool = False) -> SafeString:
    """The steps as a ring.

    ``styled``: with its colours in it, for where no stylesheet gives them. ``named``: with the names of the steps round it.
    """
    arcs = tuple(_arcs(text.steps))
    box = f"{-_BESIDE} {-_ABOVE} {SIDE + 2 * _BESIDE} {SIDE + 2 * _ABOVE}" if named else f"0 0 {SIDE} {SIDE}"
    with translation.override(text.language):
        parts = [*_head(text, box, "flow-ring flow-named" if named else "flow-ring", styled=styled)]
        parts.append(f'<circle class="flow-table" cx="{_CENTRE:g}" cy="{_CENTRE:g}" r="{_TABLE}"/>')
        parts += (_segment(arc) for arc in arcs)
        parts += _owners_way([arc for arc in arcs if arc.step.stage.owner is not None])
        parts += _centre(text)
        if named:
            parts += _names(arcs)
    return SafeString("".join((*parts, "</svg>")))


def line(text: MethodText) -> SafeString:
    """The steps side by side on one line: for lists, where the words stand beside it."""
    parts = [
        f'<svg class="flow flow-line" viewBox="0 0 {_LINE_WIDTH} {_LINE_HEIGHT}" aria-hidden="true" focusable="false">'
    ]
    for arc in _arcs(text.steps):
        left, width = arc.start * _LINE_WIDTH, (arc.end - arc.start) * _LINE_WIDTH
        kind = arc.step.stage.voices
        parts.append(f'<rect class="flow-{kind}" x="{left:.1f}" y="2" width="{width:.1f}" height="12" rx="3"/>')
        if arc.step.stage.silenced:
            parts.append(f'<rect class="flow-away" x="{left:.1f}" y="16.5" width="{width:.1f}" height="3" rx="1.5"/>')
    return SafeString("".join((*parts, "</svg>")))


def description(text: MethodText) -> str:
    """The drawing in a sentence or two, for those who can't see it; the list of steps says the rest."""
    with translation.override(text.language):
        numbers = ", ".join(str(step.number) for step in text.steps if step.stage.silenced)
        sentence = _("A ring of %(count)s steps, each as long as its time.") % {"count": len(text.steps)}
        if numbers:
            sentence += " " + _("In step %(numbers)s the case owner is outside the ring.") % {"numbers": numbers}
        return sentence


def _head(text: MethodText, box: str, kind: str, *, styled: bool) -> Iterator[str]:
    name = f"flow-ring-{text.id}"
    yield f'<svg class="flow {kind}" xmlns="http://www.w3.org/2000/svg" viewBox="{box}" role="img"'
    yield f' aria-labelledby="{name}-title {name}-desc"><title id="{name}-title">{escape(text.name)}</title>'
    yield f'<desc id="{name}-desc">{escape(description(text))}</desc>'
    if styled:
        yield f"<style>{_STYLE}</style>"


def _arcs(steps: tuple[Step, ...]) -> Iterator[Arc]:
    """Shares of the ring by minutes, with a floor for the shortest and gaps between them."""
    gaps = [_GAP if one.stage.section == two.stage.section else _WIDE_GAP for one, two in pairwise(steps)] + [_WIDE_GAP]
    total = sum(step.stage.phase.minutes for step in steps)
    shares = [max(_SMALLEST, step.stage.phase.minutes / total) for step in steps]
    scale = (1 - sum(gaps)) / sum(shares)
    at = _WIDE_GAP / 2
    for step, share, gap in zip(steps, shares, gaps, strict=True):
        yield Arc(step, at, at + share * scale)
        at += share * scale + gap


def _segment(arc: Arc) -> str:
    stage = arc.step.stage
    x, y = _point(_RING, arc.middle)
    drawn = f'<path class="flow-{stage.voices}" d="{_band(arc, _RING - _WIDTH / 2, _RING + _WIDTH / 2)}"/>'
    if arc.step.advice:
        drawn += f'<path class="flow-advice" d="{_along(arc.start, arc.end, _ADVICE)}"/>'
    return f'{drawn}<text class="flow-number" x="{x:.1f}" y="{y + 5.5:.1f}">{stage.number}</text>'


def _owners_way(arcs: list[Arc]) -> Iterator[str]:
    """One line from the first step with a case owner to the last, and the owner's chair where they sit apart."""
    path = ""
    for arc in arcs:
        radius = _OUTSIDE if arc.step.stage.silenced else _INSIDE
        path += f"{'L' if path else 'M'}{_at(radius, arc.start)}{_sweep(radius, arc.start, arc.end)}"
    if path:
        yield f'<path class="flow-way" d="{path}"/>'
    apart = [arc for arc in arcs if arc.step.stage.silenced]
    yield from (_person(arc) for arc in apart or arcs[:1])


def _person(arc: Arc) -> str:
    """A person on a chair, as in the room: the chair's back is behind them, so that one can see a turned back."""
    position = arc.step.stage.owner
    radius = _OUTSIDE if arc.step.stage.silenced else _INSIDE
    x, y = _point(radius, arc.middle)
    faces_out = position in ("back", "unseen", "out")
    behind = arc.middle + (0.5 if faces_out else 0)
    one, two = _round(x, y, _CHAIR, behind - 0.16), _round(x, y, _CHAIR, behind + 0.16)
    chair = f"M{one}A{_CHAIR} {_CHAIR} 0 0 1 {two}"
    door = f'<path class="flow-door" d="{_along(arc.start, arc.end, _OUTSIDE - 10)}"/>' if position == "out" else ""
    person = f'<circle class="flow-person" cx="{x:.1f}" cy="{y:.1f}" r="{_PERSON}"/>'
    return f'<g class="flow-owner-{position}">{door}{person}<path class="flow-chair" d="{chair}"/></g>'


def _centre(text: MethodText) -> Iterator[str]:
    below = text.cases or text.people
    yield f'<text class="flow-total" x="{_CENTRE:g}" y="{_CENTRE + 3:g}">{escape(text.minutes)}</text>'
    yield f'<text class="flow-below" x="{_CENTRE:g}" y="{_CENTRE + 26:g}">{escape(below)}</text>'


def _names(arcs: tuple[Arc, ...]) -> Iterator[str]:
    """Number and name of each step, on the half of the ring where it is."""
    away = {arc.step.number + near for arc in arcs if arc.step.stage.silenced for near in (-1, 0, 1)}
    radius = {arc.step.number: _NAMES_AWAY if arc.step.number in away else _NAMES for arc in arcs}
    yield from _half([arc for arc in arcs if arc.middle < 1 / 2], radius)
    yield from _half([arc for arc in reversed(arcs) if arc.middle >= 1 / 2], radius)


def _half(arcs: list[Arc], radius: dict[int, int]) -> Iterator[str]:
    """From above to below, each name as near to its arc as the others leave room."""
    names = [textwrap.wrap(f"{arc.step.number}.\u00a0{arc.step.name}", _CHARACTERS) for arc in arcs]
    heights = [len(lines) * _NAME_LINE + _BETWEEN for lines in names]
    tops: list[float] = []
    free: float = -_ABOVE
    for arc, height in zip(arcs, heights, strict=True):
        tops.append(max(_point(radius[arc.step.number], arc.middle)[1] - height / 2, free))
        free = tops[-1] + height
    below: float = SIDE + _ABOVE
    for index in reversed(range(len(tops))):
        tops[index] = below = min(tops[index], below - heights[index])
    for arc, lines, top in zip(arcs, names, tops, strict=True):
        yield from _name(lines, top, radius[arc.step.number], right=arc.middle < 1 / 2)


def _name(lines: list[str], top: float, radius: int, *, right: bool) -> Iterator[str]:
    """The lines of a name, beside the ring at their height."""
    nearest = min(max(top, _CENTRE), top + len(lines) * _NAME_LINE) - _CENTRE
    away = math.sqrt(max(0, radius**2 - nearest**2)) + 6
    side, x = ("right", _CENTRE + away) if right else ("left", _CENTRE - away)
    for number, line in enumerate(lines, start=1):
        y = top + number * _NAME_LINE - 4
        yield f'<text class="flow-name flow-{side}" x="{x:.1f}" y="{y:.1f}">{escape(line)}</text>'


def _band(arc: Arc, inner: float, outer: float) -> str:
    large: Literal[0, 1] = 1 if arc.end - arc.start > 1 / 2 else 0
    back = f"A{inner:g} {inner:g} 0 {large} 0 {_at(inner, arc.start)}z"
    return f"M{_at(outer, arc.start)}{_sweep(outer, arc.start, arc.end)}L{_at(inner, arc.end)}{back}"


def _along(start: float, end: float, radius: float) -> str:
    return f"M{_at(radius, start)}{_sweep(radius, start, end)}"


def _sweep(radius: float, start: float, end: float) -> str:
    return f"A{radius:g} {radius:g} 0 {1 if end - start > 1 / 2 else 0} 1 {_at(radius, end)}"


def _at(radius: float, turn: float) -> str:
    return _round(_CENTRE, _CENTRE, radius, turn)


def _round(x: float, y: float, radius: float, turn: float) -> str:
    angle = turn * math.tau
    return f"{x + radius * math.sin(angle):.1f} {y - radius * math.cos(angle):.1f}"


def _point(radius: float, turn: float) -> tuple[float, float]:
    angle = turn * math.tau
    return _CENTRE + radius * math.sin(angle), _CENTRE - radius * math.cos(angle)


_FONT = TYPE["font"].replace('"', "'")
_STYLE = (
    f".flow-table{{fill:{LIGHT['table']}}}"
    f".flow-everyone{{fill:{LIGHT['table']};stroke:{LIGHT['edge']}}}"
    f".flow-owner{{fill:{LIGHT['owner-wash']};stroke:{LIGHT['owner']}}}"
    f".flow-others{{fill:{LIGHT['floor-wash']};stroke:{LIGHT['floor']}}}"
    f".flow-nobody{{fill:{LIGHT['paper']};stroke:{LIGHT['edge']};stroke-dasharray:4 3}}"
    f".flow-advice{{fill:none;stroke:{LIGHT['floor']};stroke-width:5;stroke-linecap:round}}"
    f".flow-way{{fill:none;stroke:{LIGHT['owner']};stroke-width:2;stroke-linejoin:round}}"
    f".flow-person{{fill:{LIGHT['owner-wash']};stroke:{LIGHT['owner']};stroke-width:1.5}}"
    f".flow-chair{{fill:none;stroke:{LIGHT['owner']};stroke-width:4;stroke-linecap:round}}"
    f".flow-door{{fill:none;stroke:{LIGHT['ink']};stroke-width:3;stroke-dasharray:6 4}}"
    f"text{{fill:{LIGHT['ink']};font-family:{_FONT};text-anchor:middle}}"
    ".flow-number{font-size:16px;font-weight:700}"
    ".flow-total{font-size:26px;font-weight:700}"
    f".flow-below{{font-size:15px;fill:{LIGHT['soft']}}}"
    ".flow-name{font-size:16px}"
    ".flow-right{text-anchor:start}"
    ".flow-left{text-anchor:end}"
)
