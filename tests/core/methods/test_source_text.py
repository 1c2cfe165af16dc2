"""A file that is not what it looks like is refused: other encodings, what was saved twice, marks that nobody sees."""

from __future__ import annotations

import pytest

from kring.methods import source_text
from kring.methods.errors import MethodError, Problem


def refused(data: bytes) -> Problem:
    with pytest.raises(MethodError) as caught:
        source_text.decoded(data, "a.yaml")
    (problem,) = caught.value.problems
    return problem


@pytest.mark.parametrize("letter", "éüß»’“”–…€😀à°çœ"[:-1])
@pytest.mark.parametrize("wrong", ["latin-1", "cp1252", "mac-roman", "cp850"])
def test_what_was_saved_twice_is_told_with_what_it_was(letter: str, wrong: str) -> None:
    try:
        twice = letter.encode().decode(wrong)
    except UnicodeDecodeError:  # Windows' Latin-1 has no such byte.
        return
    if (letter, wrong) in {("😀", "mac-roman"), ("😀", "cp850"), ("°", "mac-roman"), ("°", "cp850")}:
        return  # What they show instead also occurs in good texts.
    problem = refused(f"kring: 1\nname: Vraag {twice} hier\n".encode())
    assert (problem.line, problem.column, problem.remark.code) == (2, 13, "double-encoding")
    assert problem.remark.args["meant"] == letter


@pytest.mark.parametrize(
    "text",
    [
        "SPÖ–Leute",
        "„MENÜ“",
        "“CAFÉ”",
        "« la lettre â »",
        "Âge, ÂGE",
        "« Â »",
        "NÃO",
        "Så – ja",
        "Ð",
        "één, coördinatie",
        "Größe",
    ],
)
def test_good_letters_stay(text: str) -> None:
    assert source_text.decoded(text.encode(), "a.yaml") == text


@pytest.mark.parametrize("mark", "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
@pytest.mark.parametrize(
    ("text", "line", "column"), [("id: a{}b\n", 1, 6), ("# x\n# {}y\n", 2, 3), ('a: 1\nnl: "{}"\n', 2, 6)]
)
def test_marks_that_turn_the_direction_are_refused_everywhere(mark: str, text: str, line: int, column: int) -> None:
    problem = refused(text.format(mark).encode())
    assert (problem.line, problem.column, problem.remark.code) == (line, column, "directional-mark")
    assert f"U+{ord(mark):04X}" in problem.message


def test_marks_of_a_letters_direction_belong_to_its_script() -> None:
    assert source_text.decoded("he: \u05d0\u200e!".encode(), "a.yaml")


@pytest.mark.parametrize(("text", "line", "column"), [("a: caf\ufffd\n", 1, 7), ("a: 1\nb: \ufffd\ufffd\n", 2, 4)])
def test_a_character_that_was_lost_is_told(text: str, line: int, column: int) -> None:
    problem = refused(text.encode())
    assert (problem.line, problem.column, problem.remark.code) == (line, column, "lost-character")


@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("utf-16", "UTF-16"),
        ("utf-16-le", "UTF-16"),
        ("utf-16-be", "UTF-16"),
        ("utf-32", "UTF-32"),
        ("utf-32-be", "UTF-16"),
    ],
)
def test_another_encoding_is_named(encoding: str, said: str) -> None:
    problem = refused("kring: 1\nid: a\n".encode(encoding))
    assert (problem.line, problem.column, problem.remark.code) == (1, 1, "other-encoding")
    assert problem.remark.args["encoding"] == said


@pytest.mark.parametrize(
    ("data", "line", "column"), [(b"caf\xe9", 1, 4), (b"a: 1\nb: \xfc", 2, 4), ("é: ".encode() + b"\xff", 1, 4)]
)
def test_bytes_that_are_not_utf_8_are_told_at_their_place(data: bytes, line: int, column: int) -> None:
    problem = refused(data)
    assert (problem.line, problem.column, problem.remark.code) == (line, column, "not-utf-8")


def test_the_first_in_the_file_is_told() -> None:
    assert refused("a: \u202e\nb: \x07\n".encode()).remark.code == "directional-mark"
    assert refused("b: \x07\na: \u202e\n".encode()).remark.code == "control-character"
