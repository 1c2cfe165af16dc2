"""A file is read into a method with all shorthand written out."""

from __future__ import annotations

from typing import get_args

import msgspec
import pytest
import yaml
from msgspec.structs import replace

from kring.methods import encoded, kinds, library, model, reader, schema, yaml_source
from kring.methods.errors import MethodError
from kring.methods.model import Give, Phase
from kring.methods.places import Places
from tests.core.methods.mistakes import GOOD

TEXT = {"nl": "a", "en": "b", "de": "c"}


def plain(text: str) -> object:
    return yaml_source.parse(text.encode(), "plain.yaml")[0]


@pytest.mark.parametrize(
    "word",
    [
        "on",
        "off",
        "yes",
        "no",
        "On",
        "NO",
        "y",
        "n",
        "True",
        "FALSE",
        "0x1f",
        "1e5",
        "1_000",
        "012:30",
        ".5",
        ".inf",
        ".nan",
        "2026-11-22",
        "=",
    ],
)
def test_words_stay_words(word: str) -> None:
    assert plain(f"a: {word}") == {"a": word}


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("12", 12),
        ("-3", -3),
        ("1.5", 1.5),
        ("true", True),
        ("false", False),
        ("'12'", "12"),
        ('"true"', "true"),
        ("'null'", "null"),
    ],
)
def test_plain_values_have_their_types(word: str, value: object) -> None:
    read = plain(f"a: {word}")
    assert read == {"a": value}
    assert isinstance(read, dict)
    assert type(read["a"]) is type(value)


def test_keys_are_always_texts() -> None:
    assert plain("1: a\ntrue: b\non: c\n") == {"1": "a", "true": "b", "on": "c"}


def test_block_texts_are_read() -> None:
    assert plain("a: >\n  one\n  two\nb: |\n  three\n") == {"a": "one two\n", "b": "three\n"}


def test_kind_is_laid_under_a_phase() -> None:
    tell = reader.read(GOOD.encode(), "good.yaml").round[0]
    assert tell.gives == (Give("owner", "explanation", least=1, turns="circle"),)
    assert tell.ends == ("done",)
    assert tell.extend is not None


def test_what_a_file_says_wins_as_a_whole() -> None:
    questions = reader.read(GOOD.encode(), "good.yaml").round[1]
    assert len(questions.gives) == 1
    assert (questions.gives[0].most, questions.gives[0].form) == (2, "open-question")


def test_kind_is_laid_under_phases_of_modules() -> None:
    many = reader.read(GOOD.encode(), "good.yaml").modules["ideas"].phases[0]
    assert many.advice
    assert many.ends == ("time",)


def test_forms_that_come_along_are_there() -> None:
    method = reader.read(GOOD.encode(), "good.yaml")
    assert {*kinds.FORMS, "open-question"} == set(method.forms)


def test_form_of_the_file_wins_over_one_that_comes_along() -> None:
    own = GOOD.replace("  open-question:\n", "  sentence:\n").replace("form: open-question", "form: sentence")
    assert reader.read(own.encode(), "good.yaml").forms["sentence"].fields[0].name["en"] == "Question"


@pytest.mark.parametrize("kind", sorted(kinds.KINDS))
def test_every_kind_makes_a_phase(kind: str) -> None:
    phase = kinds.KINDS[kind] | {
        "id": kind,
        "kind": kind,
        "name": TEXT,
        "minutes": 1,
        "prompts": {"owner": {"do": TEXT}},
    }
    assert msgspec.convert(phase, Phase).kind == kind


def test_every_kind_of_the_model_has_a_shorthand() -> None:
    assert set(kinds.KINDS) == set(get_args(model.Kind))


def test_method_survives_json() -> None:
    method = reader.read(GOOD.encode(), "good.yaml")
    assert encoded.decode(encoded.encode(method)) == method
    with pytest.raises(msgspec.DecodeError):
        encoded.decode(b"{}")


@pytest.mark.parametrize("name", library.names())
def test_method_written_out_in_full_is_the_same(name: str) -> None:
    whole = reader.whole(library.source(name), name)
    assert "extends" not in whole
    assert reader.read(yaml.safe_dump(whole).encode(), name) == replace(library.load(name), extends=None)


def test_whole_numbers_may_be_written_with_a_point() -> None:
    """JSON Schema and the browser take 1.0 for a whole number, so the reader does."""
    pointed = GOOD.replace("kring: 1\n", "kring: 1.0\n").replace("minutes: 40\n", "minutes: 40.0\n")
    assert reader.read(pointed.encode(), "good.yaml") == reader.read(GOOD.encode(), "good.yaml")


def test_what_the_model_refuses_after_the_schema_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """The schema is made from the model, so this needs a model that is stricter."""

    def refuse(_raw: object) -> None:
        raise msgspec.ValidationError("Expected something else")

    monkeypatch.setattr(reader, "from_plain", refuse)
    with pytest.raises(MethodError, match="not a method"):
        reader.read(GOOD.encode(), "good.yaml")


def test_schema_on_disk_is_the_schema_of_the_model(request: pytest.FixtureRequest) -> None:
    committed = request.config.rootpath / "src/kring/methods/method.schema.json"
    assert committed.read_bytes() == schema.as_json(), (
        "write it again: kring methods schema > src/kring/methods/method.schema.json"
    )


def test_schema_is_a_schema() -> None:
    schema.validator().check_schema(schema.make())


def test_places_of_what_is_not_in_the_file() -> None:
    places = Places("a.yaml", {("round", 0): (3, 5), ("round", 0, "kind"): (4, 11)}, {})
    assert places.of(("round", 0, "gives", 1)) == (4, 11)
    assert places.of(("round", 0)) == (3, 5)
    assert places.of(("closing",)) == (1, 1)
    assert ("round", 0) in places
