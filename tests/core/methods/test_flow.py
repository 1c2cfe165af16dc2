"""The flow of a method: who speaks in each step, and where the case owner is."""

from __future__ import annotations

import msgspec
import pytest

from kring.methods import library
from kring.methods.flow import Stage, first_advice, module_stages, stages
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
        (phase(Give("everyone", "case", turns="alone"), choose=Choose()), "nobody"),
        (phase(Give("everyone", "case", turns="alone"), choose=Choose(by="everyone")), "nobody"),
        (phase(Give("everyone", "case", turns="alone"), choose=Choose(by="facilitator")), "everyone"),
        (phase(choose=Choose()), "everyone"),
        (phase(Give("owner", "reformulation"), Give("facilitator", "question")), "owner"),
        (phase(Give("facilitator", "remark")), "others"),
        (phase(Give("owner", "response"), Give("everyone", "action", by="written")), "owner"),
        (phase(Give("everyone", "action", by="written")), "nobody"),
        (phase(Give("everyone", "remark"), silence=True), "nobody"),
        (phase(), "everyone"),
        (phase(silence=True), "nobody"),
        (phase(Give("everyone", "remark"), position={"owner": "aside"}), "others"),
        (phase(position={"owner": "out"}), "others"),
    ],
)
def test_a_step_tells_who_is_heard(one: Phase, voices: str) -> None:
    assert only(one).voices == voices


def test_where_a_module_runs_those_speak_who_speak_in_it() -> None:
    method = library.load("tietze-6")
    consultation = stages(method)[4]
    assert (consultation.phase.runs, consultation.voices, consultation.in_turn) == ("module", "others", True)
    for name in method.modules:
        for stage in module_stages(method, name):
            assert (stage.number, stage.voices, stage.owner) == (5, "others", "in")


def test_before_the_round_all_are_participants() -> None:
    plain = phase(Give("participant", "case", turns="circle"))
    method = msgspec.structs.replace(METHODS[0], opening=(plain,), round=(phase(),), closing=())
    assert (stages(method)[0].voices, stages(method)[0].in_turn) == ("everyone", True)


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


def test_all_write_at_once_in_silence_and_where_each_is_alone() -> None:
    for stage in (stage for method in METHODS for stage in stages(method)):
        alone = any(give.turns == "alone" for give in stage.phase.gives)
        assert stage.alone == (stage.phase.silence or alone)


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.id)
def test_advice_begins_where_it_is_first_allowed(method: Method) -> None:
    first = first_advice(method)
    assert (first is None) == (method.advice == "never")
    if first is not None:
        assert not any(stage.phase.advice for stage in stages(method) if stage.number < first.number)
