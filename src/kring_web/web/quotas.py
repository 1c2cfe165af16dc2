"""Quotas: how often somebody may ask for what costs this server something that stays, by their address.

A quota has so many at once, and one more after each so many seconds. An address of IPv6 counts as its network (/64), since
whoever has one has all of them, and with eight times as much as its site (/48). Whoever shows the proof of a meeting's key is
never held back; nor, in a meeting without proofs, a known device: a hospital is one address.

Counted in this process alone, in memory. Addresses come from ``kring_web.config.proxies``; where no address is known, because
a proxy does not say it, nobody is held back but by what holds for all.
"""

from __future__ import annotations

import ipaddress
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.http import HttpRequest

from kring_web.web.json_api import Problem

_NETWORK, _SITE = 64, 48
_SITE_TIMES: Final = 8
_MOST: Final = 20_000
"""Addresses that are remembered; then whoever asked longest ago is forgotten."""


class Quota:
    """So many ``at_once``, and one more after each ``every`` seconds; for each address."""

    def __init__(self, at_once: int, every: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._at_once, self._every, self._clock = at_once, every, clock
        self._spent: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def charge(self, request: HttpRequest, account: str = "") -> None:
        """Count one more, for the account, too, where one is given.

        Raises ``Problem("too-many")`` where that is too many, and says when to try again.
        """
        own = ((f"account {account}", 1),) if account else ()
        wait = self._take(groups(address_of(request)) + own)
        if wait > 0:
            raise Problem("too-many", retry_after=max(1, round(wait)))

    def give_back(self, request: HttpRequest) -> None:
        """What was counted last turned out to be nothing that costs: count it not."""
        now = self._clock()
        with self._lock:
            for key, times in groups(address_of(request)):
                left = min(float(self._at_once * times), self._left(key, times, now) + 1)
                self._spent[key] = (left, now)

    def _take(self, wanted: tuple[tuple[str, int], ...]) -> float:
        """Take one of each group, or none of any: then the seconds until there is one."""
        now = self._clock()
        with self._lock:
            left = {key: self._left(key, times, now) for key, times in wanted}
            if any(one < 1 for one in left.values()):
                return max((1 - left[key]) * self._every / times for key, times in wanted)
            for key, one in left.items():
                self._spent[key] = (one - 1, now)
                self._spent.move_to_end(key)
            while len(self._spent) > _MOST:
                self._spent.popitem(last=False)
        return 0

    def _left(self, key: str, times: int, now: float) -> float:
        left, at = self._spent.get(key, (float(self._at_once * times), now))
        return min(float(self._at_once * times), left + (now - at) * times / self._every)


def address_of(request: HttpRequest) -> str:
    """Where a request comes from; empty where that is not known, or on a server that only its own machine reaches."""
    environment = settings.KRING
    if environment.is_local and not environment.proxies:
        return ""
    return str(request.META.get("REMOTE_ADDR", ""))


def groups(address: str) -> tuple[tuple[str, int], ...]:
    """What an address counts as, and how many times an ordinary share each has."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return ()
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is None:
            network = ipaddress.ip_network((found, _NETWORK), strict=False)
            return ((str(network), 1), (str(network.supernet(new_prefix=_SITE)), _SITE_TIMES))
        found = found.ipv4_mapped
    return ((str(found), 1),)


OPENINGS: Final = Quota(30, 30)
"""New meetings: a training that begins in fifteen groups, twice."""
PUBLICATIONS: Final = Quota(10, 600)
"""Versions of methods."""
NEWCOMERS: Final = Quota(120, 1)
"""Tickets for devices of which nothing proves that they belong here: to meetings of before there were proofs."""
FOUNDINGS: Final = Quota(30, 60)
"""New circles."""
VISITS: Final = Quota(60, 2)
"""Showing an invitation's link."""
CHANGES: Final = Quota(300, 1)
"""Changes of circles and keyrings, for an account and for an address: entries, consents, sealed things, locks."""
FAILURES: Final = Quota(60, 2)
"""Tries with a wrong key, a wrong token, or an id that is no meeting's."""
CODES: Final = Quota(10, 6)
"""Wrong join codes: somebody mistypes, and is held up for seconds; whoever tries all is at it for months."""
