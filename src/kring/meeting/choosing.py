"""Choosing cases, sub-protocols and anything given: by votes, by who waited longest, by lot, or by one who says it.

Options are the cases that were brought, as their content ids (``@seat`` where one was said aloud or nobody brought any), the ids
of the method's sub-protocols, or what else was given in this part of the meeting, as ``#`` and its number. ``check_vote``
judges one vote; ``resolve`` ranks the options by votes, then (cases) by how long their owners waited, then by a lot that the
meeting's seed fixes, and takes as many as the method takes up; the other cases are spare. The event says what decided.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from kring.meeting import events as e
from kring.meeting.flow import lot
from kring.meeting.refusals import Refusal, refuse
from kring.meeting.state import State
from kring.methods.model import Choose, Method, Phase

MAX_URGENCY = 5


def case_options(state: State) -> list[tuple[str, str]]:
    """The cases that may be chosen, as ``(option, owner)``; nobody brought one: every seat, as ``@seat``."""
    seats = [seat.id for seat in state.seats if not seat.guest]
    brought = [(item.content or f"@{item.seat}", item.seat) for item in state.items.of_kind("case")]
    return [one for one in brought if one[1] in seats] or [(f"@{seat}", seat) for seat in seats]


def given_options(state: State, what: str) -> Iterator[int]:
    """The numbers of what was given of this kind in this round (in the opening: in it; in the closing: at all) and all may see."""
    section = state.phase.section if state.phase else "closing"
    number = state.round.number if state.round else 0
    veiled = {(veil.phase, veil.give) for veil in state.veils}
    for item in state.items.of_kind(what):
        here = section in {"opening", "closing"} or item.round == number
        if here and not veiled & {(item.phase, None), (item.phase, item.give)}:
            yield item.n


def options(state: State, method: Method, choosing: str) -> tuple[str, ...]:
    """What may be voted for: case ids, the ids of the method's sub-protocols, or what was given of this kind."""
    if choosing == "module":
        return tuple(method.modules)
    if choosing != "case":
        return tuple(f"#{number}" for number in given_options(state, choosing))
    return tuple(dict.fromkeys(option for option, _ in case_options(state)))


def has_options(state: State, method: Method, choosing: str) -> bool:
    """Whether there is anything to vote for: without naming it, since everybody's permissions depend on it."""
    if choosing == "module":
        return bool(method.modules)
    if choosing != "case":
        return any(True for _ in given_options(state, choosing))
    return not all(seat.guest for seat in state.seats)


def check_vote(state: State, method: Method, choose: Choose, choices: dict[str, int]) -> Refusal | None:
    """Whether a vote is well formed: known options, as many as one has, weights in bounds."""
    if not set(choices) <= set(options(state, method, choose.what)):
        return refuse("unknown-choice")
    if choose.by == "urgency":
        fine = bool(choices) and all(1 <= weight <= MAX_URGENCY for weight in choices.values())
    else:
        fine = 1 <= len(choices) <= choose.votes and set(choices.values()) == {1}
    return None if fine else refuse("wrong-votes")


def resolve(state: State, method: Method, phase: Phase, now: int) -> tuple[e.AnyEvent, ...]:
    """The choice that follows from the votes, the waiting and the lot."""
    choose = phase.choose or Choose(by="everyone" if method.cases == "everyone" else "rotation")
    tally = _tally(state)
    if choose.what == "module":
        ranked = sorted(method.modules, key=lambda option: (-tally.get(option, 0), lot(state.info.seed, option)))
        because = "votes" if tally else "lot"
        return (e.ModuleChosen(at=now, module=ranked[0], because=because, tally=tally),)
    if choose.what != "case":
        return (_of_given(state, choose, tally, now),)
    if choose.by == "everyone" or method.cases == "everyone":
        brought = {owner: option for option, owner in reversed(case_options(state))}
        ranked_cases = [(brought.get(seat.id, f"@{seat.id}"), seat.id) for seat in state.seats if not seat.guest]
        return (_chosen(ranked_cases, len(ranked_cases), "everyone", tally, now),)
    ranked_cases = sorted(case_options(state), key=lambda one: _rank(state, choose, tally, one))
    because = _because(state, choose, tally, ranked_cases, int(method.cases))
    return (_chosen(ranked_cases, int(method.cases), because, tally, now),)


def _of_given(state: State, choose: Choose, tally: dict[str, int], now: int) -> e.GivenChosen:
    """Of what was given, the most wished for; the lot decides a tie."""
    numbers = list(given_options(state, choose.what))
    scores = {number: tally.get(f"#{number}", 0) for number in numbers}
    ranked = sorted(numbers, key=lambda number: (-scores[number], lot(state.info.seed, f"#{number}")))
    taken, left = ranked[: choose.many], ranked[choose.many :]
    if not numbers:
        because = "nothing"
    elif left and scores[taken[-1]] == scores[left[0]]:
        because = "lot"
    else:
        because = "votes" if tally else "only"
    return e.GivenChosen(at=now, what=choose.what, items=tuple(taken), because=because, tally=tally)


def chosen_by_somebody(
    state: State, method: Method, choose: Choose, chosen: tuple[str, ...], now: int
) -> e.AnyEvent | Refusal:
    """A choice that the facilitator made with the group, or the case owner."""
    if choose.what == "module":
        if len(chosen) != 1 or chosen[0] not in method.modules:
            return refuse("unknown-choice")
        return e.ModuleChosen(at=now, module=chosen[0], because=choose.by)
    if choose.what != "case":
        return _given_by_somebody(state, method, choose, chosen, now)
    owners = dict(case_options(state))
    wanted = len(owners) if method.cases == "everyone" else int(method.cases)
    if not set(chosen) <= set(owners) or len(set(chosen)) != len(chosen):
        return refuse("unknown-choice")
    if not 1 <= len(chosen) <= wanted:
        return refuse("wrong-votes")
    rest = [(option, owner) for option, owner in owners.items() if option not in chosen]
    return _chosen([(option, owners[option]) for option in chosen] + rest, len(chosen), "facilitator", {}, now)


def _given_by_somebody(
    state: State, method: Method, choose: Choose, chosen: tuple[str, ...], now: int
) -> e.AnyEvent | Refusal:
    if not set(chosen) <= set(options(state, method, choose.what)) or len(set(chosen)) != len(chosen):
        return refuse("unknown-choice")
    if not 1 <= len(chosen) <= choose.many:
        return refuse("wrong-votes")
    numbers = tuple(int(option.removeprefix("#")) for option in chosen)
    return e.GivenChosen(at=now, what=choose.what, items=numbers, because=choose.by)


def _chosen(ranked: list[tuple[str, str]], count: int, because: str, tally: dict[str, int], now: int) -> e.CasesChosen:
    taken, spare = ranked[:count], ranked[count:]
    return e.CasesChosen(
        at=now, cases=tuple(one[0] for one in taken), owners=tuple(one[1] for one in taken),
        because=because, tally=tally, spare=tuple(spare),
    )  # fmt: skip


def _tally(state: State) -> dict[str, int]:
    tally: dict[str, int] = {}
    for seat, choices in state.choice.votes if state.choice else ():
        if state.seat(seat):
            for option, weight in choices.items():
                tally[option] = tally.get(option, 0) + weight
    return tally


def _rank(state: State, choose: Choose, tally: dict[str, int], case: tuple[str, str]) -> tuple[int, int, bytes]:
    option, owner = case
    score = 0 if choose.by in {"lot", "rotation"} else tally.get(option, 0)
    seat = state.seat(owner)
    waited = 0 if choose.by == "lot" or seat is None else seat.waited
    return (-score, -waited, lot(state.info.seed, option))


def _because(state: State, choose: Choose, tally: dict[str, int], ranked: list[tuple[str, str]], count: int) -> str:
    """Which rule decided: votes, waited (a tie, or the method's own rule) or lot. Votes decide the order of what is chosen, too."""
    if len(ranked) <= count and not tally:
        return "only"
    ranks = [_rank(state, choose, tally, one) for one in ranked[: count + 1]]
    ties = [(one, other) for one, other in pairwise(ranks if tally else ranks[-2:]) if one[0] == other[0]]
    if not ties:
        return "votes"
    return "waited" if all(one[1] != other[1] for one, other in ties) else "lot"
