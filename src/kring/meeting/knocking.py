"""Knocking: the way to a meeting for who has no link. A join code leads to a knock, and a knock to a check by voice.

A code lives for half an hour at most, and only while the doors are open; it says where the meeting is and opens nothing. A
knock carries what two devices say to each other until one is given the meeting's key, or not: nobody learns anything by
knocking, and nothing of it goes into the log. Three may wait or talk at a time. Who gets no answer within a minute is
dropped, so that a wrong number, or somebody with nothing good in mind, keeps nobody from the door. Who goes away without
an answer leaves no room for another before that minute is over: nobody rings more often by not waiting.

Whoever has the key and comes to closed doors knocks too, without a word: those who may open the doors are told for a minute, and
answer by opening them, or not. Such a knock is bound by the same numbers.

The order of what is said is fixed, and each thing is said once (``kring_client.voice`` says what it means): the newcomer
commits, the fellow answers, the newcomer reveals, then shows that both have typed, and the fellow hands over the box.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from msgspec.structs import replace

from kring.meeting.record import Record

if TYPE_CHECKING:
    from kring.meeting.state import State

Side = Literal["newcomer", "fellow"]
Problem = Literal["doors-closed", "too-many-knocks", "knock-over", "knock-taken", "out-of-turn"]
"""Why not; stable codes of the HTTP API."""

DIGITS: Final = 6
"""Of a join code."""
CODE_MS: Final = 30 * 60 * 1000
"""Milliseconds for which a code lives."""
ANSWER_MS: Final = 60 * 1000
"""Milliseconds within which somebody inside must answer."""
CHECK_MS: Final = 5 * 60 * 1000
"""Milliseconds for the check itself, from the answer on."""
MOST: Final = 3
"""Knocks of one meeting at a time."""
END: Final = "end"
"""What either side may say at any time."""
_ORDER: Final[tuple[tuple[Side, str], ...]] = (
    ("newcomer", "commit"),
    ("fellow", "answer"),
    ("newcomer", "reveal"),
    ("newcomer", "typed"),
    ("fellow", "box"),
)


class Knock(Record, frozen=True):
    """One knock. ``until``: when it is dropped, in milliseconds since the epoch. ``fellow``: the device that answered.

    ``said``: how many things of the order were said; ``over``: one side ended it.
    """

    until: int
    said: int = 1
    fellow: str = ""
    over: bool = False


def code_until(*, doors_open: bool, now: int) -> int | Problem:
    """Until when a new code lives, where there may be one."""
    return now + CODE_MS if doors_open else "doors-closed"


def leads_in(until: int, *, doors_open: bool, now: int) -> bool:
    """Whether a code still leads to the door."""
    return doors_open and now < until


def may_knock(state: State, waiting: frozenset[str], device: str) -> bool:
    """Whether a device that the closed doors keep out may let those inside know. ``waiting``: the devices that knocked already."""
    shut = state.info.doors == "closed" and state.info.status != "closed"
    return shut and device not in waiting and len(waiting) < MOST


def new_knock(others: tuple[Knock, ...], now: int) -> Knock | Problem:
    """One more, beside the others of this meeting."""
    if sum(_takes_place(one, now) for one in others) >= MOST:
        return "too-many-knocks"
    return Knock(now + ANSWER_MS)


def is_live(knock: Knock, now: int) -> bool:
    """Whether something may still come of it. Whoever has the box needs the knock no more; it is kept until they fetched it."""
    return not knock.over and now < knock.until


def _takes_place(knock: Knock, now: int) -> bool:
    """Whether it counts among those at the door: until all is said, and without an answer for the whole of its minute."""
    return now < knock.until and knock.said < len(_ORDER) and not (knock.over and knock.fellow)


def waits(knock: Knock, now: int) -> bool:
    """Whether those inside are shown it. What was answered goes on with that page alone: one that was reloaded has lost it."""
    return is_live(knock, now) and not knock.fellow


def stopped(knock: Knock) -> Knock:
    """The knock after the code that it came by was stopped: whoever still waits is let go, a check goes on."""
    return knock if knock.fellow else replace(knock, over=True)


def say(knock: Knock, side: Side, what: str, now: int, *, device: str = "") -> Knock | Problem:
    """The knock after one side said something. ``device``: of the fellow; the first one that answers goes on alone."""
    if not is_live(knock, now):
        return "knock-over"
    if side == "fellow" and knock.fellow not in ("", device):
        return "knock-taken"
    if what == END:
        return replace(knock, over=True)
    if knock.said == len(_ORDER) or (side, what) != _ORDER[knock.said]:
        return "out-of-turn"
    knock = replace(knock, said=knock.said + 1)
    return replace(knock, fellow=device, until=now + CHECK_MS) if what == "answer" else knock
