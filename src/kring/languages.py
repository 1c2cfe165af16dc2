"""The languages of Kring, listed once: Django, the TypeScript client and the documents take them from here.

A language is switched on for the screens by ``screens=True`` and in no other place. A test then asks for every text of it, in the
client and in the pages, so a language that is not whole can't be offered. ``make generate`` writes the client's list.
"""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

Code = Literal["nl", "en", "de", "fr"]
"""ISO 639-1."""


class Language(NamedTuple):
    """``name``: in English; ``own``: in itself. ``screens``: people may choose it, and Kring's methods have it.

    ``methods``: whoever writes a method has to write it in this language.
    """

    name: str
    own: str
    screens: bool
    methods: bool


LANGUAGES: Final[dict[Code, Language]] = {
    "nl": Language("Dutch", "Nederlands", screens=True, methods=True),
    "en": Language("English", "English", screens=True, methods=True),
    "de": Language("German", "Deutsch", screens=True, methods=True),
    "fr": Language("French", "Français", screens=True, methods=False),
}
ISO_639_1: Final = frozenset({
    "aa", "ab", "ae", "af", "ak", "am", "an", "ar", "as", "av", "ay", "az", "ba", "be", "bg", "bh", "bi", "bm", "bn", "bo",
    "br", "bs", "ca", "ce", "ch", "co", "cr", "cs", "cu", "cv", "cy", "da", "de", "dv", "dz", "ee", "el", "en", "eo", "es",
    "et", "eu", "fa", "ff", "fi", "fj", "fo", "fr", "fy", "ga", "gd", "gl", "gn", "gu", "gv", "ha", "he", "hi", "ho", "hr",
    "ht", "hu", "hy", "hz", "ia", "id", "ie", "ig", "ii", "ik", "io", "is", "it", "iu", "ja", "jv", "ka", "kg", "ki", "kj",
    "kk", "kl", "km", "kn", "ko", "kr", "ks", "ku", "kv", "kw", "ky", "la", "lb", "lg", "li", "ln", "lo", "lt", "lu", "lv",
    "mg", "mh", "mi", "mk", "ml", "mn", "mr", "ms", "mt", "my", "na", "nb", "nd", "ne", "ng", "nl", "nn", "no", "nr", "nv",
    "ny", "oc", "oj", "om", "or", "os", "pa", "pi", "pl", "ps", "pt", "qu", "rm", "rn", "ro", "ru", "rw", "sa", "sc", "sd",
    "se", "sg", "si", "sk", "sl", "sm", "sn", "so", "sq", "sr", "ss", "st", "su", "sv", "sw", "ta", "te", "tg", "th", "ti",
    "tk", "tl", "tn", "to", "tr", "ts", "tt", "tw", "ty", "ug", "uk", "ur", "uz", "ve", "vi", "vo", "wa", "wo", "xh", "yi",
    "yo", "za", "zh", "zu",
})  # fmt: skip
"""Every language that has a code of two letters: a text of a method may be in any of them."""
SCREENS: Final[tuple[Code, ...]] = tuple(code for code, one in LANGUAGES.items() if one.screens)
METHODS: Final[tuple[Code, ...]] = tuple(code for code, one in LANGUAGES.items() if one.methods)
