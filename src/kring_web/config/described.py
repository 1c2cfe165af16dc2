"""How a setting is described, in the field of a dataclass that will hold its value; ``environment`` is the table."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

from kring_web.config.values import Kind

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

T = TypeVar("T")
_SETTING: Final = "setting"

Given = Mapping[str, str]
"""The variables as they are."""
Read = Mapping[str, Any]
"""The values so far, by field, in the order of the table."""


@dataclass(frozen=True)
class Setting:
    """One variable. ``default`` makes its value where it isn't set; ``otherwise`` is what the document says of that."""

    name: str
    kind: Kind[Any]
    purpose: str
    default: Callable[[Read, Given], Any]
    otherwise: str
    secret: bool


def setting(
    kind: Kind[T],
    purpose: str,
    *,
    default: T | None = None,
    reckoned: Callable[[Read, Given], T] | None = None,
    otherwise: str = "",
    secret: bool = False,
) -> T:
    """A field of the table. ``default``, or ``reckoned`` from what was read before it and then told by ``otherwise``."""

    def by_default(read: Read, given: Given) -> T | None:
        return reckoned(read, given) if reckoned else default

    said = {
        "kind": kind,
        "purpose": purpose,
        "default": by_default,
        "otherwise": otherwise or ({True: "on", False: "off"}[default] if isinstance(default, bool) else str(default)),
        "secret": secret,
    }
    # To mypy it is the value that the field will have, as with dataclasses.field itself.
    return cast("T", dataclasses.field(metadata={_SETTING: said}))


def described(table: type[DataclassInstance], prefix: str) -> dict[str, Setting]:
    """Every variable of a table by its field, in the order of the table; ``prefix`` begins each name."""
    return {
        field.name: Setting(name=f"{prefix}{field.name.upper()}", **field.metadata[_SETTING])
        for field in dataclasses.fields(table)
        if _SETTING in field.metadata
    }
