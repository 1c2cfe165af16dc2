"""The method language as a frozen model: what a method file says, with every shorthand written out.

A ``Method`` is data. The engine (``kring.meeting``) reads it and never knows a method by name.
The words are those of ``GLOSSARY.md``; the language as people write it is in ``docs/method-language.md``.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from kring import languages

Text = dict[str, str]
"""One sentence in several languages, by language code: ``{"nl": ..., "en": ..., "de": ...}``."""

Kind = Literal[
    "collect", "choose", "tell", "write", "ask-round", "ask-free", "answer", "gossip", "hypothesis",
    "resonance", "affirm", "advise", "reformulate", "respond", "decide", "tip", "silence", "harvest", "evaluate",
]  # fmt: skip
What = Literal[
    "case", "theme", "explanation", "note", "question", "answer", "hypothesis", "resonance", "affirmation", "advice", "tip",
    "reformulation", "response", "decision", "insight", "remark", "rating", "action",
]  # fmt: skip
Position = Literal["in", "aside", "back", "unseen", "out"]
Selector = str
"""Whom a rule is about: ``owner``, ``participant``, ``facilitator``, ``everyone``, ``previous-owner`` or the id of a role."""

ADVICE: frozenset[str] = frozenset({"advice", "tip"})
"""The contributions that are advice by nature; they need a phase with ``advice: true``."""
BY_VOTE: frozenset[str] = frozenset({"vote", "urgency"})
"""The ways to choose in which everybody votes, or says how urgent each is."""
BY_SOMEBODY: frozenset[str] = frozenset({"facilitator", "owner"})
"""The ways to choose in which one person says what is chosen."""
SILENCED: frozenset[str] = frozenset({"aside", "back", "unseen", "out"})
"""The positions from which nobody speaks or writes to the group."""
PREVIOUS = "previous-owner"
"""The selector of whoever was case owner before: in the meeting before this one, in the round before, or in this meeting."""
LANGUAGES = languages.METHODS
"""The languages in which every text of a method must be there."""


class Model(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab", omit_defaults=True):
    """Base of all parts: immutable, strict about keys, ``kebab-case`` on paper."""


class Source(Model, frozen=True):
    """Where a method comes from. ``status``: stated in a source text, found on a page, from memory (unverified), or ours."""

    ref: str
    status: Literal["stated", "found", "unverified", "ours"] = "found"


class Group(Model, frozen=True):
    """How many may take part, case owner included."""

    min: int
    max: int


class FormField(Model, frozen=True):
    """One line of a form. ``kind`` tells the screen how to ask; ``choices`` is for ``choice``, ``of`` for ``given``.

    ``given`` picks one of what was given before in this round: a question to weigh.
    """

    id: str
    name: Text
    kind: Literal["line", "text", "word", "choice", "rating", "date", "given"] = "text"
    choices: dict[str, Text] = {}
    of: What | None = None
    words: int | None = None
    optional: bool = False


class Form(Model, frozen=True):
    """What a written contribution looks like. Its content stays sealed: the server never checks it."""

    fields: tuple[FormField, ...]


class Field(Model, frozen=True):
    """One field of a set that questions may be tagged with, with an example question."""

    name: Text
    example: Text


class Reply(Model, frozen=True):
    """The turn that follows each turn: the case owner answers each question."""

    who: Selector = "owner"
    what: What = "answer"


class Withheld(Model, frozen=True):
    """What is given here stays unseen by some until a later phase starts, the meeting closes, or for good.

    ``until``: the id of a later phase, ``end`` (of this phase), ``close`` or ``never``.
    """

    from_: Selector = msgspec.field(default="owner", name="from")
    until: str = "end"


class Give(Model, frozen=True):
    """One thing that may or must be given in a phase.

    ``least`` is owed by each (a pass counts as given), ``most`` is the bound. ``turns``: ``circle`` one at
    a time in circle order, ``least`` loops owed and up to ``most`` offered; ``free`` whenever one likes;
    ``alone`` all at once, in silence. ``by``: spoken, written, or either. ``then``: asked only when what is above it in the list
    is done. ``together``: so many at most by all who give it. ``withheld``: from whom this is kept, in place of the whole phase.
    """

    who: Selector
    what: What
    least: int = 0
    most: int = 1
    turns: Literal["circle", "free", "alone"] = "free"
    order: Literal["circle", "owner-first", "owner-last"] = "circle"
    by: Literal["spoken", "written", "either"] = "either"
    form: str = "text"
    fields: str | None = None
    reply: Reply | None = None
    follow_up: bool = False
    then: bool = False
    together: int | None = None
    withheld: Withheld | None = None


class Choose(Model, frozen=True):
    """How something is chosen. ``what``: the cases to take up, the sub-protocol to run, or ``many`` of anything given.

    ``vote``: most votes, each seat has ``votes``; a tie goes to who waited longest to be owner, then by lot.
    ``urgency``: each seat rates every case from 1 to 5, the highest sum wins, ties as above.
    ``rotation``: who waited longest. ``lot``: by lot. ``everyone``: all in circle order.
    ``facilitator``: the facilitator decides with the group (anyone present, where nobody facilitates). ``owner``: the case
    owner decides. Nobody has waited for anything but a case, so other ties go to the lot at once.
    """

    what: Literal[What, "module"] = "case"
    by: Literal["vote", "urgency", "rotation", "lot", "everyone", "facilitator", "owner"] = "vote"
    votes: int = 1
    many: int = 1


class Extend(Model, frozen=True):
    """How often, and by how many minutes at most each time, the facilitator may extend a phase."""

    times: int = 1
    minutes: int = 5


class Overtime(Model, frozen=True):
    """How much longer than its time a phase waits at most for what is still owed: in minutes together, in hours in writing."""

    minutes: float = 5
    hours: int = 24


class Prompt(Model, frozen=True):
    """What a screen tells one role: one thing to do, and one quieter line of why or what not."""

    do: Text
    why: Text | None = None


class Phase(Model, frozen=True):
    """One step of a method, with its kind's shorthand written out.

    ``minutes`` for the spoken form (fractions allowed), ``hours`` for the written one. ``minutes_from``: it may take less, from
    so many on; the clock runs to ``minutes``. ``per``: the minutes are for the phase, or for each case or person.
    ``ends``: ``done`` by itself, when nothing is owed any more; ``time`` at the deadline, whoever facilitates; ``agreed``
    by hand, when nothing is owed. Any phase ends at its deadline in writing, in a strict method and where nobody
    facilitates; else the deadline only signals. ``overtime``: it waits a while longer for what is owed. ``wait``: when its
    time is over, whoever has the floor may finish. ``silence``: nobody speaks, so all is written, whatever ``by`` says.
    ``spread``: who set the minutes.
    """

    id: str
    kind: Kind
    name: Text
    minutes: float
    prompts: dict[Selector, Prompt]
    minutes_from: float | None = None
    per: Literal["phase", "case", "person"] = "phase"
    hours: int = 24
    spread: Literal["source", "ours"] = "ours"
    gives: tuple[Give, ...] = ()
    position: dict[Selector, Position] = {}
    hidden: Literal["no", "done", "end"] = "no"
    withheld: Withheld | None = None
    advice: bool = False
    silence: bool = False
    ends: tuple[Literal["done", "time", "agreed"], ...] = ("done", "agreed")
    agree: Literal["most", "everyone"] = "most"
    wait: bool = True
    skip: bool = False
    extend: Extend | None = None
    overtime: Overtime | None = None
    choose: Choose | None = None
    fills: tuple[str, ...] = ()
    runs: Literal["module"] | None = None
    once: bool = False
    hints: tuple[Text, ...] = ()


class Holders(Model, frozen=True):
    """How many people have a role at the same time."""

    min: int = 1
    max: int = 1


class Role(Model, frozen=True):
    """A role beyond the three. ``apart``: whoever has it gives nothing as a participant (an observer)."""

    name: Text
    apart: bool = False
    holders: Holders = Holders()


class Module(Model, frozen=True):
    """A sub-protocol that may be chosen on the spot and runs in place of a phase with ``runs: module``."""

    name: Text
    summary: Text
    phases: tuple[Phase, ...]


class Method(Model, frozen=True):
    """A whole method.

    ``minutes`` is the total for ``cases`` rounds (for ``everyone``, and for minutes for each person: for the smallest group);
    ``minutes_from``: it takes from so many to that. ``days``: a written meeting takes no longer, whatever is extended.
    ``advice``: ``never``, ``late`` (only in phases that say so, after the owner has told the case), ``free``.
    ``strict``: at the deadline phases advance; otherwise they signal. ``facilitator``: whether one is needed.
    ``ways``: in which forms it may be held. ``extends``: the id of the library's method that the file builds upon;
    what it says is in here already, written out.
    """

    kring: Literal[1]
    id: str
    name: Text
    summary: Text
    source: tuple[Source, ...]
    group: Group
    minutes: float
    level: tuple[Literal["concrete", "advice", "reflection"], ...]
    advice: Literal["never", "late", "free"]
    round: tuple[Phase, ...]
    minutes_from: float | None = None
    days: int | None = None
    opening: tuple[Phase, ...] = ()
    closing: tuple[Phase, ...] = ()
    cases: int | Literal["everyone"] = 1
    strict: bool = False
    facilitator: Literal["needed", "optional"] = "optional"
    roles: dict[str, Role] = {}
    forms: dict[str, Form] = {}
    fields: dict[str, dict[str, Field]] = {}
    modules: dict[str, Module] = {}
    ways: tuple[Literal["spoken", "written"], ...] = ("spoken",)
    prepare: Text | None = None
    trust: Literal["none", "low", "medium", "high"] = "medium"
    starts_from: Literal["question", "success"] = "question"
    first_time: bool = False
    """Whether it suits people who never did this before."""
    featured: bool = False
    """Whether it is among the few that are shown first."""
    choose_when: Text | None = None
    not_when: Text | None = None
    caution: Text | None = None
    feedback: tuple[Text, ...] = ()
    """How to speak about each other's work here."""
    slow_down: tuple[Text, ...] = ()
    """When the facilitator had better take more time."""
    extends: str | None = None
