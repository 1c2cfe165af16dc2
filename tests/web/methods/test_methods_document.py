"""``docs/methods.md`` and its pictures are made from the library: ``RECORD=1 pytest`` on this file writes them anew."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kring.methods import library
from kring_web.methods import drawing
from kring_web.methods.method_text import MethodText, describe

DOCS = Path(__file__).parents[3] / "docs"
PAGE = DOCS / "methods.md"
PICTURES = DOCS / "pictures" / "methods"
HEAD = """# The methods that come with Kring

Each picture is drawn from the method's file: steps as long as their minutes; who speaks by colour; the ochre line is the case
owner's way, outside the ring where they only listen; the green arc says where advice is allowed. `kring methods show ID` tells one
step by step, `kring methods print ID` puts it on paper, and [write your own](write-your-own-method.md) makes another.

Where a method differs from its sources, or says more than they do, that is told below it as *ours*; what we could not check, as
*from memory*. In most methods what someone will do may be written down at the end, and whoever owes something may pass: that is
ours in all of them, so it isn't repeated.
"""


def told() -> list[MethodText]:
    """The library in English, the shortest first."""
    methods = sorted(map(library.load, library.names()), key=lambda one: (one.minutes, one.id))
    return [describe(method, "en") for method in methods]


def page() -> str:
    return HEAD + "".join(entry(one) for one in told())


def entry(one: MethodText) -> str:
    picture = f'<img src="pictures/methods/{one.id}.svg" width="260" alt="{drawing.description(one)}">'
    return (
        f"\n## {one.name}\n\n`{one.id}`, {one.minutes}, {one.people}. {one.summary}\n\n{picture}\n{differences(one.id)}"
    )


def differences(name: str) -> str:
    """What no source says, or what nobody looked up."""
    refs = {
        status: [one.ref for one in library.load(name).source if one.status == status]
        for status in ("ours", "unverified")
    }
    ours = [f"\n*Ours:* {'. '.join(refs['ours'])}.\n"] if refs["ours"] else []
    memory = [f"\n*From memory:* {'. '.join(bare(ref) for ref in refs['unverified'])}.\n"] if refs["unverified"] else []
    return "".join((*ours, *memory))


def bare(ref: str) -> str:
    """Without saying again that it is from memory."""
    told = ref.removeprefix("From memory: ").removesuffix(": from memory")
    return told[0].upper() + told[1:]


def picture(one: MethodText) -> str:
    return f"{drawing.ring(one, styled=True)}\n"


if os.environ.get("RECORD"):
    PICTURES.mkdir(exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8")
    for each in told():
        (PICTURES / f"{each.id}.svg").write_text(picture(each), encoding="utf-8")


def test_the_page_tells_the_library_as_it_is() -> None:
    assert PAGE.read_text("utf-8") == page()


@pytest.mark.parametrize("one", told(), ids=lambda one: str(one.id))
def test_the_picture_is_drawn_from_the_file(one: MethodText) -> None:
    assert (PICTURES / f"{one.id}.svg").read_text("utf-8") == picture(one)


def test_no_picture_is_left_over() -> None:
    assert {path.stem for path in PICTURES.iterdir()} == set(library.names())
