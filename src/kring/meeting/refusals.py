"""Why a command is refused: stable codes, translated on every screen.

A refusal is a value, not an exception: it is as ordinary an outcome as events, and nothing has changed. A code never changes its
meaning; a new reason gets a new code, and each catalogue has a sentence for it (tests look).
"""

from __future__ import annotations

from typing import Literal

import msgspec

Code = Literal[
    "not-seated",
    "already-seated",
    "seat-taken",
    "seat-present",
    "seat-of-member",
    "unknown-seat",
    "unknown-table",
    "only-device",
    "group-full",
    "group-too-small",
    "doors-closed",
    "facilitator-only",
    "owner-only",
    "room-only",
    "role-taken",
    "unknown-role",
    "not-started",
    "already-started",
    "meeting-closed",
    "paused",
    "not-paused",
    "not-in-writing",
    "not-in-this-phase",
    "not-your-turn",
    "silenced",
    "advice-not-now",
    "already-given",
    "nothing-owed",
    "must-be-written",
    "must-be-spoken",
    "floor-taken",
    "no-floor",
    "unknown-choice",
    "wrong-votes",
    "still-owed",
    "not-skippable",
    "limit-reached",
    "alone",
    "no-say",
    "not-asked",
    "no-extension-left",
    "too-long",
    "content-taken",
    "content-burned",
    "meeting-full",
    "practice-only",
    "bad-value",
    "phase-over",
    "phase-ending",
]
"""Every code, in the order in which a screen's catalogue lists them."""


class Refusal(msgspec.Struct, frozen=True):
    """A refused command: nothing has changed."""

    code: Code


def refuse(code: Code) -> Refusal:
    """Short form of ``Refusal(code)``."""
    return Refusal(code)
