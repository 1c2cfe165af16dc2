"""A file that says only what differs: what it makes, and where its mistakes are told."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest
import yaml

from kring.methods import checker, library, reader, schema, shelf
from kring.methods.errors import MethodError, Problem
from kring.methods.model import Method
from tests.core.methods.mistakes import GOOD

HEAD = """\
kring: 1
extends: small-circle
id: smaller
name: {nl: "a", en: "b", de: "c"}
summary: {nl: "a", en: "b", de: "c"}
"""


@pytest.fixture(autouse=True)
def _small_circle(monkeypatch: pytest.MonkeyPatch) -> None:
    """A library with the small circle in it, and with two files that extend each other."""
    files = {
        "small-circle": GOOD,
        "hen": HEAD.replace("small-circle", "egg").replace("smaller", "hen"),
        "egg": HEAD.replace("small-circle", "hen").replace("smaller", "egg"),
        "middle": HEAD.replace("smaller", "middle") + "trust: high\n",
    }
    names, source = (*files, *shelf.names()), shelf.source
    monkeypatch.setattr(shelf, "names", lambda: names)
    monkeypatch.setattr(shelf, "source", lambda name: files[name].encode() if name in files else source(name))


def made(*lines: str, head: str = HEAD) -> Method:
    return checker.accept((head + "\n".join(lines) + "\n").encode(), "smaller.yaml")


def told(*lines: str, head: str = HEAD) -> tuple[Problem, ...]:
    with pytest.raises(MethodError) as caught:
        made(*lines, head=head)
    return caught.value.problems


def base() -> Method:
    return reader.read(GOOD.encode(), "small-circle.yaml")


def ids(method: Method) -> list[str]:
    return [phase.id for phase in method.round]


def test_what_is_not_said_stays() -> None:
    method = made()
    assert (method.id, method.extends) == ("smaller", "small-circle")
    assert (method.opening, method.round, method.closing) == (base().opening, base().round, base().closing)
    assert method.forms == base().forms


def test_a_key_wins_as_a_whole() -> None:
    assert made("trust: high", "group: {min: 5, max: 6}").group.max == 6


def test_a_phase_is_changed_key_by_key() -> None:
    first = base().round[0]
    method = made(
        f"minutes: {base().minutes + 2:g}",
        "round:",
        f"  {first.id}:",
        f"    minutes: {first.minutes + 2:g}",
        "    prompts:",
        "      owner: {do: {nl: x, en: y, de: z}}",
    )
    assert method.round[0].minutes == first.minutes + 2
    assert method.round[0].gives == first.gives
    assert method.round[0].prompts["owner"].do["en"] == "y"
    assert method.round[0].prompts.keys() == first.prompts.keys() | {"owner"}
    assert method.round[1:] == base().round[1:]


def test_another_kind_brings_its_own_shorthand() -> None:
    first = base().round[0]
    changed = made("round:", f"  {first.id}: {{kind: reformulate}}").round[0]
    assert (changed.kind, changed.minutes) == ("reformulate", first.minutes)


STILL = """{id: ID, kind: silence, name: {nl: a, en: b, de: c}, minutes: 1,
             prompts: {everyone: {do: {nl: a, en: b, de: c}}}}"""


def test_phases_come_before_and_after_and_go() -> None:
    first, second, *rest = base().round
    still, quiet, calm = (STILL.replace("ID", name) for name in ("still", "quiet", "calm"))
    method = made(
        f"minutes: {base().minutes + 3 - second.minutes:g}",
        "round:",
        f"  {first.id}:",
        f"    before: [{still}]",
        f"    after: [{quiet}, {calm}]",
        f"  {second.id}: drop",
    )
    assert ids(method) == ["still", first.id, "quiet", "calm", *(phase.id for phase in rest)]


def test_a_list_replaces_the_section() -> None:
    assert (
        made(f"minutes: {base().minutes - sum(one.minutes for one in base().closing):g}", "closing: []").closing == ()
    )


def test_what_nothing_needs_any_more_goes_along() -> None:
    text = yaml.safe_load(GOOD)
    scribe = next(phase for phase in text["opening"] if phase.get("fills"))
    whole, _ = reader.parse((HEAD + f"opening: {{{scribe['id']}: {{fills: drop}}}}\n").encode(), "a.yaml")
    assert scribe["fills"][0] in base().roles
    assert whole.roles == {}


def test_a_file_may_extend_one_that_extends() -> None:
    method = made(head=HEAD.replace("small-circle", "middle"))
    assert method.trust == "high"
    assert ids(method) == ids(base())


def test_a_variant_of_the_library_says_only_what_differs() -> None:
    socratic = library.load("tien-stappen-socratisch")
    ten = library.load("tien-stappen")
    assert [phase.id for phase in ten.round if phase.id not in ids(socratic)] == ["approach", "tips"]
    assert socratic.round[0] == ten.round[0]
    assert len(library.source(socratic.id)) < len(library.source(ten.id)) / 4


WRONG: dict[str, tuple[tuple[str, ...], tuple[int, int], str]] = {
    "unknown phase": (("round:", "  tel:", "    minutes: 3"), (7, 3), "`tel` is no phase of `round` in `small-circle`."),
    "nothing to drop": (("caution: drop",), (6, 1), "nothing to drop"),
    "nothing to drop in a phase": (("round:", "  tell:", "    withheld: drop"), (8, 5), "nothing to drop"),
    "no change": (("round:", "  tell: {}"), (7, 9), "`tell` is empty"),
    "another id": (("round:", "  tell:", "    id: told"), (8, 5), "`id` is not a key that is known here"),
    "a wrong value": (("round:", "  tell:", "    kind: tells"), (8, 11), "Did you mean `tell`?"),
    "a wrong word": (("round: away",), (6, 8), "`round` must be a mapping"),
    "minutes": (("round:", "  tell:", "    minutes: 3"), (2, 10), "(This part comes from `small-circle.yaml`, line 8.)"),
    "a contradiction": (("advice: never",), (2, 10), "This part comes from `small-circle.yaml`"),
    "a contradiction in a changed phase": (
        ("round:", "  gossip:", "    position: {participant: aside}"), (8, 5), "Whoever sits `aside` gives nothing"
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(WRONG))
def test_a_mistake_is_told_in_the_file_that_makes_it(name: str) -> None:
    lines, place, message = WRONG[name]
    found = told(*lines)
    assert {problem.file for problem in found} == {"smaller.yaml"}
    assert any((problem.line, problem.column) == place and message in problem.message for problem in found), found


def test_what_is_inserted_is_told_at_its_own_place() -> None:
    (problem,) = told(
        "minutes: 41", "round:", "  tell:", "    after:", "      - id: more", "        kind: advise", "        minutes: 1",
        "        name: {nl: a, en: b, de: c}", "        prompts: {everyone: {do: {nl: a, en: b, de: c}}}", "        advice: false",
    )  # fmt: skip
    assert (problem.line, problem.column) == (11, 15)


@pytest.mark.parametrize(
    ("parent", "message"),
    [
        ("nowhere", "`nowhere` is no method of the library"),
        ("tien-stapen", "Did you mean `tien-stappen`?"),
        ("hen", "in a circle (`hen`, `egg`, `hen`)"),
    ],
)
def test_a_parent_that_cannot_be_is_refused(parent: str, message: str) -> None:
    (problem,) = told(head=HEAD.replace("small-circle", parent))
    assert message in problem.message
    assert (problem.line, problem.column) == (2, 10)


@pytest.mark.parametrize("parent", ["[a]", "../library/troika", "3"])
def test_a_parent_that_is_no_id_is_refused(parent: str) -> None:
    (problem,) = told(head=HEAD.replace("small-circle", parent))
    assert problem.line == 2


def test_a_variant_has_a_name_of_its_own() -> None:
    (problem,) = told(head="kring: 1\nextends: small-circle\nid: smaller\nname: {nl: a, en: b, de: c}\n")
    assert "`summary` is missing" in problem.message


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in library.names() if library.load(name).extends])
def test_a_variant_fits_the_schema_of_editors(name: str) -> None:
    jsonschema.validate(_plain(library.source(name)), schema.make())


def _plain(data: bytes) -> Any:
    return yaml.load(data, yaml.SafeLoader)
