"""Kinds of mistakes that a file can hold though it reads well: cut texts, odd languages, prompts for nobody, odd names."""

from __future__ import annotations

import pytest

from kring.methods import checker, library, reader
from kring.methods.errors import MethodError, Problem
from tests.core.methods.mistakes import GOOD

TEXT = '{do: {nl: "a", en: "b", de: "c"}}'


def check(text: str, name: str = "small-circle.yaml") -> tuple[Problem, ...]:
    try:
        method, places = reader.parse(text.encode(), name)
    except MethodError as error:
        return error.problems
    return checker.check(method, places)


def changed(old: str, new: str, text: str = GOOD) -> str:
    assert text.count(old) == 1, old
    return text.replace(old, new)


def place(text: str, part: str) -> tuple[int, int]:
    """Line and column of a part that is there once."""
    assert text.count(part) == 1, part
    before = text[: text.index(part)]
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1


def assert_told(text: str, code: str, part: str) -> Problem:
    """The only remark, at this part of the text."""
    (problem,) = check(text)
    assert (problem.remark.code, problem.line, problem.column) == (code, *place(text, part)), problem.as_line()
    return problem


# Texts that are cut


@pytest.mark.parametrize(
    ("old", "new", "part"),
    [
        ('name: {nl: "Kleine kring", en', "name:\n  nl: Kleine kring #2\n  en", "#2"),
        ('name: {nl: "Kleine kring", en', "name:\n  nl: Kleine kring # de beste\n  en", "# de"),
        ('name: {nl: "Kleine kring", en', "name: {nl: Kleine kring #2\n  , en", "#2"),
    ],
)  # fmt: skip
def test_a_text_that_a_comment_cuts_is_told_at_the_mark(old: str, new: str, part: str) -> None:
    text = changed(old, new)
    if "\n  en" in new:
        text = changed(', de: "Kleiner Kreis"}', '\n  de: "Kleiner Kreis"', text)
    assert_told(text, "comment-in-text", part)


def test_a_source_that_a_comment_cuts_is_told() -> None:
    start = GOOD.index("source:")
    text = GOOD[:start] + "source:\n  - ref: A book #3\n" + GOOD[GOOD.index("\n", start) + 1 :]
    assert_told(text, "comment-in-text", "#3")


@pytest.mark.parametrize(
    "comment", ["minutes: 40 # in all", "advice: late # after telling", 'id: small-circle   # "x"']
)
def test_a_comment_after_a_word_or_a_number_is_none(comment: str) -> None:
    assert (
        check(changed(comment.split("  #", maxsplit=1)[0].split(" #", maxsplit=1)[0].rstrip() + "\n", comment + "\n"))
        == ()
    )


# Languages


@pytest.mark.parametrize(
    ("language", "meant"),
    [
        ("dk", "da"),
        ("jp", "ja"),
        ("EN", "en"),
        ("eng", "en"),
        ("ger", "de"),
        ("Dutch", "nl"),
        ("français", "fr"),
        ("xx", ""),
    ],
)
def test_an_unknown_language_is_told_with_the_one_that_is_meant(language: str, meant: str) -> None:
    text = changed('de: "Kleiner Kreis"}', f'de: "Kleiner Kreis", {language}: "x"}}')
    problem = assert_told(text, "not-a-language", f"{language}: ")
    assert (f"Did you mean `{meant}`?" in problem.message) == bool(meant)


@pytest.mark.parametrize("language", ["fr", "it", "fy", "da"])
def test_a_known_language_may_be_added_to_every_text(language: str) -> None:
    assert check(GOOD.replace(', de: "', f', {language}: "x", de: "')) == ()


@pytest.mark.parametrize("part", ['de: "Frage"', 'de: "Schluss"', 'de: "Rundet ab."'])
def test_a_text_in_a_language_that_the_name_lacks_is_told_at_the_language(part: str) -> None:
    text = GOOD.replace(part, f'{part}, fr: "x"', 1)
    (problem,) = check(text)
    assert (problem.remark.code, problem.line, problem.column) == ("language-of-no-name", *place(text, 'fr: "x"'))


# Numbers


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [("minutes: 40\n", "minutes: 4,5\n", "4.5"), ("    minutes: 2\n", '    minutes: "2,25"\n', "2.25")],
)
def test_a_decimal_comma_is_told_with_the_number(old: str, new: str, said: str) -> None:
    text = GOOD.replace(old, new, 1)
    (problem,) = check(text)
    assert problem.remark.code == "decimal-comma"
    assert f"write {said}." in problem.message
    assert (problem.line, problem.column) == (place(text, new.strip())[0], new.index(": ") + 3)


# Prompts that nobody sees


@pytest.mark.parametrize(
    ("phase", "who", "code"),
    [
        ("cases", "owner", "prompt-before-the-owner"),
        ("choose", "owner", "prompt-before-the-owner"),
        ("tell", "chooser", "prompt-without-a-choice"),
        ("last", "chooser", "prompt-without-a-choice"),
        ("tell", "speaker", "prompt-without-a-speaker"),
        ("thanks", "speaker", "prompt-without-a-speaker"),
        ("cases", "speaker", "prompt-without-a-speaker"),
    ],
)
def test_a_prompt_for_a_moment_that_never_comes_is_told(phase: str, who: str, code: str) -> None:
    text = with_prompt(phase, who)
    assert_told(text, code, f"      {who}: {TEXT}".strip())


def with_prompt(phase: str, who: str, text: str = GOOD) -> str:
    start = text.index(f"- id: {phase}\n")
    at = text.index("    prompts:\n", start) + len("    prompts:\n")
    return f"{text[:at]}      {who}: {TEXT}\n{text[at:]}"


@pytest.mark.parametrize(
    ("phase", "who"),
    [("choose", "chooser"), ("questions", "speaker"), ("gossip", "speaker"), ("last", "speaker"), ("last", "owner")],
)
def test_a_prompt_for_a_moment_that_comes_is_none(phase: str, who: str) -> None:
    assert check(with_prompt(phase, who)) == ()


@pytest.mark.parametrize("by", ["rotation", "lot"])
def test_where_nobody_presses_anything_nobody_chooses(by: str) -> None:
    text = with_prompt("choose", "chooser", changed("by: vote", f"by: {by}"))
    assert [problem.remark.code for problem in check(text)] == ["prompt-without-a-choice"]


def test_in_writing_the_speaker_is_who_owes() -> None:
    """Nobody has the floor on paper: there the prompt is for whoever has yet to write."""
    written = changed("advice: late\n", "advice: late\nways: [spoken, written]\n")
    assert check(with_prompt("cases", "speaker", written)) == ()


def test_a_prompt_for_a_role_that_nobody_has_yet_is_told() -> None:
    text = changed("    fills: [scribe]\n", "")
    start = text.index("- id: tell\n")
    at = text.index("    prompts:\n", start)
    text = f"{text[:at]}    fills: [scribe]\n{text[at:]}"
    assert check(with_prompt("tell", "scribe", text)) == ()
    assert_told(with_prompt("choose", "scribe", text), "prompt-before-the-role", f"scribe: {TEXT}")


def test_in_later_rounds_a_role_of_the_round_before_is_there() -> None:
    text = changed("    fills: [scribe]\n", "")
    at = text.index("    prompts:\n", text.index("- id: thanks\n"))
    once = with_prompt("tell", "scribe", f"{text[:at]}    fills: [scribe]\n{text[at:]}")
    twice = changed("minutes: 40\n", "minutes: 70\ncases: 2\n", once)
    assert "prompt-before-the-role" in {problem.remark.code for problem in check(once)}
    assert "prompt-before-the-role" not in {problem.remark.code for problem in check(twice)}


def test_a_prompt_for_all_others_where_there_are_no_others_is_told() -> None:
    text = GOOD
    for who in ("owner", "participant", "facilitator"):
        assert check(text) == ()
        text = with_prompt("gossip", who, text)
    last = check(text)
    assert [problem.remark.code for problem in last] == ["prompt-for-nobody-else"]
    assert [line.strip()[:9] for line in text.splitlines()][last[0].line - 1] == "everyone:"


# Forms that take from what nobody gave yet


PICK = '  pick:\n    fields:\n      - {id: which, kind: given, of: WHAT, name: {nl: "a", en: "b", de: "c"}}\n'


def picking(what: str, phase: str) -> str:
    text = changed("forms:\n", "forms:\n" + PICK.replace("WHAT", what))
    start = text.index(f"- id: {phase}\n")
    kind = text.index("    minutes:", start)
    return f"{text[:kind]}    gives: [{{who: everyone, what: note, form: pick, by: written}}]\n{text[kind:]}"


@pytest.mark.parametrize(("what", "phase"), [("question", "tell"), ("response", "tell")])
def test_a_form_that_takes_from_what_nobody_gave_yet_is_told_where_it_is_used(what: str, phase: str) -> None:
    text = picking(what, phase)
    codes = {problem.remark.code: problem for problem in check(text)}
    assert (codes["not-given-yet"].line, codes["not-given-yet"].column) == place(text, "pick, by: written")
    assert f"`{what}`" in codes["not-given-yet"].message


@pytest.mark.parametrize(("what", "phase"), [("explanation", "thanks"), ("question", "thanks"), ("note", "tell")])
def test_a_form_that_takes_from_what_was_given_in_this_round_is_fine(what: str, phase: str) -> None:
    assert "not-given-yet" not in {problem.remark.code for problem in check(picking(what, phase))}


def test_a_form_in_a_module_may_take_from_the_round_before_it_runs() -> None:
    text = changed("forms:\n", "forms:\n" + PICK.replace("WHAT", "question"))
    within = text.replace("what: note, most: 9", "what: note, most: 9, form: pick, by: written", 1)
    assert "not-given-yet" not in {problem.remark.code for problem in check(within)}
    later = within.replace("of: question", "of: response")
    assert "not-given-yet" in {problem.remark.code for problem in check(later)}


# What a kind or another file supplied


@pytest.mark.parametrize(
    ("old", "new", "code", "key", "kind"),
    [
        ("kind: tell\n", "kind: tell\n    position: {owner: aside}\n", "silenced-gives", "gives", "tell"),
        ("kind: choose\n", "kind: gossip\n", "placed-before-the-round", "position", "gossip"),
        (
            "kind: evaluate\n",
            "kind: write\n    gives: [{who: everyone, what: note}]\n",
            "hidden-never-done",
            "hidden",
            "write",
        ),
    ],
)
def test_what_a_kind_supplied_is_told_at_the_kind_and_named(old: str, new: str, code: str, key: str, kind: str) -> None:
    text = GOOD.replace(old, new, 1)
    problem = next(problem for problem in check(text) if problem.remark.code == code)
    line = text.splitlines()[problem.line - 1]
    assert line[problem.column - 1 :] == kind
    assert [note.args for note in problem.notes if note.code == "came-from-kind"] == [{"key": key, "kind": kind}]
    assert f"(`{key}` comes with the kind `{kind}`; write it out to change it.)" in problem.message


def test_what_the_file_says_itself_is_not_put_down_to_the_kind() -> None:
    own = changed(
        "    kind: tell\n",
        "    kind: tell\n    position: {owner: aside}\n    gives: [{who: owner, what: explanation}]\n",
    )
    problem = next(problem for problem in check(own) if problem.remark.code == "silenced-gives")
    assert [note.code for note in problem.notes] == ["found-with"]


# Ids and files


@pytest.mark.parametrize(
    "name", ["small.yaml", "/a/Small-Circle.yaml", "a/b/small_circle.yml", "C:\\methods\\circle.yaml"]
)
def test_an_id_unlike_the_name_of_its_file_is_told(name: str) -> None:
    method, places = reader.parse(GOOD.encode(), name)
    (problem,) = checker.named_like_its_file(method, places)
    assert (problem.remark.code, problem.line, problem.column) == ("id-unlike-the-file", 2, 5)
    assert problem.remark.args == {"id": "small-circle", "file": name.replace("\\", "/").split("/")[-1]}


@pytest.mark.parametrize(
    "name",
    [
        "small-circle.yaml",
        "/a/b/small-circle.yml",
        "small-circle",
        "/dev/stdin",
        "C:\\x\\small-circle.yaml",
        "small-circle (1).yaml",
        "small-circle(12).yaml",
    ],
)
def test_an_id_like_the_name_of_its_file_is_fine(name: str) -> None:
    assert checker.named_like_its_file(*reader.parse(GOOD.encode(), name)) == ()


@pytest.mark.parametrize("name", library.names())
def test_methods_of_the_library_are_named_like_their_files(name: str) -> None:
    assert checker.named_like_its_file(*reader.parse(library.source(name), f"{name}.yaml")) == ()
