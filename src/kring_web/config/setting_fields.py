"""Describing a setting in the field of the dataclass that will hold its value; ``environment`` is the table."""

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

Variables = Mapping[str, str]
"""The environment variables."""
Values = Mapping[str, Any]
"""The values read so far, by field, in the order of the table."""


@dataclass(frozen=True)
class Setting:
    """One variable. ``default`` gives its value where it isn't set; ``default_text`` is what the document says of that."""

    name: str
    kind: Kind[Any]
    purpose: str
    default: Callable[[Values, Variables], Any]
    default_text: str
    secret: bool


def setting(
    kind: Kind[T],
    purpose: str,
    *,
    default: T | None = None,
    computed: Callable[[Values, Variables], T] | None = None,
    default_text: str = "",
    secret: bool = False,
) -> T:
    """A field of the table. Its default is ``default``, or ``computed`` from the values before it; then give ``default_text``."""

    def value_when_unset(values: Values, variables: Variables) -> T | None:
        return computed(values, variables) if computed else default

    described = {
        "kind": kind,
        "purpose": purpose,
        "default": value_when_unset,
        "default_text": default_text
        or ({True: "on", False: "off"}[default] if isinstance(default, bool) else str(default)),
        "secret": secret,
    }
    # To mypy it is the value that the field will have, as with dataclasses.field itself.
    return cast("T", dataclasses.field(metadata={_SETTING: described}))


def settings_of(table: type[DataclassInstance], prefix: str) -> dict[str, Setting]:
    """Every variable of a table by its field, in the order of the table; ``prefix`` begins each name."""
    return {
        field.name: Setting(name=f"{prefix}{field.name.upper()}", **field.metadata[_SETTING])
        for field in dataclasses.fields(table)
        if _SETTING in field.metadata
    }
