"""Kinds of mistakes that one sees in a meeting: who gives what from where, what stays hidden, advice, choices, ends."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.core.methods.mutating import GONE, Mistake, gives, kind, phases, put

Data = dict[str, Any]
ADVICE = {"advice", "tip"}
HEARS = {"back", "unseen", "aside"}


def _owed(give: dict[str, Any]) -> bool:
    return bool(give.get("least"))


@kind
def owner_before_the_round(data: Data) -> Iterator[Mistake]:
    for path, *_ in gives(data, "opening"):
        yield put((*path, "who"), "owner", "There is no owner before the round begins")


@kind
def giver_with_the_back_turned(data: Data) -> Iterator[Mistake]:
    for path, give, _ in gives(data, "round"):
        if give["who"] in {"owner", "participant"}:
            yield Mistake({(*path[:2], "position"): {give["who"]: "back"}}, (*path, "who"), "sits `back` gives nothing")


@kind
def everyone_gives_though_one_is_silenced(data: Data) -> Iterator[Mistake]:
    for path, _, phase in gives(data, "round"):
        if set(phase.get("position", {}).values()) & HEARS:
            yield put((*path, "who"), "everyone", "gives nothing")


@kind
def facilitator_gives_though_nobody_may_guide(data: Data) -> Iterator[Mistake]:
    if data.get("facilitator") != "needed":
        for path, *_ in gives(data):
            yield put((*path, "who"), "facilitator", "Nobody may be facilitating")


@kind
def more_owed_than_possible(data: Data) -> Iterator[Mistake]:
    for path, *_ in gives(data):
        yield Mistake({(*path, "least"): 9, (*path, "most"): 2}, (*path, "least"), "no more than `most` (2)")


@kind
def same_thing_twice(data: Data) -> Iterator[Mistake]:
    for path, phase in phases(data):
        if phase.get("gives"):
            end = len(phase["gives"])
            yield Mistake(
                {(*path, "gives", end): phase["gives"][0]}, (*path, "gives", end, "what"), "twice in this phase"
            )


@kind
def reply_without_turns(data: Data) -> Iterator[Mistake]:
    for path, give, _ in gives(data, "round"):
        if give["who"] == "participant":
            edits = {(*path, "turns"): "free", (*path, "order"): "circle", (*path, "reply"): {}}
            yield Mistake(edits, (*path, "reply"), "`reply` is about turns")


@kind
def reply_by_many(data: Data) -> Iterator[Mistake]:
    for path, *_ in gives(data, "round"):
        edits = {(*path, "turns"): "circle", (*path, "reply"): {"who": "everyone"}}
        yield Mistake(edits, (*path, "reply"), "One person replies")


@kind
def follow_up_to_nothing(data: Data) -> Iterator[Mistake]:
    for path, give, _ in gives(data):
        if "reply" not in give:
            yield Mistake(
                {(*path, "turns"): "circle", (*path, "follow-up"): True}, (*path, "follow-up"), "comes after a reply"
            )


@kind
def order_without_the_owner(data: Data) -> Iterator[Mistake]:
    for path, give, _ in gives(data):
        if give["who"] == "participant":
            edits = {(*path, "turns"): "circle", (*path, "order"): "owner-last"}
            yield Mistake(edits, (*path, "order"), "needs the owner")


@kind
def alone_but_aloud(data: Data) -> Iterator[Mistake]:
    for path, *_ in gives(data):
        yield Mistake({(*path, "turns"): "alone", (*path, "by"): "spoken"}, (*path, "by"), "in silence")


@kind
def aloud_in_silence(data: Data) -> Iterator[Mistake]:
    for path, *_ in gives(data):
        yield Mistake({(*path[:2], "silence"): True, (*path, "by"): "spoken"}, (*path, "by"), "Nobody speaks")


@kind
def aloud_but_hidden(data: Data) -> Iterator[Mistake]:
    for path, *_ in gives(data):
        yield Mistake({(*path[:2], "hidden"): "end", (*path, "by"): "spoken"}, (*path, "by"), "cannot be hidden")


@kind
def nothing_to_hide(data: Data) -> Iterator[Mistake]:
    for path, _ in phases(data):
        yield Mistake({(*path, "gives"): [], (*path, "hidden"): "end"}, (*path, "hidden"), "Nothing is given here")


@kind
def hidden_for_ever(data: Data) -> Iterator[Mistake]:
    for path, phase in phases(data):
        if phase.get("gives"):
            free = [{**give, "least": 0} for give in phase["gives"]]
            yield Mistake(
                {(*path, "gives"): free, (*path, "hidden"): "done"}, (*path, "hidden"), "waits for what is owed"
            )


@kind
def nothing_to_withhold(data: Data) -> Iterator[Mistake]:
    for path, _ in phases(data, "round"):
        yield Mistake({(*path, "gives"): [], (*path, "withheld"): {}}, (*path, "withheld"), "could be withheld")


@kind
def withheld_before_there_is_an_owner(data: Data) -> Iterator[Mistake]:
    for path, phase in phases(data, "opening"):
        if phase.get("gives"):
            yield put((*path, "withheld"), {"from": "owner"}, "There is no owner before the round begins")


@kind
def outside_but_reading(data: Data) -> Iterator[Mistake]:
    for path, phase in phases(data, "round"):
        if any(give["who"] == "participant" for give in phase.get("gives", [])):
            edits = {(*path, "position"): {"owner": "out"}} | (
                {(*path, "withheld"): GONE} if "withheld" in phase else {}
            )
            yield Mistake(edits, (*path, "position", "owner"), "should read nothing")


@kind
def waits_for_nothing(data: Data) -> Iterator[Mistake]:
    for path, phase in phases(data):
        if not phase.keys() & {"choose", "fills", "runs"}:
            yield Mistake(
                {(*path, "gives"): [], (*path, "ends"): ["done"], (*path, "hidden"): "no"},
                (*path, "ends"),
                "never `done`",
            )


@kind
def all_must_agree_to_nothing(data: Data) -> Iterator[Mistake]:
    for path, phase in phases(data):
        if "agreed" not in phase.get("ends", []):
            yield Mistake(
                {(*path, "ends"): ["time"], (*path, "agree"): "everyone"}, (*path, "agree"), "end by agreement"
            )


@kind
def nobody_is_told_what_to_do(data: Data) -> Iterator[Mistake]:
    for path, phase in phases(data):
        only = {"speaker": next(iter(phase["prompts"].values()))}
        yield put((*path, "prompts"), only, "Nobody tells", key=True)


@kind
def one_is_not_told_what_to_do(data: Data) -> Iterator[Mistake]:
    for path, phase in phases(data, "round"):
        for who in phase["prompts"].keys() & {"owner", "facilitator", *data.get("roles", {})}:
            acts = any(give["who"] == who for give in phase.get("gives", []))
            if "everyone" not in phase["prompts"] and (who in {"owner", "facilitator"} or acts):
                yield Mistake({(*path, "prompts", who): GONE}, (*path, "prompts"), f"Nobody tells `{who}`", key=True)


# -- advice ------------------------------------------------------------------------------------------------------------


@kind
def advice_though_never(data: Data) -> Iterator[Mistake]:
    if data["advice"] != "never":
        for path, phase in phases(data):
            if phase.get("advice") is True:
                yield Mistake({("advice",): "never"}, (*path, "advice"), "`advice: never`")


@kind
def advice_asked_though_never(data: Data) -> Iterator[Mistake]:
    if data["advice"] == "never":
        for path, *_ in gives(data):
            yield put((*path, "what"), "advice", "is advice; ask for something else")


@kind
def advice_where_there_is_none(data: Data) -> Iterator[Mistake]:
    if data["advice"] == "late":
        for path, give, phase in gives(data):
            if phase.get("advice") is False and give["what"] not in ADVICE | {"case"}:
                yield put((*path, "what"), "advice", "but this phase allows none")


@kind
def advice_before_the_case_is_told(data: Data) -> Iterator[Mistake]:
    if data["advice"] == "late":
        for path, phase in phases(data, "opening", "round"):
            if phase["kind"] in {"collect", "choose", "tell", "ask-round", "ask-free", "answer"}:
                yield put((*path, "advice"), True, "too early for advice")


@kind
def advice_forgotten(data: Data) -> Iterator[Mistake]:
    for path, give, phase in gives(data):
        if give["what"] in ADVICE and phase.get("advice") is True:
            yield Mistake({(*path[:2], "advice"): False}, (*path, "what"), "but this phase allows none")


# -- choosing ----------------------------------------------------------------------------------------------------------


def _choosing(data: Data) -> Iterator[tuple[Any, dict[str, Any]]]:
    for path, phase in phases(data, "opening"):
        if phase.get("choose", {}).get("what", "module") == "case":
            yield path, phase


@kind
def chosen_twice(data: Data) -> Iterator[Mistake]:
    for _, phase in _choosing(data):
        end = len(data["opening"])
        yield Mistake({("opening", end): {**phase, "id": "again"}}, ("opening", end, "choose"), "chosen already")


@kind
def chosen_in_the_round(data: Data) -> Iterator[Mistake]:
    for path, phase in phases(data, "round"):
        if "choose" not in phase and not list(_choosing(data)):
            yield put((*path, "choose"), {"by": "rotation"}, "The case is chosen before its round")


@kind
def chosen_from_nothing(data: Data) -> Iterator[Mistake]:
    cases = {path for path, give, _ in gives(data) if give["what"] == "case"}
    for path, phase in _choosing(data):
        if phase["choose"].get("by", "vote") in {"vote", "urgency", "facilitator"}:
            edits: dict[Any, Any] = {(*one, "what"): "note" for one in cases}
            yield Mistake(edits, (*path, "choose"), "There is no case to choose from")


@kind
def chosen_from_perhaps_nothing(data: Data) -> Iterator[Mistake]:
    cases = {path for path, give, _ in gives(data) if give["what"] == "case"}
    for path, phase in _choosing(data):
        if phase["choose"].get("by", "vote") in {"vote", "urgency", "facilitator"}:
            edits: dict[Any, Any] = {(*one, "least"): 0 for one in cases}
            yield Mistake(edits, (*path, "choose"), "Perhaps nobody proposes a case")


@kind
def everyone_but_one(data: Data) -> Iterator[Mistake]:
    for path, phase in _choosing(data):
        by = "vote" if data.get("cases") == "everyone" else "everyone"
        if phase["choose"].get("by") != by:
            yield put((*path, "choose", "by"), by, "belong together")


@kind
def votes_on_a_lot(data: Data) -> Iterator[Mistake]:
    for path, _ in _choosing(data):
        yield Mistake(
            {(*path, "choose"): {"by": "lot", "votes": 2}}, (*path, "choose", "votes"), "`votes` is for `by: vote`"
        )


@kind
def more_cases_than_people(data: Data) -> Iterator[Mistake]:
    if data["group"]["min"] < 9:
        yield put(("cases",), 9, "take fewer cases")


@kind
def once_outside_the_round(data: Data) -> Iterator[Mistake]:
    for path, _ in phases(data, "opening", "closing"):
        yield put((*path, "once"), True, "has them once anyhow")


@kind
def module_that_nobody_chose(data: Data) -> Iterator[Mistake]:
    for path, phase in phases(data, "round"):
        if phase.get("runs"):
            (choice,) = (one for one, other in phases(data, "round") if other.get("choose"))
            edits = {(*choice, "choose"): GONE, (*choice, "ends"): ["agreed"], (*choice, "gives"): []}
            yield Mistake(edits, (*path, "runs"), "No earlier phase here chooses the module")


@kind
def module_that_nothing_runs(data: Data) -> Iterator[Mistake]:
    for path, phase in phases(data, "round"):
        if phase.get("runs"):
            yield Mistake(
                {(*path, "runs"): GONE}, ("modules", next(iter(data["modules"]))), "No phase runs a module", key=True
            )


@kind
def module_that_takes_too_long(data: Data) -> Iterator[Mistake]:
    for name in data.get("modules", {}):
        edit: dict[Any, Any] = {("modules", name, "phases", 0, "minutes"): 99}
        yield Mistake(edit, ("modules", name), "make it shorter", key=True)


# -- what only a walk through a meeting shows --------------------------------------------------------------------------


def _plain(data: Data) -> bool:
    """Whether a file would do for one person, but for what others owe."""
    many = data.get("cases", 1) != 1 or data.get("roles") or data.get("facilitator") == "needed"
    return not many and data["group"]["min"] > 1


@kind
def nobody_is_left_to_ask(data: Data) -> Iterator[Mistake]:
    for path, give, _ in gives(data, "round"):
        if _plain(data) and give["who"] == "participant" and _owed(give):
            yield Mistake({("group", "min"): 1}, (*path, "who"), "nobody is there who may give it, so this phase waits")


@kind
def nobody_is_left_for_a_role(data: Data) -> Iterator[Mistake]:
    for role in sorted({role for _, phase in phases(data) for role in phase.get("fills", ())}):
        yield Mistake({("group", "min"): 1}, ("roles", role), "Nobody is left to be")


@kind
def whoever_decides_is_silenced(data: Data) -> Iterator[Mistake]:
    for path, phase in phases(data, "round"):
        if phase.get("choose", {}).get("by") == "facilitator":
            yield Mistake(
                {(*path, "position"): {"participant": "aside"}}, (*path, "choose"), "so nobody can; change `position`"
            )
