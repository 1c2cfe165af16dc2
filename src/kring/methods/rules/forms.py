"""Forms and sets of fields make sense by themselves."""

from __future__ import annotations

from collections.abc import Iterator

from kring.methods.errors import Problem
from kring.methods.model import FormField, Method
from kring.methods.places import Path, Places
from kring.methods.walk import gives

_LEAST_CHOICES = 2


def check(method: Method, places: Places) -> Iterator[Problem]:
    """Yield fields that are double, or that do not fit their kind; sets without fields."""
    for name, form in method.forms.items():
        ids = [field.id for field in form.fields]
        for number, field in enumerate(form.fields):
            path = ("forms", name, "fields", number)
            if field.id in ids[:number]:
                message = f"The form has a field `{field.id}` already; give this one another id."
                yield places.problem((*path, "id"), message)
            yield from _choices(places, path, field)
            yield from _given(method, places, path, field)
    for name, fields in method.fields.items():
        if not fields:
            yield places.problem(("fields", name), f"The set `{name}` has no fields; add some, or remove it.", key=True)


def _given(method: Method, places: Places, path: Path, field: FormField) -> Iterator[Problem]:
    if field.kind == "given" and field.of is None:
        yield places.problem(path, "A field of kind `given` needs `of`: what to pick from, such as `of: question`.")
    elif field.kind == "given" and field.of not in {give.what for _, _, give in gives(method)}:
        yield places.problem((*path, "of"), f"Nobody gives a `{field.of}` in this method; pick from something else.")
    if field.kind != "given" and field.of is not None:
        yield places.problem((*path, "of"), "Only a field with `kind: given` has `of`; remove one or change the other.")


def _choices(places: Places, path: Path, field: FormField) -> Iterator[Problem]:
    if field.kind == "choice" and len(field.choices) < _LEAST_CHOICES:
        yield places.problem(path, "A field of kind `choice` needs at least two `choices`; add them.")
    if field.kind != "choice" and field.choices:
        message = "Only a field with `kind: choice` has `choices`; remove one or change the other."
        yield places.problem((*path, "choices"), message)
