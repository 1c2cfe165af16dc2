"""The circles that this process has folded lately, so that an entry costs what it adds and not what was there before.

A state follows from the log alone, and is named by the hash of the latest entry: what is remembered can't be out of date.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Final

from kring.circle import begin, follow
from kring.circle.entries import Signed
from kring_web.circles.signatures import verify

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from kring.circle import Circle

_MOST: Final = 512
"""States that are remembered; then the one asked for longest ago is forgotten."""
_states: OrderedDict[str, Circle] = OrderedDict()
_lock = threading.Lock()


def folded(head: str, log: Callable[[], Iterable[Signed]], now: int) -> Circle:
    """The circle whose latest entry is ``head``. ``log``: gives all entries, where it has to be folded anew.

    Raises ``ValueError`` where the log doesn't lead there.
    """
    with _lock:
        known = _states.get(head)
    if known is not None:
        return known
    circle: Circle | None = None
    for signed in log():
        circle = follow(circle, signed, verify=verify, now=now) if circle else begin(signed, verify=verify, now=now)
    if circle is None or circle.head != head:
        raise ValueError(head)
    return remember(circle)


def remember(circle: Circle) -> Circle:
    """The same circle, which will be asked for again."""
    with _lock:
        _states[circle.head] = circle
        _states.move_to_end(circle.head)
        while len(_states) > _MOST:
            _states.popitem(last=False)
    return circle
