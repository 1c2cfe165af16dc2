"""The tokens of colour and type, out of the stylesheet that defines them: for what no stylesheet reaches.

``web/tokens.css`` is the one source. Pages link it; an address bar's colour and a drawing that stands alone are told here.
"""

from __future__ import annotations

import re
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

STYLESHEET: Final = Path(__file__).parent / "static" / "web" / "tokens.css"
_COMMENT: Final = re.compile(r"/\*.*?\*/", re.DOTALL)
_TOKEN: Final = re.compile(r"--([a-z-]+):\s*([^;]+);")


def read(css: str, opening: str) -> dict[str, str]:
    """The tokens of the first rule that begins with ``opening``, by name without dashes before it."""
    rule = _COMMENT.sub("", css).split(opening, 1)[1].split("}", 1)[0]
    return dict(_TOKEN.findall(rule))


_CSS: Final = STYLESHEET.read_text("utf-8")
LIGHT: Final[Mapping[str, str]] = MappingProxyType(read(_CSS, ".paper {"))
"""What a page has by day, and paper always."""
DARK: Final[Mapping[str, str]] = MappingProxyType(read(_CSS, ":root:not([data-still]) {"))
"""What is otherwise in the dark."""
TYPE: Final[Mapping[str, str]] = MappingProxyType(read(_CSS, ":root {"))
"""Type, sizes and times."""
