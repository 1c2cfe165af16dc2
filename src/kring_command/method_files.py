"""Methods as they are named on the command line: by the id of one in the library, or by the path of a file."""

from __future__ import annotations

from pathlib import Path

from kring.methods import checker, library, reader
from kring.methods.errors import MethodError, Problem
from kring.methods.model import Method
from kring.methods.remarks import remark
from kring_command.errors import CommandError

_BOUND = 256 * 1024 + 1
"""One byte more than a method may have: enough for the reader to see that it is too large."""


def find(name: str) -> Method:
    """Return the method, which can be run; raise ``CommandError`` with all that is wrong."""
    method, problems = look(name)
    if problems:
        raise CommandError(as_lines(problems))
    return method


def look(name: str) -> tuple[Method, tuple[Problem, ...]]:
    """Return the method, and why it can't be run, if it can't; raise ``CommandError`` when it is none."""
    if not _is_path(name):
        try:
            return library.load(name), ()
        except library.UnknownMethodError as error:
            raise CommandError(str(error)) from None
    try:
        method, places = reader.parse(content(name), name)
    except MethodError as error:
        raise CommandError(as_lines(error.problems)) from None
    return method, checker.check(method, places)


def content(file: str) -> bytes:
    """Return as much of a file as the reader looks at; raise ``MethodError`` when it can't be read."""
    try:
        with Path(file).open("rb") as opened:
            return opened.read(_BOUND)
    except OSError as error:
        raise MethodError([Problem(file, 1, 1, remark("cannot-be-read", reason=str(error.strerror)))]) from None


def as_lines(problems: tuple[Problem, ...], language: str = "en") -> str:
    """Return problems as compilers print them, one a line."""
    return "\n".join(problem.as_line(language) for problem in problems)


def _is_path(name: str) -> bool:
    """An id has no dots and no slashes; what the library has is not looked for among files."""
    return name not in library.names() and (len(Path(name).parts) != 1 or "." in name or Path(name).is_file())
