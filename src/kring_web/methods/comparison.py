"""The texts of the choice: the reasons as sentences, and the cells of the table."""

from __future__ import annotations

from django.utils.translation import gettext as _

from kring.methods.choosing import Reason
from kring.methods.flow import stages
from kring.methods.model import SILENCED, Method


def reason(why: Reason) -> str:
    """A sentence for a reason of the choice."""
    numbers = {"first": why.first, "second": why.second}
    return {
        "time-fits": _("Takes %(first)s of your %(second)s minutes"),
        "too-long": _("Takes %(first)s minutes, and you have %(second)s"),
        "people-fit": _("Made for %(first)s to %(second)s people"),
        "too-few": _("Needs at least %(first)s people"),
        "too-many": _("For %(first)s people at most"),
        "trust-none": _("Asks no trust"),
        "trust-low": _("Asks little trust"),
        "trust-medium": _("Asks some trust"),
        "trust-high": _("Asks much trust, which you have"),
        "trust-grows": _("Asks a little more trust than you may have yet"),
        "trust-missing": _("Asks people to know each other well"),
        "advice-late": _("Advice, once the question is clear"),
        "advice-free": _("Advice at any time"),
        "gives-advice": _("Gives advice, which you don’t want today"),
        "no-advice": _("No advice, as you wished"),
        "advice-missing": _("Gives no advice"),
        "from-question": _("Starts from a question"),
        "from-success": _("Starts from a success"),
        "not-from-question": _("Starts from a success, not from a question"),
        "not-from-success": _("Starts from a question, not from a success"),
        "first-time": _("Good for a first time"),
        "not-first-time": _("Easier when you have done this before"),
    }[why.code] % numbers


def advice(method: Method) -> str:
    """Whether there is advice, for a narrow column."""
    return {"never": _("none"), "late": _("late"), "free": _("free")}[method.advice]


def starts_from(method: Method) -> str:
    """What people bring."""
    return {"question": _("a question"), "success": _("a success")}[method.starts_from]


def place(method: Method) -> str:
    """How far the case owner goes from the circle."""
    order = ("in", "aside", "back", "unseen", "out")
    found = [stage.owner for stage in stages(method) if stage.owner in SILENCED]
    return {
        "in": _("in the circle"),
        "aside": _("aside"),
        "back": _("back turned"),
        "unseen": _("out of sight"),
        "out": _("out of the room"),
    }[max(found, key=order.index) if found else "in"]
