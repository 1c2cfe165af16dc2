"""A diff names all that changed, and nothing else."""

from __future__ import annotations

import msgspec
import pytest
from msgspec.structs import replace

from kring.methods import diff, encoded, library
from kring.methods.diff import Change
from kring.methods.model import Method

LINXX = library.load("linxx-9")


def with_phase(method: Method, name: str, **changed: object) -> Method:
    """The method with one phase of its round changed."""
    return replace(method, round=tuple(replace(one, **changed) if one.id == name else one for one in method.round))


def told(before: Method, after: Method) -> list[dict[str, object]]:
    """The changes without what is empty."""
    return [msgspec.to_builtins(one) for one in diff.changes(before, after)]


@pytest.mark.parametrize("name", library.names())
def test_diff_of_a_method_with_itself_is_empty(name: str) -> None:
    method = library.load(name)
    assert diff.changes(method, encoded.decode(encoded.encode(method))) == ()


def test_minutes_and_advice_are_named_with_the_number_of_the_phase() -> None:
    after = with_phase(LINXX, "gossip", minutes=20, advice=True)
    number = list(diff.phases_of(LINXX)).index("gossip") + 1
    minutes = next(one for one in LINXX.round if one.id == "gossip").minutes
    about = {"code": "phase-setting", "phase": "gossip", "number": number}
    assert told(LINXX, after) == [
        {**about, "what": "minutes", "before": minutes, "after": 20},
        {**about, "what": "advice", "before": False, "after": True},
    ]


def test_position_is_compared_as_what_it_means() -> None:
    after = with_phase(LINXX, "gossip", position={"owner": "back", "participant": "in"})
    (change,) = diff.changes(LINXX, after)
    assert (change.code, change.who, change.before, change.after) == ("position", "owner", "unseen", "back")


def test_one_moved_phase_is_one_change() -> None:
    first, second, *rest = LINXX.round
    (change,) = diff.changes(LINXX, replace(LINXX, round=(second, first, *rest)))
    assert change.code == "phase-moved"
    assert change.phase in {first.id, second.id}


def test_phase_moved_to_another_section_is_moved() -> None:
    after = replace(LINXX, round=LINXX.round[:-1], closing=(LINXX.round[-1], *LINXX.closing))
    assert [(one.code, one.phase) for one in diff.changes(LINXX, after)] == [("phase-moved", LINXX.round[-1].id)]


def test_added_and_removed_phases_are_named_once() -> None:
    added = replace(LINXX.round[0], id="pause", kind="silence")
    after = replace(LINXX, round=(added, *LINXX.round[1:]))
    assert {(one.code, one.phase) for one in diff.changes(LINXX, after)} == {
        ("phase-added", "pause"),
        ("phase-removed", LINXX.round[0].id),
    }


def test_gives_are_compared_by_who_and_what() -> None:
    gossip = next(one for one in LINXX.round if one.id == "gossip")
    more = (replace(gossip.gives[0], most=5),)
    (otherwise,) = diff.changes(LINXX, with_phase(LINXX, "gossip", gives=more))
    assert (otherwise.code, otherwise.who, otherwise.what) == ("given-otherwise", "participant", "hypothesis")
    (gone,) = diff.changes(LINXX, with_phase(LINXX, "gossip", gives=()))
    assert gone.code == "no-longer-given"
    (given,) = diff.changes(with_phase(LINXX, "gossip", gives=()), LINXX)
    assert given.code == "given"


def test_texts_are_named_without_being_quoted() -> None:
    gossip = next(one for one in LINXX.round if one.id == "gossip")
    prompts = {who: prompt for who, prompt in gossip.prompts.items() if who != "owner"}
    after = replace(with_phase(LINXX, "gossip", prompts=prompts, hints=()), name=LINXX.name | {"en": "Other"})
    assert diff.changes(LINXX, after) == (
        Change("texts", what="name"),
        Change("phase-texts", "gossip", diff.changes(LINXX, after)[1].number, what="hints"),
        Change("prompt", "gossip", diff.changes(LINXX, after)[1].number, who="owner"),
    )


def test_settings_of_the_whole_are_named_as_in_the_file() -> None:
    after = replace(LINXX, minutes=75, facilitator="needed")
    assert {(one.what, one.before, one.after) for one in diff.changes(LINXX, after)} == {
        ("minutes", 90, 75),
        ("facilitator", "optional", "needed"),
    }


def test_a_sub_method_by_another_name_is_a_change_of_texts() -> None:
    before = library.load("tietze-6")
    name, module = next(iter(before.modules.items()))
    after = replace(before, modules={**before.modules, name: replace(module, name={**module.name, "nl": "Anders"})})
    assert told(before, after) == [{"code": "texts", "what": "modules"}]
