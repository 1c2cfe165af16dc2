"""What becomes of a choice once it is made: part of ``evolve``, and as free of rules.

Each of the three says what was chosen, what decided it and how the votes were, so that a screen can tell.
"""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from kring.meeting import events as e
from kring.meeting.state import Agenda, Choice, Chosen, State


def cases_chosen(state: State, event: e.CasesChosen) -> dict[str, Any]:
    """The cases to take up, and the spare ones."""
    cases = tuple(zip(event.cases, event.owners, strict=True))
    choice = Choice(
        votes=state.choice.votes if state.choice else (),
        chosen=event.cases,
        tally=event.tally,
        because=event.because,
        at=event.at,
    )
    return {"agenda": Agenda(cases=cases, spare=event.spare), "choice": choice}


def module_chosen(state: State, event: e.ModuleChosen) -> dict[str, Any]:
    """The sub-protocol that will run."""
    choice = Choice(
        votes=state.choice.votes if state.choice else (),
        chosen=(event.module,),
        tally=event.tally,
        because=event.because,
        at=event.at,
    )
    return {"agenda": replace(state.agenda, module=event.module), "choice": choice}


def given_chosen(state: State, event: e.GivenChosen) -> dict[str, Any]:
    """What was chosen of the contributions of one kind."""
    number = state.round.number if state.round else 0
    options = tuple(f"#{item}" for item in event.items)
    votes = state.choice.votes if state.choice else ()
    choice = Choice(votes=votes, chosen=options, tally=event.tally, because=event.because, at=event.at)
    return {"choice": choice, "chosen": (*state.chosen, Chosen(event.what, number, event.items))}
