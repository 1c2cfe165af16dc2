"""The language carries what intervision is done with: sketches of methods from several countries, as files of data.

A sketch is ``(kind, minutes, more)`` for each phase. It has no texts of its own: it stands for no method file.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from kring.methods import checker, reader
from kring.methods.errors import MethodError

Sketch = tuple[str, float, dict[str, Any]]
TEXT = {"nl": "a", "en": "b", "de": "c"}


def give(who: str, what: str, least: int = 0, most: int = 9, **more: Any) -> dict[str, Any]:
    return {"who": who, "what": what, "least": least, "most": most} | more


def talk(what: str, who: str = "everyone") -> dict[str, Any]:
    return {"gives": [give(who, what)], "ends": ["agreed"]}


PICK: list[Sketch] = [("collect", 3, {}), ("choose", 2, {})]
WHO_HAS_A_CASE: list[Sketch] = [
    ("choose", 2, {"choose": {"by": "facilitator"}, "gives": [give("everyone", "case", 1, 1)]})
]
ROTATE: list[Sketch] = [("choose", 1, {"choose": {"by": "rotation"}})]
WRITE_ALONE = {"gives": [give("everyone", "note", 1, 3, turns="alone", by="written")]}
COLD_TO_WARM = {
    "temperature": {
        "fields": [
            {"id": "warmth", "kind": "choice", "name": TEXT, "choices": {"cold": TEXT, "neutral": TEXT, "warm": TEXT}}
        ]
    }
}

SKETCHES: dict[str, dict[str, Any]] = {
    "roddel-5": {
        "group": (4, 8),
        "opening": ROTATE,
        "round": [
            ("tell", 5, {}),
            ("ask-free", 10, {}),
            ("gossip", 15, {"position": {"owner": "aside"}, "advice": True}),
            ("respond", 10, {}),
            ("evaluate", 5, {}),
        ],
    },
    "incident-7": {
        "group": (5, 10),
        "opening": [("harvest", 5, {}), *PICK],
        "round": [
            ("tell", 5, {}),
            ("ask-free", 15, {}),
            (
                "hypothesis",
                10,
                talk("hypothesis", "participant")
                | {"advice": True, "position": {"owner": "out"}, "withheld": {"from": "owner", "until": "p3"}},
            ),
            ("advise", 10, {}),
            ("decide", 10, {"gives": [give("owner", "decision", 1, 1), give("owner", "action", 0, 3, form="action")]}),
        ],
    },
    "tien-stappen": {
        "group": (4, 8),
        "opening": PICK,
        "forms": COLD_TO_WARM,
        "round": [
            ("tell", 5, {}),
            ("write", 10, {"gives": [give("participant", "question", 2, 3, turns="alone", by="written")]}),
            ("respond", 5, {"gives": [give("owner", "rating", 1, 27, form="temperature")]}),
            ("answer", 15, {}),
            ("ask-free", 10, {}),
            ("hypothesis", 10, {}),
            ("reformulate", 10, {}),
            ("decide", 10, {}),
            ("advise", 10, {}),
            ("harvest", 5, {}),
        ],
    },
    "tien-stappen-socratisch": {
        "group": (4, 8),
        "advice": "never",
        "opening": PICK,
        "round": [("tell", 5, {}), ("ask-round", 20, {}), ("reformulate", 5, {})],
    },
    "vijf-stappen": {
        "group": (3, 8),
        "opening": PICK,
        "round": [
            ("tell", 5, {}),
            ("ask-free", 15, {}),
            ("hypothesis", 10, {}),
            (
                "advise",
                10,
                {"gives": [give("participant", "advice", 1, 3, turns="circle", reply={"what": "response"})]},
            ),
            ("evaluate", 5, {"gives": [give("everyone", "remark", 1, 1, turns="circle", order="owner-first")]}),
        ],
    },
    "balint-nl-11": {
        "group": (5, 10),
        "opening": [
            *PICK,
            ("silence", 2, {"silence": False, "ends": ["agreed"]}),
        ],
        "round": [
            ("tell", 10, {}),
            ("write", 5, WRITE_ALONE),
            ("ask-free", 15, {}),
            (
                "write",
                5,
                {
                    "advice": True,
                    "gives": [give("participant", "advice", 1, 1, turns="alone", by="written")],
                    "hidden": "end",
                },
            ),
            ("advise", 15, {"gives": [give("participant", "advice", 1, 3, turns="circle")]}),
            ("decide", 8, {}),
            ("evaluate", 10, {}),
        ],
    },
    "waarderend-4": {
        "group": (4, 8),
        "advice": "never",
        "roles": {"scribe": {"name": TEXT}},
        "opening": [*PICK, ("silence", 1, {"silence": False, "fills": ["scribe"], "ends": ["done"]})],
        "round": [
            ("tell", 15, {}),
            (
                "hypothesis",
                20,
                {"gives": [give("everyone", "hypothesis"), give("scribe", "note", 0, 40)], "ends": ["agreed"]},
            ),
            ("ask-free", 15, {}),
            ("harvest", 10, {}),
        ],
    },
    "imi-8": {
        "group": (3, 15),
        "facilitator": "needed",
        "opening": PICK,
        "round": [
            (
                "tell",
                10,
                {
                    "gives": [
                        give("owner", "explanation", 1, 1),
                        give("participant", "question"),
                        give("owner", "answer", 0, 30),
                    ],
                    "ends": ["agreed"],
                },
            ),
            (
                "reformulate",
                10,
                {"gives": [give("everyone", "reformulation", 0, 5, form="sentence")], "ends": ["agreed"]},
            ),
            ("resonance", 7, {"gives": [give("owner", "resonance", 1, 1)]}),
            ("ask-free", 8, {}),
            ("hypothesis", 8, talk("hypothesis")),
            ("decide", 6, {"gives": [give("everyone", "decision"), give("owner", "action", 1, 3)]}),
        ],
    },
    "wandel": {
        "group": (3, 6),
        "opening": ROTATE,
        "round": [
            ("tell", 10, {}),
            ("ask-free", 20, {}),
            ("hypothesis", 10, talk("hypothesis", "participant")),
            ("advise", 10, {}),
            ("decide", 10, {}),
        ],
    },
    "starr": {
        "group": (1, 3),
        "advice": "never",
        "opening": [],
        "round": [("write", minutes, WRITE_ALONE) for minutes in (5, 5, 7, 3, 7, 3)],
    },
    "fallberatung-hypothesen": {
        "group": (4, 9),
        "facilitator": "needed",
        "opening": WHO_HAS_A_CASE,
        "round": [
            ("tell", 10, {}),
            ("resonance", 4, {}),
            ("ask-free", 5, {}),
            ("hypothesis", 5, talk("hypothesis", "participant") | {"position": {"owner": "aside"}}),
            ("respond", 3, {}),
            ("advise", 7, talk("advice", "participant") | {"position": {"owner": "aside"}}),
            ("decide", 4, {}),
            ("evaluate", 5, {}),
        ],
    },
    "codev-6": {
        "group": (5, 8),
        "opening": [
            ("collect", 12, {"gives": [give("everyone", "case", 1, 1, turns="circle")], "hidden": "no"}),
            ("choose", 3, {"choose": {"by": "urgency"}}),
        ],
        "round": [
            ("tell", 8, {}),
            ("ask-free", 15, {}),
            ("reformulate", 5, {}),
            ("advise", 25, {"gives": [give("participant", "advice"), give("owner", "question")], "ends": ["agreed"]}),
            ("decide", 10, {"gives": [give("owner", "action", 1, 3, form="action")]}),
            ("harvest", 15, {}),
        ],
    },
    "wial": {
        "group": (4, 8),
        "advice": "never",
        "facilitator": "needed",
        "roles": {"coach": {"name": TEXT, "apart": True}},
        "opening": [*PICK, ("silence", 1, {"silence": False, "fills": ["coach"], "ends": ["done"]})],
        "round": [
            ("tell", 3, {}),
            (
                "ask-free",
                20,
                {"gives": [give("everyone", "question"), give("everyone", "answer", 0, 50), give("coach", "question")]},
            ),
            ("write", 5, WRITE_ALONE),
            ("ask-free", 17, {}),
            ("decide", 5, {"gives": [give("everyone", "action", 1, 3, form="action")]}),
            ("evaluate", 10, {}),
        ],
    },
    "nsrf-consultancy": {
        "group": (4, 10),
        "facilitator": "needed",
        "opening": ROTATE,
        "round": [
            ("tell", 10, {}),
            ("ask-free", 5, {}),
            ("ask-free", 10, {}),
            ("gossip", 15, {"position": {"owner": "aside"}, "advice": True}),
            ("respond", 5, {}),
            ("evaluate", 5, {}),
        ],
    },
    "balint-group": {
        "group": (6, 10),
        "advice": "never",
        "facilitator": "needed",
        "roles": {"co-leader": {"name": TEXT, "apart": True}},
        "opening": [*WHO_HAS_A_CASE, ("silence", 1, {"silence": False, "fills": ["co-leader"], "ends": ["done"]})],
        "round": [
            ("tell", 7, {}),
            ("ask-free", 5, {}),
            ("resonance", 24, talk("resonance", "participant") | {"position": {"owner": "aside"}}),
            ("respond", 5, {}),
            ("evaluate", 2, {}),
        ],
    },
}


def written_out(name: str, sketch: dict[str, Any]) -> bytes:
    """Return a sketch as a method file (JSON is YAML)."""
    roles = sketch.get("roles", {})
    method: dict[str, Any] = {
        "kring": 1,
        "id": name,
        "name": TEXT,
        "summary": TEXT,
        "source": [{"ref": "a sketch", "status": "unverified"}],
        "group": dict(zip(("min", "max"), sketch["group"], strict=True)),
        "level": ["reflection"],
        "advice": sketch.get("advice", "late"),
        "facilitator": sketch.get("facilitator", "optional"),
        "roles": roles,
        "forms": sketch.get("forms", {}),
    }
    filled: list[str] = []
    for section, letter in (("opening", "o"), ("round", "p")):
        method[section] = [phase(f"{letter}{n}", one, filled) for n, one in enumerate(sketch[section])]
    method["minutes"] = sum(one["minutes"] for one in (*method["opening"], *method["round"]))
    return json.dumps(method).encode()


def phase(phase_id: str, sketch: Sketch, filled: list[str]) -> dict[str, Any]:
    """A phase that tells everyone what to do; ``filled``: the roles that somebody has by then, with those of this phase."""
    kind, minutes, more = sketch
    filled += more.get("fills", [])
    prompts = {who: {"do": TEXT} for who in ("everyone", *filled)}
    return {"id": phase_id, "kind": kind, "name": TEXT, "minutes": minutes, "prompts": prompts} | more


@pytest.mark.parametrize("name", sorted(SKETCHES))
def test_method_can_be_said(name: str) -> None:
    try:
        found = checker.check(*reader.parse(written_out(name, SKETCHES[name]), name))
    except MethodError as error:
        found = error.problems
    assert [problem.message for problem in found] == []
