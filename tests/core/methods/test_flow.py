"""The flow of a method: who speaks in each step, and where the case owner is."""

from __future__ import annotations

import msgspec
import pytest

from kring.methods import library
from kring.methods.flow import Stage, first_advice, stages
from kring.methods.model import SILENCED, Choose, Give, Method, Phase, Prompt, Reply

METHODS = [library.load(name) for name in library.names()]
TEXT = {"nl": "x", "en": "x", "de": "x"}


def phase(*gives: Give, **more: object) -> Phase:
    plain = Phase(id="p", kind="tell", name=TEXT, minutes=5, prompts={"everyone": Prompt(TEXT)}, gives=gives)
    return msgspec.structs.replace(plain, **more)


def only(one: Phase) -> Stage:
    method = msgspec.structs.replace(METHODS[0], opening=(), round=(one,), closing=())
    (found,) = stages(method)
    return found


@pytest.mark.parametrize(
    ("one", "voices"),
    [
        (phase(Give("owner", "explanation", turns="circle")), "owner"),
        (phase(Give("participant", "advice")), "others"),
        (phase(Give("observer", "remark")), "others"),
        (phase(Give("participant", "question", turns="circle", reply=Reply())), "everyone"),
        (phase(Give("everyone", "insight")), "everyone"),
        (phase(Give("owner", "response"), Give("everyone", "action", turns="alone", by="written")), "owner"),
        (phase(Give("everyone", "note", turns="alone")), "nobody"),
        (phase(Give("everyone", "case", turns="alone"), choose=Choose()), "everyone"),
        (phase(), "everyone"),
        (phase(silence=True), "nobody"),
        (phase(Give("everyone", "remark"), position={"owner": "aside"}), "others"),
        (phase(position={"owner": "out"}), "others"),
    ],
)
def test_a_step_tells_who_is_heard(one: Phase, voices: str) -> None:
    assert only(one).voices == voices


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.id)
def test_steps_are_numbered_through_the_meeting(method: Method) -> None:
    found = stages(method)
    assert [stage.number for stage in found] == list(range(1, len(found) + 1))
    assert [stage.phase for stage in found] == [*method.opening, *method.round, *method.closing]


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.id)
def test_there_is_a_case_owner_in_the_round_alone(method: Method) -> None:
    for stage in stages(method):
        assert (stage.owner is not None) == (stage.section == "round")
        assert stage.silenced == (stage.owner in SILENCED)
        assert not (stage.silenced and stage.voices == "owner")


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.id)
def test_advice_begins_where_it_is_first_allowed(method: Method) -> None:
    first = first_advice(method)
    assert (first is None) == (method.advice == "never")
    if first is not None:
        assert not any(stage.phase.advice for stage in stages(method) if stage.number < first.number)
