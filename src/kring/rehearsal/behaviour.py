"""What a sensible, kind person does next, given what their screen shows. Never anything that is not permitted.

``Behaviour.choose`` goes through what one might do, most pressing first (sit down, begin, vote, give what is owed, take a role, say
that one is ready, end the phase), and takes the first that the view permits and that this person wants. It sees nothing but the
view, as everybody does.

Used by ``kring rehearse`` and by the simulated colleagues. Chance decides what people would decide; a
decision is made once and remembered, so asking twice about the same view gives the same answer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from random import Random
from typing import NamedTuple

import msgspec

from kring.meeting import commands as c
from kring.meeting.views import SeatView, SlotView, View
from kring.methods.model import PREVIOUS, Method, Phase

Can = frozenset[tuple[str, str]]


_VOLUNTEERS = 0.5
"""How likely someone is to take a role that they may take."""
_WAS_OWNER = 0.2
"""How likely someone was case owner in the meeting before."""


class Writes(NamedTuple):
    """What has to be written for a move: a name, or a contribution with its form. ``fields``: a set to tag it from."""

    seat: str
    kind: str
    content: str
    form: str = "name"
    fields: str | None = None


class Move(NamedTuple):
    """What someone does next, and what they write for it. ``detail`` as in ``permitted``."""

    command: c.AnyCommand
    writes: Writes | None = None
    detail: str = ""


class Manners(msgspec.Struct, frozen=True):
    """How someone behaves. The chances are between 0 and 1."""

    facilitates: bool = False
    """Takes the facilitation when nobody has it."""
    hosts: bool = False
    """Closes the doors and starts when ``expects`` seats are taken."""
    expects: int = 0
    guest: bool = False
    votes_for: str | None = None
    """The seat whose case they prefer."""
    writes: float = 0.5
    """How often they write where speaking would do too."""
    passes: float = 0.05
    offers: float = 0.3
    """How often they take a turn that is offered, not owed."""
    talks: int = 3
    """At most so many contributions where one may talk freely."""
    wanders: float = 0.1
    """How often a facilitator skips or extends where the method allows it."""


class _Chair(NamedTuple):
    """Whom we act as: ourselves, or (``on``) a seat without a device."""

    seat: str
    can: Can
    on: str | None = None

    def may(self, command: str) -> bool:
        return any(action[0] == command for action in self.can)


class Behaviour:
    """One person. ``new_id`` makes ids of seats and contents."""

    def __init__(
        self, method: Method, random: Random, new_id: Callable[[], str], manners: Manners | None = None
    ) -> None:
        self.method = method
        self.manners = manners or Manners()
        self._random = random
        self._new_id = new_id
        self._made: dict[tuple[object, ...], float] = {}

    def choose(self, view: View) -> Move | None:
        """The next thing to do, or nothing for now."""
        mine = view.mine
        can: Can = frozenset(mine.permitted)
        if view.meeting.status == "closed":
            return None
        if mine.seat is None and ("take-seat", "") in can:
            return self._sit()
        me = _Chair(mine.seat or "", can)
        chairs = [me, *(_Chair(seat, frozenset(acts), seat) for seat, acts in mine.acting.items())]
        move = self._govern(view, me)
        for step in (self._decide, self._vote, self._work, self._take_role, self._be_ready):
            for chair in chairs:
                move = move or step(view, chair)
        return move or self._end(view, me)

    # -- chance --------------------------------------------------------------------------------------------------

    def _chance(self, *about: object) -> float:
        """A number between 0 and 1 that stays the same for the same question."""
        if about not in self._made:
            self._made[about] = self._random.random()
        return self._made[about]

    # -- sitting down, starting, guarding -------------------------------------------------------------------------

    def _sit(self) -> Move:
        seat, name = self._new_id(), self._new_id()
        return Move(c.TakeSeat(seat=seat, name=name, guest=self.manners.guest), Writes(seat, "name", name))

    def _govern(self, view: View, me: _Chair) -> Move | None:
        wants = self.manners
        facilitator = next((seat.id for seat in view.seats if "facilitator" in seat.roles), None)
        if wants.facilitates and facilitator is None and me.may("take-facilitation"):
            return Move(c.TakeFacilitation())
        if view.meeting.status == "lobby":
            return self._begin(view, me)
        if facilitator == me.seat:
            return self._bend(view, me)
        return None

    def _begin(self, view: View, me: _Chair) -> Move | None:
        if not self.manners.hosts or len(view.seats) < max(self.manners.expects, view.meeting.smallest):
            return None
        if view.meeting.doors == "open" and me.may("close-doors"):
            return Move(c.CloseDoors())
        return Move(c.Start()) if me.may("start") else None

    def _bend(self, view: View, me: _Chair) -> Move | None:
        """Now and then a facilitator skips a phase or gives it more time, where the method allows that."""
        phase = view.phase
        spec = self.spec(view)
        if phase is None or spec is None or self._chance("bend", phase.key) > self.manners.wanders:
            return None
        if me.may("skip-phase"):
            return Move(c.SkipPhase())
        if phase.signalled and not phase.extended and spec.extend and me.may("extend"):
            return Move(c.Extend(minutes=spec.extend.minutes))
        return None

    def _take_role(self, view: View, chair: _Chair) -> Move | None:
        for command, role in sorted(chair.can):
            if command == "take-role" and self._volunteers(view, chair, role):
                return Move(c.TakeRole(role=role, on=chair.on), detail=role)
        return None

    def _volunteers(self, view: View, chair: _Chair, role: str) -> bool:
        """Somebody must; where more may, some do. Who was case owner in the meeting before is not for anybody to choose."""
        key = view.phase.key if view.phase else ""
        chance = self._chance("role", key, role, chair.seat)
        if role == PREVIOUS:
            return chance < _WAS_OWNER
        held = sum(role in seat.roles for seat in view.seats)
        needed = held < self.method.roles[role].holders.min
        return chance < _VOLUNTEERS or (needed and _settled(view))

    # -- choosing ------------------------------------------------------------------------------------------------

    def _decide(self, view: View, chair: _Chair) -> Move | None:
        spec = self.spec(view)
        if (
            not chair.may("choose")
            or view.choice is None
            or view.choice.because
            or spec is None
            or spec.choose is None
            or not view.choice.options
        ):
            return None
        options = self._preferred(view)
        count = spec.choose.many
        if spec.choose.what == "case":
            count = len(options) if self.method.cases == "everyone" else self.method.cases
        return Move(c.Choose(choices=tuple(options[:count]), on=chair.on), detail=spec.choose.what)

    def _preferred(self, view: View) -> list[str]:
        """The options of the choice, the one they prefer first, the rest by chance."""
        options = view.choice.options if view.choice else ()
        favoured = {self.manners.votes_for} | {
            item.content for item in view.items if item.what == "case" and item.seat == self.manners.votes_for
        }
        key = view.phase.key if view.phase else ""
        return sorted(options, key=lambda option: (option not in favoured, self._chance("prefers", key, option)))

    def _vote(self, view: View, chair: _Chair) -> Move | None:
        spec = self.spec(view)
        choice = view.choice
        if choice is None or choice.because or spec is None or spec.choose is None or not chair.may("vote"):
            return None
        if chair.seat in choice.cast:
            return None
        options = self._preferred(view)
        if chair.on is not None:
            options = sorted(options, key=lambda option: self._chance("votes", chair.seat, option))
        votes = dict.fromkeys(options[: spec.choose.votes], 1)
        if spec.choose.by == "urgency":
            votes = {option: max(1, 5 - place) for place, option in enumerate(options)}
        return Move(c.Vote(choices=votes, on=chair.on), detail=spec.choose.what)

    # -- contributing --------------------------------------------------------------------------------------------

    def _work(self, view: View, chair: _Chair) -> Move | None:
        for slot in view.desk:
            if slot.seat == chair.seat and slot.what != "vote" and not slot.passed:
                move = self._slot(view, chair, slot)
                if move is not None:
                    return move
        speaking = view.floor is not None and view.floor.seat == chair.seat and view.floor.what is None
        if speaking and chair.on is None and chair.may("release-floor"):
            return Move(c.ReleaseFloor())
        return None

    def _slot(self, view: View, chair: _Chair, slot: SlotView) -> Move | None:
        give, leave = ("give", slot.what) in chair.can, ("pass", slot.what) in chair.can
        floor, phase = view.floor, view.phase
        if phase is None or not (give or leave):
            return None
        chance = self._chance("gives", phase.key, slot.seat, slot.what, slot.given, len(view.items))
        turn = floor is not None and floor.seat == chair.seat and floor.what == slot.what
        if not give and chair.on is not None and not turn:
            return None  # Whoever is away may come back before it is their turn.
        if turn and floor and not floor.owed:
            wants = chance < self.manners.offers
        elif turn or slot.owed:
            shy = self.manners.passes if slot.what != "explanation" else 0.0
            wants = chance >= shy
        else:
            return self._talk(view, chair, slot) if give else None
        if give and (wants or not leave):
            return self._give(view, chair, slot)
        return Move(c.Pass(what=slot.what, on=chair.on), detail=slot.what) if leave else None

    def _talk(self, view: View, chair: _Chair, slot: SlotView) -> Move | None:
        """Free talk: some say more than others; the case owner answers what was asked."""
        key = view.phase.key if view.phase else ""
        if view.floor is not None and view.floor.owed and slot.what != "note":
            return None  # First whoever has the floor.
        if slot.what == "question" and _unanswered(view) > 1:
            return None  # One question at a time, or nearly so.
        if slot.what == "answer":
            wanted = slot.given + _unanswered(view)
        elif self._picks(slot):
            wanted = slot.given + self._unpicked(view)
        elif slot.what == "action":
            # One good intention a round is what people can carry.
            known = any(i.what == "action" and i.seat == slot.seat and i.phase != key for i in view.items)
            wanted = 0 if known else round(self._chance("talks", key, slot.seat, slot.what))
        else:
            wanted = round(self._chance("talks", key, slot.seat, slot.what) * self.manners.talks)
        if slot.given >= min(wanted, slot.most):
            return None
        silent = view.floor is None and chair.on is None and ("take-floor", "") in chair.can
        if silent and self._chance("floor", key, slot.seat, slot.given) < self.manners.offers:
            return Move(c.TakeFloor(on=chair.on))
        return self._give(view, chair, slot)

    def _picks(self, slot: SlotView) -> str | None:
        """What a form picks from, one by one: every question is weighed."""
        form = self.method.forms.get(slot.form)
        return next((field.of for field in form.fields if field.of), None) if form else None

    def _unpicked(self, view: View) -> int:
        """How many of what is picked from wait for that, such as questions to be weighed."""
        waiting = 0
        for slot in view.desk:
            if not slot.passed and (kind := self._picks(slot)):
                there = sum(item.what == kind and item.round == _round(view) for item in view.items)
                waiting += max(0, min(slot.most, there) - slot.given)
        return waiting

    def _waiting(self, view: View) -> int:
        """How much the others wait for before they go on."""
        return _unanswered(view) + self._unpicked(view)

    def _give(self, view: View, chair: _Chair, slot: SlotView) -> Move:
        aloud = slot.by == "spoken"
        if slot.by == "either" and not view.meeting.written:
            aloud = self._chance("aloud", slot.seat, slot.what, len(view.items)) >= self.manners.writes
        if aloud:
            return Move(c.Give(what=slot.what, on=chair.on), detail=slot.what)
        content = self._new_id()
        writes = Writes(slot.seat, slot.what, content, slot.form, slot.fields)
        return Move(c.Give(what=slot.what, content=content, on=chair.on), writes, slot.what)

    # -- going on ------------------------------------------------------------------------------------------------

    def _be_ready(self, view: View, chair: _Chair) -> Move | None:
        spec = self.spec(view)
        if spec is None or not chair.may("ready") or chair.seat in view.ready:
            return None
        owes = any(slot.seat == chair.seat and slot.owed for slot in view.desk)
        # Whoever takes no role says so, and whoever has nothing more to give or to see.
        if view.phase and (view.phase.casting or (view.phase.ending is not None and not owes)):
            return Move(c.Ready(on=chair.on))
        if "agreed" not in spec.ends and not _more(view, chair.seat):
            return None
        if view.floor is not None or owes:
            return None
        if view.phase and not view.phase.signalled and (self._waiting(view) or self._may_be_asked(view, chair)):
            return None
        last = view.phase is not None and view.phase.part + 1 >= view.phase.parts
        beforehand = spec.choose is not None and spec.choose.what in {"case", "module"}
        if beforehand and last and not (view.choice and view.choice.because):
            return None
        return Move(c.Ready(on=chair.on))

    @staticmethod
    def _may_be_asked(view: View, chair: _Chair) -> bool:
        """Whether someone may still have a question for them: whoever answers is never the first to be ready.

        Where all may answer, one of them has to be.
        """
        slots = [slot for slot in view.desk if not slot.turn]
        answering = {slot.seat for slot in slots if slot.what == "answer"}
        others = {slot.seat for slot in slots if slot.what == "question"} - answering
        return chair.seat in answering and bool(others) and not set(view.ready) - {chair.seat}

    def _end(self, view: View, me: _Chair) -> Move | None:
        # What came of a vote is over by itself in a moment, or when all have seen it.
        if view.phase is None or view.phase.ending is not None or not me.may("end-phase"):
            return None
        others = [seat for seat in view.seats if self._waited_for(seat, me)]
        ready = sum(seat.id in view.ready for seat in others)
        free = any(slot.given < slot.most and not slot.passed for slot in view.desk)
        agreed = not free or ready * 2 > len(others)
        return Move(c.EndPhase()) if view.phase.signalled or (agreed and not self._waiting(view)) else None

    @staticmethod
    def _waited_for(seat: SeatView, me: _Chair) -> bool:
        return seat.here and seat.device and not seat.guest and seat.position == "in" and seat.id != me.seat

    def spec(self, view: View) -> Phase | None:
        """What the method says about the phase under way."""
        phase = view.phase
        if phase is None:
            return None
        if phase.module is not None:
            phases = self.method.modules[phase.module].phases
        else:
            sections = {"opening": self.method.opening, "round": self.method.round, "closing": self.method.closing}
            phases = sections[phase.section]
        return next((one for one in phases if one.id == phase.id), None)


def _more(view: View, seat: str) -> bool:
    """Whether someone may still add something, so that a phase waits for them to say that they are ready."""
    return any(slot.seat == seat and not slot.turn and slot.given < slot.most and not slot.passed for slot in view.desk)


def _settled(view: View) -> bool:
    """Whether nobody owes anything any more, so that a phase waits for its roles alone."""
    return view.floor is None and not any(slot.owed for slot in view.desk)


def _unanswered(view: View) -> int:
    """How many questions wait for an answer, where the case owner may answer when they like.

    Those of this phase; where nobody asks in it, those of the round so far.
    """
    answers = [slot for slot in view.desk if slot.what == "answer" and not slot.turn and not slot.passed]
    if view.phase is None or not answers:
        return 0
    here = any(slot.what == "question" for slot in view.desk)
    scope = [item for item in view.items if (item.phase == view.phase.key if here else item.round == _round(view))]
    counts = Counter(item.what for item in scope)
    room = sum(slot.most - slot.given for slot in answers)
    return max(0, min(room, counts["question"] - counts["answer"]))


def _round(view: View) -> int:
    return view.round.number if view.round else 0


def still(move: Move, view: View) -> bool:
    """Whether a move that was chosen a while ago is permitted now."""
    name = type(move.command).__struct_config__.tag
    on = getattr(move.command, "on", None)
    permitted = view.mine.permitted if on is None else view.mine.acting.get(on, ())
    return any(command == name and move.detail in ("", detail) for command, detail in permitted)
