"""Simulated colleagues do in each method what the method is about."""

from __future__ import annotations

import asyncio
from random import Random
from typing import Any

import pytest

from kring.meeting import Actor
from kring.meeting import commands as c
from kring.methods import library
from kring.rehearsal.behaviour import Writes
from kring.rehearsal.rehearsal import Plan, Rehearsal
from kring_client.colleagues import Config, play
from kring_client.encoding import encode
from kring_client.keys import LinkKeys
from kring_client.sealing import Place, unseal
from kring_client.texts import LANGUAGES, Scene, Texts
from tests.client.standin import MEETING, StandIn

KEY = bytes(range(32))
languages = pytest.mark.parametrize("language", LANGUAGES)


async def played(room: StandIn, language: str = "nl") -> list[Any]:
    """All that was given in a meeting of colleagues among themselves, at sixty times the speed."""
    people = room.method.group.min + 1
    config = Config(
        room.url, MEETING, encode(KEY), language=language, pace=0.002, patience=2, seats=people, newcomer="nobody"
    )
    playing = asyncio.create_task(play(config))
    await room.until(lambda: room.state.seats)
    await room.decide(c.Speed(factor=60), Actor(seat=room.state.seats[0].id), {})
    assert await playing == ["done"] * people
    return list(room.state.items)


def texts_of(room: StandIn, items: list[Any], what: str, phase: str, field: str = "text") -> list[str]:
    given = [item for item in items if (item.what, item.id) == (what, phase) and item.content]
    opened = (
        unseal(LinkKeys(KEY), Place(MEETING, item.seat, item.what, item.content), room.bodies[item.content])
        for item in given
    )
    return [str(fields.get(field, "")) for fields in opened]


@pytest.mark.parametrize("room", ["tien-stappen"], indirect=True)
async def test_the_owner_weighs_and_answers_every_question(room: StandIn) -> None:
    items = await played(room)
    asked = texts_of(room, items, "question", "write")
    assert len(asked) >= 2 * (room.method.group.min - 1)
    assert sorted(texts_of(room, items, "rating", "rate", "question")) == sorted(asked)
    assert len(texts_of(room, items, "answer", "answers")) == len(asked)


@pytest.mark.parametrize("room", ["incident-op-papier"], indirect=True)
async def test_written_questions_are_answered_one_by_one(room: StandIn) -> None:
    items = await played(room, "en")
    asked = texts_of(room, items, "question", "write-questions")
    answers = texts_of(room, items, "answer", "questions")
    texts = Texts("en", Random(1))
    assert len(answers) == len(asked)
    assert {texts.answer(one) for one in asked} >= set(answers) - set(texts.general["answer"])


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("name", ["waarderend-4", "waarderend-lang"])
def test_somebody_always_takes_the_role_that_is_asked_for(name: str, seed: int) -> None:
    rehearsal = Rehearsal(library.load(name), Plan(people=4, seed=seed))
    list(rehearsal.play())
    assert [role for role, _ in rehearsal.state.roles.others] == ["scribe"]


@languages
@pytest.mark.parametrize("name", ["waarderend-4", "waarderend-lang"])
def test_a_method_that_starts_from_a_success_hears_of_one(language: str, name: str) -> None:
    method, texts = library.load(name), Texts(language, Random(1))
    scene = Scene(1, is_owner=True, success=True, phase="success")
    told = texts.fill(Writes("seat", "explanation", "c", "text"), scene, method)
    case = texts.fill(Writes("seat", "case", "c", "sentence"), scene, method)
    factor = texts.fill(Writes("seat", "hypothesis", "c", "success-factor"), scene._replace(is_owner=False), method)
    assert told["text"] in texts.general["explanation+success"]
    assert case["text"] in texts.general["case+success"]
    assert {"text": factor["text"], "column": factor["column"]} in texts.general["hypothesis+success"]


@languages
def test_each_step_of_looking_back_on_paper_gets_its_own_text(language: str) -> None:
    method, texts = library.load("starr"), Texts(language, Random(1))
    for phase in method.round:
        scene = Scene(2, is_owner=True, phase=phase.id, said="What someone else wrote.")
        note = texts.fill(Writes("seat", "note", "c", "text"), scene, method)
        assert note["text"] in texts.general[f"note@{phase.id}"]


@languages
def test_the_sentence_that_all_accept_has_at_most_fifteen_words(language: str) -> None:
    texts = Texts(language, Random(1))
    assert all(len(sentence.split()) <= 15 for sentence in texts.general["reformulation@sentence"])


@languages
def test_texts_for_one_step_are_for_a_step_that_there_is(language: str) -> None:
    methods = [library.load(name) for name in library.names()]
    modules = [phase for method in methods for module in method.modules.values() for phase in module.phases]
    phases = {phase.id for method in methods for phase in (*method.opening, *method.round, *method.closing, *modules)}
    steps = {key.partition("@")[2] for key in Texts(language, Random(1)).general if "@" in key}
    assert steps <= phases


@languages
def test_every_language_has_texts_for_the_same(language: str) -> None:
    texts, english = Texts(language, Random(1)), Texts("en", Random(1))
    assert texts.general.keys() == english.general.keys()
    assert [person.keys() for person in texts.people] == [person.keys() for person in english.people]
