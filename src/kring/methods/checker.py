"""Whether a method can be run: rules on what is written, then a walk through meetings of every size.

``check`` first looks whether every name leads somewhere, for without that nothing else makes sense; then asks each rule of
``rules``, and where none has anything to say, has ``explorer`` go through meetings that could get stuck. Each problem has its
line and column, and where it takes a certain meeting to meet it, the shortest way there.
"""

from __future__ import annotations

import re

from kring.methods import reader
from kring.methods.errors import MethodError, Problem, in_order
from kring.methods.explorer import explore, ways
from kring.methods.model import Method
from kring.methods.places import Places
from kring.methods.remarks import remark
from kring.methods.rules import advice, choosing, ending, forms, giving, languages, minutes, names, prompts

_ON_PAPER = (forms, minutes, languages)
"""What one sees in the file."""
_IN_MEETINGS = (ending, giving, choosing, advice, prompts)
"""What one sees in a meeting."""
_SECOND_DOWNLOAD = re.compile(r" ?\(\d+\)\Z")


def check(method: Method, places: Places) -> tuple[Problem, ...]:
    """Return all that is wrong with a method, sorted by place in its file; nothing when it can be run."""
    found = list(names.check(method, places))
    walked = places if found else places.walked(ways(method))  # without a name that leads nowhere, one can walk
    found += [problem for rule in _ON_PAPER for problem in rule.check(method, places)]
    found += [problem for rule in _IN_MEETINGS for problem in rule.check(method, walked)]
    return in_order(found or explore(method, places))


def named_like_its_file(method: Method, places: Places) -> tuple[Problem, ...]:
    """Return what is to be told when a file is called otherwise than its method.

    A name without an ending says nothing, and the number that a browser adds to a second download is no other name.
    """
    file = places.file.replace("\\", "/").rpartition("/")[2]
    name, dot, ending = file.rpartition(".")
    if not dot or ending not in {"yaml", "yml"} or _SECOND_DOWNLOAD.sub("", name) == method.id:
        return ()
    return (places.problem(("id",), remark("id-unlike-the-file", id=method.id, file=file)),)


def accept(data: bytes, name: str) -> Method:
    """Read and check a file at once: return a method that can be run, or raise ``MethodError``."""
    method, places = reader.parse(data, name)
    if problems := check(method, places):
        raise MethodError(problems)
    return method
