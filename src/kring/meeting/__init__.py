"""The engine of a meeting: four pure functions, and the views.

``decide`` says what a command makes happen, ``evolve`` folds an event, ``permitted`` says what a seat may do,
``view`` what it may know. Neither clock, chance nor disk: ``now``, ids and seeds are passed in.
"""

from kring.meeting.apply import apply
from kring.meeting.commands import WITH_LINK, Actor, Person
from kring.meeting.decide import WayError, decide, execute, open_meeting
from kring.meeting.evolve import evolve, replay
from kring.meeting.permissions import Action, acting, permitted
from kring.meeting.projection import Projection, Transition, facts, view
from kring.meeting.refusals import Refusal
from kring.meeting.state import INITIAL, TABLE, State
from kring.meeting.timekeeping import due, longest

__all__ = [
    "INITIAL",
    "TABLE",
    "WITH_LINK",
    "Action",
    "Actor",
    "Person",
    "Projection",
    "Refusal",
    "State",
    "Transition",
    "WayError",
    "acting",
    "apply",
    "decide",
    "due",
    "evolve",
    "execute",
    "facts",
    "longest",
    "open_meeting",
    "permitted",
    "replay",
    "view",
]
