"""The engine of a meeting: four pure functions, and the views.

A meeting is a log of events. ``evolve`` folds an event into the state, and a state is all that the engine needs to answer the
other three questions: ``decide`` says which events a command makes happen, or why not; ``permitted`` says what somebody may
do; ``view`` says what they may know, and ``facts`` what of it is new. So a room keeps a log and a state, and does four things
with a command: decide, write down, fold, send facts. Neither clock, chance nor disk: the time, ids and seeds are passed in.

To read on: ``commands`` and ``events`` are the words; ``state`` is what the log folds to; ``permissions`` has the rules;
``decide`` is the way of a command, ``settle`` what follows from it, ``projection`` what is sent.
"""

from kring.meeting.apply import apply
from kring.meeting.commands import WITH_LINK, Actor, Person
from kring.meeting.decide import WayError, decide, execute, open_meeting
from kring.meeting.evolve import evolve, replay
from kring.meeting.permissions import Action, acting, permitted
from kring.meeting.projection import Projection, Transition, facts, view
from kring.meeting.refusals import Refusal
from kring.meeting.state import INITIAL, TABLE, Outsider, State, Who
from kring.meeting.timekeeping import due, longest

__all__ = [
    "INITIAL",
    "TABLE",
    "WITH_LINK",
    "Action",
    "Actor",
    "Outsider",
    "Person",
    "Projection",
    "Refusal",
    "State",
    "Transition",
    "WayError",
    "Who",
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
