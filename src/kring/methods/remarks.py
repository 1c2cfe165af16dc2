"""What is said of a method file: a stable code with its arguments, and the sentence that a language makes of them.

The sentences are in ``texts/remarks.LANGUAGE.json``, for the command line, the server and the workbench alike. A sentence names
its arguments: ``{key}`` is put in as it is, ``{known:or}`` is a list of words, each in backticks, with the language's own *or*
before the last; ``{steps:; }`` is a list with that between its parts. An argument may be a remark itself, or several, so that
no sentence is put together from pieces of another language. Braces that name nothing (``reply: {}``) are part of the sentence.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from typing import Union

import msgspec

from kring.methods.sentences import sentences

ARGUMENT = re.compile(r"\{([a-z]+)(?::(or|and|; |, ))?\}")
"""An argument in a sentence: its name, and how a list is joined."""
_SHOWN = 60

Arg = Union[str, int, float, "Remark", tuple[Union[str, "Remark"], ...]]
"""What an argument may be; words come back from JSON as they went in."""


class Remark(msgspec.Struct, frozen=True):
    """A code that never changes its meaning, and what the sentence needs to know, by name."""

    code: str
    args: dict[str, Arg] = {}

    def sentence(self, language: str = "en") -> str:
        """Return it in one of ``kring.languages.LANGUAGES``."""
        return ARGUMENT.sub(
            lambda found: self._filled(found[1], found[2], language), sentences("remarks", language)[self.code]
        )

    def _filled(self, name: str, joint: str | None, language: str) -> str:
        value = self.args[name]
        if not isinstance(value, tuple):
            return _worded(value, language)
        parts = [f"`{part}`" if isinstance(part, str) else part.sentence(language) for part in value]
        if joint not in {"or", "and"} or len(parts) < 2:  # noqa: PLR2004 (nothing to join)
            return (joint or ", ").join(parts)
        return f"{', '.join(parts[:-1])} {sentences('remarks', language)[joint]} {parts[-1]}"


def remark(code: str, /, **args: str | float | Remark | Iterable[str | Remark]) -> Remark:
    """Return a remark; words that it quotes are made short enough for a sentence."""
    return Remark(code, {name: _kept(value) for name, value in args.items()})


def guess(word: str, known: Iterable[str]) -> Remark | str:
    """Return the question whether a known word is meant that looks like this one; nothing when none does."""
    close = difflib.get_close_matches(word[:_SHOWN], sorted(known), n=1, cutoff=0.6)
    return remark("did-you-mean", word=close[0]) if close else ""


def shown(value: object) -> str:
    """Return a value as it may be quoted in a sentence: short and on one line."""
    text = " ".join(str(value).split())
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."


def _kept(value: str | float | Remark | Iterable[str | Remark]) -> Arg:
    if isinstance(value, str):
        return shown(value)
    if isinstance(value, int | float | Remark):
        return value
    return tuple(shown(part) if isinstance(part, str) else part for part in value)


def _worded(value: str | float | Remark, language: str) -> str:
    if isinstance(value, Remark):
        return value.sentence(language)
    return value if isinstance(value, str) else f"{value:g}"
