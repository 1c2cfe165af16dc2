"""The circle that a log leads to, as the database has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kring.circle import entries as e
from kring_web.circles.folding import folded
from kring_web.circles.models import Circle, Entry
from kring_web.web.json_api import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kring.circle import Circle as Folded


def locked(circle: str) -> Circle:
    """The row of a circle, that nobody else changes until this transaction ends. Raises ``Problem`` where it has just gone."""
    row = Circle.objects.select_for_update().filter(id=circle).first()
    if row is None:
        raise Problem("no-circle")
    return row


def folded_now(row: Circle, now: int) -> Folded:
    """The circle as its log has it now."""

    def stored() -> Iterable[e.Signed]:
        for body, signature in (
            Entry.objects.filter(circle_id=row.id).order_by("n").values_list("body", "signature").iterator()
        ):
            yield e.Signed(bytes(body), bytes(signature))

    return folded(row.head, stored, now)
