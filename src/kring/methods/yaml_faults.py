"""Why a text is no YAML, in words that one can act on, at the quote, bracket, dash or colon that was meant otherwise.

The parser stops where it can't go on, which is often far from the mistake: a quote that is never closed is found at the end of the
file. So this looks back: at the last word or text that was read, at the bracket or quote that was open, and at the lines between.
It goes by places alone, which libyaml and PyYAML give alike, not by the parser's own words. Each question below is asked in
turn; the first that knows an answer gives it, so the surer ones come first.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

import yaml
from yaml import events as ev

from kring.languages import LANGUAGES
from kring.methods.meanings import of_keys
from kring.methods.places import Place
from kring.methods.remarks import Remark, remark

Found = tuple[Place, Remark]

CURLY = frozenset("“”„‟‘’‚‛«»")
"""Quotes of typography: part of a text, never round it."""
OPENING = frozenset("“„«")
"""Those among them with which nobody begins a word."""
_SINGLE = frozenset("‘’‚‛")
_BREAK = re.compile(r"\r\n|[\n\r\x85\u2028\u2029]")
_CLOSING = {"{": "}", "[": "]"}
_COLON_WITHOUT_SPACE = re.compile(r"[ \t]*(?:- +)*[\w-]+(:)[^\s:]")
_DASH_WITHOUT_SPACE = re.compile(r"[ \t]*(?:- +)*(-)\w")
_KEY = re.compile(r"""["']?[\w-]+["']?[ \t]*:(?:\s|$)""")
_LONG_TEXT = 1000
"""Characters in which the end of a text is looked for."""
_NEXT_KEY = re.compile(r"(.?)[ \t]*,\s*[\w-]+:\s*$")
"""The end of a text that ran on into the next one: a comma and a key."""
_TEXT_ENDS = re.compile(
    r"""(?<![ \t])[ \t]*,\s*(?:[\w-]+|"[^"]*"|'[^']*')[ \t]*:(?:\s|$)|(?<![\s,}\]])[\s,}\]]*(?:\s\#.*)?$"""
)
"""Where a text between brackets was meant to end: before a comma and a key, or before what closes or ends its line."""


class Spot(NamedTuple):
    """A place in the text; lines and columns from 0, as the parser counts."""

    line: int
    column: int


class Seen(NamedTuple):
    """What was read before the parser stopped: the last word or text, and the last ``{...}`` or ``[...]`` that was closed."""

    scalar: ev.ScalarEvent | None = None
    closed: tuple[Spot, Spot] | None = None


class _Fault:
    """Where the parser stopped, and what stood before it."""

    def __init__(self, text: str, error: yaml.MarkedYAMLError, seen: Seen) -> None:
        self.lines = lines(text)
        self.within = str(error.context)
        self.stop = spot(error.problem_mark)
        self.opened = spot(error.context_mark) if error.context_mark else self.stop
        self.closed = seen.closed
        self.style = seen.scalar.style if seen.scalar else None
        self.text = str(seen.scalar.value) if seen.scalar else ""
        self.start, self.end = (
            (spot(seen.scalar.start_mark), spot(seen.scalar.end_mark)) if seen.scalar else (self.stop, Spot(-1, 0))
        )

    def line(self, at: Spot) -> str:
        return self.lines[at.line] if at.line < len(self.lines) else ""

    def mark(self, at: Spot) -> str:
        """Return the character at a place; nothing at the end of a line."""
        return self.line(at)[at.column : at.column + 1]

    @property
    def rest(self) -> str:
        return self.line(self.stop)[self.stop.column :].strip()

    @property
    def first(self) -> Spot:
        """Where the first word of the line stands on which the parser stopped."""
        line = self.line(self.stop)
        return Spot(self.stop.line, len(line) - len(line.lstrip()))

    @property
    def plain(self) -> bool:
        """Whether the last text is without quotes."""
        return self.end.line >= 0 and self.style in {None, ""}

    @property
    def ended(self) -> bool:
        """Whether nothing of the text is left."""
        return not self.rest and all(not line.strip() for line in self.lines[self.stop.line + 1 :])

    @property
    def in_brackets(self) -> bool:
        return "flow" in self.within and self.mark(self.opened) in _CLOSING

    def adjoins(self, end: Spot) -> bool:
        """Whether nothing stands between ``end`` and where the parser stopped, on the same line."""
        return end.line == self.stop.line and not self.line(end)[end.column : self.stop.column].strip()


def diagnose(text: str, error: yaml.MarkedYAMLError, seen: Seen) -> Found:
    """Return where the mistake is and what to do about it."""
    fault = _Fault(text, error, seen)
    questions = (
        _tab,
        _directive,
        _alias,
        _within_quotes,
        _after_quotes,
        _comment,
        _bracket_in_text,
        _text_in_bracket,
        _bracket,
        _in_brackets,
        _closed,
        _colon,
        _simple,
        _dash,
    )
    answers = (answer for question in questions if (answer := question(fault)))
    return next(answers, (_place(fault.stop), remark("not-yaml")))


def in_curly_quotes(text: str) -> bool:
    """Return whether quotes of typography stand round a text without others, or one that opens and none of them that closes."""
    first, last = text[:1], text[1:][-1:]
    if first in OPENING:
        return last in CURLY | {'"', "'"} or not CURLY & set(text[1:])
    # ’s avonds: an apostrophe and a quote of the other kind are no pair.
    return first in CURLY and last in CURLY and (first in _SINGLE) == (last in _SINGLE)


def as_meant(rest: str) -> str:
    """Return the text that begins a rest of a line as its writer meant it: past the comma, colon or bracket that ended it."""
    return _TEXT_ENDS.split(rest[:_LONG_TEXT], maxsplit=1)[0]


def lines(text: str) -> list[str]:
    """Return the lines of a text, as the parser counts them."""
    return _BREAK.split(text)


def spot(mark: Any) -> Spot:  # noqa: ANN401 (libyaml's marks and PyYAML's are of different types)
    """Return where a mark of the parser is."""
    return Spot(mark.line, mark.column)


def _place(at: Spot) -> Place:
    return at.line + 1, at.column + 1


def _tab(fault: _Fault) -> Found | None:
    before = fault.line(fault.stop)[: fault.first.column]
    if "\t" in before:
        return _place(Spot(fault.stop.line, before.index("\t"))), remark("tab")
    return (_place(fault.stop), remark("tab")) if fault.mark(fault.stop) == "\t" else None


def _directive(fault: _Fault) -> Found | None:
    return (_place(fault.opened), remark("directive")) if "directive" in fault.within else None


def _alias(fault: _Fault) -> Found | None:
    """A text that begins with ``**`` or ``&&``, as emphasis does elsewhere."""
    named = "alias" in fault.within or "anchor" in fault.within
    return (_place(fault.opened), remark("text-begins-with-mark")) if named else None


def _within_quotes(fault: _Fault) -> Found | None:
    """The text in quotes goes on to the end of the file, or has a backslash that means nothing."""
    if "quoted scalar" not in fault.within:
        return None
    slash = fault.line(fault.stop).rfind("\\", 0, fault.stop.column + 1)
    if fault.ended or slash < 0:
        return _place(fault.opened), remark("quote-open")
    return _place(Spot(fault.stop.line, slash)), remark("backslash")


def _after_quotes(fault: _Fault) -> Found | None:
    """The text in quotes ended sooner than its writer thought, or later, in the next text in quotes."""
    if fault.style not in {"'", '"'} or not fault.adjoins(fault.end) or not fault.rest:
        return None
    if fault.start.line < fault.end.line:
        return _place(fault.start), remark("quote-open")
    if fault.in_brackets and (ran_on := _NEXT_KEY.search(fault.text)):
        return _place(fault.start), remark("curly-quotes" if ran_on[1] in CURLY else "quote-open")
    if fault.in_brackets and (_KEY.match(fault.rest) or fault.rest[0] in {'"', "'", "{", "[", ";"}):
        return _place(fault.stop), remark("comma-missing")
    if fault.in_brackets and fault.rest[0] in {"}", "]"}:
        return None
    code = "single-quote-within" if fault.style == "'" else "double-quote-within"
    return _place(fault.start), remark(code, rest=fault.rest)


def _comment(fault: _Fault) -> Found | None:
    """A ``#`` in a text in brackets took away the rest of the line, and the bracket with it."""
    if fault.in_brackets and fault.plain and (cut := cut_off(fault.line(fault.end), fault.end.column)) is not None:
        return _place(Spot(fault.end.line, cut)), remark("comment-in-text")
    return None


def cut_off(line: str, end: int) -> int | None:
    """Return the column (from 0) of the comment that ends a text without quotes, whose end is given; nothing if none does."""
    found = re.match(r"[ \t]+#", line[end:])
    return end + found.end() - 1 if found else None


def _bracket_in_text(fault: _Fault) -> Found | None:
    """A text without quotes in a mapping in braces, with a bracket or a brace in it."""
    if not (fault.plain and fault.in_brackets and fault.mark(fault.opened) == "{" and fault.adjoins(fault.end)):
        return None
    mark, after = fault.rest[:1], fault.rest[1:]
    opens = mark in _CLOSING
    closes = mark == "]" and _goes_on(after) and (" " in fault.text or after.lstrip()[:1] != ",")
    return _text(fault, fault.start, "bracket-in-text", mark=mark) if opens or closes else None


def _text_in_bracket(fault: _Fault) -> Found | None:
    """Something in brackets that a text goes on after: the text had the bracket in it, or began with it."""
    if not (fault.closed and fault.adjoins(fault.closed[1])) or not _goes_on(fault.rest) or _KEY.match(fault.rest):
        return None
    began = fault.closed[0]
    if fault.mark(began) == "{" and _KEY.match(fault.line(began)[began.column + 1 :].lstrip()):
        within = fault.plain and fault.start.line == fault.stop.line
        return _text(fault, fault.start, "bracket-in-text", mark="}") if within else None
    return (_place(began), remark("text-begins-with-mark")) if fault.mark(began) in _CLOSING else None


def _goes_on(rest: str) -> bool:
    """Whether a text goes on here, to what closes the brackets that it stands in."""
    depth = 0
    for at, mark in enumerate(rest):
        depth += (mark in "{[") - (mark in "}]")
        if depth < 0:
            return bool(rest[:at].strip(" ,")) and rest.lstrip()[:1] not in {"{", "[", '"', "'"}
    return False


def _bracket(fault: _Fault) -> Found | None:
    """A bracket that is open to the end of the file, into the next part of it, or to a bracket of the other kind."""
    if not fault.in_brackets:
        return None
    opening, mark = fault.mark(fault.opened), fault.mark(fault.stop)
    if mark in {"}", "]"}:
        return _place(fault.opened), remark("bracket-mismatch", opening=opening, closing=_CLOSING[opening], wrong=mark)
    line = fault.line(fault.opened)
    outer = fault.stop.line > fault.opened.line and fault.first.column <= len(line) - len(line.lstrip(" "))
    if fault.ended or outer:
        return _place(fault.opened), remark("bracket-open", opening=opening, closing=_CLOSING[opening])
    return None


def _in_brackets(fault: _Fault) -> Found | None:
    """Between brackets: a text with a colon in it, or a comma left out."""
    if not fault.in_brackets:
        return None
    if fault.mark(fault.stop) != ":":
        return _place(fault.stop), remark("comma-missing")
    if fault.start.line < fault.end.line:
        return _place(fault.first), remark("comma-missing")
    key = fault.text.split()[-1]
    if " " in fault.text and (key in LANGUAGES or any(key in keys for keys in of_keys().values())):
        return _place(Spot(fault.stop.line, fault.end.column - len(key))), remark("comma-missing")
    return _text(fault, fault.start, "colon-in-text")


def _closed(fault: _Fault) -> Found | None:
    """Something that looks like a list in brackets, and goes on as a text; or a bracket too many."""
    if fault.rest[:1] in {"}", "]"}:
        return _place(fault.stop), remark("bracket-extra", mark=fault.rest[0])
    if fault.closed and fault.adjoins(fault.closed[1]):
        return _place(fault.closed[0]), remark("text-begins-with-mark")
    return None


def _colon(fault: _Fault) -> Found | None:
    """A text with a colon in it; or a line that went on with the text before it."""
    if "plain scalar" in fault.within:
        return _text(fault, fault.opened, "colon-in-text")
    if fault.mark(fault.stop) != ":" or not (fault.plain and fault.adjoins(fault.end)):
        return None
    if fault.start.line == fault.end.line:
        return _text(fault, fault.start, "colon-in-text")
    return _spaceless(fault, fault.start.line) or (_place(fault.first), remark("misaligned"))


def _text(fault: _Fault, start: Spot, code: str, **args: str) -> Found:
    curly = in_curly_quotes(as_meant(fault.line(start)[start.column :]))
    return _place(start), remark("curly-quotes") if curly else remark(code, **args)


def _spaceless(fault: _Fault, line: int) -> Found | None:
    """A dash or a colon without the space that makes it one."""
    for pattern, code in ((_DASH_WITHOUT_SPACE, "dash-without-space"), (_COLON_WITHOUT_SPACE, "colon-without-space")):
        if found := pattern.match(fault.lines[line]):
            return _place(Spot(line, found.start(1))), remark(code)
    return None


def _simple(fault: _Fault) -> Found | None:
    """A line that is no ``key: value``."""
    if "simple key" not in fault.within:
        return None
    return _spaceless(fault, fault.opened.line) or (_place(fault.opened), remark("no-colon"))


def _dash(fault: _Fault) -> Found | None:
    """A text that begins with a mark of YAML; or a line that stands in no row with those before it."""
    if "block scalar" in fault.within:
        return _place(fault.opened), remark("text-begins-with-mark")
    within_line = fault.stop.column > fault.first.column
    if fault.rest[:1] in set("@`%,") | (set("-?") if within_line else set()):
        return _place(fault.stop), remark("text-begins-with-mark")
    if within_line or not fault.rest:
        return None
    if fault.rest.startswith("-"):
        return _spaceless(fault, fault.stop.line) or (_place(fault.stop), remark("dash-misplaced"))
    return _place(fault.stop), remark("misaligned")
