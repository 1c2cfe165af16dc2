"""What is said of a method file can be said in every language, from a code and its arguments."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec
import pytest

from kring.languages import LANGUAGES
from kring.methods.errors import Problem, in_order
from kring.methods.remarks import ARGUMENT, Remark, guess, remark
from kring.methods.sentences import sentences

SOURCES = Path(__file__).parents[3] / "src"
FILES = sorted([*(SOURCES / "kring/methods").rglob("*.py"), *(SOURCES / "kring_command").glob("*.py")])
JOINTS = {"or", "and"}
"""What joins the words of a list: the reader of sentences asks for them by themselves."""


def texts(language: str) -> Mapping[str, str]:
    return sentences("remarks", language)


def arguments(sentence: str) -> set[str]:
    return {found[1] for found in ARGUMENT.finditer(sentence)}


def calls() -> Iterator[tuple[str, ast.Call]]:
    """Every place where a remark is made."""
    for file in FILES:
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "remark":
                yield f"{file.name}:{node.lineno}", node


def words() -> set[str]:
    """Every word in quotes in the code."""
    nodes = (node for file in FILES for node in ast.walk(ast.parse(file.read_text("utf-8"))))
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def codes(node: ast.expr) -> list[str]:
    """The codes that stand there; none where they are worked out elsewhere."""
    match node:
        case ast.Constant(value=str(code)):
            return [code]
        case ast.IfExp(body=ast.Constant(value=str(one)), orelse=ast.Constant(value=str(other))):
            return [one, other]
    return []


@pytest.mark.parametrize("code", sorted(texts("en")))
def test_a_code_is_said_in_every_language_with_the_same_arguments(code: str) -> None:
    assert {language: arguments(texts(language)[code]) for language in LANGUAGES} == dict.fromkeys(
        LANGUAGES, arguments(texts("en")[code])
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_has_the_same_codes_in_the_same_order(language: str) -> None:
    assert list(texts(language)) == list(texts("en"))
    assert all(texts(language).values())


def test_every_remark_has_a_text_with_its_very_arguments() -> None:
    made = (
        (place, code, {keyword.arg for keyword in call.keywords})
        for place, call in calls()
        for code in codes(call.args[0])
    )
    assert [one for one in made if arguments(texts("en").get(one[1], "{none}")) != one[2]] == []
    assert len(list(calls())) > 100


def test_no_text_is_there_for_nothing() -> None:
    assert texts("en").keys() - words() - JOINTS == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_of_the_language_are_the_same_whoever_speaks(language: str) -> None:
    """What stands in backticks is to be written in the file: translating it would send people astray."""
    sample = "want-mapping"  # It shows what a line looks like.
    for code, said in texts(language).items():
        mine, english = (set(text.split("`")[1::2]) for text in (said, texts("en")[code]))
        assert mine == english or code == sample, code


def test_french_has_its_spaces_and_apostrophes() -> None:
    for code, said in {**texts("fr"), **sentences("meanings", "fr")}.items():
        prose = "".join(ARGUMENT.sub("x", said).split("`")[::2])
        assert not re.search(r"(?<!\u00a0)[:;?!»]|«(?!\u00a0)|'", prose), code


def test_a_remark_is_said_in_every_language() -> None:
    said = remark("unknown-key", key="minuts", hint=guess("minuts", ["minutes"]), known=["id", "kind", "minutes"])
    assert [said.sentence(language) for language in LANGUAGES] == [
        "`minuts` is hier geen bekend woord. Bedoel je `minutes`? Bekend zijn `id`, `kind` of `minutes`.",
        "`minuts` is not a key that is known here. Did you mean `minutes`? Known are `id`, `kind` or `minutes`.",
        "`minuts` ist hier nicht bekannt. Meinst du `minutes`? Bekannt sind `id`, `kind` oder `minutes`.",
        "`minuts` n’est pas une clé connue ici. Voulais-tu dire `minutes`\u00a0? On connaît `id`, `kind` ou `minutes`.",
    ]


def test_braces_that_name_nothing_stay() -> None:
    assert "`reply: {}`" in remark("follow-up-needs-reply").sentence()
    assert "`withheld: {from: owner, until: ...}`" in remark("out-but-may-read", who="owner").sentence("nl")


def test_long_words_are_cut_and_numbers_are_short() -> None:
    assert remark("anchor").args == {}
    assert remark("missing-key", key="a b\n" + "c" * 99).args["key"] == "a b " + "c" * 56 + "..."
    assert remark("at-most", key="minutes", bound=4.0).sentence() == "`minutes` must be at most 4."


def test_nothing_is_guessed_of_what_looks_like_nothing() -> None:
    assert guess("karaoke", ["owner"]) == ""
    assert isinstance(guess("onwer", ["owner"]), Remark)


def test_a_remark_comes_back_from_json() -> None:
    made = remark("wrong-type", key="a", wanted=remark("a-number"), found=remark("the-value", value="x"))
    many = remark("minutes-do-not-add-up", total=4.5, parts=(remark("part-once", minutes=1),), said=2)
    for one in (made, many, remark("prompts-missing", whom=("a", "b"))):
        assert msgspec.json.decode(msgspec.json.encode(one), type=Remark) == one


def test_the_same_problem_is_told_once_in_the_order_of_the_file() -> None:
    later, first = Problem("a", 2, 1, remark("tag")), Problem("a", 1, 9, remark("tag"))
    assert in_order([later, first, Problem("a", 2, 1, remark("tag"))]) == (first, later)


@pytest.mark.parametrize(
    ("code", "here"),
    [("overtime-for-nothing", "overtime"), ("never-done", "agreed"), ("hidden-never-done", "hidden: end")],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_can_be_changed_where_it_stands_is_told_first_and_where_else_then(
    language: str, code: str, here: str
) -> None:
    advice = re.split(r"[;\u00a0]", texts(language)[code])[-1]
    assert advice.index(f"`{here}`") < advice.index("`gives`") < advice.index("`least: 1`")
