"""The picture and the paper of a method say who is heard in a step: in a meeting nobody else may speak there."""

from __future__ import annotations

from random import Random

import pytest

from kring.meeting import Actor, Refusal, permitted
from kring.meeting import commands as c
from kring.meeting import events as e
from kring.meeting.permissions import action
from kring.methods import library
from kring.methods.flow import module_stages, stages
from tests.core.meeting.playing import NAMES, Table, play


class Listening(Table):
    """Notes after each command who might speak aloud in which phase: those of the case owner, or of the others."""

    heard: dict[str, set[str]]

    def do(self, actor: Actor | str | None, command: c.AnyCommand) -> tuple[e.AnyEvent, ...] | Refusal:
        done = super().do(actor, command)
        state = self.state
        if state.phase is not None and not isinstance(done, Refusal):
            speaking = {one.seat for one in state.queue[:1]}
            speaking |= {
                seat.id for seat in state.seats if action("take-floor") in permitted(state, seat.id, method=self.method)
            }
            roles = {"owner" if seat == state.owner else "others" for seat in speaking}
            self.heard.setdefault(state.phase.id, set()).update(roles)
        return done


@pytest.mark.parametrize("name", library.names())
def test_nobody_speaks_in_a_meeting_of_whom_the_picture_does_not_tell(name: str) -> None:
    method = library.load(name)
    told = [*stages(method), *(stage for module in method.modules for stage in module_stages(method, module))]
    table = Listening(method, seed=5)
    table.heard = {}
    table.sit(method.group.min)
    table.must(NAMES[0], c.Start())
    play(table, Random(5))
    assert table.heard
    for stage in told:
        heard = table.heard.get(stage.phase.id, set())
        if stage.voices == "nobody":
            assert not heard, stage.phase.id
        elif stage.voices == "others" or stage.silenced:
            assert "owner" not in heard, stage.phase.id
        elif stage.voices == "owner" and stage.speakers == {"owner"}:
            assert "others" not in heard, stage.phase.id
