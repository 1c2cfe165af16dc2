"""Forms and sets of fields make sense by themselves."""

from __future__ import annotations

from collections.abc import Iterator

from kring.methods.errors import Problem
from kring.methods.model import FormField, Method
from kring.methods.places import Path, Places
from kring.methods.remarks import remark
from kring.methods.walk import gives

_LEAST_CHOICES = 2


def check(method: Method, places: Places) -> Iterator[Problem]:
    """Yield fields that are double, or that do not fit their kind; sets without fields."""
    for name, form in method.forms.items():
        ids = [field.id for field in form.fields]
        for number, field in enumerate(form.fields):
            path = ("forms", name, "fields", number)
            if field.id in ids[:number]:
                yield places.problem((*path, "id"), remark("form-field-twice", field=field.id))
            yield from _choices(places, path, field)
            yield from _given(method, places, path, field)
    for name, fields in method.fields.items():
        if not fields:
            yield places.problem(("fields", name), remark("set-without-fields", set=name), key=True)


def _given(method: Method, places: Places, path: Path, field: FormField) -> Iterator[Problem]:
    if field.kind == "given" and field.of is None:
        yield places.problem(path, remark("given-needs-of"))
    elif field.kind == "given" and field.of not in {give.what for _, _, give in gives(method)}:
        yield places.problem((*path, "of"), remark("nobody-gives-it", what=str(field.of)))
    if field.kind != "given" and field.of is not None:
        yield places.problem((*path, "of"), remark("of-needs-given"))


def _choices(places: Places, path: Path, field: FormField) -> Iterator[Problem]:
    if field.kind == "choice" and len(field.choices) < _LEAST_CHOICES:
        yield places.problem(path, remark("choice-needs-choices"))
    if field.kind != "choice" and field.choices:
        yield places.problem((*path, "choices"), remark("choices-need-choice"))
