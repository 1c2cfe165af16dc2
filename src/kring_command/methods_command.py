"""``kring methods list | show ID | check FILE... | schema | reference``: look at methods, and see what is wrong with one."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from kring import languages
from kring.methods import checker, library, reference, schema
from kring.methods.encoded import encode
from kring.methods.errors import MethodError, Problem
from kring.methods.model import LANGUAGES, Method, Phase, Text
from kring.methods.remarks import remark
from kring_command import methods_paper

if TYPE_CHECKING:
    from collections.abc import Iterator

    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 (argparse gives it no public name)

_BOUND = 256 * 1024 + 1
"""One byte more than a method may have: enough for the reader to see that it is too large."""


def add_parser(subparsers: Subparsers) -> None:
    """Add ``methods`` with its subcommands to the command line."""
    parser = subparsers.add_parser("methods", help="list, show and check methods", description=__doc__)
    parser.set_defaults(run=run)
    inner = parser.add_subparsers(
        dest="methods_command", required=True, metavar="list | show | check | schema | reference"
    )
    listing = inner.add_parser("list", help="all methods that come with Kring")
    showing = inner.add_parser("show", help="one method, phase by phase")
    showing.add_argument("id", help="the id of a method in the library")
    showing.add_argument("--json", action="store_true", help="the whole method with all shorthand written out, as JSON")
    for one in (listing, showing):
        one.add_argument("--language", choices=LANGUAGES, default="en", help="the language of names (default: en)")
    inner.add_parser("schema", help="the JSON schema of method files, for editors")
    inner.add_parser("reference", help="the reference of the method language, as Markdown")
    methods_paper.add_parsers(inner)
    checking = inner.add_parser("check", help="say what is wrong with method files, by line and column")
    checking.add_argument(
        "--language", choices=languages.LANGUAGES, default="en", help="the language of what is said (default: en)"
    )
    checking.add_argument("files", nargs="+", metavar="FILE", help="a method file")


def run(args: argparse.Namespace) -> int:
    """Do what was asked; return the exit code: 0, or 1 when something is wrong."""
    match args.methods_command:
        case "list":
            return _list(args.language)
        case "show":
            return _show(args.id, args.language, as_json=args.json)
        case "print":
            return methods_paper.run_print(args)
        case "draw":
            return methods_paper.run_draw(args)
        case "schema":
            print(schema.as_json().decode(), end="")
            return 0
        case "reference":
            print(reference.as_markdown(), end="")
            return 0
        case _:
            return _check(args.files, args.language)


def _list(language: str) -> int:
    for name in library.names():
        method = library.load(name)
        print(f"{name:<24} {method.minutes:>4g} min  {_group(method):<6} {_in(method.name, language)}")
    return 0


def _show(method_id: str, language: str, *, as_json: bool) -> int:
    try:
        method = library.load(method_id)
    except library.UnknownMethodError as error:
        print(error, file=sys.stderr)
        return 1
    if as_json:
        print(msgspec.json.format(encode(method), indent=2).decode())
    else:
        print("\n".join(_lines(method, language)))
    return 0


def _check(files: list[str], language: str) -> int:
    wrong = False
    for file in files:
        if problems := _problems(file):
            wrong = True
            print("\n".join(problem.as_line(language) for problem in problems))
        else:
            print(f"{file}: ok")
    return int(wrong)


def _problems(file: str) -> tuple[Problem, ...]:
    try:
        with Path(file).open("rb") as opened:
            data = opened.read(_BOUND)
    except OSError as error:
        return (Problem(file, 1, 1, remark("cannot-be-read", reason=str(error.strerror))),)
    try:
        checker.accept(data, file)
    except MethodError as error:
        return error.problems
    return ()


def _lines(method: Method, language: str) -> Iterator[str]:
    yield f"{_in(method.name, language)} ({method.id})"
    yield _in(method.summary, language)
    yield f"{_group(method)} people, {method.minutes:g} minutes, advice: {method.advice}, cases: {method.cases}"
    for title, phases in (("opening", method.opening), ("round", method.round), ("closing", method.closing)):
        if phases:
            yield ""
            yield title
            yield from (_line(phase, language) for phase in phases)
    for name, module in method.modules.items():
        yield ""
        yield f"module {name}: {_in(module.name, language)}"
        yield from (_line(phase, language) for phase in module.phases)


def _line(phase: Phase, language: str) -> str:
    given = [f"{give.who} {give.what} {give.least}-{give.most}" for give in phase.gives]
    placed = [f"{who} {position}" for who, position in phase.position.items()]
    told = "; ".join([*given, *placed, *(["advice"] if phase.advice else [])])
    return f"  {phase.id:<18} {phase.kind:<12} {phase.minutes:>4g} min  {_in(phase.name, language)}  [{told}]"


def _group(method: Method) -> str:
    return f"{method.group.min}-{method.group.max}"


def _in(text: Text, language: str) -> str:
    return text.get(language) or text["en"]
