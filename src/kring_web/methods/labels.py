"""The terms of the method language as people read them, in the active language."""

from __future__ import annotations

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kring import languages
from kring.methods.choosing import minutes_for
from kring.methods.flow import Stage
from kring.methods.model import PREVIOUS, Method, Phase, Source, Text

LANGUAGES = tuple(languages.LANGUAGES)
"""The languages that these words are there in: all of them, for a method is read in all of its own, whatever pages offer."""


def text_in(text: Text | None, language: str) -> str:
    """A text of a method in this language; in English where it lacks it, and nothing where there is none."""
    return text[read_in(text, language)] if text else ""


def read_in(text: Text | None, language: str) -> str:
    """The language in which ``text_in`` says it."""
    return language if not text or text.get(language) else "en"


def number(value: float) -> str:
    """A number as people write it: 1.5 has a comma in all of our languages but English."""
    text = f"{round(value, 1):g}"
    return text if get_language() == "en" else text.replace(".", ",")


def people(method: Method) -> str:
    """How many take part."""
    least, most = method.group.min, method.group.max
    if least == most:
        return _("%(smallest)s people") % {"smallest": least}
    return _("%(smallest)s to %(largest)s people") % {"smallest": least, "largest": most}


def minutes(value: float, least: float | None = None) -> str:
    """How long: from ``least`` minutes on, where that is less."""
    span = number(value) if least is None else f"{number(least)}–{number(value)}"
    return _("%(minutes)s min") % {"minutes": span}


def step_minutes(phase: Phase) -> str:
    """How long a step takes, or how long each case or person has in it."""
    span = minutes(phase.minutes, phase.minutes_from)
    return {
        "phase": span,
        "case": _("%(minutes)s per case") % {"minutes": span},
        "person": _("%(minutes)s per person") % {"minutes": span},
    }[phase.per]


def whole(method: Method) -> str:
    """How many minutes the whole meeting takes: at least with the smallest group and at most with the largest."""
    least, most = number(method.minutes_from or method.minutes), number(minutes_for(method, method.group.max))
    return least if least == most else f"{least}–{most}"


def whole_minutes(method: Method) -> str:
    """How long the whole meeting is."""
    return _("%(minutes)s min") % {"minutes": whole(method)}


def cases(method: Method) -> str:
    """How many cases are taken up, where it isn't one."""
    if method.cases == "everyone":
        return _("a case each")
    return "" if method.cases == 1 else _("%(cases)s cases") % {"cases": method.cases}


def advice(method: Method) -> str:
    """Whether there is advice, and when."""
    return {
        "never": _("none"),
        "late": _("late, once the question is clear"),
        "free": _("at any time"),
    }[method.advice]


def trust(method: Method) -> str:
    """How much trust it asks."""
    return {"none": _("none"), "low": _("little"), "medium": _("some"), "high": _("much")}[method.trust]


def status(source: Source) -> str:
    """How sure it is that the method is so."""
    return {
        "stated": _("told by those who work with it"),
        "found": _("found on a public page"),
        "unverified": _("from memory, not checked"),
        "ours": _("ours, not the source's"),
    }[source.status]


def levels(method: Method) -> str:
    """What kind of work it is."""
    known = {"concrete": _("a concrete event"), "advice": _("advice"), "reflection": _("thinking about oneself")}
    return ", ".join(known[level] for level in method.level)


def owner(stage: Stage) -> str:
    """Where the case owner is, when that is not simply in the circle."""
    return {
        None: "",
        "in": "",
        "aside": _("Case owner: aside, in silence"),
        "back": _("Case owner: back turned, listens"),
        "unseen": _("Case owner: out of sight, listens"),
        "out": _("Case owner: out of the room, hears nothing"),
    }[stage.owner]


def voices(method: Method, stage: Stage, language: str) -> str:
    """Who is heard in a step, by its rules; in a sentence or two without the last full stop."""
    said = [_("Each alone, in silence")] if stage.alone else []
    choose = stage.phase.choose
    if stage.speakers or not (said or choose):
        said.append(_speech(method, stage, language))
    return ". ".join((*said, chosen(choose.by))) if choose else ". ".join(said)


def chosen(by: str) -> str:
    """How something is chosen."""
    return {
        "vote": _("Everyone votes"),
        "urgency": _("Everyone says how urgent it is"),
        "facilitator": _("The facilitator decides with the group"),
        "owner": _("The case owner decides"),
        "rotation": _("Whoever has waited longest comes first"),
        "lot": _("The lot decides"),
        "everyone": _("Everyone’s case is taken up"),
    }[by]


def _speech(method: Method, stage: Stage, language: str) -> str:
    heard = stage.speakers
    if heard == {"owner"}:
        return _("The case owner speaks")
    replies = {give.reply.who for give in stage.phase.gives if give.reply}
    if stage.in_turn and replies == {"owner"} and heard == {"participant", "owner"}:
        return _("The others speak in turn, and the case owner answers each time")
    if (not heard and stage.voices == "everyone") or "everyone" in heard or {"participant", "owner"} <= heard:
        return _("Everyone speaks in turn") if stage.in_turn else _("Everyone may speak")
    if not heard or ("participant" in heard and "owner" not in heard):
        return _("The others speak in turn") if stage.in_turn else _("The others speak")
    names = [role(method, one, language) for one in (*ROLES, PREVIOUS, *method.roles) if one in heard]
    return _("Speaking: %(who)s") % {"who": ", ".join(names)}


def section(name: str) -> str:
    """A part of the meeting."""
    return {"opening": _("Opening"), "round": _("Round"), "closing": _("Closing")}[name]


ROLES = ("owner", "participant", "facilitator")
"""The roles that every method has, in the order of cards and lists."""


def role(method: Method, name: str, language: str) -> str:
    """The name of a role."""
    known = {
        "owner": _("Case owner"),
        "participant": _("Participant"),
        "facilitator": _("Facilitator"),
        PREVIOUS: _("Previous case owner"),
    }
    return known.get(name) or text_in(method.roles[name].name, language)
