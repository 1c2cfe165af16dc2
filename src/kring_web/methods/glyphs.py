"""Which characters of a text no font has: a PDF would show boxes in their place.

Pango takes what the page's own fonts lack from any font of the machine; what none of them has, it counts as unknown. So an emoji
or a Japanese word is printed where a font for it is installed, and told of where none is.
"""

from __future__ import annotations

import functools
import unicodedata
from typing import Any

_UNKNOWN = "int pango_layout_get_unknown_glyphs_count (PangoLayout *layout);"
_LATIN_1 = 0x100
_UNSEEN = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp", "Mn", "Mc", "Me"})
"""Categories of characters that are nothing by themselves."""


def missing(text: str, fonts: Any) -> str:  # noqa: ANN401 -- a FontConfiguration of WeasyPrint, which has no types
    """The characters that no font has, each once, in order. ``fonts``: with the page's own in it."""
    seen = sorted({one for one in text if ord(one) >= _LATIN_1 and unicodedata.category(one) not in _UNSEEN})
    if not seen or not _unknown("".join(seen), fonts):
        return ""
    return "".join(one for one in seen if _unknown(one, fonts))


def code_points(characters: str) -> str:
    """Their numbers, as in ``U+1F600 U+65E5``."""
    return " ".join(f"U+{ord(one):04X}" for one in characters)


def _unknown(text: str, fonts: Any) -> int:  # noqa: ANN401 -- as above
    pango = _pango()
    context = pango.ffi.gc(pango.pango.pango_font_map_create_context(fonts.font_map), pango.gobject.g_object_unref)
    layout = pango.ffi.gc(pango.pango.pango_layout_new(context), pango.gobject.g_object_unref)
    pango.pango.pango_layout_set_text(layout, text.encode(), -1)
    return int(pango.pango.pango_layout_get_unknown_glyphs_count(layout))


@functools.cache
def _pango() -> Any:  # noqa: ANN401 -- a module, loaded late
    from weasyprint.text import ffi  # noqa: PLC0415 -- needs libraries of the system

    ffi.ffi.cdef(_UNKNOWN)
    return ffi
