"""What the checker proves about the library, and about methods made for the purpose."""

from __future__ import annotations

import msgspec
import pytest

from kring.methods import checker, explorer, library, reader
from kring.methods.errors import MethodError, Problem
from tests.core.methods.mistakes import GOOD


def check(text: str) -> tuple[Problem, ...]:
    return checker.check(*reader.parse(text.encode(), "a.yaml"))


@pytest.mark.parametrize("name", library.names())
def test_library_method_can_be_run(name: str) -> None:
    found = checker.check(*reader.parse(library.source(name), f"{name}.yaml"))
    assert [problem.as_line() for problem in found] == []


@pytest.mark.parametrize("name", library.names())
def test_library_method_has_the_name_of_its_file(name: str) -> None:
    assert library.load(name).id == name


def test_library_has_the_methods_that_prove_the_language() -> None:
    assert {"linxx-9", "leading-org-7", "troika", "tietze-6"} <= set(library.names())


def test_library_reads_a_method_once() -> None:
    name = library.names()[0]
    assert library.load(name) is library.load(name)


def test_unknown_method_is_told_with_a_guess() -> None:
    with pytest.raises(library.UnknownMethodError, match="Did you mean `linxx-9`"):
        library.load("linx-9")


def test_path_out_of_the_library_is_unknown() -> None:
    with pytest.raises(library.UnknownMethodError):
        library.load("../library/linxx-9")


def test_accept_gives_a_method_that_can_be_run() -> None:
    assert checker.accept(GOOD.encode(), "a.yaml").id == "small-circle"


def test_accept_refuses_what_cannot_be_run() -> None:
    with pytest.raises(MethodError, match="minutes"):
        checker.accept(GOOD.replace("minutes: 40\n", "minutes: 41\n").encode(), "a.yaml")


def test_thirds_of_a_minute_add_up() -> None:
    thirds = GOOD.replace("    minutes: 5\n", "    minutes: 4.333333\n").replace(
        "    minutes: 6\n    gives", "    minutes: 6.666667\n    gives"
    )
    assert check(thirds) == ()


def test_once_counts_once() -> None:
    twice = GOOD.replace("minutes: 40\n", "minutes: 65\ncases: 2\n")
    twice = twice.replace("    kind: ask-round\n", "    kind: ask-round\n    once: true\n")
    assert [problem.message for problem in check(twice.replace("minutes: 65", "minutes: 64"))] == []
    assert check(twice) != ()


def test_free_advice_is_free() -> None:
    free = GOOD.replace("advice: late\n", "advice: free\n")
    assert check(free.replace("    kind: ask-round\n", "    kind: ask-round\n    advice: true\n")) == ()


def test_advice_in_the_closing_comes_after_telling() -> None:
    assert check(GOOD.replace("    kind: evaluate\n", "    kind: evaluate\n    advice: true\n")) == ()


def test_owner_may_close_the_only_case() -> None:
    last = GOOD.replace(
        "    kind: evaluate\n", "    kind: evaluate\n    gives: [{who: owner, what: remark, least: 1}]\n"
    )
    assert check(last) == ()


def test_withheld_may_end_in_the_closing() -> None:
    assert check(GOOD.replace("until: thanks", "until: last")) == ()


def test_withheld_in_a_module_may_end_in_the_round() -> None:
    until = "        ends: [time]\n        withheld: {from: owner, until: thanks}\n"
    assert check(GOOD.replace("        ends: [time]\n", until)) == ()


def test_method_without_a_choice_takes_who_waited_longest() -> None:
    start = GOOD.index("  - id: choose\n")
    without = GOOD[:start] + GOOD[GOOD.index("round:\n") :]
    assert check(without.replace("minutes: 40\n", "minutes: 36\n")) == ()


def test_explorer_knows_the_smallest_group_and_the_shortest_way() -> None:
    method, places = reader.parse(GOOD.replace("{min: 3,", "{min: 1,").encode(), "a.yaml")
    found = list(explorer.explore(method, places))
    assert all("1 person, nobody guides" in problem.message for problem in found)
    assert "(Found with 1 person, nobody guides: `cases` 1 x case.)" in found[0].message


def test_explorer_starts_with_the_round_where_there_is_no_opening() -> None:
    method, places = reader.parse(GOOD.replace("{min: 3,", "{min: 1,").encode(), "a.yaml")
    found = list(explorer.explore(msgspec.structs.replace(method, opening=()), places))
    assert any("nobody guides: `tell` 1 x explanation, done.)" in problem.message for problem in found)


def test_position_of_a_role_comes_before_that_of_a_participant() -> None:
    module = "        position: {participant: aside, scribe: in}\n        gives:\n"
    scribe = GOOD.replace("          - {who: participant, what: advice, most: 9}\n", "")
    scribe = scribe.replace("what: note, most: 9", "what: note, least: 1").replace(
        "        gives:\n          -", f"{module}          -"
    )
    assert check(scribe) == ()
    (problem,) = check(scribe.replace(", scribe: in", ""))
    assert "`aside` gives nothing" in problem.message


def test_explorer_says_when_there_is_too_much_to_look_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(explorer, "_MOST_STATES", 2)
    (problem,) = explorer.explore(*reader.parse(GOOD.encode(), "a.yaml"))
    assert "too many ways" in problem.message
    assert problem.line == 2


def test_a_later_run_may_use_the_same_module() -> None:
    start, end = GOOD.index("  - id: consult\n"), GOOD.index("  - id: gossip\n")
    again = GOOD[:end] + GOOD[start:end].replace("id: consult", "id: again") + GOOD[end:]
    assert check(again.replace("minutes: 40\n", "minutes: 50\n")) == ()
