"""What simulated colleagues write: sample cases by language, and filling a method's forms with them.

Content is sealed, so nobody but the clients can fill a form: they read the method's definition of it.
"""

from __future__ import annotations

import datetime as dt
from importlib import resources
from random import Random
from typing import Any, NamedTuple

import msgspec
import yaml

from kring import languages
from kring.methods.kinds import FORMS
from kring.methods.model import Form, FormField, Method
from kring.rehearsal.behaviour import Writes
from kring_client.sealing import Fields

_CASES = resources.files("kring_client") / "cases"
LANGUAGES = tuple(code for code in languages.LANGUAGES if (_CASES / f"{code}.yaml").is_file())
FALLBACK = "en"
PERSONAL = frozenset({"explanation", "reformulation", "response", "decision", "insight", "action"})
"""What a person has texts of their own for, when it is about their own case."""

Entry = dict[str, Any]
"""One text, with the other fields of its form where it has them: ``{"text": ..., "form": "start"}``."""


class Scene(NamedTuple):
    """What is going on, as far as it shows in what one writes. ``owner`` and ``case``: opened texts, or empty."""

    person: int
    is_owner: bool = False
    owner: str = ""
    case: str = ""
    asked: str = ""
    """The first question that has no answer yet."""
    phase: str = ""
    said: str = ""
    """What someone else said last in this phase."""
    given: tuple[tuple[str, str], ...] = ()
    """What was written in this round, as ``(what, text)``, and not yet picked by whoever writes now."""
    success: bool = False
    """Whether the method starts from a success."""
    today: dt.date = dt.date(2026, 11, 22)


class Texts:
    """A language's texts. Shared by those who play together, so that no two say the same."""

    def __init__(self, language: str, random: Random) -> None:
        name = language[:2] if language[:2] in LANGUAGES else FALLBACK
        data = yaml.safe_load((_CASES / f"{name}.yaml").read_text("utf-8"))
        self.people: list[dict[str, Any]] = data["people"]
        self.general: dict[str, list[Any]] = data["general"]
        self._random = random
        self._decks: dict[tuple[str, str], list[Entry]] = {}

    def complete(self) -> tuple[int, ...]:
        """The people whose case others have texts about."""
        return tuple(number for number, person in enumerate(self.people) if "about" in person)

    def fill(self, writes: Writes, scene: Scene, method: Method) -> Fields:
        """A form, filled in for what is going on."""
        person = self.people[scene.person % len(self.people)]
        if writes.kind == "name":
            return {"name": person["name"]}
        entry = self._entry(writes.kind, scene, person)
        form = method.forms.get(writes.form) or _builtin(writes.form)
        filled: Fields = {}
        for field in form.fields:
            value = self._value(field, entry, first=not any(isinstance(one, str) for one in filled.values()))
            if field.kind == "given":
                value = next((text for what, text in scene.given if what == field.of), value)
            if field.kind == "date" and not value:
                value = (scene.today + dt.timedelta(days=entry.get("days", 7))).isoformat()
            if value not in ("", None):
                filled[field.id] = value
        tags = method.fields.get(writes.fields or "", {})
        if entry.get("field") in tags:
            filled["field"] = entry["field"]
        return filled

    def _entry(self, kind: str, scene: Scene, person: dict[str, Any]) -> Entry:
        about = self._about(scene)
        if scene.success and (of_success := f"{kind}+success") in self.general:
            return self._draw("", of_success, self.general[of_success])
        if kind == "case" or (scene.is_owner and kind in PERSONAL and kind in person and person is about):
            own = person[kind] if isinstance(person[kind], list) else [person[kind]]
            if drawn := self._draw(f"{person['name']} says", kind, own):
                return drawn
        if kind == "answer" and (answer := self.answer(scene.asked)):
            return {"text": answer}
        if (here := f"{kind}@{scene.phase}") in self.general:
            return self._draw("", here, self.general[here])
        if kind == "note" and scene.said:
            return {"text": scene.said}
        name = about["name"] if about else ""
        special = about.get("about", {}).get(kind, []) if about else []
        return self._draw(name, kind, special) or self._draw("", kind, self.general.get(kind) or self.general["any"])

    def _about(self, scene: Scene) -> dict[str, Any] | None:
        """Whose case this is: told by its words, else by the owner's name; nobody's of ours otherwise."""
        for person in self.people:
            if scene.case and person["case"] == scene.case:
                return person
        if scene.case:
            return None
        return next((person for person in self.people if scene.owner and person["name"] == scene.owner), None)

    def answer(self, asked: str) -> str:
        """The answer to a question of ours, or nothing."""
        pools = [
            self.general["question"],
            self.general["question+success"],
            *(person.get("about", {}).get("question", []) for person in self.people),
        ]
        return next((one["answer"] for pool in pools for one in pool if one["text"] == asked), "")

    def _draw(self, name: str, kind: str, pool: list[Any]) -> Entry:
        """The next of a shuffled pool. What is about one case is said once; general texts come round again."""
        deck = self._decks.get((name, kind))
        if deck is None or (not deck and not name):
            deck = self._decks[name, kind] = self._random.sample([_entry(one) for one in pool], len(pool))
        return deck.pop() if deck else {}

    def _value(self, field: FormField, entry: Entry, *, first: bool) -> str | int | float | None:
        given = entry.get(field.id)
        match field.kind:
            case "choice":
                if given in field.choices:
                    return str(given)
                return None if field.optional else self._random.choice(sorted(field.choices))
            case "rating":
                return int(self._draw("", "rating", self.general["rating"])["text"])
            case "word":
                return str(self._draw("", "word", self.general["word"])["text"])
            case "date":
                return str(given or "")
        if given is not None:
            return str(given)
        if field.id in self.general:
            return str(self._draw("", field.id, self.general[field.id])["text"])
        if first or not field.optional:
            return str(entry.get("text") if first else self._draw("", "any", self.general["any"])["text"])
        return None


def _entry(one: object) -> Entry:
    return one if isinstance(one, dict) else {"text": one}


def _builtin(form: str) -> Form:
    return msgspec.convert(FORMS.get(form, FORMS["text"]), Form)
