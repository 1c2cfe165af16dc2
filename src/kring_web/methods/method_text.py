"""A method in one language: all the sentences and labels that a page, a sheet of paper or a drawing shows of it.

``describe`` is the one place where the data of a method becomes sentences; templates and drawings only place them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext as _

from kring.methods.flow import Stage, first_advice, module_stages, stages
from kring.methods.model import PREVIOUS, Method, Prompt
from kring_web.methods import labels


@dataclass(frozen=True)
class Step:
    """One step. ``does``: for each role that has something to do, what and why."""

    stage: Stage
    number: int
    name: str
    minutes: str
    section: str
    voices: str
    owner: str
    advice: bool
    does: tuple[Task, ...]
    hints: tuple[str, ...]


@dataclass(frozen=True)
class Task:
    """What one role does in a step, and why. ``role``: its name."""

    id: str
    role: str
    do: str
    why: str


@dataclass(frozen=True)
class CardStep:
    """What a role does in a step, or in a phase of a module. ``hints``: what the facilitator watches for.

    ``modules``: where one of them runs, what the role does in each; by the module's name.
    """

    step: Step
    tasks: tuple[Task, ...]
    hints: tuple[str, ...] = ()
    modules: tuple[tuple[str, tuple[CardStep, ...]], ...] = ()


@dataclass(frozen=True)
class Card:
    """What one role does, step by step."""

    id: str
    role: str
    steps: tuple[CardStep, ...]


@dataclass(frozen=True)
class Module:
    """A way of working that is chosen on the spot."""

    name: str
    summary: str
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Origin:
    """A source, and how certain it is."""

    ref: str
    status: str


@dataclass(frozen=True)
class MethodText:
    """A whole method in one language."""

    method: Method
    language: str
    name: str
    summary: str
    minutes: str
    people: str
    cases: str
    facts: tuple[tuple[str, str], ...]
    steps: tuple[Step, ...]
    rules: tuple[str, ...]
    feedback: tuple[str, ...]
    slow_down: tuple[str, ...]
    modules: tuple[Module, ...]
    prepare: str
    choose_when: str
    not_when: str
    caution: str
    sources: tuple[Origin, ...]
    spread: str

    @property
    def id(self) -> str:
        """The method's id, for addresses."""
        return self.method.id

    @property
    def cards(self) -> tuple[Card, ...]:
        """A card for each role that has something to do."""
        return tuple(_cards(self))


def languages(method: Method) -> tuple[str, ...]:
    """The languages in which a method can be read whole: its name and all that it asks people to do."""
    texts = [method.name, method.summary]
    texts += [stage.phase.name for stage in stages(method)]
    texts += [prompt.do for stage in stages(method) for prompt in stage.phase.prompts.values()]
    return tuple(language for language in labels.LANGUAGES if all(language in text for text in texts))


def reading_language(method: Method, *wanted: str | None) -> str:
    """The first of the wanted languages in which the method can be read whole; else English."""
    known = languages(method)
    return next((language for language in wanted if language in known), "en")


def describe(method: Method, language: str) -> MethodText:
    """A method in a language; where it lacks a text in that language, the English one stands in."""
    with translation.override(language):
        return MethodText(
            method=method,
            language=language,
            name=labels.text_in(method.name, language),
            summary=labels.text_in(method.summary, language),
            minutes=labels.whole_minutes(method),
            people=labels.people(method),
            cases=labels.cases(method),
            facts=tuple(_facts(method)),
            steps=tuple(_step(method, stage, language) for stage in stages(method)),
            rules=tuple(_rules(method, language)),
            feedback=tuple(labels.text_in(text, language) for text in method.feedback),
            slow_down=tuple(labels.text_in(text, language) for text in method.slow_down),
            modules=tuple(_module(method, module, language) for module in method.modules),
            prepare=labels.text_in(method.prepare, language),
            choose_when=labels.text_in(method.choose_when, language),
            not_when=labels.text_in(method.not_when, language),
            caution=labels.text_in(method.caution, language),
            sources=tuple(Origin(source.ref, labels.status(source)) for source in method.source),
            spread=_spread(method),
        )


def _facts(method: Method) -> Iterator[tuple[str, str]]:
    yield _("Time"), ", ".join(filter(None, (labels.whole_minutes(method), labels.cases(method))))
    yield _("People"), labels.people(method)
    yield _("Advice"), labels.advice(method)
    yield _("Trust"), labels.trust(method)
    yield _("Works on"), labels.levels(method)
    yield _("Facilitator"), _("needed") if method.facilitator == "needed" else _("not needed")


def _spread(method: Method) -> str:
    ours = any(stage.phase.spread == "ours" for stage in stages(method))
    return _("How the minutes are divided over the steps is our own choice.") if ours else ""


def _module(method: Method, name: str, language: str) -> Module:
    module = method.modules[name]
    steps = tuple(_step(method, stage, language) for stage in module_stages(method, name))
    return Module(labels.text_in(module.name, language), labels.text_in(module.summary, language), steps)


def _step(method: Method, stage: Stage, language: str) -> Step:
    phase = stage.phase
    return Step(
        stage=stage,
        number=stage.number,
        name=labels.text_in(phase.name, language),
        minutes=labels.step_minutes(phase),
        section=labels.section(stage.section),
        voices=labels.voices(method, stage, language),
        owner=labels.owner(stage),
        advice=phase.advice,
        does=tuple(_tasks(method, stage, language)),
        hints=tuple(labels.text_in(hint, language) for hint in phase.hints),
    )


def _tasks(method: Method, stage: Stage, language: str) -> Iterator[Task]:
    prompts: dict[str, Prompt] = stage.phase.prompts
    roles = {role: labels.role(method, role, language) for role in (*labels.ROLES, PREVIOUS, *method.roles)}
    # Where a role has a prompt of its own, "everyone" is everyone else.
    others = prompts.keys() & roles.keys()
    moments = {"speaker": _("Who has the floor"), "chooser": _("Who chooses")}
    names = moments | roles | {"everyone": _("All others")} if others else {"everyone": _("Everyone")} | moments | roles
    order = list(names)
    for name in sorted(prompts, key=order.index):
        if name == "owner" and stage.owner is None:
            continue
        prompt = prompts[name]
        yield Task(name, names[name], labels.text_in(prompt.do, language), labels.text_in(prompt.why, language))


def _rules(method: Method, language: str) -> Iterator[str]:
    first = first_advice(method)
    if first is None or method.advice == "never":
        yield _("No advice in any step.")
    elif method.advice == "late":
        step = {"number": first.number, "name": labels.text_in(first.phase.name, language)}
        yield _("No advice before step %(number)s (%(name)s).") % step
    yield from _silences(method)
    if method.strict:
        yield _("Time is strict: when it is up, the next step begins.")
    else:
        yield _("When time is up, finish your sentence and go on.")
    yield _("Everyone may pass.")
    yield _("What is said here stays here.")


def _silences(method: Method) -> Iterator[str]:
    for stage in stages(method):
        if stage.silenced:
            yield _("Step %(number)s. %(where)s.") % {"number": stage.number, "where": labels.owner(stage)}
    quiet = [str(stage.number) for stage in stages(method) if stage.voices == "nobody"]
    if quiet:
        yield _("Quiet steps, each alone on paper: %(numbers)s.") % {"numbers": ", ".join(quiet)}


def _cards(text: MethodText) -> Iterator[Card]:
    method = text.method
    with translation.override(text.language):
        for name in (*labels.ROLES, PREVIOUS, *method.roles):
            if any(task.id == name for step in _all_steps(text) for task in step.does):
                steps = tuple(_card_step(text, step, name) for step in text.steps)
                yield Card(name, labels.role(method, name, text.language), steps)


def _all_steps(text: MethodText) -> Iterator[Step]:
    yield from text.steps
    for module in text.modules:
        yield from module.steps


def _card_step(text: MethodText, step: Step, name: str) -> CardStep:
    ran = text.modules if step.stage.phase.runs else ()
    modules = ((one.name, tuple(_card_step(text, each, name) for each in one.steps)) for one in ran)
    return CardStep(step, _of(step, name), step.hints if name == "facilitator" else (), tuple(modules))


def _of(step: Step, name: str) -> tuple[Task, ...]:
    """What this role does in a step: its own task, else everyone's; and what is asked while it has the floor or chooses."""
    own = [task for task in step.does if task.id == name]
    found = own or [task for task in step.does if task.id == "everyone"]
    found += [task for task in step.does if name == "participant" and task.id in {"speaker", "chooser"}]
    # Before there is a case owner, whoever will be one does what participants do.
    return tuple(found) or tuple(task for task in step.does if task.id == "participant")
