"""Small methods that differ in how their roles are filled."""

from __future__ import annotations

from typing import Any

from kring.methods.model import PREVIOUS
from tests.core.words.small import BRING, TELL, Sketch, give, small

NOTES = give("scribe", "note", 1, 9, by="written")
WORK: Sketch = ("work", "gossip", 8, {"gives": [give("participant", "hypothesis"), NOTES], "ends": ["done", "agreed"]})
SCRIBE: dict[str, Any] = {"scribe": {}}
FILLED_BEFORE = small([TELL, WORK], roles=SCRIBE, opening=[BRING[0], ("pick", "choose", 2, {"fills": ["scribe"]})])
FILLED_HERE = small(
    [TELL, ("work", "gossip", 8, {"gives": [give("participant", "hypothesis"), NOTES], "fills": ["scribe"]})],
    roles=SCRIBE,
)
SKIPPED = small(
    [("who", "silence", 2, {"silence": False, "ends": ["done"], "fills": ["scribe"], "skip": True}), TELL, WORK],
    roles=SCRIBE,
)
OBSERVED = small(
    [("look", "gossip", 8, {"gives": [give("participant", "hypothesis", 1, 2, turns="circle"), give("eye", "remark", 1, 1)],
                            "position": {"owner": "back"}, "fills": ["eye"], "ends": ["done"]}), TELL],
    roles={"eye": {"apart": True}},
)  # fmt: skip
IN_MODULE = small(
    [TELL, ("how", "choose", 1, {"choose": {"what": "module", "by": "facilitator"}}),
     ("run", "advise", 6, {"runs": "module", "gives": []})],
    roles=SCRIBE,
    modules={"only": {"name": {"nl": "a", "en": "b", "de": "c"}, "summary": {"nl": "a", "en": "b", "de": "c"}, "phases": [
        {"id": "inside", "kind": "gossip", "name": {"nl": "a", "en": "b", "de": "c"}, "minutes": 6, "fills": ["scribe"],
         "gives": [give("participant", "hypothesis"), NOTES],
         "prompts": {who: {"do": {"nl": "a", "en": "b", "de": "c"}} for who in ("everyone", "scribe")}}]}},
)  # fmt: skip
TEAM = small(
    [TELL, ("work", "gossip", 8, {"gives": [give("team", "hypothesis", 1, 2, turns="circle")], "ends": ["done"]})],
    group=(4, 8),
    roles={"team": {"holders": {"min": 2, "max": 5}}},
    opening=[BRING[0], ("pick", "choose", 2, {"fills": ["team"]})],
)
TEAM_OF_THE_STEP = small(
    [TELL, ("work", "gossip", 8, {"gives": [give("team", "hypothesis", 1, 2, turns="circle")], "fills": ["team"]})],
    group=(4, 8),
    roles={"team": {"holders": {"min": 2, "max": 5}, "apart": True}},
)  # fmt: skip
LOOK_BACK: Sketch = ("back", "evaluate", 4, {"gives": [give(PREVIOUS, "remark", 1, 1, turns="circle")]})
BACK = small([TELL], opening=[LOOK_BACK, *BRING])
BEFORE_EACH = small([LOOK_BACK, TELL], cases=3)
AT_THE_END = small([TELL], cases=2, closing=[LOOK_BACK])
ALL = {
    "filled before": FILLED_BEFORE, "filled here": FILLED_HERE, "skipped": SKIPPED, "observed": OBSERVED, "in a module": IN_MODULE,
    "team": TEAM, "team of the step": TEAM_OF_THE_STEP, "back": BACK, "before each": BEFORE_EACH, "at the end": AT_THE_END,
}  # fmt: skip
