"""Checks and rehearses methods in a process of its own: ``python -m kring_web.workbench.sandbox``.

One JSON object a line in (``Job``), one a line out (``Checked``, ``Rehearsed``). The process has no database and no
network, runs at a low priority within a limit of memory, and may be killed at any time: ``sandbox_process`` starts another.
"""

from __future__ import annotations

import contextlib
import os
import sys

import msgspec

from kring.meeting import WayError
from kring.methods import checker, reader
from kring.methods.diff import Change, changes
from kring.methods.encoded import encode
from kring.methods.errors import MethodError, Problem
from kring.methods.model import Method
from kring.methods.remarks import Arg, Remark
from kring.rehearsal.rehearsal import Plan, RehearsalFailed, rehearse

_NICE = 10
_MEMORY_LIMIT = 1 << 30
"""Bytes: far more than any method needs."""
_MAX_BYTES = 6 * 1024 * 1024
"""The largest rehearsal that is sent to a browser, in bytes."""


class CheckJob(msgspec.Struct, tag="check", tag_field="job"):
    """Whether ``text`` is a method that can be run, and what changed since ``against``."""

    text: str
    against: str | None = None


class RehearseJob(msgspec.Struct, tag="rehearse", tag_field="job"):
    """A whole meeting by the method in ``text``."""

    text: str
    people: int
    seed: int = 1
    facilitator: bool = True
    written: bool = False


Job = CheckJob | RehearseJob
NO_METHOD = msgspec.Raw(b"null")


class PlacedRemark(msgspec.Struct, frozen=True):
    """One thing that is wrong, at its place in the text; lines and columns from 1.

    ``code`` and ``args`` are those of the remark; so are those of ``notes``, which screens put in brackets after it.
    ``message``: all of it in English, for programs that have no catalogue.
    """

    line: int
    column: int
    code: str
    args: dict[str, Arg]
    notes: tuple[Remark, ...]
    message: str


class Checked(msgspec.Struct, frozen=True):
    """``method``: with every shorthand written out, as JSON; ``null`` when the text is none.

    A method with remarks can be shown, and not run. ``changes``: since ``against``, if both are methods.
    """

    remarks: tuple[PlacedRemark, ...]
    method: msgspec.Raw = NO_METHOD
    changes: tuple[Change, ...] | None = None


class Rehearsed(msgspec.Struct, frozen=True):
    """``lines``: what happened, and what each audience saw of it. ``broken``: why it could not go on.

    ``not-a-method``, ``not-this-way``, ``group-size``, ``too-long``, or a sentence from the engine: then the checker has a gap.
    """

    lines: tuple[msgspec.Raw, ...]
    broken: str | None = None


def check(job: CheckJob) -> Checked:
    """Read and check; the method is there as soon as the text is one."""
    try:
        method, places = reader.parse(job.text.encode(), "method.yaml")
    except MethodError as error:
        return Checked(_placed(error.problems))
    return Checked(_placed(checker.check(method, places)), msgspec.Raw(encode(method)), _since(job.against, method))


def run(job: RehearseJob) -> Rehearsed:
    """Rehearse a meeting, as far as it goes."""
    try:
        method = checker.accept(job.text.encode(), "method.yaml")
    except MethodError:
        return Rehearsed((), "not-a-method")
    plan = Plan(people=job.people, seed=job.seed, facilitator=job.facilitator, written=job.written)
    lines: list[msgspec.Raw] = []
    size = 0
    try:
        for line in rehearse(method, plan):
            if line["line"] == "did":
                continue
            encoded = msgspec.json.encode(line)
            size += len(encoded)
            if size > _MAX_BYTES:
                return Rehearsed(tuple(lines), "too-long")
            lines.append(msgspec.Raw(encoded))
    except RehearsalFailed as error:
        return Rehearsed(tuple(lines), str(error))
    except WayError as error:
        return Rehearsed((), error.code)
    except ValueError:  # so many may not take part
        return Rehearsed((), "group-size")
    return Rehearsed(tuple(lines))


def _placed(problems: tuple[Problem, ...]) -> tuple[PlacedRemark, ...]:
    return tuple(
        PlacedRemark(one.line, one.column, one.remark.code, one.remark.args, one.notes, one.message) for one in problems
    )


def _since(text: str | None, method: Method) -> tuple[Change, ...] | None:
    if text is None:
        return None
    try:
        return changes(reader.read(text.encode(), "before.yaml"), method)
    except MethodError:
        return None


def main() -> None:
    """Answer jobs until there are none."""
    _lower_priority()
    decoder = msgspec.json.Decoder(Job)
    for line in sys.stdin.buffer:
        job = decoder.decode(line)
        answer = check(job) if isinstance(job, CheckJob) else run(job)
        sys.stdout.buffer.write(msgspec.json.encode(answer) + b"\n")
        sys.stdout.buffer.flush()


def _lower_priority() -> None:
    """Live meetings come first; and no method may take all of the machine's memory."""
    with contextlib.suppress(OSError, AttributeError):  # AttributeError: Windows has no such thing
        os.nice(_NICE)
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource  # noqa: PLC0415 -- not on every system

        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_LIMIT, _MEMORY_LIMIT))


if __name__ == "__main__":
    main()
