"""The engine of a meeting: four pure functions, and the views.

``decide`` says what a command makes happen, ``evolve`` folds an event, ``permitted`` says what a seat may do,
``view`` what it may know. Neither clock, chance nor disk: ``now``, ids and seeds are passed in.
"""

from kring.meeting.apply import apply
from kring.meeting.commands import Actor
from kring.meeting.decide import WayError, decide, open_meeting, step
from kring.meeting.evolve import evolve, replay
from kring.meeting.looking import Look, Step, facts, view
from kring.meeting.permissions import Action, acting, permitted
from kring.meeting.refusals import Refusal
from kring.meeting.state import INITIAL, TABLE, State
from kring.meeting.timekeeping import due, longest

__all__ = [
    "INITIAL",
    "TABLE",
    "Action",
    "Actor",
    "Look",
    "Refusal",
    "State",
    "Step",
    "WayError",
    "acting",
    "apply",
    "decide",
    "due",
    "evolve",
    "facts",
    "longest",
    "open_meeting",
    "permitted",
    "replay",
    "step",
    "view",
]
