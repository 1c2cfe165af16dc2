"""Kinds of mistakes that one sees in the file: keys, words, texts, ids, names, minutes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.core.methods.mutating import Mistake, gives, kind, phases, put, remove, texts

Data = dict[str, Any]


@kind
def unknown_key(data: Data) -> Iterator[Mistake]:
    yield put(("metod",), 1, "`metod` is not a key that is known here", key=True)
    for path, _ in phases(data):
        yield put((*path, "minuts"), 1, "Did you mean `minutes`?", key=True)


@kind
def missing_key(data: Data) -> Iterator[Mistake]:
    yield from (remove((key,), f"`{key}` is missing", ()) for key in ("minutes", "level", "round"))
    yield from (
        remove((*path, key), f"`{key}` is missing", path) for path, _ in phases(data) for key in ("name", "prompts")
    )


@kind
def other_version(data: Data) -> Iterator[Mistake]:
    yield put(("kring",), data["kring"] + 1, "not possible for `kring`")


@kind
def language_left_out(data: Data) -> Iterator[Mistake]:
    yield from (remove((*path, "de"), "The text is missing in `de`", path) for path in texts(data))


@kind
def french_left_out(data: Data) -> Iterator[Mistake]:
    if "fr" in data["name"]:
        yield from (remove((*path, "fr"), "not there in `fr`", path) for path in texts(data) if path != ("name",))


@kind
def empty_text(data: Data) -> Iterator[Mistake]:
    yield from (put((*path, "nl"), " ", "is empty") for path in texts(data))


@kind
def number_for_a_text(data: Data) -> Iterator[Mistake]:
    yield from (put(path, 7, "must be a mapping") for path in texts(data))


@kind
def word_for_a_number(data: Data) -> Iterator[Mistake]:
    yield from (put((*path, "minutes"), "ten", "must be a number") for path, _ in phases(data))


@kind
def no_minutes(data: Data) -> Iterator[Mistake]:
    yield from (put((*path, "minutes"), 0, "must be more than 0") for path, _ in phases(data))


@kind
def huge_group(data: Data) -> Iterator[Mistake]:
    yield put(("group", "max"), data["group"]["max"] + 24, "must be at most 24")


@kind
def group_upside_down(data: Data) -> Iterator[Mistake]:
    yield put(("group", "min"), data["group"]["max"] + 1, "swap them")


@kind
def minutes_of_a_phase(data: Data) -> Iterator[Mistake]:
    for path, phase in phases(data):
        yield Mistake({(*path, "minutes"): phase["minutes"] + 1}, ("minutes",), "The phases take")


@kind
def minutes_of_all(data: Data) -> Iterator[Mistake]:
    yield put(("minutes",), data["minutes"] + 5, "The phases take")


@kind
def wrong_kind(data: Data) -> Iterator[Mistake]:
    yield from (put((*path, "kind"), phase["kind"] + "s", "Did you mean") for path, phase in phases(data))


@kind
def wrong_position(data: Data) -> Iterator[Mistake]:
    for path, _ in phases(data, "round"):
        yield Mistake(
            {(*path, "position"): {"owner": "away"}}, (*path, "position", "owner"), "not possible for `owner`"
        )


@kind
def wrong_contribution(data: Data) -> Iterator[Mistake]:
    yield from (put((*path, "what"), "opinion", "`opinion` is not possible for `what`") for path, *_ in gives(data))


@kind
def wrong_id(data: Data) -> Iterator[Mistake]:
    yield from (put((*path, "id"), "Step One", "cannot be an id") for path, _ in phases(data))


@kind
def same_id(data: Data) -> Iterator[Mistake]:
    first, *rest = phases(data)
    yield from (put((*path, "id"), first[1]["id"], "is already there in line") for path, _ in rest)


@kind
def reserved_id(data: Data) -> Iterator[Mistake]:
    yield from (put((*path, "id"), "close", "means something else") for path, _ in phases(data))


@kind
def no_way_to_end(data: Data) -> Iterator[Mistake]:
    yield from (put((*path, "ends"), [], "must be able to end") for path, _ in phases(data))


@kind
def unknown_giver(data: Data) -> Iterator[Mistake]:
    yield from (put((*path, "who"), "ghost", "`ghost` is no role") for path, *_ in gives(data))


@kind
def unknown_form(data: Data) -> Iterator[Mistake]:
    yield from (put((*path, "form"), "ghost", "`ghost` is no form") for path, *_ in gives(data))


@kind
def unknown_fields(data: Data) -> Iterator[Mistake]:
    yield from (put((*path, "fields"), "ghost", "`ghost` is no set of fields") for path, *_ in gives(data))


@kind
def unknown_reader(data: Data) -> Iterator[Mistake]:
    for path, phase in phases(data):
        yield put((*path, "prompts", "ghost"), next(iter(phase["prompts"].values())), "is no role", key=True)


@kind
def unknown_place(data: Data) -> Iterator[Mistake]:
    yield from (put((*path, "position", "ghost"), "aside", "no seat to place", key=True) for path, _ in phases(data))


@kind
def unknown_role_to_fill(data: Data) -> Iterator[Mistake]:
    for path, _ in phases(data):
        yield Mistake({(*path, "fills"): ["ghost"]}, (*path, "fills", 0), "`ghost` is no role")


@kind
def unused_form(data: Data) -> Iterator[Mistake]:
    form = {"fields": [{"id": "text", "name": data["name"]}]}
    yield put(("forms", "spare"), form, "Nothing uses the form `spare`", key=True)


@kind
def unused_fields(data: Data) -> Iterator[Mistake]:
    fields = {"one": {"name": data["name"], "example": data["name"]}}
    yield put(("fields", "spare"), fields, "Nothing uses the fields `spare`", key=True)


@kind
def unused_role(data: Data) -> Iterator[Mistake]:
    yield put(("roles", "spare"), {"name": data["name"]}, "No phase fills the role `spare`", key=True)


@kind
def role_that_everyone_has(data: Data) -> Iterator[Mistake]:
    yield put(("roles", "owner"), {"name": data["name"]}, "Every method has `owner` already", key=True)


@kind
def choice_of_nothing(data: Data) -> Iterator[Mistake]:
    for name, form in data.get("forms", {}).items():
        for index, field in enumerate(form["fields"]):
            path = ("forms", name, "fields", index)
            if field.get("kind") != "choice":
                yield Mistake({(*path, "kind"): "choice"}, path, "at least two `choices`")


@kind
def same_field(data: Data) -> Iterator[Mistake]:
    for name, form in data.get("forms", {}).items():
        end = len(form["fields"])
        path = ("forms", name, "fields", end)
        yield Mistake({path: form["fields"][0]}, (*path, "id"), "has a field")


@kind
def until_nowhere(data: Data) -> Iterator[Mistake]:
    for path, phase in phases(data, "round"):
        if phase.get("gives"):
            yield Mistake({(*path, "withheld"): {"until": "ghost"}}, (*path, "withheld", "until"), "no later phase")


@kind
def until_earlier(data: Data) -> Iterator[Mistake]:
    (_, first), *rest = phases(data)
    for path, phase in rest:
        if phase.get("gives") and path[0] == "round":
            edit = {(*path, "withheld"): {"until": first["id"]}}
            yield Mistake(edit, (*path, "withheld", "until"), "does not come after this phase")


@kind
def hours_of_the_spoken_form(data: Data) -> Iterator[Mistake]:
    if "written" not in data.get("ways", []):
        yield from (put((*path, "hours"), 12, "`hours` are for the written form", key=True) for path, _ in phases(data))
