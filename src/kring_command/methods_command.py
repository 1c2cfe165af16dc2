"""``kring methods list | show METHOD | check FILE... | schema | reference``: look at methods, and see what is wrong with one."""

from __future__ import annotations

import argparse
import sys

import msgspec

from kring import languages
from kring.methods import checker, library, reader, reference, schema
from kring.methods.encoded import encode
from kring.methods.errors import MethodError, Problem, in_order
from kring_command import method_files, methods_paper, methods_show


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What comes after the command: its subcommands."""
    parser.description = __doc__
    parser.set_defaults(run=run)
    inner = parser.add_subparsers(
        dest="methods_command", required=True, metavar="list | show | check | schema | reference"
    )
    listing = inner.add_parser("list", help="all methods that come with Kring")
    showing = inner.add_parser("show", help="one method, phase by phase")
    showing.add_argument("method", metavar="METHOD", help="the id of a method in the library, or a method file")
    showing.add_argument("--json", action="store_true", help="the whole method with all shorthand written out, as JSON")
    for one in (listing, showing):
        one.add_argument(
            "--language", choices=languages.LANGUAGES, default="en", help="the language of names (default: en)"
        )
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
            return _show(args.method, args.language, as_json=args.json)
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
        people = f"{method.group.min}-{method.group.max}"
        print(f"{name:<24} {method.minutes:>4g} min  {people:<6} {method.name.get(language, method.name['en'])}")
    return 0


def _show(name: str, language: str, *, as_json: bool) -> int:
    method, problems = method_files.look(name)
    if as_json:
        print(msgspec.json.format(encode(method), indent=2).decode())
    else:
        print("\n".join(methods_show.lines(method, language)))
    if problems:
        print(method_files.as_lines(problems), file=sys.stderr)
    return int(bool(problems))


def _check(files: list[str], language: str) -> int:
    wrong = False
    for file in files:
        if problems := _problems(file):
            wrong = True
            print(method_files.as_lines(problems, language))
        else:
            print(f"{file}: ok")
    return int(wrong)


def _problems(file: str) -> tuple[Problem, ...]:
    try:
        method, places = reader.parse(method_files.content(file), file)
    except MethodError as error:
        return error.problems
    return in_order(checker.named_like_its_file(method, places) + checker.check(method, places))
