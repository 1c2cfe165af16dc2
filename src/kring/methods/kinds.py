"""Kinds of phase: shorthand for common settings.

Each kind is a mapping in the words of the file itself, laid *under* what the file says: a key that the file
sets wins as a whole, and the word ``no`` takes away what the kind supplies. A new method needs no new kind; a kind only
spares lines.
"""

from __future__ import annotations

from typing import Any

_EXTEND = {"times": 2, "minutes": 5}


def _give(who: str, what: str, **more: object) -> dict[str, object]:
    return {"who": who, "what": what} | {key.replace("_", "-"): value for key, value in more.items()}


_HOURS = {
    "collect": 48, "choose": 24, "write": 48, "ask-round": 72, "ask-free": 72, "answer": 48, "gossip": 72,
    "hypothesis": 48, "resonance": 48, "affirm": 48, "advise": 48, "tip": 48, "harvest": 48, "evaluate": 48, "silence": 1,
}  # fmt: skip
"""How long a phase takes in the written form, where the kind says so: turns and talk take longer than one voice."""
_DAY = 24

_SETTINGS: dict[str, dict[str, Any]] = {
    "collect": {
        "gives": [_give("everyone", "case", least=1, turns="alone", by="written", form="sentence")],
        "hidden": "done",
        "ends": ["done"],
        "extend": _EXTEND,
    },
    "choose": {"choose": {}, "ends": ["done"], "extend": _EXTEND},
    "tell": {"gives": [_give("owner", "explanation", least=1, turns="circle")], "ends": ["done"], "extend": _EXTEND},
    "write": {
        "gives": [_give("everyone", "note", least=1, turns="alone", by="written")],
        "hidden": "done",
        "silence": True,
        "ends": ["done", "time"],
    },
    "ask-round": {
        "gives": [_give("participant", "question", least=1, turns="circle", form="sentence", reply={})],
        "ends": ["done"],
        "extend": _EXTEND,
    },
    "ask-free": {
        "gives": [_give("participant", "question", most=9, form="sentence"), _give("owner", "answer", most=99)],
        "ends": ["agreed"],
        "extend": _EXTEND,
    },
    "answer": {
        "gives": [_give("owner", "answer", least=1, most=9, turns="circle")],
        "ends": ["done"],
        "extend": _EXTEND,
    },
    "gossip": {
        "gives": [_give("participant", "hypothesis", most=9)],
        "position": {"owner": "back"},
        "ends": ["agreed"],
        "extend": _EXTEND,
    },
    "hypothesis": {
        "gives": [_give("participant", "hypothesis", least=1, turns="circle")],
        "ends": ["done"],
        "extend": _EXTEND,
    },
    "resonance": {
        "gives": [_give("participant", "resonance", least=1, turns="circle")],
        "ends": ["done"],
        "extend": _EXTEND,
    },
    "affirm": {
        "gives": [_give("participant", "affirmation", least=1, turns="circle", form="sentence")],
        "ends": ["done"],
    },
    "advise": {
        "gives": [_give("participant", "advice", least=1, turns="circle")],
        "advice": True,
        "ends": ["done"],
        "extend": _EXTEND,
    },
    "reformulate": {
        "gives": [_give("owner", "reformulation", least=1, form="sentence", turns="circle")],
        "ends": ["done"],
    },
    "respond": {"gives": [_give("owner", "response", least=1, turns="circle")], "ends": ["done"], "extend": _EXTEND},
    "decide": {"gives": [_give("owner", "decision", least=1, turns="circle")], "ends": ["done"], "extend": _EXTEND},
    "tip": {
        "gives": [_give("participant", "tip", least=1, turns="circle", form="start-stop-continue")],
        "advice": True,
        "ends": ["done"],
        "extend": _EXTEND,
    },
    "silence": {"silence": True, "ends": ["time"]},
    "harvest": {"gives": [_give("everyone", "insight", least=1, turns="circle")], "ends": ["done"], "extend": _EXTEND},
    "evaluate": {
        "gives": [_give("everyone", "remark", least=1, turns="circle", order="owner-last")],
        "ends": ["done"],
        "extend": _EXTEND,
    },
}
KINDS = {kind: {"hours": _HOURS.get(kind, _DAY)} | settings for kind, settings in _SETTINGS.items()}
"""What each kind stands for, in the keys of the file."""
NO = "no"
"""What a file says of a key to have nothing of what the kind supplies there."""
SWITCHES = ("gives", "position", "advice", "silence", "extend", "choose")
"""The keys that can be switched off."""


FORMS: dict[str, dict[str, Any]] = {
    "text": {"fields": [{"id": "text", "name": {"nl": "Tekst", "en": "Text", "de": "Text"}}]},
    "sentence": {
        "fields": [
            {
                "id": "text",
                "kind": "line",
                "words": 30,
                "name": {"nl": "Eén zin", "en": "One sentence", "de": "Ein Satz"},
            }
        ],
    },
    "word": {
        "fields": [
            {"id": "text", "kind": "word", "words": 1, "name": {"nl": "Eén woord", "en": "One word", "de": "Ein Wort"}}
        ]
    },
    "rating": {
        "fields": [{"id": "rating", "kind": "rating", "name": {"nl": "Cijfer", "en": "Rating", "de": "Bewertung"}}]
    },
    "start-stop-continue": {
        "fields": [
            {
                "id": "form",
                "kind": "choice",
                "name": {"nl": "Wat voor tip?", "en": "What kind of tip?", "de": "Welche Art Tipp?"},
                "choices": {
                    "start": {"nl": "Gaan doen", "en": "Start doing", "de": "Anfangen"},
                    "stop": {"nl": "Niet meer doen", "en": "Stop doing", "de": "Aufhören"},
                    "continue": {"nl": "Blijven doen", "en": "Keep doing", "de": "Beibehalten"},
                },
            },
            {"id": "text", "kind": "line", "words": 30, "name": {"nl": "De tip", "en": "The tip", "de": "Der Tipp"}},
        ],
    },
    "warm-cool": {
        "fields": [
            {
                "id": "warm",
                "name": {"nl": "Warm: wat sterk was", "en": "Warm: what was strong", "de": "Warm: was stark war"},
            },
            {
                "id": "cool",
                "name": {
                    "nl": "Koel: wat een vraag bleef",
                    "en": "Cool: what stayed a question",
                    "de": "Kühl: was offen blieb",
                },
            },
        ],
    },
    "action": {
        "fields": [
            {
                "id": "text",
                "kind": "line",
                "words": 30,
                "name": {"nl": "Wat ga ik doen?", "en": "What will I do?", "de": "Was werde ich tun?"},
            },
            {
                "id": "by",
                "kind": "date",
                "optional": True,
                "name": {"nl": "Wanneer?", "en": "By when?", "de": "Bis wann?"},
            },
        ],
    },
}
"""Forms that every method may name without defining them."""
