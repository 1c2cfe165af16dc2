"""What simulated colleagues say: enough of it, of good manners, and in the method's own forms."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Iterator
from random import Random

import pytest

from kring.methods import library
from kring.methods.model import Method
from kring.rehearsal.behaviour import Writes
from kring_client.texts import LANGUAGES, Entry, Scene, Texts

languages = pytest.mark.parametrize("language", LANGUAGES)
TODAY = dt.date(2026, 11, 22)
WORDS = {"case", "question", "question@key-questions", "tip", "reformulation", "affirmation", "advice@worse"}
CLOSED = {
    "nl": "ben is heb heeft moet kan zou ga waarom vind",
    "en": "are is have do does did must can should would why",
    "de": "bist ist hast hat musst kannst willst würdest gehst warum findest",
    "fr": "es est est-ce as a dois peux veux vas pourrais serait pourquoi",
}


def _texts(language: str) -> Texts:
    return Texts(language, Random(1))


def _pools(texts: Texts) -> Iterator[tuple[str, Entry]]:
    people = [person.get("about", {}) for person in texts.people]
    for pools in (texts.general, *people):
        for kind, pool in pools.items():
            yield from ((kind, one if isinstance(one, dict) else {"text": str(one)}) for one in pool)


def _written(method: Method) -> Iterator[Writes]:
    modules = [module.phases for module in method.modules.values()]
    for phase in itertools.chain(method.opening, method.round, method.closing, *modules):
        for give in phase.gives:
            yield Writes("seat", give.what, "content", give.form, give.fields)
            if give.reply:
                yield Writes("seat", give.reply.what, "content", "text")


@languages
@pytest.mark.parametrize("name", library.names())
def test_every_form_of_every_method_is_filled(language: str, name: str) -> None:
    method, texts = library.load(name), _texts(language)
    for person, writes in itertools.product(range(8), _written(method)):
        filled = texts.fill(writes, Scene(person, today=TODAY), method)
        for field in method.forms[writes.form].fields:
            assert field.optional or filled.get(field.id) not in (None, ""), (writes, field.id)
            if field.kind == "choice" and field.id in filled:
                assert filled[field.id] in field.choices
        assert set(filled) <= {field.id for field in method.forms[writes.form].fields} | {"field"}


@languages
def test_questions_are_open_short_and_one_at_a_time(language: str) -> None:
    closed = set(CLOSED[language].split())
    for kind, entry in _pools(_texts(language)):
        if kind.startswith("question"):
            text = entry["text"]
            assert text.count("?") == 1
            assert text.endswith("?")
            assert len(text.split()) <= 20, text
            assert text.split()[0].lower() not in closed, text


@languages
def test_one_sentence_has_at_most_thirty_words(language: str) -> None:
    texts = _texts(language)
    for kind, entry in _pools(texts):
        assert kind not in WORDS or len(entry["text"].split()) <= 30, entry
    for person in texts.people:
        assert len(person["case"].split()) <= 30
        assert person["case"].count("?") == 1


@languages
def test_three_cases_have_texts_about_them(language: str) -> None:
    texts = _texts(language)
    assert len(texts.complete()) == 3
    for number in texts.complete():
        about = texts.people[number]["about"]
        assert set(about) == {"question", "hypothesis", "advice", "tip", "resonance", "affirmation"}
        assert all(len(pool) >= 3 for pool in about.values())
        assert all(question["answer"] for question in about["question"])


@languages
def test_nothing_names_a_person_number_or_address(language: str) -> None:
    everything = " ".join(entry["text"] for _, entry in _pools(_texts(language)) if "text" in entry)
    assert not re.search(r"\d{3}|@|\b(Mr|Mrs|dhr|mevr)\b", everything)


def test_what_is_said_is_about_the_case_at_hand_and_said_once() -> None:
    texts, method = _texts("nl"), library.load("linxx-9")
    bram = texts.people[1]
    scene = Scene(0, case=bram["case"], today=TODAY)
    given = [texts.fill(Writes("seat", "hypothesis", "content", "text"), scene, method)["text"] for _ in range(12)]
    assert set(given[:6]) == set(bram["about"]["hypothesis"])
    assert not set(given[6:]) & set(given[:6])


def test_a_case_of_a_newcomer_gets_texts_that_fit_any_case() -> None:
    texts, method = _texts("en"), library.load("linxx-9")
    scene = Scene(0, owner="Nora", case="How do I speak in front of a group?", today=TODAY)
    filled = texts.fill(Writes("seat", "hypothesis", "content", "text"), scene, method)
    assert filled["text"] in texts.general["hypothesis"]


def test_an_owner_tells_their_own_story_and_answers_what_was_asked() -> None:
    texts, method = _texts("en"), library.load("leading-org-7")
    nora = texts.people[0]
    asked = nora["about"]["question"][2]
    scene = Scene(0, is_owner=True, owner="Nora", case=nora["case"], asked=asked["text"], today=TODAY)
    assert texts.fill(Writes("s", "explanation", "c", "text"), scene, method) == {"text": nora["explanation"]}
    assert texts.fill(Writes("s", "answer", "c", "text"), scene, method) == {"text": asked["answer"]}
    action = texts.fill(Writes("s", "action", "c", "action"), scene, method)
    assert action == {"text": nora["action"][0]["text"], "by": "2026-11-27"}
    assert texts.fill(Writes("s", "action", "c", "action"), scene, method) != action


def test_a_question_is_tagged_with_a_field_that_the_method_has() -> None:
    texts, method = _texts("nl"), library.load("leading-org-7")
    for _ in range(12):
        filled = texts.fill(Writes("s", "question", "c", "open-question", "ken-keuze"), Scene(0), method)
        assert filled["field"] in method.fields["ken-keuze"]
        assert "field" not in texts.fill(Writes("s", "question", "c", "sentence"), Scene(0), method)


def test_a_language_without_texts_falls_back_to_english() -> None:
    assert _texts("it").people == _texts("en").people
    assert _texts("nl-BE").people == _texts("nl").people
