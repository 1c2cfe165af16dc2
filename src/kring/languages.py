"""The languages of Kring, listed once: Django, the TypeScript client and the documents take them from here.

A language is switched on for the screens by ``screens=True`` and in no other place. A test then asks for every text of it, in the
client and in the pages, so a language that is not whole can't be offered. ``make generate`` writes the client's list.
"""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

Code = Literal["nl", "en", "de", "fr"]
"""ISO 639-1."""


class Language(NamedTuple):
    """``name``: in English; ``own``: in itself. ``screens``: people may choose it; ``methods``: every method has it."""

    name: str
    own: str
    screens: bool
    methods: bool


LANGUAGES: Final[dict[Code, Language]] = {
    "nl": Language("Dutch", "Nederlands", screens=True, methods=True),
    "en": Language("English", "English", screens=True, methods=True),
    "de": Language("German", "Deutsch", screens=False, methods=True),
    "fr": Language("French", "Français", screens=False, methods=False),
}
SCREENS: Final[tuple[Code, ...]] = tuple(code for code, one in LANGUAGES.items() if one.screens)
METHODS: Final[tuple[Code, ...]] = tuple(code for code, one in LANGUAGES.items() if one.methods)
