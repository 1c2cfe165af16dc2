"""Forms and sets of fields make sense by themselves, and where they are used."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from kring.methods.errors import Problem
from kring.methods.model import FormField, Method, Phase
from kring.methods.places import Path, Places
from kring.methods.remarks import remark
from kring.methods.walk import Step, gives, phases_of, runners

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
    yield from _not_given_yet(method, places)
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


def _not_given_yet(method: Method, places: Places) -> Iterator[Problem]:
    """Yield forms that let one pick from what nobody can have given by then: screens offer what was given in this round."""
    everywhere = {give.what for _, _, give in gives(method)}
    for step, index, give in gives(method):
        form = method.forms.get(give.form)
        if form is None or step.section == "closing":
            continue
        there = {one.what for phase in _until(method, step) for one in phase.gives}
        for field in form.fields:
            if field.kind == "given" and field.of in everywhere - there:
                said = remark("not-given-yet", what=str(field.of), form=give.form)
                yield places.problem((*step.path, "gives", index, "form"), said)


def _until(method: Method, step: Step) -> Iterator[Phase]:
    """Return the phases of this part of a meeting up to this one, with this one itself."""
    if step.module is None:
        return iter(phases_of(method, step.section)[: step.at + 1])
    here = max((run.at for run in runners(method) if run.section == step.section), default=len(method.round))
    return chain(method.round[:here], method.modules[step.module].phases[: step.at + 1])


def _choices(places: Places, path: Path, field: FormField) -> Iterator[Problem]:
    if field.kind == "choice" and len(field.choices) < _LEAST_CHOICES:
        yield places.problem(path, remark("choice-needs-choices"))
    if field.kind != "choice" and field.choices:
        yield places.problem((*path, "choices"), remark("choices-need-choice"))
